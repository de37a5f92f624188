"""Which answers are removed when a person clears a question. Answers of follow-ups are kept, but hidden."""

from __future__ import annotations

from dgdesk.answers.values import Answers
from dgdesk.definition.form import WITHOUT_ANSWER, Form


def clearable(form: Form, answers: Answers, address: str) -> tuple[str, ...]:
    """Return the addresses to clear; empty if nothing is answered. For a table these are its rows.

    A repeat is not cleared as a whole: its items are removed one by one, with the answers in them.
    """
    at = form.position[address]
    kind = form.nodes[at].kind
    if kind == "matrix":
        return tuple(form.nodes[row].address for row in form.children(at) if form.nodes[row].address in answers)
    if kind in WITHOUT_ANSWER or kind == "repeat" or address not in answers:
        return ()
    return (address,)
