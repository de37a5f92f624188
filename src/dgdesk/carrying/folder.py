"""Carrying, folder: what lies in a folder that is to be carried in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from dgdesk.carrying.index import INDEX, LARGEST_INDEX, Row, read_index
from dgdesk.carrying.plan import Found
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.issue import FileIssue, Incoming
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import NO_PROGRESS, Progress

MOST_FILES = 10_000
_DEEPEST = 20
_PIECE = 1 << 20
# Files that systems and office programs leave among people's files.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "__macosx"})
_LITTER_BEGINS = (".", "~$", "~lock")
# Drafts with their locks and half-made copies: opening an open draft again would release SQLite's locks (POSIX).
_OWN_ENDS = (".dgdesk", ".dgdesk.lock", ".dgdesk-journal", ".part")

Inspect = Callable[[Path, EvidenceLimits | None], Incoming]
"""Inspects a file, as `dgdesk.evidence.documents.Documents.inspect`."""
Looked = Callable[[int, int], None]
"""Called with (files inspected, files in all)."""


def read_folder(
    folder: Path,
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    inspect: Inspect,
    *,
    progress: Progress = NO_PROGRESS,
) -> tuple[tuple[Found, ...], Mapping[str, Row]]:
    """Inspect every file below ``folder``, and read the index if dgdesk exported the folder.

    Links are not followed. Digests are computed only for files of ``known_sizes``: no others can be in the draft.

    Raises:
        FileError: ``carry.no_folder``.
        UsageError: ``carry.too_many``: more than `MOST_FILES` files.
        Cancelled: the person stopped it.
    """
    if not folder.is_dir():
        raise FileError("carry.no_folder", name=folder.name)
    paths = sorted(_files(folder, PurePosixPath(), 0, folder.name), key=str)
    if len(paths) > MOST_FILES:
        raise UsageError("carry.too_many", name=folder.name, most=MOST_FILES)
    found = []
    for number, path in enumerate(paths, start=1):
        progress.check()
        found.append(_look(folder, path, limits, known_sizes, inspect, progress))
        progress.report(number, len(paths))
    return tuple(found), _index(folder)


def _files(folder: Path, inside: PurePosixPath, depth: int, name: str) -> Iterator[PurePosixPath]:
    """Yield the paths of files, at most one more than `MOST_FILES`."""
    try:
        entries = sorted(os.scandir(folder / inside), key=lambda entry: entry.name)
    except OSError as error:
        raise FileError("carry.unreadable", name=str(inside) if depth else name) from error
    count = 0
    for entry in entries:
        if _is_litter(entry.name) or _is_link(entry):
            continue
        if entry.is_dir(follow_symlinks=False):
            below = _files(folder, inside / entry.name, depth + 1, name) if depth < _DEEPEST else iter(())
        else:
            below = iter((inside / entry.name,)) if depth or entry.name != INDEX else iter(())
        for path in below:
            yield path
            count += 1
            if count > MOST_FILES:
                return


def _look(
    folder: Path,
    path: PurePosixPath,
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    inspect: Inspect,
    progress: Progress,
) -> Found:
    try:
        looked = inspect(folder / path, limits)
        known = looked.size in known_sizes and not looked.refused
        return Found(path, looked.size, _digest(folder / path, progress) if known else None, looked)
    except FileError as error:
        return Found(path, 0, trouble=FileIssue(error.code, "refuse", error.values))
    except OSError:
        return Found(path, 0, trouble=FileIssue("evidence.unreadable", "refuse", {"name": path.name}))


def _digest(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            progress.check()
            digest.update(piece)
    return digest.hexdigest()


def _index(folder: Path) -> Mapping[str, Row]:
    try:
        path = folder / INDEX
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_INDEX:
            return {}
        return read_index(path.read_bytes())
    except OSError:
        return {}


def _is_litter(name: str) -> bool:
    return name.lower() in _LITTER or name.startswith(_LITTER_BEGINS) or name.lower().endswith(_OWN_ENDS)


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link, or a junction of Windows."""
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return entry.is_symlink() or bool(attributes & 0x400 and entry.is_dir())
