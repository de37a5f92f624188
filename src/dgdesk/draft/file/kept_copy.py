"""Keeps the work of a session whose draft was changed by another program: what it has saved, in a file of its own.

Where another file has the draft's name, the draft itself is still open and is copied. Where it was written over,
answers and the list of evidence are known from the session, and the content of evidence is taken from the draft, as far
as it is there, or from the files that were attached.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from dgdesk.draft.file import evidence
from dgdesk.draft.file.copying import copy_draft_file, write_rebuilt
from dgdesk.draft.file.database import Database, require_shape, version_of
from dgdesk.draft.file.disk import new_package
from dgdesk.draft.file.faults import file_error
from dgdesk.draft.file.inspection import check
from dgdesk.draft.file.model import Clock, decode, digest_in
from dgdesk.draft.file.ours import Ours, continued, last_shared
from dgdesk.draft.file.rebuild import Rebuilt, rebuild
from dgdesk.draft.file.salvage import FoundEntry, FoundRows, is_digest
from dgdesk.draft.file.schema import CHANGE, CHUNK, EDIT, EXPORT, FILE, create_schema
from dgdesk.draft.file.splitting import ROW_KIND, RowLine
from dgdesk.draft.file.underneath import stamp_of
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.progress import Progress
from dgdesk.system.sources import opened_source
from dgdesk.text.dates import thai_time

_REST: Final = 0.5
_MOST_WAIT: Final = 10.0
"""Seconds without a change after which another program has finished writing, and the longest wait for that."""
_DAMAGED: Final = ("package.damaged", "package.value_damaged", "package.not_a_package", "package.copy_failed")
_LISTED: Final = ("package.check_file", "package.check_missing_file", "package.check_scan")


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """The copy beside the draft; ``lost``: the SHA-256 of files in it whose content is in neither draft nor source."""

    path: Path
    lost: tuple[str, ...] = ()


def free_name_beside(path: Path, noticed: datetime) -> Path:
    """Return an unused name for the copy; it says when the change of the other program was noticed, in Thai time."""
    moment = thai_time(noticed).strftime("%Y%m%d-%H%M%S")
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        target = path.with_name(f"{path.stem}.kept-{moment}{more}{path.suffix}")
        if not target.exists():
            return target
        number += 1


def keep_open(database: Database, ours: Ours, target: Path, progress: Progress) -> KeptCopy | None:
    """Copy the draft that is still open, though its name belongs to another file or to none.

    None if it is not what the session saved: it was written over before.

    Raises:
        Cancelled, FileError: as `copy_draft_file`.
    """
    try:
        database.forget()
        with database.reading() as connection:
            if not ours.is_in(connection):
                return None
        damages = copy_draft_file(database, target, progress=progress)
    except FileError as error:
        if error.code not in _DAMAGED:
            raise
        return None
    return KeptCopy(target, tuple(one.subject for one in damages if one.code == "package.check_file"))


def keep_ours(database: Database, ours: Ours, target: Path, who: str, clock: Clock, progress: Progress) -> KeptCopy:
    """Make the session's draft again beside the file that was written over, which is only read.

    ``database``: the session's own connection, through which no answer is read any more.

    Raises:
        Cancelled, FileError: nothing is left of the copy.
    """
    _await_rest(database.path, progress)
    with ExitStack() as resources:
        foreign = _opened(database.path, resources)
        found = _rows(ours, foreign)
        rebuilt = rebuild(found, who, clock(), known=True)
        with new_package(target) as part:
            with closing(Database(part, "rwc")) as made:
                made.prepare_writing()
                with made.writing() as into:
                    create_schema(into)
                    write_rebuilt(into, ours.definition[1], ours.meta, rebuilt)
                    for number, line in ours.exports.items():
                        into.execute(insert(EXPORT), {"number": number, **line})
                    lost = _write_files(into, ours, rebuilt, (foreign, database), progress)
            with closing(Database(part, "ro")) as made:
                flaws = [one for one in check(made, progress=progress.silent()) if one.code not in _LISTED]
                if flaws:
                    raise file_error(target, "package.copy_failed", detail=str(flaws[0]))
    return KeptCopy(target, tuple(lost))


def _await_rest(path: Path, progress: Progress) -> None:
    """Wait until the other program has stopped writing, or long enough.

    Raises:
        Cancelled: the person stopped it.
    """
    begun = still = time.monotonic()
    last = stamp_of(path)
    while (now := time.monotonic()) - still < _REST and now - begun < _MOST_WAIT:
        progress.check()
        time.sleep(0.05)
        if (seen := stamp_of(path)) != last:
            last, still = seen, time.monotonic()


def _opened(path: Path, resources: ExitStack) -> Database | None:
    """Open what lies there now, if it can be read as a draft."""
    try:
        database = resources.enter_context(closing(Database(path, "ro")))
        require_shape(database, version_of(database))
    except DgdeskError:
        return None
    return database


def _rows(ours: Ours, foreign: Database | None) -> FoundRows:
    """Return the session's state, and what can be had of its history.

    The draft that lies there now may be an older one, or another person's work on a copy. Up to where it parts from the
    session's draft, its entries are the session's; nothing after that is read.
    """
    found = FoundRows(state=ours.state())
    if ours.marks is None:
        return found
    with suppress(DgdeskError):
        shared, lines = _shared(ours.marks, foreign)
        if max(shared, default=0) == max(ours.marks, default=0):  # the session's own changes follow without a gap
            own, own_lines = continued(shared, ours.later)
            shared, lines = {**shared, **own}, {**lines, **own_lines}
        found.entries, found.lines = shared, lines
    return found


def _shared(
    marks: Mapping[int, int], foreign: Database | None
) -> tuple[dict[int, FoundEntry], dict[tuple[int, int], RowLine]]:
    """Return the first entries of a draft that are also those of the session's.

    Raises:
        FileError: they cannot be read.
    """
    entries, lines = dict[int, FoundEntry](), dict[tuple[int, int], RowLine]()
    if foreign is None:
        return entries, lines
    with foreign.reading() as connection:
        last = last_shared(connection, marks)
        for row in connection.execute(select(CHANGE).where(CHANGE.c.number <= last)):
            links = (row.undoes, row.redoes, row.undo_top, row.redo_top)
            entries[row.number] = FoundEntry(row.at, row.who, row.action, *links)
        for row in connection.execute(select(EDIT).where(EDIT.c.change <= last)):
            lines[row.change, row.position] = RowLine(row.kind, row.target, row.file, row.old, row.new)
    return entries, lines


def _write_files(
    into: Connection, ours: Ours, rebuilt: Rebuilt, drafts: Iterable[Database | None], progress: Progress
) -> list[str]:
    """Write the files that the draft names now, and those that undo could bring back; return the former that are lost.

    What is lost is known by name and size only.
    """
    needed, lost = _needed(ours), list[str]()
    for number, sha256 in enumerate([*needed, *sorted(_undoable(rebuilt) - needed.keys())], start=1):
        size = _write_pieces(into, number, sha256, _contents(ours, drafts, sha256), progress)
        if size is None and sha256 in needed:
            lost.append(sha256)
            size = needed[sha256]
        if size is not None:
            into.execute(insert(FILE), {"id": number, "sha256": sha256, "size": size})
    return lost


def _needed(ours: Ours) -> dict[str, int]:
    """Return the files that evidence and register name, with the sizes they state."""
    found: dict[str, int] = {}
    for key, text in ours.state().items():
        one = decode(text) if key.kind == ROW_KIND else None
        digest = digest_in(one)
        if isinstance(one, dict) and digest is not None and is_digest(digest):
            size = one.get("size")
            found[digest] = size if isinstance(size, int) and size >= 0 else 0
    for line in ours.exports.values():
        record = decode(str(line["record"]))
        digest = record.get("sha256") if isinstance(record, dict) else None
        if isinstance(digest, str) and is_digest(digest):
            found.setdefault(digest, 0)
    return found


def _undoable(rebuilt: Rebuilt) -> set[str]:
    """Return the files that undo or redo may bring back; in a journal that was mended they bring back nothing."""
    if not rebuilt.whole:
        return set()
    files = (line.file for lines in rebuilt.lines.values() for line in lines if line.kind == ROW_KIND)
    return {digest for digest in files if is_digest(digest)}


def _contents(ours: Ours, drafts: Iterable[Database | None], sha256: str) -> Iterator[Callable[[], Iterator[bytes]]]:
    """Yield a reader for each place where a file's content may be."""
    for draft in drafts:
        if draft is not None:
            yield partial(evidence.read, draft.reading, sha256)
    if source := ours.sources.get(sha256):
        yield partial(_pieces, source)


def _pieces(path: Path) -> Iterator[bytes]:
    with opened_source(path) as source:
        while piece := source.read(evidence.CHUNK_BYTES):
            yield piece


def _write_pieces(
    into: Connection, number: int, sha256: str, places: Iterator[Callable[[], Iterator[bytes]]], progress: Progress
) -> int | None:
    """Write a file's content from the first place that has it; return its size, None if there is none."""
    for read in places:
        digest, count = hashlib.sha256(), 0
        with suppress(UsageError, FileError, OSError, ValueError):
            for position, data in enumerate(read()):
                progress.check()
                digest.update(data)
                count += len(data)
                into.execute(insert(CHUNK), {"file": number, "position": position, "data": data})
        if digest.hexdigest() == sha256:
            return count
        into.execute(delete(CHUNK).where(CHUNK.c.file == number))
    return None
