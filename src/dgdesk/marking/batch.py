"""Marking, batch: the marked copies of many files, made one after the other in a scratch folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dgdesk.errors import CheckFailed
from dgdesk.marking.copies import marked_suffix
from dgdesk.marking.model import PlacedMark
from dgdesk.system.atomic import SUFFIX
from dgdesk.system.scratch import Scratch

_SCRATCH: Final = ".dgdesk-marking-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is marked: its copy's name without ending, its kind, size in bytes, content and marks."""

    name: str
    media_type: str
    size: int
    read: Callable[[], Iterator[bytes]]
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """What was made, by name without ending; and the code of what stands in the way where something does."""

    files: Mapping[str, Path]
    flaws: Mapping[str, str]


MarkCopy = Callable[[Path, Path, str, Sequence[PlacedMark], Callable[[], None]], tuple[int, ...]]
"""Makes one marked copy, as `dgdesk.evidence.documents.Documents.mark`."""


def make_copies(
    wanted: Sequence[Wanted],
    folder: Path,
    mark: MarkCopy,
    *,
    progress: Callable[[int], None] = lambda done: None,
    check: Callable[[], None] = lambda: None,
) -> Copies:
    """Make the marked copies in ``folder``. One that cannot be made has a flaw, and the others are made.

    ``progress`` hears of the bytes of originals done; ``check`` is called now and then; what it raises passes through.
    On the disk stand the copies and one original at a time.

    Raises:
        OSError: the folder cannot be written to. Whatever reading an original raises passes through.
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
    return Copies(files, flaws)


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Make a folder inside ``folder`` for one piece of work; gone afterwards, and what a killed one left goes before.

    Raises:
        OSError: it cannot be made.
    """
    with Scratch(folder, _SCRATCH, SUFFIX) as made:
        yield made.path


@contextmanager
def _original(one: Wanted, folder: Path, check: Callable[[], None]) -> Iterator[Path]:
    source = folder / f"{one.name}.original"
    try:
        with source.open("wb") as stream:
            for chunk in one.read():
                check()
                stream.write(chunk)
        yield source
    finally:
        with suppress(OSError):  # the folder goes as a whole later
            source.unlink(missing_ok=True)
