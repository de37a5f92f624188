"""Reports on stderr, by the question's code, what a command leaves out because it cannot be read."""

from __future__ import annotations

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import Draft
from dgdesk.survey.rules.problems import UNREADABLE
from dgdesk.survey.rules.report import nearest_code


def tell_unreadable(draft: Draft, context: Context) -> None:
    """Print, one line per slot, where stored evidence cannot be read; the work goes on without it."""
    for problem in draft.session.state.problems:
        if problem.code == UNREADABLE:
            place = nearest_code(draft.session.form, problem.address) or problem.address
            context.tell(f"{place}: {context.catalogue.text(problem.code)}")
