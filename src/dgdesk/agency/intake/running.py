"""One intake: look, judge, judge again what the trust list changed, tie addenda, move; then say what is there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select

from dgdesk.agency.intake.children import Child
from dgdesk.agency.intake.judging import Judging, keys_digest
from dgdesk.agency.intake.looking import Looked, look
from dgdesk.agency.intake.moving import QUIET, Folders, Moves, finish_moves, move_judged
from dgdesk.agency.intake.trusting import Rejudged, judge_all_again, trust_digest
from dgdesk.agency.intake.tying import tie_all
from dgdesk.agency.intake.worker import Work, work_off
from dgdesk.agency.ledger.claims import LEASE, MOST, MOST_BYTES, left
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.recording import By
from dgdesk.agency.ledger.schema import FILES
from dgdesk.agency.verdicts import UNCHECKED, VERDICTS, FileVerdict
from dgdesk.errors import FileError, UsageError
from dgdesk.system.progress import NO_PROGRESS, Progress

MOST_JOBS: Final = 64
_ROUNDS: Final = 3
_SETTLE: Final = 0.3
"""Seconds before files that changed while they were read are looked at once more."""
_POLL: Final = 0.2
_WORTH_A_CHILD: Final = 4
"""Files that wait for each further worker, unless they are large; to start one takes longer than to judge a few."""


class Intake(NamedTuple):
    """What one intake is given. ``inboxes``: their folders by the names under which the ledger knows them.

    ``named``: the ledger, as a person names it, for further workers. ``editions``: where installed editions are.
    """

    named: str
    inboxes: Mapping[str, Path]
    judging: Judging
    verifier: str
    folders: Folders = Folders()
    jobs: int = 1
    lease: int = LEASE
    most: int = MOST
    quiet: float = QUIET
    editions: Path | None = None


class IntakeReport(NamedTuple):
    """What an intake did, and what the inboxes hold now: how many of their files have each verdict.

    ``judged``: verdicts that were recorded meanwhile, by anybody.
    """

    looked: Looked
    judged: int
    again: Rejudged
    moves: Moves
    totals: Mapping[FileVerdict, int]

    @property
    def holds(self) -> bool:
        """Whether nothing was refused or could not be checked, and everything could be moved."""
        return not self.totals.keys() & {"refused", *UNCHECKED} and not self.moves.failed


def take_in(
    ledger: Ledger,
    intake: Intake,
    clock: Callable[[], datetime],
    *,
    progress: Progress = NO_PROGRESS,
    pause: Callable[[float], object] = time.sleep,
) -> IntakeReport:
    """Bring the ledger up to what the inboxes hold. ``progress`` counts bytes.

    Killed at any moment, the next intake goes on: nothing is lost, and no verdict is recorded twice.

    Raises:
        UsageError: as `check_places`.
        FileError: ``intake.no_inbox``, ``intake.worker_lost``; as `Ledger.write`.
        Cancelled: the person stopped it; what was judged is recorded.
    """
    check_places(ledger, intake)
    moves = finish_moves(ledger, intake.inboxes, lease=intake.lease)
    trust = trust_digest(intake.judging.trust)
    tried = keys_digest(intake.judging.keys)
    again = judge_all_again(ledger, intake.judging.trust, By(trust, intake.verifier, clock()), progress.silent())
    inboxes = tuple(intake.inboxes)
    before = _verdicts(ledger, inboxes)
    looked = Looked()
    for number in range(_ROUNDS):
        if number:
            pause(_SETTLE)
        found = Looked()
        for name, root in intake.inboxes.items():
            here = look(
                ledger, name, root, tried=tried, verifier=intake.verifier, now=clock(), progress=progress.silent()
            )
            found = found.plus(here)
        looked = found if not number else looked
        if left(ledger, inboxes).size or left(ledger, inboxes).waiting:
            _judge(ledger, intake, trust, clock, progress, pause)
        if not changing(ledger, inboxes):
            break
    judged = _verdicts(ledger, inboxes) - before
    tie_all(ledger, intake.judging.trust, clock())
    totals = totals_of(ledger, inboxes)
    if intake.folders != Folders():
        moves = moves.plus(move_all(ledger, intake, progress.silent(), pause))
    return IntakeReport(looked, judged, again, moves, totals)


def move_all(ledger: Ledger, intake: Intake, progress: Progress, pause: Callable[[float], object]) -> Moves:
    """Move what can be moved; refused files that came just now are waited for. Raises as `move_judged`."""
    moves = move_judged(
        ledger, intake.inboxes, intake.folders, lease=intake.lease, quiet=intake.quiet, progress=progress
    )
    if not moves.waiting:
        return moves
    until = time.monotonic() + intake.quiet
    while time.monotonic() < until:
        progress.check()
        pause(_POLL)
    later = move_judged(
        ledger, intake.inboxes, intake.folders, lease=intake.lease, quiet=intake.quiet, progress=progress
    )
    return moves._replace(waiting=0).plus(later)


def check_places(ledger: Ledger, intake: Intake) -> None:
    """Refuse places that would be taken for files that came.

    Raises:
        UsageError: ``intake.inside``: the ledger, or a folder for judged files, lies in an inbox; ``intake.same``: an
            inbox is named twice, or lies in another one; ``intake.jobs``.
        FileError: ``intake.no_inbox``; ``intake.no_folder``: a folder for judged files is missing.
    """
    if not 1 <= intake.jobs <= MOST_JOBS:
        raise UsageError("intake.jobs", most=MOST_JOBS)
    roots = []
    for root in intake.inboxes.values():
        if not root.is_dir():
            raise FileError("intake.no_inbox", name=str(root))
        roots.append(root.resolve())
    for number, one in enumerate(roots):
        for other in roots[number + 1 :]:
            if one.is_relative_to(other) or other.is_relative_to(one):
                raise UsageError("intake.same", name=str(other))
    for folder in intake.folders:
        if folder is not None and not folder.is_dir():
            raise FileError("intake.no_folder", name=str(folder))
    inside = [place for place in (ledger.place.path, *intake.folders) if place is not None]
    for place in inside:
        for root in roots:
            if place.resolve().is_relative_to(root):
                raise UsageError("intake.inside", name=str(place), inbox=str(root))


def _judge(
    ledger: Ledger,
    intake: Intake,
    trust: str,
    clock: Callable[[], datetime],
    progress: Progress,
    pause: Callable[[float], object],
) -> None:
    work = Work(intake.inboxes, intake.judging, trust, intake.verifier, intake.lease, intake.most)
    there = left(ledger, tuple(intake.inboxes))
    worth = max(there.waiting // _WORTH_A_CHILD, min(there.waiting - 1, there.size // MOST_BYTES))
    further = max(0, min(intake.jobs - 1, worth))
    children = [_child(intake, work) for _ in range(further)]
    try:
        # This process is a worker too, and waits for the others' claims, so that all is judged when it ends.
        work_off(ledger, work, clock, progress=progress, pause=pause)
    finally:
        for child in children:
            child.stop()
    for child in children:
        fault = child.fault()
        if fault is not None and fault.code != "intake.worker_lost":  # what a lost one had claimed was taken over
            raise fault


def _child(intake: Intake, work: Work) -> Child:
    try:
        return Child(intake.named, work, intake.editions)
    except OSError as error:
        raise FileError("intake.worker_lost") from error


def _verdicts(ledger: Ledger, inboxes: tuple[str, ...]) -> int:
    query = select(func.coalesce(func.sum(FILES.c.verdicts), 0)).where(FILES.c.inbox.in_(inboxes))
    return int(ledger.read(lambda connection: connection.execute(query).scalar_one()))


def changing(ledger: Ledger, inboxes: tuple[str, ...]) -> bool:
    """Return whether a file changed while it was read, so that another look may help. Raises FileError."""
    query = select(FILES.c.path).where(
        FILES.c.inbox.in_(inboxes),
        FILES.c.state == "judged",
        FILES.c.verdict == "arriving",
        FILES.c.problems.contains('"inbox.changing"', autoescape=True),
    )
    return bool(ledger.rows(query.limit(1)))


def totals_of(ledger: Ledger, inboxes: tuple[str, ...]) -> Mapping[FileVerdict, int]:
    """Return how many files lie in the inboxes with each verdict. Raises FileError."""
    query: Select[Any] = (
        select(FILES.c.verdict, func.count())
        .where(FILES.c.inbox.in_(inboxes), FILES.c.state == "judged", FILES.c.moved_to == "")
        .group_by(FILES.c.verdict)
    )
    found = {verdict: int(count) for verdict, count in map(tuple, ledger.rows(query))}
    return {verdict: found[verdict] for verdict in VERDICTS if verdict in found}


def inbox_name(folder: Path) -> str:
    """Return the name of an inbox that nobody named: its whole path, the same from wherever it is named."""
    from dgdesk.agency.ledger.paths import kept_path

    return kept_path(Path(os.path.realpath(folder)))
