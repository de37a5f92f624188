"""Evidence slots that are open now, and the status of each: missing, attached, or attached without a key passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dgdesk.definition.form import Form, Slot, option_of
from dgdesk.rules.numbering import number_now
from dgdesk.rules.problems import asks_for_evidence, satisfied
from dgdesk.rules.state import State

Standing = Literal["missing", "unmarked", "attached", "by_url", "optional"]
"""``by_url``: a URL is given instead; ``optional``: nothing is attached, and nothing is needed."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An evidence slot that is open now.

    ``question`` is the address of its question, ``address`` the field that asks, ``label`` the text of the row or the
    chosen option, ``item`` the number of a repeat item, ``files`` how many are attached.
    """

    slot: str
    question: str
    address: str
    label: str
    item: int | None
    status: Standing
    files: int


def open_places(form: Form, state: State) -> tuple[OpenPlace, ...]:
    """List every open evidence slot, in printed order."""
    facts = state.facts
    return tuple(
        OpenPlace(
            slot.id,
            question_of(form, slot.node),
            form.nodes[slot.node].address,
            label_of(form, slot),
            number_now(form, facts.answers, form.nodes[slot.node]),
            _status(form, state, slot),
            len(facts.evidence.get(slot.id, ())),
        )
        for slot in form.slots.values()
        if asks_for_evidence(form, facts.answers, state.shown, slot)
    )


def full_code(form: Form, address: str) -> str:
    """Return the printed code of a place; if that is only a letter ("A."), with the code of the place around it."""
    at, codes = form.position.get(address, -1), []
    while at >= 0:
        code = form.nodes[at].code
        if code is not None and code not in codes:
            codes.append(code)
            if any(letter.isdigit() for letter in code):
                break
        at = form.nodes[at].parent
    return " ".join(reversed(codes))


def count_places(places: Iterable[OpenPlace]) -> Mapping[Standing, int]:
    """Count the slots by status."""
    return Counter(place.status for place in places)


def _status(form: Form, state: State, slot: Slot) -> Standing:
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
    """Return the label of a slot: its row and column group, or its option."""
    node = form.nodes[slot.node]
    option = option_of(node, slot.option) if slot.option is not None else None
    group = next((one.label for one in node.field.groups if one.id == node.group), "") if node.kind == "row" else ""
    if group.startswith("("):
        group = group.partition(" ")[0]  # the table's head has the full text of "(1) …"; its number is enough here
    row = node.label if node.kind == "row" else ""
    return " – ".join(part for part in (row, group, option.label if option is not None else "") if part)
