"""Places for evidence that are open now, and how each stands: missing, attached, or attached without its mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dgdesk.definition.form import Form, Slot, option_of
from dgdesk.rules.numbering import number_now
from dgdesk.rules.problems import asks_for_evidence, satisfied
from dgdesk.rules.state import State

Standing = Literal["missing", "unmarked", "attached", "by_url", "optional"]
"""``by_url``: a URL does instead; ``optional``: nothing attached, and nothing need be."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place that asks for evidence now.

    ``question`` is the address of the question it belongs to, ``address`` the field that asks, ``label`` the words of
    the row or the chosen option, ``item`` the number of a repeat's item, ``files`` how many are attached.
    """

    slot: str
    question: str
    address: str
    label: str
    item: int | None
    standing: Standing
    files: int


def open_places(form: Form, state: State) -> tuple[OpenPlace, ...]:
    """List every place that is open now, in printed order."""
    facts = state.facts
    return tuple(
        OpenPlace(
            slot.id,
            question_of(form, slot.node),
            form.nodes[slot.node].address,
            label_of(form, slot),
            number_now(form, facts.answers, form.nodes[slot.node]),
            _standing(form, state, slot),
            len(facts.evidence.get(slot.id, ())),
        )
        for slot in form.slots.values()
        if asks_for_evidence(form, facts.answers, state.shown, slot)
    )


def full_code(form: Form, address: str) -> str:
    """Return the printed code of a place; one that is a mere letter ("A.") with the code of what it lies in."""
    at, codes = form.position.get(address, -1), []
    while at >= 0:
        code = form.nodes[at].code
        if code is not None and code not in codes:
            codes.append(code)
            if any(letter.isdigit() for letter in code):
                break
        at = form.nodes[at].parent
    return " ".join(reversed(codes))


def _standing(form: Form, state: State, slot: Slot) -> Standing:
    files = state.facts.evidence.get(slot.id, ())
    if files:
        return "attached" if all(one.marked for one in files) else "unmarked"
    if slot.rule == "optional":
        return "optional"
    return "by_url" if satisfied(form, slot, state.facts.answers, state.facts.evidence) else "missing"


def question_of(form: Form, at: int) -> str:
    """Return the nearest place above with a printed code; without one, the outermost."""
    address = form.nodes[at].address
    while at >= 0:
        address = form.nodes[at].address
        if form.nodes[at].code is not None:
            break
        at = form.nodes[at].parent
    return address


def label_of(form: Form, slot: Slot) -> str:
    """Return the words of a place: those of its row and column group, or of its option."""
    node = form.nodes[slot.node]
    option = option_of(node, slot.option) if slot.option is not None else None
    group = next((one.label for one in node.field.groups if one.id == node.group), "") if node.kind == "row" else ""
    if group.startswith("("):
        group = group.partition(" ")[0]  # "(1) …" stands in full in the table's head: its number says which is meant
    row = node.label if node.kind == "row" else ""
    return " – ".join(part for part in (row, group, option.label if option is not None else "") if part)
