"""Inspects a PDF: does it open here, are its pages whole, and do they show what the document holds.

Two readers are asked. qpdf (through pikepdf) reads the structure; it mends damage silently, so its warnings count.
PDFium is the program's own viewer, so what it refuses counts too. Every amount that is decoded has a limit, so that an
inspection takes a few hundredths of a second (docs/security.md has the figures).

The libraries may take any amount of memory and time over hostile files: the caller must set bounds.
"""

from __future__ import annotations

import mmap
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, Final

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.issue import Content, keep_quiet
from dgdesk.evidence.inspection.pdf_ending import ends_in_an_update
from dgdesk.evidence.inspection.pdf_streams import PageStreams, length_of, parts_of
from dgdesk.survey.answers.marks import LAST_PAGE

# To repair a broken table the whole file must be read; that is tried on files up to this size (some
# seconds at worst, for a file with only small objects).
_MOST_MENDED: Final = 12 << 20
_TAIL: Final = 64 << 10
_PADDING: Final = b"\0 \t\r\n"
_END: Final = 2 << 10
_MAPPED_FROM: Final = 1 << 20
_MOST_MAPPED: Final = 128 << 20
"""qpdf reads a mapped file in half the time. What it has read of it counts as the worker's memory, and so does what
PDFium has read of its own view; so PDFium comes first, and has given its view back when qpdf reads the pages."""
_MOST_PAGES: Final = 2_000
"""Pages whose own streams are read; of longer documents the first."""


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
            access_mode=pikepdf.AccessMode.mmap if size <= _MOST_MAPPED else pikepdf.AccessMode.stream,
            inherit_page_attributes=False,  # it would read every page
        ) as document:
            found = _inspected(document, stream, size, ended=b"%%EOF" in tail.rstrip(_PADDING)[-_END:])
            if not ends_in_an_update(stream, tail):
                return found
            asks = {*found.asks, "incoming.damaged"} - {"incoming.mended"}
            return found._replace(asks=tuple(sorted(asks)))
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

    asks, shown, first_text = _as_shown(stream, size, with_text=_is_short(document))
    count = len(document.pages)
    if not count:
        return Content(media.PDF, ("incoming.damaged",))
    pages = [page.obj for page in islice(document.pages, _MOST_PAGES)]
    if shown and shown != count:
        asks.add("incoming.pages_hidden")
    if not PageStreams().are_whole(pages):
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


def _is_short(document: Any) -> bool:
    """Tell whether a document has few pages and draws little on the first; the pages of a long one are not read."""
    tree = document.Root.get("/Pages")
    declared = tree.get("/Count") if tree is not None else None
    if not isinstance(declared, int) or declared > _FEW_PAGES or not 0 < len(document.pages) <= _FEW_PAGES:
        return False
    return sum(length_of(part) for part in parts_of(document.pages[0].obj)) <= _SHORT_PAGE


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
