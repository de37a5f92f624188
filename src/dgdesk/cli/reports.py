"""``check``: what a draft still needs."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.draft.outcomes import notices
from dgdesk.draft.unsent import unsent_notices, unsent_report, unsent_summary
from dgdesk.evidence.inspection.outcome import FileNotice
from dgdesk.submission.since_export import since_values, status_since
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.flags import FLAGGED, NOTED, flags_report
from dgdesk.survey.rules.pages import Completeness
from dgdesk.survey.rules.places import problem_name, slot_name
from dgdesk.survey.rules.problems import Problem


def check(arguments: Namespace, context: Context) -> int:
    """List the problems; 1 if the form is not ready to submit."""
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        form, state, text = draft.session.form, draft.session.state, context.catalogue.text
        answers = state.facts.answers
        problems = [_problem(draft, context, problem) for problem in state.problems]
        remarks = [_notice(draft, context, one) for one in notices(draft)]
        remarks += [_unsent(draft, context, one) for one in unsent_notices(form, answers, state.unsent)]
        since, flags = status_since(draft.package), flags_report(form, state.facts)
        if arguments.json:
            context.json(
                {
                    "ready": state.ready,
                    "percent": state.whole.percent,
                    "since_export": {"state": since.state, "changes": since.changes},
                    "sections": {section: _progress(progress) for section, progress in state.sections.items()},
                    "pages": {page: _progress(progress) for page, progress in state.pages.items()},
                    "problems": problems,
                    "notices": remarks,
                    "unsent": unsent_report(form, answers, state.unsent, text),
                    "flags": flags,
                }
            )
        else:
            for problem in problems:
                context.line(f"{_sign(problem)} {problem['where']}: {problem['message']}")
            for one in remarks:
                context.line(f"· {one['where']}: {one['message']}")
            for flag in flags:
                words = context.catalogue.text(NOTED if flag["note"] else FLAGGED, note=flag["note"])
                context.line(f"⚑ {flag['where']}: {words}")
            errors = sum(problem["severity"] == "error" for problem in problems)
            code = "cli.ready" if state.ready else "cli.not_ready"
            context.say(code, count=errors, warnings=len(problems) - errors, percent=state.whole.percent)
            if summary := unsent_summary(state.unsent, text):
                context.line(summary)
            if since.last is not None:
                context.say(since.code, **since_values(since))
        return 0 if state.ready else 1


def _problem(draft: Draft, context: Context, problem: Problem) -> dict[str, Any]:
    form = draft.session.form
    return {
        "id": problem.code,
        "severity": problem.severity,
        "field": problem.address,
        "code": nearest_code(form, problem.address),
        "slot": problem.slot,
        "where": problem_name(form, problem.address, problem.slot, draft.session.state.facts.answers).line(),
        "message": context.catalogue.text(problem.code, **problem.values),
    }


def _unsent(draft: Draft, context: Context, notice: Problem) -> dict[str, Any]:
    said = _problem(draft, context, notice)
    return {key: said[key] for key in ("id", "field", "code", "slot", "where", "message")} | {"file": None}


def _notice(draft: Draft, context: Context, notice: FileNotice) -> dict[str, Any]:
    form, issue = draft.session.form, notice.issue
    address = form.nodes[form.slots[notice.slot].node].address
    return {
        "id": issue.code,
        "field": address,
        "code": nearest_code(form, address),
        "slot": notice.slot,
        "where": slot_name(form, notice.slot, draft.session.state.facts.answers).line(),
        "file": issue.values["name"],
        "message": context.catalogue.text(issue.code, **issue.values),
    }


def _sign(problem: dict[str, Any]) -> str:
    return "✗" if problem["severity"] == "error" else "!"


def _progress(progress: Completeness) -> dict[str, Any]:
    return {
        "status": progress.status,
        "percent": progress.percent,
        "answers": [progress.answers_done, progress.answers_asked],
        "evidence": [progress.evidence_done, progress.evidence_asked],
    }
