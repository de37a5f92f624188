"""What an inbox holds now, compared with the ledger by size and time: only new and changed files wait for a worker.

No file is opened whose name, size and time are known. What is neither bundle nor encrypted gets its verdict here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, Select, Update, bindparam, select, update

from dgdesk.agency.kinds import FileKind
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import kept_path
from dgdesk.agency.ledger.rows import moment_text, problems_text
from dgdesk.agency.ledger.schema import FILES
from dgdesk.agency.ledger.writing import insert_new
from dgdesk.agency.scan import FoundFile, Known, below
from dgdesk.bundle.report import BundleProblem
from dgdesk.errors import FileError
from dgdesk.system.progress import NO_PROGRESS, Progress

AGAIN: Final = frozenset({"arriving", "unreadable"})
"""Verdicts on files that are looked at each time, for what hindered may have passed."""
_SETTLED: Final = frozenset({"foreign", "packed", "receipt"})
_ROWS: Final = 1_000


class Looked(NamedTuple):
    """How many files an inbox holds, and how many of them are new, changed, or no longer there."""

    files: int = 0
    new: int = 0
    changed: int = 0
    missing: int = 0

    def plus(self, other: Looked) -> Looked:
        """Return the sums."""
        return Looked(*map(sum, zip(self, other, strict=True)))


class _Known(NamedTuple):
    """What the ledger has of a file."""

    size: int
    mtime_ns: int
    state: str
    verdict: str | None
    kind: str
    tried: str
    moving_to: str


def look(
    ledger: Ledger,
    inbox: str,
    root: Path,
    *,
    tried: str,
    verifier: str,
    now: datetime,
    progress: Progress = NO_PROGRESS,
    found: Callable[[Known], Iterable[FoundFile]] | None = None,
    concerns: Callable[[str], bool] = lambda path: True,
) -> Looked:
    """Enter what is new or changed below ``root`` into the ledger, under the inbox's name.

    ``tried``: what tells the agency's keys from others, so that files which none of the former keys opened are tried
    with these; empty without keys. ``found`` yields the files of a part of the inbox, where not all of it is looked at;
    only those whose paths ``concerns`` names can be missing then.

    Raises:
        FileError: ``intake.no_inbox``: the folder cannot be listed, so nothing is known of its files; and as
            `Ledger.write`.
        Cancelled: the person stopped it.
    """
    before = _known(ledger, inbox)
    top = len(root.as_posix().rstrip("/")) + 1

    def inside(path: Path) -> str:
        return kept_path(path)[top:] if path != root else "."

    def known(path: Path, state: tuple[int, int]) -> FileKind | None:
        row = before.get(inside(path))
        if row is None or (row.size, row.mtime_ns) != state:
            return None
        if row.kind in ("bundle", "encrypted"):
            return cast(FileKind, row.kind)
        if row.kind == "addendum":
            return "bundle"
        return cast(FileKind, row.verdict) if row.verdict in _SETTLED else None

    seen: set[str] = set()
    shut: list[str] = []
    new: list[Mapping[str, object]] = []
    changed: list[Mapping[str, object]] = []
    back: list[Mapping[str, object]] = []
    for one in below(root, progress, known) if found is None else found(known):
        path = inside(one.path)
        if one.kind == "unreadable" and not os.path.lexists(one.path):
            continue  # another worker has moved it since it was listed
        if one.state is None and one.path.is_dir():
            if one.path == root:
                raise FileError("intake.no_inbox", name=str(root))
            shut.append(path + "/")
        seen.add(path)
        row = before.get(path)
        values = _values(one, bool(tried), verifier, now)
        if row is None:
            new.append({"inbox": inbox, "path": path, "moved_to": "", "seen": moment_text(now), **values})
        elif _is_back(row, values):
            back.append({"the_path": path, **_was(row), "state": "judged"})
        elif _differs(row, values, tried):
            changed.append({"the_path": path, **_was(row), **values})
    missing = [
        {"the_path": path, **_was(row), "state": "gone"}
        for path, row in before.items()
        if path not in seen
        and row.state != "gone"
        and concerns(path)
        and not row.moving_to
        and not path.startswith(tuple(shut))
    ]
    _insert(ledger, new)
    _change(ledger, inbox, changed, tuple(_values(_NOTHING, False, verifier, now)))
    _change(ledger, inbox, [*missing, *back], ("state",))
    return Looked(len(seen), len(new), len(changed), len(missing))


_NOTHING: Final = FoundFile(Path(), "bundle")


def _known(ledger: Ledger, inbox: str) -> dict[str, _Known]:
    columns = (FILES.c.size, FILES.c.mtime_ns, FILES.c.state, FILES.c.verdict, FILES.c.kind, FILES.c.tried)
    moving = FILES.c.moving_to
    query: Select[Any] = select(FILES.c.path, *columns, moving).where(FILES.c.inbox == inbox, FILES.c.moved_to == "")
    rows = ledger.rows(query)
    return {row[0]: _Known(*tuple(row)[1:]) for row in rows}


def _values(one: FoundFile, has_keys: bool, verifier: str, now: datetime) -> dict[str, object]:
    """Return the columns of a file as it was found: waiting for a worker, or judged by its name and kind."""
    size, mtime_ns = one.state or (0, 0)
    judged = one.kind != "bundle" and not (one.kind == "encrypted" and has_keys)
    reason = () if one.reason is None else (one.reason,)
    if one.kind == "encrypted" and not has_keys:
        reason = (BundleProblem("inbox.no_key"),)
    problems = problems_text(reason)
    return {
        "size": size,
        "mtime_ns": mtime_ns,
        "state": "judged" if judged else "waiting",
        "verdict": one.kind if judged else None,
        "problems": problems,
        "own": problems,
        "kind": one.kind if one.kind in ("bundle", "encrypted") else "",
        "digest": None,
        "fingerprint": None,
        "signature": "",
        "tried": "",
        "judged": moment_text(now) if judged else None,
        "verifier": verifier if judged else "",
        "verdicts": int(judged),
        "token": "",
        "lease": 0,
        "moving_to": "",
    }


def _is_back(row: _Known, values: Mapping[str, object]) -> bool:
    """Return whether a judged file that was missing is there again as it was, as on a stick that was pulled out."""
    same = (row.size, row.mtime_ns) == (values["size"], values["mtime_ns"])
    return same and row.state == "gone" and row.verdict is not None and row.verdict not in AGAIN


def _differs(row: _Known, values: Mapping[str, object], tried: str) -> bool:
    """Return whether a known file has to be entered again."""
    if (row.size, row.mtime_ns) != (values["size"], values["mtime_ns"]) or row.state == "gone":
        return True
    if row.state in ("waiting", "claimed"):
        return values["state"] == "judged"
    if row.verdict in AGAIN:
        return values["state"] == "waiting" or values["verdict"] != row.verdict
    if row.verdict == "encrypted":
        return bool(tried) and row.tried != tried
    if row.tried and values["verdict"] == "encrypted":
        return False  # it was opened with a key that is not here now
    return values["state"] == "judged" and values["verdict"] != row.verdict


def _was(row: _Known) -> dict[str, object]:
    return {
        "was_size": row.size,
        "was_mtime": row.mtime_ns,
        "was_state": row.state,
        "was_moving_to": row.moving_to,
    }


def _insert(ledger: Ledger, rows: Sequence[Mapping[str, object]]) -> None:
    for some in _parts(rows):
        ledger.write(partial(insert_new, table=FILES, rows=some))


def _change(ledger: Ledger, inbox: str, rows: Sequence[Mapping[str, object]], columns: Iterable[str]) -> None:
    """Change rows that are still as they were read: another program may have looked, or moved, at the same time."""
    changing = (
        update(FILES)
        .where(
            FILES.c.inbox == inbox,
            FILES.c.path == bindparam("the_path"),
            FILES.c.moved_to == "",
            FILES.c.size == bindparam("was_size"),
            FILES.c.mtime_ns == bindparam("was_mtime"),
            FILES.c.state == bindparam("was_state"),
            # A move that began since: its file is not there, and whoever finishes the move knows where it is.
            FILES.c.moving_to == bindparam("was_moving_to"),
        )
        .values(
            {
                # How often a verdict was recorded is counted on.
                name: FILES.c.verdicts + bindparam("new_verdicts") if name == "verdicts" else bindparam(f"new_{name}")
                for name in columns
            }
        )
    )
    for some in _parts(rows):
        values = [{_bound(name): value for name, value in row.items()} for row in some]
        ledger.write(partial(_execute, changing, values))


def _execute(statement: Update, values: list[dict[str, Any]], connection: Connection) -> None:
    connection.execute(statement, values)


def _bound(name: str) -> str:
    return name if name.startswith(("the_", "was_")) else f"new_{name}"


def _parts(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    waiting = iter(rows)
    while some := list(islice(waiting, _ROWS)):
        yield some
