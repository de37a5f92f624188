"""Inspects a PDF: does it open here, are its pages whole, and do they show what the document holds.

Two readers are asked. qpdf (through pikepdf) reads the structure; it mends damage silently, so its warnings count.
PDFium is the program's own viewer, so what it refuses counts too. Every amount that is decoded has a limit, so that an
inspection takes a few hundredths of a second (docs/security.md has the figures).

The libraries may take any amount of memory and time over hostile files: the caller must set bounds.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.inspection import jpeg
from dgdesk.evidence.inspection.issue import Content, keep_quiet
from dgdesk.evidence.inspection.streams import Budget, has_hole, inflates
from dgdesk.survey.answers.marks import LAST_PAGE

# To repair a broken table the whole file must be read; that is tried on files up to this size (some
# seconds at worst, for a file with only small objects).
_MOST_MENDED: Final = 12 << 20
_TAIL: Final = 64 << 10
_PADDING: Final = b"\0 \t\r\n"
_END: Final = 2 << 10
_MAPPED_FROM: Final = 1 << 20
_MOST_PAGES: Final = 2_000
"""Pages whose own streams are read; of longer documents the first."""
_MOST_PARTS: Final = 64
_MOST_IMAGES: Final = 500
_LARGEST_STREAM: Final = 8 << 20
_MOST_CODED: Final = 64 << 10
"""Of a stream of several codings, which makes at most a thousand times as many bytes."""
_MOST_RAW: Final = 32 << 20
_MOST_PAGE_BYTES: Final = 8 << 20
_MOST_IMAGE_BYTES: Final = 4 << 20
_MOST_DEEP: Final = 3
_FLATE: Final = frozenset({"/FlateDecode", "/Fl"})
_JPEG: Final = frozenset({"/DCTDecode", "/DCT"})
_DENSE: Final = frozenset({"/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"})
"""Codings that use every bit: none has long runs of zeros."""


_LOSS: Final = ("not found in file", "expected ", "stream", "endobj", "eof", "unable", "trailer")
"""In qpdf's warnings: more than the table of objects is broken. A broken table alone can be rebuilt without a loss."""


def inspect_pdf(stream: BinaryIO, size: int) -> Content:
    """Return what was found; ``size`` is in bytes.

    Raises:
        MemoryError: after it, results for other files in the same process may be wrong.
    """
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    if size > _MOST_MENDED and b"startxref" not in tail:
        return Content(media.PDF, ("incoming.damaged",))
    import pikepdf

    keep_quiet("pikepdf")
    try:
        stream.seek(0)
        with pikepdf.open(
            stream,
            attempt_recovery=size <= _MOST_MENDED,
            suppress_warnings=True,
            access_mode=pikepdf.AccessMode.stream,
        ) as document:
            return _inspected(document, stream, size, ended=b"%%EOF" in tail.rstrip(_PADDING)[-_END:])
    except pikepdf.PasswordError:
        return Content(media.PDF, ("incoming.password",))
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # qpdf's errors, and Python's errors over hostile values
        return Content(media.PDF, ("incoming.damaged",))


_HARMLESS: Final = ("resources is missing or invalid",)
"""Warnings of qpdf about what no reader needs: many scanners write empty pages without resources."""


def _inspected(document: Any, stream: BinaryIO, size: int, *, ended: bool) -> Content:
    from dgdesk.evidence.inspection.pdf_contents import contents_of

    count = len(document.pages)
    if not count:
        return Content(media.PDF, ("incoming.damaged",))
    pages = [document.pages[at].obj for at in range(min(count, _MOST_PAGES))]
    short = count <= _FEW_PAGES and sum(_length(part) for part in _parts(pages[0])) <= _SHORT_PAGE
    asks, shown, first_text = _as_shown(stream, size, with_text=short)
    if shown and shown != count:
        asks.add("incoming.pages_hidden")
    if not _Streams().are_whole(pages):
        asks.add("incoming.damaged")
    inside = contents_of(document, pages, first_text)
    asks |= inside.asks
    # Each begins with the name of the stream, which may hold any word.
    warned = [str(one).rpartition(repr(stream))[2].lower() for one in document.get_warnings()]
    if warned := [one for one in warned if not any(words in one for words in _HARMLESS)]:
        lost = any(word in one for one in warned for word in _LOSS)
        asks.add("incoming.damaged" if lost or not ended else "incoming.mended")
    if "incoming.damaged" in asks:
        asks.discard("incoming.mended")
    return Content(media.PDF, tuple(sorted(asks)), min(shown or count, LAST_PAGE), inside.signed)


# -- as the viewer shows it --------------------------------------------------------------------------------------------


_FEW_PAGES: Final = 3
_SHORT_PAGE: Final = 32 << 10
"""A document that only asks for another program has so few pages, and so few bytes draw the first."""


def _length(stream: Any) -> int:
    length = stream.get("/Length")
    return length if isinstance(length, int) else 0


