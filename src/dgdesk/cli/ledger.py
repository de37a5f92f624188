"""``ledger``: what was received, listed; and ledgers of clerks who worked apart, joined."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from typing import Any

from dgdesk.agency.ledger.making import head_of, open_ledger
from dgdesk.agency.ledger.merging import Merged
from dgdesk.agency.ledger.merging import merge as merge_ledgers
from dgdesk.agency.ledger.model import LedgerFile
from dgdesk.agency.ledger.reading import files, place_of, submission_lines
from dgdesk.agency.submissions import counted
from dgdesk.cli.agency import problem_facts
from dgdesk.cli.context import Context
from dgdesk.cli.submissions import submission_facts


def listed(arguments: Namespace, context: Context) -> int:
    """List every file with its verdict, and what each respondent has sent."""
    with open_ledger(arguments.ledger) as ledger:
        head = head_of(ledger)
        lines = submission_lines(ledger)
        if arguments.json:
            shown = {path: str(path) for line in lines for some in (line.files or {}).values() for path in some}
            context.json(
                {
                    "ledger": head.id,
                    "format": head.version,
                    "made": head.made,
                    "files": [_facts(one, context) for one in files(ledger)],
                    "submissions": submission_facts(lines, shown, context),
                }
            )
            return 0
        text = context.catalogue.text
        totals: Counter[str] = Counter()
        for one in files(ledger):
            verdict = one.verdict or "waiting"
            totals[verdict if one.state != "gone" else "gone"] += 1
            reason = text(one.problems[0].code, **one.problems[0].values) if one.problems else ""
            context.line(" | ".join((_word(one, context), str(place_of(one)), reason)))
        context.say("ledger.totals", files=sum(totals.values()), waiting=totals["waiting"], missing=totals["gone"])
        if lines:
            context.say("chain.totals", total=len(lines), **{str(key): count for key, count in counted(lines).items()})
    return 0


def merge(arguments: Namespace, context: Context) -> int:
    """Add all that other ledgers know to one; they stay as they are."""
    total = Merged()
    with open_ledger(arguments.ledger, make=True, now=context.clock) as target:
        for named in arguments.source:
            with open_ledger(named) as source:
                total = total.plus(merge_ledgers(target, source))
    if arguments.json:
        context.json(total._asdict())
        return 0
    context.say("ledger.merged", count=len(arguments.source), **total._asdict())
    return 0


def _word(one: LedgerFile, context: Context) -> str:
    if one.state == "gone":
        return context.catalogue.text("ledger.row_missing")
    if one.verdict is None:
        return context.catalogue.text("ledger.row_waiting")
    return context.catalogue.text(f"receiver.row.{one.verdict}")


def _facts(one: LedgerFile, context: Context) -> dict[str, Any]:
    return {
        "inbox": one.inbox,
        "path": one.path,
        "file": str(place_of(one)),
        "size": one.size,
        "state": one.state,
        "verdict": one.verdict,
        "digest": one.key.digest if one.key is not None else None,
        "fingerprint": one.key.fingerprint if one.key is not None else None,
        "problems": [problem_facts(problem, context) for problem in one.problems],
        "seen": one.seen,
        "judged": one.judged,
        "moved_to": one.moved_to or None,
    }
