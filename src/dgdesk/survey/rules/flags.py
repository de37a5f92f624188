"""Flags: questions that somebody was not sure about, in the manner of problems, so that lists can show both."""

from __future__ import annotations

from collections.abc import Mapping

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.places import full_name
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.state import Facts

FLAGGED, NOTED = "flag.here", "flag.noted"
"""The codes of a flag without a note, and with one."""


def flagged(form: Form, flags: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return the flagged questions in printed order; ``values`` has the note."""
    known = sorted((address for address in flags if address in form.position), key=form.position.__getitem__)
    return tuple(
        Problem(NOTED if flags[address] else FLAGGED, "warning", address, values={"note": flags[address]})
        for address in known
    )


def is_flag(problem: Problem) -> bool:
    """Tell whether something listed is a flag."""
    return problem.code in (FLAGGED, NOTED)


def flags_report(form: Form, facts: Facts) -> list[dict[str, str]]:
    """Return the flags in printed order, as data: the question's id, its full name, and the note."""
    return [
        {
            "field": one.address,
            "where": full_name(form, one.address, None, facts.answers).line(),
            "note": facts.flags[one.address],
        }
        for one in flagged(form, facts.flags)
    ]


def on_page(form: Form, flags: Mapping[str, str], page: str) -> tuple[Problem, ...]:
    """Return the flagged questions of one page."""
    return tuple(one for one in flagged(form, flags) if form.node(one.address).page == page)


def question_at(form: Form, address: str) -> str:
    """Return the question that a flag set at an address belongs to: the nearest with a printed code, or the outermost.

    People know questions by their codes; a flag on one cell of a table would be found by nobody.
    """
    at = form.position[address]
    while form.nodes[at].parent >= 0 and (form.nodes[at].code is None or form.nodes[at].kind in ("row", "item")):
        at = form.nodes[at].parent
    return form.nodes[at].address
