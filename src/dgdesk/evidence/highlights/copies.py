"""Makes the marked copies of files, one after the other, in a scratch folder."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dgdesk.errors import CheckFailed, DgdeskError
from dgdesk.evidence.highlights.geometry import PlacedMark
from dgdesk.system.atomic import SUFFIX
from dgdesk.system.scratch import Scratch

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
) -> tuple[int, ...]:
    """Write a copy of ``source`` that shows the marks to ``target``; return marked pages that the file lacks.

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
) -> tuple[int, ...]:
    # Imported late: both libraries are slow to load, and most work needs neither.
    if media_type == "application/pdf":
        from dgdesk.evidence.highlights.pdf import mark_pdf

        return mark_pdf(source, target, marks, check)
    from dgdesk.evidence.highlights.pictures import mark_picture

    return mark_picture(source, target, media_type, marks, check)


_SCRATCH: Final = ".dgdesk-marking-"


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """A file to be marked: the name of its copy without ending, its media type, size in bytes, content and marks."""

    name: str
    media_type: str
    size: int
    read: Callable[[], Iterator[bytes]]
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True, slots=True)
class MarkedCopies:
    """The copies that were made, by name without ending; and the message codes of those that could not be made."""

    files: Mapping[str, Path]
    flaws: Mapping[str, str]


MarkCopy = Callable[[Path, Path, str, Sequence[PlacedMark], Callable[[], None]], tuple[int, ...]]
"""Makes one marked copy, as `dgdesk.evidence.documents.Documents.mark`."""


def make_copies(
    wanted: Sequence[CopyOrder],
    folder: Path,
    mark: MarkCopy,
    *,
    progress: Callable[[int], None] = lambda done: None,
    check: Callable[[], None] = lambda: None,
) -> MarkedCopies:
    """Make the marked copies in ``folder``. If one cannot be made, its code is in the flaws; the others are made.

    ``progress`` gets the bytes of originals done; ``check`` is called regularly; an exception from it passes through.
    Besides the copies, only one original at a time is on the disk.

    Raises:
        OSError: the folder cannot be written to. Errors while an original is read pass through.
    """
    files: dict[str, Path] = {}
    flaws: dict[str, str] = {}
    done = 0
    for one in wanted:
        suffix = marked_suffix(one.media_type)
        if suffix is None or not one.marks:
            continue
        target = folder / f"{one.name}.{suffix}"
        try:
            with _original(one, folder, check) as source:
                missing = mark(source, target, one.media_type, one.marks, check)
            files[one.name] = target
            if missing:
                flaws[one.name] = "marking.some_pages"
        except CheckFailed as error:
            if not error.code.startswith("marking."):
                raise
            flaws[one.name] = error.code
        done += one.size
        progress(done)
    return MarkedCopies(files, flaws)


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Make a folder inside ``folder`` for one task; remove it afterwards, and before it what a killed process left.

    Raises:
        OSError: it cannot be made.
    """
    with Scratch(folder, _SCRATCH, SUFFIX) as made:
        yield made.path


@contextmanager
def _original(one: CopyOrder, folder: Path, check: Callable[[], None]) -> Iterator[Path]:
    source = folder / f"{one.name}.original"
    try:
        with source.open("wb") as stream:
            for chunk in one.read():
                check()
                stream.write(chunk)
        yield source
    finally:
        with suppress(OSError):  # the whole folder is removed later
            source.unlink(missing_ok=True)
