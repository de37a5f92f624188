"""Which kinds of files get a marked copy, and how one is made. Runs in the worker."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from dgdesk.errors import CheckFailed, DgdeskError
from dgdesk.evidence.highlights.geometry import CopyMade, PlacedMark

_KINDS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/heic": "jpg",
    "image/heif": "jpg",
}
# Errors of the disk while the copy is written; all others are caused by the file.
_OF_THE_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOENT}
)


def marked_suffix(media_type: str) -> str | None:
    """Return the ending of a marked copy's name; None if there is no copy, as for office files (words only)."""
    return _KINDS.get(media_type)


def make_marked_copy(
    source: Path,
    target: Path,
    media_type: str,
    marks: Sequence[PlacedMark],
    check: Callable[[], None] = lambda: None,
) -> CopyMade:
    """Write a copy of ``source`` that shows the marks to ``target``; report marked pages that the file lacks.

    The original is only read. The same file and marks give the same bytes. ``check`` is called regularly; to stop, it
    raises an exception, which passes through. If anything fails, no copy is left.

    Raises:
        CheckFailed: ``marking.password``, ``marking.damaged``, ``marking.too_large``, ``marking.no_page``,
            ``marking.no_library``: there cannot be a copy.
        OSError: the copy cannot be written: the disk is full or refuses.
    """
    try:
        return _make(source, target, media_type, marks, check)
    except BaseException as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        if isinstance(error, MemoryError):
            raise CheckFailed("marking.not_made" if media_type == "application/pdf" else "marking.too_large") from error
        if isinstance(error, DgdeskError) or not isinstance(error, Exception):
            raise
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
            raise
        # Libraries raise any kind of error over files that are not trusted.
        raise CheckFailed("marking.damaged") from error


def _make(
    source: Path, target: Path, media_type: str, marks: Sequence[PlacedMark], check: Callable[[], None]
) -> CopyMade:
    # Imported late: both libraries are slow to load, and most work needs neither.
    if media_type == "application/pdf":
        from dgdesk.evidence.highlights.pdf import mark_pdf

        return mark_pdf(source, target, marks, check)
    from dgdesk.evidence.highlights.pictures import mark_picture

    return mark_picture(source, target, media_type, marks, check)
