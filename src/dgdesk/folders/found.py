"""What is in a folder of evidence, or in what was dropped on the window: files to inspect, and what is passed over."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple, Protocol

from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.issue import FileIssue, Incoming
from dgdesk.folders.full_index import FULL_INDEX, LARGEST_FULL_INDEX, FullIndex, read_full_index
from dgdesk.folders.index import INDEX, LARGEST_INDEX, IndexRow, read_index
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.causes import cause_of, plain_cause
from dgdesk.system.progress import Progress
from dgdesk.text.collation import collation_key

SkipReason = Literal["link", "system", "draft", "deep", "folder", "long_path"]
MOST_FILES = 10_000
_DEEPEST = 60
_PIECE = 1 << 20
_MOST_SKIPPED = 1000
# Files that systems and office programs leave among people's files.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "__macosx"})
_LITTER_BEGINS = (".", "~$", "~lock")
# Drafts with their locks and half-made copies: opening an open draft again would release SQLite's locks (POSIX).
_OWN_ENDS = (".dgdesk", ".dgdesk.lock", ".dgdesk-journal", ".part")


class Inspect(Protocol):
    """Inspects a file, as `dgdesk.evidence.documents.Documents.inspect`."""

    def __call__(self, path: Path, limits: EvidenceLimits | None, *, name: str = "") -> Incoming:
        """Inspect a file that is known as ``name``."""


class Indexes(NamedTuple):
    """The indexes of a folder that dgdesk exported: the rows of the list by path, and the full one."""

    rows: Mapping[str, IndexRow]
    full: FullIndex


NO_INDEXES: Final = Indexes({}, FullIndex())


@dataclass(frozen=True)
class FoundFile:
    """A file; ``path`` is how it is listed, relative to what was chosen, ``source`` where it is (None: there).

    ``sha256`` is known only if the draft has a file of that size; ``trouble`` says why it could not be inspected.
    """

    path: PurePosixPath
    size: int
    sha256: str | None = None
    inspected: Incoming | None = None
    trouble: FileIssue | None = None
    source: Path | None = None

    @property
    def refused(self) -> bool:
        """Whether it cannot be attached."""
        return any(finding.severity == "refuse" for finding in self.findings)

    @property
    def findings(self) -> tuple[FileIssue, ...]:
        """Everything to report about it."""
        if self.trouble is not None:
            return (self.trouble,)
        return self.inspected.findings if self.inspected is not None else ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """What is passed over, and why: a link, a file of the system or of an office program, a draft, a folder that is
    too deep or cannot be read, a path that is too long for the system.
    """

    path: PurePosixPath
    reason: SkipReason

    @property
    def code(self) -> str:
        """The message code of the reason."""
        return f"carry.skipped_{self.reason}"


@dataclass(frozen=True)
class Found:
    """Files, the indexes if dgdesk exported the folder, and what was passed over."""

    files: tuple[FoundFile, ...]
    indexes: Indexes
    skipped: tuple[SkippedFile, ...] = ()


def read_folder(
    folder: Path,
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    inspect: Inspect,
    *,
    progress: Progress,
) -> Found:
    """Inspect every file below ``folder``, and read the indexes if dgdesk exported the folder.

    Links are not followed. Digests are computed only for files of ``known_sizes`` and of sizes in the index: no others
    can be in the draft or the index. A file of the index is inspected under its original name.

    Raises:
        FileError: ``carry.no_folder``; or the folder itself cannot be read.
        UsageError: ``carry.too_many``: more than `MOST_FILES` files.
        Cancelled: the person stopped it.
    """
    try:
        there = stat.S_ISDIR(folder.stat().st_mode)
    except OSError as error:
        raise plain_cause(error, folder) or FileError("carry.no_folder", name=folder.name) from error
    if not there:
        raise FileError("carry.no_folder", name=folder.name)
    walk = _Walk(progress, folder)
    walk.folder(folder, PurePosixPath())
    walk.bounded(folder.name)
    indexes = Indexes(_list(folder), _full_index(folder))
    names = {(one.path, one.attachment.sha256): one.attachment.name for one in indexes.full.entries}
    sizes = known_sizes | {one.attachment.size for one in indexes.full.entries}
    return Found(_looked(walk, _Looking(limits, sizes, names, inspect, progress)), indexes, tuple(walk.skipped))


def read_dropped(
    sources: Sequence[Path],
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    inspect: Inspect,
    *,
    progress: Progress,
) -> Found:
    """Inspect files and folders that were chosen or dropped together, as `read_folder`.

    Each is listed by its own name; of several with one name, the later ones by a number too.
    """
    walk = _Walk(progress)
    for source in dict.fromkeys(sources):
        shown = PurePosixPath(source.name)
        number = 1
        while shown in walk.tops:
            number += 1
            shown = PurePosixPath(f"{source.stem} ({number}){source.suffix}")
        walk.tops.add(shown)
        if _is_folder(source):
            walk.folder(source, shown)
        else:
            walk.files.append((shown, source))
    walk.bounded(sources[0].name if sources else "")
    looking = _Looking(limits, known_sizes, {}, inspect, progress)
    return Found(_looked(walk, looking), NO_INDEXES, tuple(walk.skipped))


class _Walk:
    """Collects files and what is passed over; stops soon after `MOST_FILES` files."""

    def __init__(self, progress: Progress, top: Path | None = None) -> None:
        self._top = top
        self.files: list[tuple[PurePosixPath, Path]] = []
        self.skipped: list[SkippedFile] = []
        self.tops: set[PurePosixPath] = set()
        self._progress = progress

    def folder(self, folder: Path, shown: PurePosixPath, depth: int = 0) -> None:
        self._progress.check()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            cause = cause_of(error)
            if depth:
                self._skip(shown, "long_path" if cause == "long_name" else "folder")
                return
            if cause in ("missing", "no_folder"):
                raise FileError("carry.no_folder", name=folder.name) from error
            raise plain_cause(error, folder) or FileError("carry.unreadable", name=folder.name) from error
        for entry in entries:
            if len(self.files) > MOST_FILES:
                return
            self._entry(entry, folder / entry.name, shown / entry.name, depth)

    def bounded(self, name: str) -> None:
        """Raise UsageError if there are too many files."""
        if len(self.files) > MOST_FILES:
            raise UsageError("carry.too_many", name=name, most=MOST_FILES)
        self.files.sort(key=lambda one: tuple(collation_key(part, numbers=True) for part in one[0].parts))

    def _entry(self, entry: os.DirEntry[str], source: Path, shown: PurePosixPath, depth: int) -> None:
        if _is_link(entry):
            self._skip(shown, "link")
        elif _is_own(entry.name):
            self._skip(shown, "draft")
        elif _is_litter(entry.name):
            self._skip(shown, "system")
        elif entry.is_dir(follow_symlinks=False):
            if depth + 1 < _DEEPEST:
                self.folder(source, shown, depth + 1)
            else:
                self._skip(shown, "deep")
        elif source.parent != self._top or entry.name not in (INDEX, FULL_INDEX):
            self.files.append((shown, source))

    def _skip(self, shown: PurePosixPath, reason: SkipReason) -> None:
        if len(self.skipped) < _MOST_SKIPPED:
            self.skipped.append(SkippedFile(shown, reason))


@dataclass(frozen=True)
class _Looking:
    """How files are inspected: ``sizes`` are those whose digests are wanted, ``names`` original names by path and
    digest.
    """

    limits: EvidenceLimits | None
    sizes: frozenset[int]
    names: Mapping[tuple[str, str], str]
    inspect: Inspect
    progress: Progress


def _looked(walk: _Walk, looking: _Looking) -> tuple[FoundFile, ...]:
    found = []
    for number, (shown, source) in enumerate(walk.files, start=1):
        looking.progress.check()
        found.append(_look(shown, source, looking))
        looking.progress.report(number, len(walk.files))
    return tuple(found)


def _look(shown: PurePosixPath, source: Path, looking: _Looking) -> FoundFile:
    limits = looking.limits
    try:
        size = source.stat().st_size
        known = size in looking.sizes and (limits is None or size <= limits.file) and source.is_file()
        digest = _digest(source, looking.progress) if known else None
        name = looking.names.get((str(shown), digest or ""), "")
        looked = looking.inspect(source, limits, name=name) if name else looking.inspect(source, limits)
        return FoundFile(shown, looked.size, digest if looked.size == size else None, looked, source=source)
    except FileError as error:
        return FoundFile(shown, 0, trouble=FileIssue(error.code, "refuse", error.values), source=source)
    except OSError as error:
        told = plain_cause(error, source)  # a path that is too long is no missing right
        trouble = FileIssue("evidence.unreadable", "refuse", {"name": shown.name})
        trouble = trouble if told is None else FileIssue(told.code, "refuse", told.values)
        return FoundFile(shown, 0, trouble=trouble, source=source)


def _digest(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            progress.check()
            digest.update(piece)
    return digest.hexdigest()


def _list(folder: Path) -> Mapping[str, IndexRow]:
    content = _bounded(folder / INDEX, LARGEST_INDEX)
    return {} if content is None else read_index(content)


def _full_index(folder: Path) -> FullIndex:
    content = _bounded(folder / FULL_INDEX, LARGEST_FULL_INDEX)
    if content is None:
        return FullIndex("broken" if os.path.lexists(folder / FULL_INDEX) else "absent")
    return read_full_index(content)


def _bounded(path: Path, most: int) -> bytes | None:
    """Return the content of a regular file of at most so many bytes; None for anything else."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError:
        return None
    return content if len(content) <= most else None


def _is_folder(path: Path) -> bool:
    """Tell whether a path is a folder and no link; of one that cannot be looked at the inspection says why."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _is_litter(name: str) -> bool:
    return name.lower() in _LITTER or name.startswith(_LITTER_BEGINS)


def _is_own(name: str) -> bool:
    return name.lower().endswith(_OWN_ENDS)


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link, or a junction of Windows."""
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return entry.is_symlink() or bool(attributes & 0x400 and entry.is_dir())
