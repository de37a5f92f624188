"""``intake``: what lies in an inbox, judged once and kept in a ledger."""

from __future__ import annotations

import signal
import threading
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from dgdesk import __version__
from dgdesk.agency.intake.audit import Audit, audit
from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.intake.moving import Folders
from dgdesk.agency.intake.running import Intake, IntakeReport, inbox_name, take_in
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.cli.agency import problem_facts, read_keys, read_trust
from dgdesk.cli.context import Context
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.text.collation import list_key

_EVERY: Final = 5.0
"""Seconds between two looks at a watched inbox."""
_SHOWN_EVERY: Final = 1.0
_STEP: Final = 0.2


def intake(arguments: Namespace, context: Context) -> int:
    """Bring a ledger up to what the inboxes hold; 1 if something there is refused or unchecked."""
    if arguments.watch and arguments.audit:
        raise UsageError("intake.watch_audit")
    given = _given(arguments, context)
    with _stopping() as stopped, open_ledger(arguments.ledger, make=True, now=context.clock) as ledger:
        progress = Progress(_shown(arguments, context), stopped.is_set)

        def pause(seconds: float) -> None:
            stopped.wait(seconds)
            progress.check()

        try:
            if not arguments.watch:
                found = take_in(ledger, given, context.clock, progress=progress, pause=pause)
                audited = None
                if arguments.audit:
                    judging = given.judging._replace(now=context.clock())
                    audited = audit(ledger, given.inboxes, judging, Progress(is_cancelled=stopped.is_set))
                return _report(found, audited, arguments, context)
            _watch(ledger, given, arguments, context, progress, pause)
        except Cancelled:
            if arguments.watch:
                return 0
            raise Cancelled("intake.stopped") from None
    return 0


def _watch(
    ledger: Ledger, given: Intake, arguments: Namespace, context: Context, progress: Progress, pause: Any
) -> None:
    """Look again and again until the person stops it; say what was judged, each time that anything was."""
    if not arguments.json:
        context.tell(context.catalogue.text("intake.watching", count=len(given.inboxes)))
    last: object = None
    while True:
        found = take_in(ledger, given, context.clock, progress=progress, pause=pause)
        if found.judged or found.moves.moved or found.again.looked_at or found.totals != last:
            _report(found, None, arguments, context)
            context.out.flush()
        last = found.totals
        until = time.monotonic() + _EVERY
        while time.monotonic() < until:
            pause(_STEP)


def _given(arguments: Namespace, context: Context) -> Intake:
    roots: list[Path] = arguments.inbox
    if arguments.inbox_name is not None:
        if len(roots) > 1 or not arguments.inbox_name.strip():
            raise UsageError("intake.one_name")
        inboxes: Mapping[str, Path] = {arguments.inbox_name.strip(): roots[0].absolute()}
    else:
        inboxes = {inbox_name(root): root.absolute() for root in roots}
    return Intake(
        named=arguments.ledger,
        inboxes=inboxes,
        judging=Judging(read_trust(arguments.trust), read_keys(arguments, context)),
        verifier=__version__,
        folders=Folders(arguments.accepted, arguments.rejected),
        jobs=arguments.jobs,
        editions=context.profile.editions,
    )


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C, or a request to end, into a flag: what was judged is recorded, and claims are given back.

    A second one ends the work at once.
    """
    stopped = threading.Event()
    before: dict[int, Any] = {}

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        signal.signal(number, before.get(number, signal.SIG_DFL))

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)


def _shown(arguments: Namespace, context: Context) -> Any:
    """Return what tells a person how far it is, once a second."""
    last = [time.monotonic()]

    def report(done: int, total: int) -> None:
        now = time.monotonic()
        if not arguments.json and total and done < total and now - last[0] >= _SHOWN_EVERY:
            last[0] = now
            mb = 1 << 20
            context.tell(context.catalogue.text("intake.far", done=done // mb, total=-(-total // mb)))

    return report


def _report(found: IntakeReport, audited: Audit | None, arguments: Namespace, context: Context) -> int:
    differs = audited is not None and bool(audited.differences)
    if arguments.json:
        context.json(_facts(found, audited, context))
        return 0 if found.holds and not differs else 1
    text = context.catalogue.text
    looked = found.looked
    context.say("intake.looked", files=looked.files, new=looked.new, changed=looked.changed, missing=looked.missing)
    parts = "; ".join(text(f"receiver.count.{verdict}", count=count) for verdict, count in found.totals.items())
    context.say("intake.judged", count=found.judged, parts=parts or "-")
    if found.again.looked_at:
        context.say("intake.again", count=found.again.looked_at, changed=found.again.changed)
    if found.moves.moved:
        context.say("intake.moved", count=found.moves.moved)
    if found.moves.waiting:
        context.say("intake.stay", count=found.moves.waiting)
    for _, error in sorted(found.moves.failed, key=lambda one: list_key(one[0].as_posix())):
        context.tell(context.catalogue.error(error))
    if audited is not None:
        context.say("intake.audited", count=audited.read, differ=len(audited.differences))
        for path, problem in sorted(audited.differences, key=lambda one: list_key(one.path.as_posix())):
            context.line(f"{path} | {text(problem.code, **problem.values)}")
    return 0 if found.holds and not differs else 1


def _facts(found: IntakeReport, audited: Audit | None, context: Context) -> dict[str, Any]:
    document: dict[str, Any] = {
        "ok": found.holds,
        "files": found.looked.files,
        "new": found.looked.new,
        "changed": found.looked.changed,
        "missing": found.looked.missing,
        "judged": found.judged,
        "judged_again": found.again.looked_at,
        "changed_by_trust": found.again.changed,
        "totals": found.totals,
        "moved": found.moves.moved,
        "not_moved": [{"file": str(path), **_error(error, context)} for path, error in found.moves.failed],
    }
    if audited is not None:
        document["audit"] = {
            "read": audited.read,
            "differences": [
                {"file": str(one.path), **problem_facts(one.problem, context)} for one in audited.differences
            ],
        }
    return document


def _error(error: DgdeskError, context: Context) -> dict[str, str]:
    return {"code": error.code, "message": context.catalogue.error(error)}
