"""What the agency's window takes in: the files and folders that a person adds, and another look at what is known.

The same steps as `dgdesk.agency.intake.running`, over parts of inboxes: a person may add one file of a folder.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, select

from dgdesk.agency.intake.judging import Judging, keys_digest
from dgdesk.agency.intake.looking import Looked, look
from dgdesk.agency.intake.places import Part, absorb, parts_of, roots_here
from dgdesk.agency.intake.running import changing
from dgdesk.agency.intake.trusting import Rejudged, judge_all_again, trust_digest
from dgdesk.agency.intake.tying import tie_all
from dgdesk.agency.intake.worker import Work, work_off
from dgdesk.agency.ledger.claims import left
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import system_path
from dgdesk.agency.ledger.recording import By
from dgdesk.agency.ledger.rows import moment_text
from dgdesk.agency.ledger.schema import FILES
from dgdesk.agency.ledger.selecting import inboxes
from dgdesk.agency.scan import FoundFile, Known, below, look_at, look_once_more
from dgdesk.bundle.report import printable
from dgdesk.errors import UsageError
from dgdesk.system.progress import NO_PROGRESS, Progress

_ROUNDS: Final = 3
_SETTLE: Final = 0.3
"""Seconds before files that changed while they were read are looked at once more."""
_TAKEN: Final = frozenset({"bundle", "encrypted", "receipt"})


class Adding(NamedTuple):
    """How things are taken in: the open ledger, how files are judged, the program's version, the clock (aware)."""

    ledger: Ledger
    judging: Judging
    verifier: str
    clock: Callable[[], datetime]
    progress: Progress = NO_PROGRESS
    pause: Callable[[float], object] = time.sleep


class Added(NamedTuple):
    """What came of it. ``others``: names of chosen files that are no bundles, and were left out.

    ``sealed``: encrypted files that came now and were not opened.
    """

    looked: Looked = Looked()
    judged: int = 0
    again: Rejudged = Rejudged()
    others: tuple[str, ...] = ()
    sealed: tuple[Path, ...] = ()


def add_places(adding: Adding, places: Sequence[Path]) -> Added:
    """Take in files and folders; what the ledger knows already, by size and time, is not opened.

    Raises:
        UsageError: ``receiver.no_bundles``: a folder without files; ``intake.inside``: the ledger lies in a folder.
        FileError: as `Ledger.write`; ``intake.no_inbox``.
        Cancelled: the person stopped it; what was judged is recorded, and the rest waits.
    """
    taken, others = _split(places)
    known = roots_here(inboxes(adding.ledger))
    parts = parts_of(taken, known)
    _refuse_inside(adding.ledger, parts)
    for part in parts:
        absorb(adding.ledger, part, known)
    found = _take_in(adding, parts)
    return found._replace(others=tuple(others))


def look_again(adding: Adding) -> Added:
    """Look again at every file that the ledger knows on this PC, and judge what waits or has changed.

    What another trust list judged is judged again, from what the ledger keeps. A file that is no longer there keeps its
    verdict.

    Raises:
        FileError: as `Ledger.write`.
        Cancelled: as `add_places`.
    """
    roots = roots_here(inboxes(adding.ledger))
    return _take_in(adding, [Part(name, root) for name, root in roots.items()], whole=False)


def _split(places: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Return what is taken in, and the names of chosen files that are none of a receiver's."""
    taken: list[Path] = []
    others: list[str] = []
    for place in places:
        if place.is_dir() or place.name.lower().endswith(".zip") or look_at(place).kind in _TAKEN:
            taken.append(place)
        else:
            others.append(printable(place.name))
    return taken, others


def _refuse_inside(ledger: Ledger, parts: Sequence[Part]) -> None:
    path = ledger.place.path
    if path is None:
        return
    here = Path(os.path.realpath(path))
    for part in parts:
        if not part.is_file and part.place in here.parents:
            raise UsageError("intake.inside", name=str(path), inbox=str(part.place))


def _take_in(adding: Adding, parts: Sequence[Part], *, whole: bool = True) -> Added:
    ledger, judging, now = adding.ledger, adding.judging, adding.clock()
    trust = trust_digest(judging.trust)
    by = By(trust, adding.verifier, now)
    again = judge_all_again(ledger, judging.trust, by, adding.progress.silent())
    roots = {part.inbox: part.root for part in parts}
    work = Work(roots, judging, trust, adding.verifier)
    looked, judged = Looked(), 0
    for number in range(_ROUNDS):
        if number:
            adding.pause(_SETTLE)
            adding.progress.check()
        found = Looked()
        for part in parts:
            found = found.plus(_look(adding, part, now, whole=whole))
        if not number:
            looked = found
            if whole and parts and not found.files:
                raise UsageError("receiver.no_bundles", path=parts[0].place)
        names = tuple(roots)
        if left(ledger, names).waiting or left(ledger, names).claimed:
            judged += work_off(ledger, work, adding.clock, progress=adding.progress, pause=adding.pause)
        if not changing(ledger, names):
            break
    tie_all(ledger, judging.trust, adding.clock())
    return Added(looked, judged, again, (), _sealed(ledger, parts, now) if whole else ())


def _look(adding: Adding, part: Part, now: datetime, *, whole: bool) -> Looked:
    def found(known: Known) -> Iterator[FoundFile]:
        if not whole:
            yield from _known_files(adding, part, known)
        elif part.is_file:
            yield _named(part.place)
        else:
            yield from below(part.place, adding.progress, known)

    return look(
        adding.ledger,
        part.inbox,
        part.root,
        tried=keys_digest(adding.judging.keys),
        verifier=adding.verifier,
        now=now,
        progress=adding.progress.silent(),
        found=found,
        concerns=part.concerns,
    )


def _named(place: Path) -> FoundFile:
    """A file that a person chose by itself: what is called a bundle is judged as one, whatever it looks like."""
    found = look_at(place)
    return found if found.kind in _TAKEN else replace(found, kind="bundle", reason=None)


def _known_files(adding: Adding, part: Part, known: Known) -> Iterator[FoundFile]:
    query: Select[Any] = select(FILES.c.path).where(FILES.c.inbox == part.inbox, FILES.c.moved_to == "")
    names: dict[Path, frozenset[str]] = {}
    for row in adding.ledger.rows(query):
        adding.progress.check()
        path = part.root / system_path(row.path)
        folder = path.parent
        if folder not in names:
            names[folder] = _names_in(folder)
        if path.name.lower() in names[folder]:
            yield look_once_more(path, names[folder], known)


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(name.lower() for name in os.listdir(folder))
    except OSError:
        return frozenset()


def _sealed(ledger: Ledger, parts: Sequence[Part], now: datetime) -> tuple[Path, ...]:
    query: Select[Any] = select(FILES.c.inbox, FILES.c.path).where(
        FILES.c.state == "judged", FILES.c.verdict == "encrypted", FILES.c.seen == moment_text(now)
    )
    by_inbox: Mapping[str, Path] = {part.inbox: part.root for part in parts}
    rows = ledger.rows(query.order_by(FILES.c.inbox, FILES.c.path))
    return tuple(by_inbox[row.inbox] / system_path(row.path) for row in rows if row.inbox in by_inbox)
