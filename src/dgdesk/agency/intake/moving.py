"""Judged files moved out of the inbox: what holds to one folder, what was refused to another; nothing is written over.

First the ledger says where a file is going, then it is moved, then the ledger says that it is there. Whoever finds the
first alone compares both places and finishes the move.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, update

from dgdesk.agency.intake.judging import stamp_of
from dgdesk.agency.ledger.claims import LEASE
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import kept_path, system_path
from dgdesk.agency.ledger.schema import FILES
from dgdesk.agency.ledger.writing import database_now
from dgdesk.errors import FileError
from dgdesk.system.atomic import NameTaken
from dgdesk.system.causes import cause_at
from dgdesk.system.moving import is_moved, move_new
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.renaming import remove_file

QUIET: Final = 10.0
"""Seconds for which a refused file must be unchanged before it is moved: it may be a copy that has not finished."""
_BATCH: Final = 50
_MOST_NAMES: Final = 10_000


class Folders(NamedTuple):
    """Where files go; None: they stay in the inbox."""

    accepted: Path | None = None
    rejected: Path | None = None

    def of(self, verdict: str) -> Path | None:
        """Return where a file of this verdict goes."""
        return self.rejected if verdict == "refused" else self.accepted if verdict in ("accepted", "addendum") else None


class Moves(NamedTuple):
    """How many files were moved; how many stay until they have been quiet; and those that could not be moved, why."""

    moved: int = 0
    waiting: int = 0
    failed: tuple[tuple[Path, FileError], ...] = ()

    def plus(self, other: Moves) -> Moves:
        """Return the sums; of what failed twice the later reason."""
        failed = {**dict(self.failed), **dict(other.failed)}
        return Moves(self.moved + other.moved, self.waiting + other.waiting, tuple(failed.items()))


def move_judged(
    ledger: Ledger,
    inboxes: Mapping[str, Path],
    folders: Folders,
    *,
    lease: int = LEASE,
    quiet: float = QUIET,
    clock: Callable[[], float] = time.time,
    progress: Progress = NO_PROGRESS,
) -> Moves:
    """Move what was judged. ``clock``: seconds since 1970, as files have.

    Raises:
        FileError: as `Ledger.write`.
        Cancelled: the person stopped it, between two files.
    """
    wanted = [verdict for verdict in ("accepted", "addendum", "refused") if folders.of(verdict) is not None]
    young = and_(FILES.c.verdict == "refused", FILES.c.mtime_ns > int((clock() - quiet) * 1e9))
    ready = and_(FILES.c.state == "judged", FILES.c.verdict.in_(wanted), FILES.c.moving_to == "", ~young)
    moves = _move_all(ledger, inboxes, folders, ready, lease, progress)
    there = and_(FILES.c.inbox.in_(tuple(inboxes)), FILES.c.state == "judged", FILES.c.moved_to == "", young)
    waiting = len(ledger.rows(select(FILES.c.path).where(there))) if folders.rejected is not None else 0
    return moves._replace(waiting=waiting)


def finish_moves(ledger: Ledger, inboxes: Mapping[str, Path], *, lease: int = LEASE) -> Moves:
    """Finish the moves that broke off, whatever folders are named now; before anybody takes the files for missing.

    Raises:
        FileError: as `Ledger.write`.
    """
    return _move_all(ledger, inboxes, Folders(), FILES.c.moving_to != "", lease, NO_PROGRESS)


def _move_all(
    ledger: Ledger,
    inboxes: Mapping[str, Path],
    folders: Folders,
    which: ColumnElement[bool],
    lease: int,
    progress: Progress,
) -> Moves:
    token = secrets.token_hex(16)
    count, failed = 0, list[tuple[Path, FileError]]()
    mine = select(FILES.c.path).where(FILES.c.token == token)
    try:
        while rows := ledger.write(partial(_claim, token, tuple(inboxes), which, lease)):
            progress.check()
            chosen = ledger.write(partial(_intend, token, _choose(rows, folders)))
            done, bad = _move(chosen, inboxes, progress)
            count += ledger.write(partial(_finish, token, done))
            failed += bad
    finally:
        if ledger.rows(mine):
            giving = update(FILES).where(FILES.c.token == token).values(token="", lease=0)
            ledger.write(lambda connection: connection.execute(giving))
    return Moves(count, 0, tuple(failed))


def _claim(
    token: str, inboxes: Sequence[str], which: ColumnElement[bool], lease: int, connection: Connection
) -> list[Row[Any]]:
    free = or_(FILES.c.token == "", FILES.c.lease < database_now(connection))
    columns = (FILES.c.inbox, FILES.c.path, FILES.c.size, FILES.c.mtime_ns, FILES.c.verdict, FILES.c.moving_to)
    query: Select[Any] = (
        select(*columns)
        .where(FILES.c.inbox.in_(inboxes), FILES.c.moved_to == "", FILES.c.token != token, which, free)
        .order_by(FILES.c.inbox, FILES.c.path)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(connection.execute(query))
    for row in rows:
        taking = update(FILES).where(_is(row)).values(token=token, lease=database_now(connection) + lease)
        connection.execute(taking)
    return rows


def _is(row: Row[Any]) -> Any:
    return and_(FILES.c.inbox == row.inbox, FILES.c.path == row.path, FILES.c.moved_to == "")


def _choose(rows: Sequence[Row[Any]], folders: Folders) -> list[tuple[Row[Any], Path]]:
    """Return where each file goes: where it was going already, else under its own path, or with a number."""
    chosen: list[tuple[Row[Any], Path]] = []
    used: set[Path] = set()
    for row in rows:
        if row.moving_to:
            target = system_path(row.moving_to)
        else:
            folder = folders.of(row.verdict)
            assert folder is not None
            target = _unused(folder.absolute() / system_path(row.path), used)
        used.add(target)
        chosen.append((row, target))
    return chosen


def _unused(wanted: Path, used: set[Path]) -> Path:
    """Return a name that nothing has, after another one with a number."""
    for number in range(1, _MOST_NAMES):
        name = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if name not in used and not os.path.lexists(name):
            return name
    return wanted


def _intend(
    token: str, chosen: Sequence[tuple[Row[Any], Path]], connection: Connection
) -> Sequence[tuple[Row[Any], Path]]:
    """Note where files go; return those that are still this run's: a slow one's lease may have ended."""
    held = []
    for row, target in chosen:
        mine = update(FILES).where(_is(row), FILES.c.token == token)
        if connection.execute(mine.values(moving_to=kept_path(target))).rowcount:
            held.append((row, target))
    return held


def _move(
    chosen: Sequence[tuple[Row[Any], Path]], inboxes: Mapping[str, Path], progress: Progress
) -> tuple[list[tuple[Row[Any], str]], list[tuple[Path, FileError]]]:
    """Move each; return the rows with what ``moved_to`` becomes, empty for a file that stays, and what failed."""
    done: list[tuple[Row[Any], str]] = []
    failed: list[tuple[Path, FileError]] = []
    for row, target in chosen:
        if progress.cancelled:  # what has begun is finished by the next run
            break
        source = inboxes[row.inbox] / system_path(row.path)
        try:
            done.append((row, kept_path(target) if _one(row, source, target) else ""))
            continue
        except NameTaken:  # another program was faster: the next run chooses another name
            done.append((row, ""))
            failed.append((source, FileError("intake.not_moved", name=source.name, path=str(target.parent))))
        except FileError as error:
            failed.append((source, error))
        except OSError as error:
            code = "intake.no_space" if cause_at(error, target) == "full" else "intake.not_moved"
            failed.append((source, FileError(code, name=source.name, path=str(target.parent))))
        if not os.path.lexists(target):
            done.append((row, ""))
    return done, failed


def _one(row: Row[Any], source: Path, target: Path) -> bool:
    """Move one file; return whether it is at its target now. Raises OSError, FileError, NameTaken."""
    here, there = os.path.lexists(source), os.path.lexists(target)
    if there and row.moving_to:
        if not here:
            return stamp_of(target) == (row.size, row.mtime_ns)
        if is_moved(source, target):
            remove_file(source)
            return True
    if not here or stamp_of(source) != (row.size, row.mtime_ns):
        return False  # it is another file by now, or gone: the next look says so
    target.parent.mkdir(parents=True, exist_ok=True)
    move_new(source, target)
    return True


def _finish(token: str, done: Sequence[tuple[Row[Any], str]], connection: Connection) -> int:
    count = 0
    for row, moved_to in done:
        mine = update(FILES).where(_is(row), FILES.c.token == token)
        if moved_to:
            moved = mine.values(moved_to=moved_to, moving_to="", token="", lease=0)
            count += connection.execute(moved).rowcount
        else:  # it keeps its token, so that this run does not try it again
            connection.execute(mine.values(moving_to=""))
    return count
