"""Self-test, report: what came of the steps, as JSON for programs and as text for the help desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dgdesk.messages import Catalogue
from dgdesk.selftest.steps import Outcome

FORMAT = 1


def document(about: Mapping[str, object], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the report that is written as JSON; seconds to the millisecond."""
    return {
        "format": FORMAT,
        "ok": all(outcome.ok for outcome in outcomes),
        **about,
        "steps": [
            {
                "name": outcome.name,
                "ok": outcome.ok,
                "seconds": round(outcome.seconds, 3),
                **({"found": dict(outcome.found)} if outcome.ok else {"failure": outcome.failure}),
                **({"where": list(outcome.where)} if outcome.where else {}),
            }
            for outcome in outcomes
        ],
    }


def line(catalogue: Catalogue, outcome: Outcome) -> str:
    """Return a step's line of the text."""
    what = catalogue.text(f"selftest.step_{outcome.name}")
    seconds = f"{outcome.seconds:.1f}"
    if outcome.ok:
        return catalogue.text("selftest.line_ok", what=what, seconds=seconds)
    return catalogue.text("selftest.line_bad", what=what, seconds=seconds, reason=outcome.failure)


def ending(catalogue: Catalogue, outcomes: Sequence[Outcome], folder: str) -> str:
    """Return the last line of the text."""
    bad = sum(not outcome.ok for outcome in outcomes)
    if bad:
        return catalogue.text("selftest.failed", bad=bad, count=len(outcomes), folder=folder)
    return catalogue.text("selftest.passed", count=len(outcomes), folder=folder)
