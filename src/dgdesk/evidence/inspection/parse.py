"""Parses PDFs, pictures and containers to find damage or a password. Runs in the document worker.

qpdf (through pikepdf) and not PDFium: the viewer uses PDFium in its own thread, and PDFium takes one thread at a time.

The libraries that read foreign formats may take any amount of memory and time: the caller must set bounds.
"""

from __future__ import annotations

import warnings
from typing import Any, BinaryIO

from dgdesk.evidence import media
from dgdesk.evidence.inspection.issue import Content, keep_quiet

# To repair a broken table the whole file must be read; that is tried on files up to this size (some
# seconds at worst, for a file with only small objects).
_MOST_MENDED = 12 << 20
_TAIL = 64 << 10


def inspect_pdf(stream: BinaryIO, size: int) -> tuple[str, ...]:
    """Return the codes of the issues to confirm."""
    stream.seek(max(0, size - _TAIL))
    if size > _MOST_MENDED and b"startxref" not in stream.read(_TAIL):
        return ("incoming.damaged",)
    import pikepdf

    keep_quiet("pikepdf")
    try:
        stream.seek(0)
        with pikepdf.open(
            stream,
            attempt_recovery=size <= _MOST_MENDED,
            access_mode=pikepdf.AccessMode.stream,
        ) as document:
            if len(document.pages) > 0:
                return ()
    except pikepdf.PasswordError:
        return ("incoming.password",)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # qpdf's errors, and Python's errors over hostile values
        return ("incoming.damaged",)
    return ("incoming.damaged",)


def parse_content(stream: BinaryIO, name: str, size: int, kind: str) -> Content:
    """Return what a file is; ``kind`` is the kind by its first bytes: PDF, picture, zip or OLE. ``size`` is in bytes.

    Raises:
        OSError: the stream cannot be read.
        MemoryError: after it, results for other files in the same process may be wrong.
    """
    match kind:
        case media.PDF:
            return Content(kind, inspect_pdf(stream, size))
        case media.OLE:
            from dgdesk.evidence.inspection.containers import inspect_ole

            return inspect_ole(stream, name)
        case media.JPEG | media.PNG | media.TIFF | media.HEIC:
            return Content(kind, inspect_picture(stream, size, kind))
    from dgdesk.evidence.inspection.containers import inspect_zip

    return inspect_zip(stream, size, kind)


# A PNG's chunks and a TIFF's directories are read into memory one by one; larger files are accepted unchecked.
_MOST_READ = 256 << 20
_MOST_PAGES = 500
_MOST_BOXES = 10_000
_FORMATS = {media.JPEG: "JPEG", media.PNG: "PNG", media.TIFF: "TIFF"}
_STRIPS = ((273, 279), (324, 325))


def inspect_picture(stream: BinaryIO, size: int, media_type: str) -> tuple[str, ...]:
    """Return the codes of the issues to confirm."""
    if media_type == media.HEIC:
        return () if _has_whole_boxes(stream, size) else ("incoming.damaged",)
    if size > _MOST_READ:
        return ()
    from PIL import Image

    keep_quiet("PIL")
    # Pillow warns from 90 million pixels and refuses from 180 million. A scanned map may have 90 million.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        stream.seek(0)
        picture = Image.open(stream, formats=[_FORMATS[media_type]])
        whole = _CHECKS[media_type](picture, size)
    except Image.DecompressionBombError:
        return ("incoming.too_many_points",)
    except MemoryError:  # not damage: the worker ends
        raise
    except Exception:  # Pillow raises many kinds over hostile input
        whole = False
    return () if whole else ("incoming.damaged",)


def _jpeg_is_whole(picture: Any, size: int) -> bool:
    # Decoding to an eighth takes a hundredth of the memory and still finds a truncated file.
    picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
    return True


def _png_is_whole(picture: Any, size: int) -> bool:
    picture.verify()  # the check sum of every piece
    return True


def _tiff_is_whole(picture: Any, size: int) -> bool:
    """Whether every strip or tile of every page is inside the file."""
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
    return True


def _parts(tags: Any, starts: int, lengths: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(tags.get(starts, ())), tuple(tags.get(lengths, ()))


_CHECKS = {media.JPEG: _jpeg_is_whole, media.PNG: _png_is_whole, media.TIFF: _tiff_is_whole}


def _has_whole_boxes(stream: BinaryIO, size: int) -> bool:
    """Whether the outer boxes (ISO 14496-12, 4.2) end with the file, and both parts of a picture are there."""
    at, seen = 0, set()
    for _ in range(_MOST_BOXES):
        if at == size:
            return b"meta" in seen or b"moov" in seen
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return False
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - at
        if length < 8 or at + length > size:
            return False
        seen.add(head[4:8])
        at += length
    return False
