"""Prints one question: its heading, its notes, and the answer in the form of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

from dgdesk.printing.blocks import Block
from dgdesk.printing.survey.asking import PrintedQuestion, heading, heading_style, notes
from dgdesk.printing.survey.boxes import Band
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.kinds.choices import multiple_choice, single_choice
from dgdesk.printing.survey.kinds.lines import line, long_text, month_year
from dgdesk.printing.survey.kinds.tables import group, matrix, repeat

KindPrinter = Callable[[Desk, PrintedQuestion], Iterator[Block]]
HeadingPlace = Literal["beside", "above", "inside"]

# How each kind of question is printed, and where its heading is: next to the answer or inside the table, printed by the
# kind's own function; or above the answer, printed by `question`.
KINDS: Final[dict[str, tuple[KindPrinter, HeadingPlace]]] = {
    **dict.fromkeys(("text", "number", "percent", "url", "email", "phone"), (line, "beside")),
    "long_text": (long_text, "beside"),
    "month_year": (month_year, "beside"),
    "single": (single_choice, "above"),
    "multiple": (multiple_choice, "above"),
    "group": (group, "above"),
    "repeat": (repeat, "above"),
    "matrix": (matrix, "inside"),
}


def question(context: Desk, at: int, *, outer: bool = False, owner_code: str | None = None) -> Iterator[Block]:
    """The blocks of the node at ``at`` and of all nodes inside it.

    What need not be filled in is grey, and the reason is printed above it, if there is one to print. If the person
    chose to leave such parts out, there are no blocks.
    """
    if at in context.reasons and context.choices.whole_form:
        yield Band((context.text(context.reasons[at], context.styles.small),), tint=None, before=6.0)
    if not context.shown(at):
        if not context.choices.whole_form:
            return
        context = context.greyed
    node = context.form.nodes[at]
    label = heading(context, at, owner_code)
    style = heading_style(context, outer)
    print_kind, place = KINDS[node.kind]
    if place == "above" and label:
        yield context.text(label, style, keep=True)
    question_notes = notes(context, node.field.notes, 0.0 if place == "inside" else context.styles.indent * 0.6)
    if place != "beside":
        yield from question_notes
    yield from print_kind(context, PrintedQuestion(at, label, style, question))
    if place == "beside":
        yield from question_notes
    yield from notes(context, node.field.notes_after)