def _as_shown(stream: BinaryIO, size: int, *, with_text: bool) -> tuple[set[str], int, str]:
    """Open it as the viewer does: return what stands against it, the count of pages, and the first page's text."""
    from dgdesk.evidence.pages.pdf import PdfFile

    stream.seek(0)
    content: bytes | mmap.mmap
    try:
        if size < _MAPPED_FROM or not _has_handle(stream):
            content = stream.read(size)
        else:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    except (OSError, ValueError):  # too large for the worker's memory: the viewer cannot show it either
        return {"incoming.not_inspected"}, 0, ""
    asks: set[str] = set()
    count, text = 0, ""
    try:
        file = PdfFile(content)
        try:
            count = file.count
            for at in range(min(count, _MOST_PAGES)):
                file.size(at)
            if with_text:
                text = file.letters(0)
        finally:
            file.close()
    except FileError as error:
        asks.add("incoming.password" if error.code == "viewer.pdf_locked" else "incoming.damaged")
    finally:
        if isinstance(content, mmap.mmap):
            with suppress(BufferError):  # PDFium's view of it lives as long as an exception that names it
                content.close()
    return asks, count, text


def _has_handle(stream: BinaryIO) -> bool:
    try:
        stream.fileno()
    except OSError:  # a stream in memory, as in tests
        return False
    return True


# -- the streams of the pages ------------------------------------------------------------------------------------------


class _Streams:
    """Reads what the pages draw, and the images that they use, each once."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()
        self._raw = Budget(_MOST_RAW)
        self._pages, self._images = Budget(_MOST_PAGE_BYTES), Budget(_MOST_IMAGE_BYTES)
        self._count = 0
        self._lost = False

    def are_whole(self, pages: list[Any]) -> bool:
        """Tell whether all that was read decodes. What pages draw comes first, since images may use up the limit."""
        drawn = [self._is_whole(part, self._pages) for page in pages for part in _parts(page)]
        used = [self._is_whole(image, self._images) for page in pages for image in self._images_of(page, 0)]
        self._lost |= any(map(_lacks_drawing, pages))
        return all(drawn) and all(used) and not self._lost

    def _images_of(self, holder: Any, deep: int) -> Iterator[Any]:
        """Yield the images that a page, or a form on it, may draw; its own forms are yielded too."""
        import pikepdf

        found = _inherited(holder, "/Resources")
        found = found.get("/XObject") if isinstance(found, pikepdf.Dictionary) else None
        if not isinstance(found, pikepdf.Dictionary):
            return
        if _lacks_some(found):
            self._lost = True
        for one in found.as_dict().values():
            if not isinstance(one, pikepdf.Stream) or one.objgen in self._seen:
                continue
            self._count += 1
            if self._count > _MOST_IMAGES:
                return
            yield one
            if deep < _MOST_DEEP and one.get("/Subtype") == "/Form":
                yield from self._images_of(one, deep + 1)

    def _is_whole(self, stream: Any, budget: Budget) -> bool:
        """Tell whether a stream decodes; one that is too large, or of a coding that is not read here, counts as so."""
        if stream.objgen in self._seen:
            return True
        self._seen.add(stream.objgen)
        length = stream.get("/Length")
        if isinstance(length, int) and length > min(_LARGEST_STREAM, self._raw.left):
            return True
        filters = _filters(stream)
        if len(filters) > 1:
            small = not isinstance(length, int) or length <= _MOST_CODED
            return not small or budget.left <= 0 or _qpdf_decodes(stream, budget)
        data: bytes = stream.read_raw_bytes()
        self._raw.left -= len(data)
        return not data or _decodes(data, filters, budget)


def _decodes(data: bytes, filters: list[str], budget: Budget) -> bool:
    match filters:
        case [one] if one in _FLATE:
            # Beyond the budget the holes are decoded all the same.
            return inflates(data, budget if budget.left > 0 or not has_hole(data) else Budget(_LARGEST_STREAM))
        case [one] if one in _JPEG:
            return jpeg.is_whole(data)
        case [one] if one in _DENSE:
            return not has_hole(data)
    return True


def _qpdf_decodes(stream: Any, budget: Budget) -> bool:
    """Have qpdf decode a stream of several codings: it makes all of it, so that the stream must be small."""
    import pikepdf

    try:
        budget.left -= len(stream.read_bytes(decode_level=pikepdf.StreamDecodeLevel.specialized))
    except pikepdf.DataDecodingError:
        return False
    except pikepdf.PdfError:  # a coding that qpdf does not know
        return True
    return True


def _lacks_drawing(page: Any) -> bool:
    """Tell whether what a page draws, or a part of it, is not in the file."""
    import pikepdf

    contents = page.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        return any(not isinstance(part, pikepdf.Stream) for part in contents)
    return contents is None and b"/Contents " in page.unparse(True)


def _lacks_some(dictionary: Any) -> bool:
    """Tell whether an entry refers to an object that is not in the file; qpdf takes it for one without a value."""
    return bool(dictionary.unparse(True).count(b" R") > len(dictionary.keys()))


def _parts(page: Any) -> Iterator[Any]:
    import pikepdf

    contents = page.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        yield contents
    elif isinstance(contents, pikepdf.Array):
        for at, part in enumerate(contents):
            if at >= _MOST_PARTS:
                return
            if isinstance(part, pikepdf.Stream):
                yield part


def _filters(stream: Any) -> list[str]:
    import pikepdf

    found = stream.get("/Filter")
    if isinstance(found, pikepdf.Array):
        return [str(one) for one in found]
    return [] if found is None else [str(found)]


_MOST_PARENTS: Final = 50


def _inherited(holder: Any, name: str) -> Any:
    """Return an entry of a page, or of one of the nodes above it."""
    for _ in range(_MOST_PARENTS):
        found = holder.get(name)
        if found is not None:
            return found
        holder = holder.get("/Parent")
        if holder is None:
            return None
    return None
