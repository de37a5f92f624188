"""Tells whether the streams that a PDF's pages need are whole: what they draw, their images, their fonts.

Every amount that is decoded has a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dgdesk.evidence.inspection import jpeg
from dgdesk.evidence.inspection.streams import Budget, first_bytes, has_hole, inflates

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
_FONT_HEAD: Final = 64
_LITTLE: Final = 4 << 10
_READ_HERE: Final[tuple[list[str], ...]] = ([], ["/FlateDecode"], ["/Fl"])
_DRAWS: Final = re.compile(rb"(?<![^\s\]>)])(/[A-Za-z0-9._+-]{1,120})\s+Do(?=\s|\Z)")
"""An operator that draws an image or a form by its name."""
_NO_OPERATORS: Final = re.compile(rb"\((?:\\[\s\S]|[^()\\])*\)|%[^\r\n]*")
"""Texts, innermost first, and comments."""
_INLINE: Final = re.compile(rb"\bID\s")


class PageStreams:
    """Reads what the pages draw, and the images and fonts that they use, each once."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()
        self._raw = Budget(_MOST_RAW)
        self._pages, self._images = Budget(_MOST_PAGE_BYTES), Budget(_MOST_IMAGE_BYTES)
        self._fonts = Budget(_MOST_IMAGE_BYTES)
        self._count = 0
        self._lost = False

    def are_whole(self, pages: list[Any]) -> bool:
        """Tell whether all that was read decodes. What pages draw comes first, since images may use up the limit."""
        drawn = [self._is_whole(part, self._pages) for page in pages for part in parts_of(page)]
        used = [self._is_whole(image, self._images) for page in pages for image in self._images_of(page, 0)]
        fonts = [self._is_font(one) for page in pages for one in self._fonts_of(page)]
        self._lost |= any(_lacks_drawing(page) or _lacks_image(page) for page in pages)
        return all(drawn) and all(used) and all(fonts) and not self._lost

    def _images_of(self, holder: Any, deep: int) -> Iterator[Any]:
        """Yield the images that a page, or a form on it, may draw; its own forms are yielded too."""
        import pikepdf

        found = inherited(holder, "/Resources")
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

    def _fonts_of(self, page: Any) -> Iterator[Any]:
        """Yield the embedded font programs that a page may use, those not yet seen."""
        import pikepdf

        found = inherited(page, "/Resources")
        found = entry_of(found, "/Font") if isinstance(found, pikepdf.Dictionary) else None
        if not isinstance(found, pikepdf.Dictionary) or found.objgen in self._seen:
            return
        if found.is_indirect:
            self._seen.add(found.objgen)
        for font in found.as_dict().values():
            if not isinstance(font, pikepdf.Dictionary) or font.objgen in self._seen:
                continue
            self._count += 1
            if self._count > _MOST_IMAGES:
                return
            if font.is_indirect:
                self._seen.add(font.objgen)
            below = font.get("/DescendantFonts")
            below = below[0] if isinstance(below, pikepdf.Array) and len(below) else None
            described = (below if isinstance(below, pikepdf.Dictionary) else font).get("/FontDescriptor")
            if isinstance(described, pikepdf.Dictionary):
                programs = (described.get(key) for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                yield from (one for one in programs if isinstance(one, pikepdf.Stream))

    def _is_font(self, stream: Any) -> bool:
        """Tell whether an embedded font decodes, and begins with anything but zeros: no kind of font does."""
        if stream.objgen in self._seen:
            return True
        if not self._is_whole(stream, self._fonts):
            return False
        length, filters = stream.get("/Length"), _filters(stream)
        if not isinstance(length, int) or length > min(_LARGEST_STREAM, self._raw.left) or len(filters) > 1:
            return True
        if filters and filters[0] not in _FLATE:
            return True
        data: bytes = stream.read_raw_bytes()
        self._raw.left -= len(data)
        head = first_bytes(data, _FONT_HEAD) if filters else data[:_FONT_HEAD]
        return not head or any(head)

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


def _lacks_image(page: Any) -> bool:
    """Tell whether a page that draws little, as one with only a scan, draws an image that it does not have."""
    import pikepdf

    parts = list(parts_of(page))
    if len(parts) != 1 or not 0 < length_of(parts[0]) <= _LITTLE or (filters := _filters(parts[0])) not in _READ_HERE:
        return False
    data: bytes = parts[0].read_raw_bytes()
    drawn = _drawn_names(first_bytes(data, _LITTLE) if filters else data)
    if not drawn:
        return False
    found = inherited(page, "/Resources")
    found = found.get("/XObject") if isinstance(found, pikepdf.Dictionary) else None
    there = set(found.keys()) if isinstance(found, pikepdf.Dictionary) else set()
    return not drawn <= there


def _drawn_names(content: bytes) -> set[str]:
    """Return the names that the operators of a page draw; none if texts and pictures in it hide what is an operator."""
    for _ in range(_MOST_DEEP):
        content = _NO_OPERATORS.sub(b" ", content)
    if b"(" in content or _INLINE.search(content):
        return set()
    return {name.decode("latin-1") for name in _DRAWS.findall(content)}


def _lacks_some(dictionary: Any) -> bool:
    """Tell whether an entry refers to an object that is not in the file; qpdf takes it for one without a value."""
    return bool(dictionary.unparse(True).count(b" R") > len(dictionary.keys()))


def parts_of(page: Any) -> Iterator[Any]:
    """Yield the streams that draw a page."""
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

    found = entry_of(stream, "/Filter")
    if isinstance(found, pikepdf.Array):
        return [str(one) for one in found]
    return [] if found is None else [str(found)]


_MOST_PARENTS: Final = 50


def inherited(holder: Any, name: str) -> Any:
    """Return an entry of a page, or of one of the nodes above it."""
    for _ in range(_MOST_PARENTS):
        found = holder.get(name)
        if found is not None:
            return found
        holder = holder.get("/Parent")
        if holder is None:
            return None
    return None


def entry_of(holder: Any, name: str) -> Any:
    """Return an entry that most dictionaries lack, else None; a ``get`` of nothing takes seven times as long."""
    if name not in holder:
        return None
    return holder[name]


def length_of(stream: Any) -> int:
    """Return the stated length of a stream, 0 if it states none."""
    length = stream.get("/Length")
    return length if isinstance(length, int) else 0
