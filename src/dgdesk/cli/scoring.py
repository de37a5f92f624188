"""``score``: what a draft may be worth. Apart from ``check``, so that it starts with no more than it needs."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import open_draft
from dgdesk.survey.rules.places import problem_name
from dgdesk.survey.rules.report import gains_report, score_report
from dgdesk.survey.rules.score import breakdown
from dgdesk.text.score_words import figures_line


def score(arguments: Namespace, context: Context) -> int:
    """Print a preview of the score and what would add most."""
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        session = draft.session
        tree = breakdown(session.rules.rubric, session.state.score)
        report = score_report(session.rules, session.state, tree)
        best = gains_report(session.rules, session.state, arguments.gains, tree)
        if arguments.json:
            context.json({**report, "gains": best})
            return 0
        print_score(context, report)
        for gain in best:
            where = problem_name(session.form, gain["field"], gain["slot"], session.state.facts.answers).line()
            context.say(f"cli.gain_{gain['kind']}", where=where, points=gain["points"])
        return 0


def print_score(context: Context, report: dict[str, Any]) -> None:
    """Print the preview as sentences, always called an estimate."""
    low, high = report["interval"]
    context.say("cli.score", figures=figures_line(context.catalogue.text, low, report["total"]["claimed"], high))
    context.say("score.meaning")
    context.say("score.cautious", **report["without_progress"])
    for pillar in report["pillars"]:
        shown = ("id", "earned", "waiting", "open", "external", "weight")
        context.say("cli.score_pillar", **{key: pillar[key] for key in shown})
    context.say("cli.estimate")
