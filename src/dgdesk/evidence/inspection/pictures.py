"""Inspects pictures: is the file whole, and can the program show it.

The libraries may take any amount of memory and time over hostile files: the caller must set bounds.
"""

from __future__ import annotations

import warnings
import zlib
from typing import Any, BinaryIO, Final

from dgdesk.evidence import media
from dgdesk.evidence.inspection import jpeg
from dgdesk.evidence.inspection.issue import Content, keep_quiet
from dgdesk.evidence.inspection.whole import has_whole_boxes
from dgdesk.survey.answers.marks import LAST_PAGE

# A PNG's chunks and a TIFF's directories are read into memory one by one; larger files are accepted unchecked.
_MOST_READ: Final = 256 << 20
_MOST_PAGES: Final = 500
_MOST_SCANNED: Final = 32 << 20
_MOST_POINTS: Final = 10_000_000
"""Of pages that are decoded: one A4 page at 300 dots an inch has nine million."""
_MOST_MADE: Final = 32 << 20
_PIECE: Final = 256 << 10
_FORMATS: Final = {media.JPEG: "JPEG", media.PNG: "PNG", media.TIFF: "TIFF"}
_STRIPS: Final = ((273, 279), (324, 325))
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Of a point, by the PNG's colour type."""


def inspect_picture(stream: BinaryIO, size: int, media_type: str) -> Content:
    """Return what was found; ``size`` is in bytes."""
    if media_type == media.HEIC:
        return Content(media_type, () if has_whole_boxes(stream, size) else ("incoming.damaged",), 1)
    pages = 0 if media_type == media.TIFF else 1
    if size > _MOST_READ:
        return Content(media_type, (), pages)
    from PIL import Image

    from dgdesk.evidence.pages.pictures import MOST_PIXELS

    keep_quiet("PIL")
    # Pillow warns from 90 million pixels and refuses from 180 million. A scanned map may have 90 million.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    asks: tuple[str, ...] = ()
    try:
        stream.seek(0)
        picture = Image.open(stream, formats=[_FORMATS[media_type]])
        if media_type == media.TIFF:
            pages = min(int(getattr(picture, "n_frames", 1)), LAST_PAGE)
        if picture.width * picture.height > MOST_PIXELS:
            asks = ("incoming.too_many_points",)
        elif not _CHECKS[media_type](picture, stream, size):
            asks = ("incoming.damaged",)
    except Image.DecompressionBombError:
        asks = ("incoming.too_many_points",)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # Pillow raises many kinds over hostile input
        asks = ("incoming.damaged",)
    return Content(media_type, asks, pages)


def _jpeg_is_whole(picture: Any, stream: BinaryIO, size: int) -> bool:
    # Decoding to an eighth takes a hundredth of the memory and still finds a truncated file.
    picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
    stream.seek(0)
    return size > _MOST_SCANNED or jpeg.is_whole(stream.read(size))


def _png_is_whole(picture: Any, stream: BinaryIO, size: int) -> bool:
    picture.verify()  # the check sum of every piece
    stream.seek(0)
    return size > _MOST_SCANNED or _has_all_rows(stream.read(size))


def _has_all_rows(content: bytes) -> bool:
    """Tell whether a PNG's data decodes to as many bytes as it has rows; one that is very large counts as whole."""
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    bits, colour, interlaced = content[24], content[25], content[28]
    wanted = height * (1 + (width * bits * _SAMPLES[colour] + 7) // 8)
    if interlaced or wanted > _MOST_MADE:  # interlaced rows are of seven sizes
        return True
    decoder, made, at = zlib.decompressobj(), 0, 8
    while at + 8 <= len(content) and made < wanted:
        length = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data = content[at + 8 : at + 8 + length]
            while data and made < wanted and not decoder.eof:
                made += len(decoder.decompress(data, _PIECE))
                data = decoder.unconsumed_tail
        at += 12 + length
    return made >= wanted


def _tiff_is_whole(picture: Any, stream: BinaryIO, size: int) -> bool:
    """Tell whether every strip or tile of every page is inside the file, and the first pages decode."""
    left = _MOST_POINTS
    for page in range(_MOST_PAGES):
        try:
            picture.seek(page)
        except EOFError:
            return page > 0
        starts, lengths = next(found for tags in _STRIPS if any(found := _parts(picture.tag_v2, *tags)))
        if not starts or (lengths and len(lengths) != len(starts)):
            return False
        if any(start + length > size for start, length in zip(starts, lengths or (1,) * len(starts), strict=True)):
            return False
        left -= picture.width * picture.height
        if left >= 0:
            picture.load()
    return True


def _parts(tags: Any, starts: int, lengths: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(tags.get(starts, ())), tuple(tags.get(lengths, ()))


_CHECKS: Final = {media.JPEG: _jpeg_is_whole, media.PNG: _png_is_whole, media.TIFF: _tiff_is_whole}
