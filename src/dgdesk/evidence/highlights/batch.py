"""Makes the marked copies of many files, one after the other, in a scratch folder; the worker marks each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.errors import CheckFailed
from dgdesk.evidence.highlights.copies import marked_suffix
from dgdesk.evidence.highlights.geometry import CopyMade, PlacedMark
from dgdesk.system.atomic import SUFFIX
from dgdesk.system.scratch import Scratch

_SCRATCH: Final = ".dgdesk-marking-"


class CopyOrder(NamedTuple):
    """A file to be marked: the name of its copy without ending, its media type, size in bytes, content and marks."""

    name: str
    media_type: str
    size: int
    read: Callable[[], Iterator[bytes]]
    marks: tuple[PlacedMark, ...]


class MarkedCopies(NamedTuple):
    """The copies that were made, by name without ending; and the message codes of those that could not be made.

    ``unsigned`` are those of originals with a digital signature, which a copy cannot have.
    """

    files: Mapping[str, Path]
    flaws: Mapping[str, str]
    unsigned: frozenset[str] = frozenset()


MarkCopy = Callable[[Path, Path, str, Sequence[PlacedMark], Callable[[], None]], CopyMade]
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
    unsigned: set[str] = set()
    done = 0
    for one in wanted:
        suffix = marked_suffix(one.media_type)
        if suffix is None or not one.marks:
            continue
        target = folder / f"{one.name}.{suffix}"
        try:
            with _original(one, folder, check) as source:
                made = mark(source, target, one.media_type, one.marks, check)
            files[one.name] = target
            if made.unsigned:
                unsigned.add(one.name)
            if made.missing:
                flaws[one.name] = "marking.some_pages"
        except CheckFailed as error:
            if not error.code.startswith("marking."):
                raise
            flaws[one.name] = error.code
        done += one.size
        progress(done)
    return MarkedCopies(files, flaws, frozenset(unsigned))


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
