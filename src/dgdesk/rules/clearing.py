"""Clearing: which answers go when a person clears a question. Those of follow-ups are kept, hidden."""

from __future__ import annotations

from dgdesk.answers.values import Answers
from dgdesk.definition.form import WITHOUT_ANSWER, Form


def clearable(form: Form, answers: Answers, address: str) -> tuple[str, ...]:
    """Return the addresses to clear; none where nothing is answered. A table's are its rows.

    Repeats are not cleared as a whole: their items are removed one by one, with what is in them.
    """
    at = form.position[address]
    kind = form.nodes[at].kind
    if kind == "matrix":
        return tuple(form.nodes[row].address for row in form.children(at) if form.nodes[row].address in answers)
    if kind in WITHOUT_ANSWER or kind == "repeat" or address not in answers:
        return ()
    return (address,)
