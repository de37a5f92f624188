"""What a draft keeps and a bundle leaves out: answers and evidence at places that are not asked now, and why.

It is the exact rest of what is handed in: both follow `Shown` and `asks_for_evidence`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dgdesk.survey.answers.attachments import Attachment, Evidence
from dgdesk.survey.answers.values import Answers, Value
from dgdesk.survey.definition.form import Form, Slot
from dgdesk.survey.definition.models import All, Any_, Chosen, Condition, Not
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.relevance import Shown, holds, why_hidden


class Decider(NamedTuple):
    """The answer that decides why a place is not asked now. ``address`` is its question, which is asked.

    ``how``: ``needs`` (``option`` is not chosen there), ``skipped`` (``option`` is chosen there and leaves the place
    out), ``removed`` (the item ``option`` is not, or no longer, among the items there), ``empty`` (the item ``address``
    has no answer, so its evidence is not asked for).
    """

    how: Literal["needs", "skipped", "removed", "empty"]
    address: str
    option: str


class Unsent(NamedTuple):
    """One place with something that is kept and not sent: an answer (``value``), or the ``files`` of a slot.

    ``unreadable``: something is stored at the slot that cannot be read as evidence.
    """

    address: str
    slot: str | None
    decider: Decider
    value: Value | None = None
    files: tuple[Attachment, ...] = ()
    unreadable: bool = False

    @property
    def key(self) -> tuple[str, str | None]:
        """What tells it from the other places."""
        return self.address, self.slot

    @property
    def size(self) -> int:
        """The size of its files together, in bytes."""
        return sum(one.size for one in self.files)


def unsent(
    form: Form, answers: Answers, evidence: Evidence, shown: Shown, unreadable: frozenset[str] = frozenset()
) -> tuple[Unsent, ...]:
    """Return every place whose answer or evidence is kept and not sent, in printed order, its answer first."""
    found: list[tuple[int, int, Unsent]] = []
    for address, value in answers.items():
        at = form.position.get(address)
        if at is not None and not shown[at]:
            found.append((at, 0, Unsent(address, None, _decider(form, answers, shown, at), value)))
    for slot in _with_evidence(form, evidence, unreadable):
        decider = why_not_asked_for(form, answers, shown, slot)
        if decider is not None:
            node, files = form.nodes[slot.node], evidence.get(slot.id, ())
            place = Unsent(node.address, slot.id, decider, files=files, unreadable=slot.id in unreadable)
            found.append((slot.node, 1 + node.slots.index(slot), place))
    return tuple(place for _, _, place in sorted(found, key=lambda one: one[:2]))


def why_not_asked_for(form: Form, answers: Answers, shown: Shown, slot: Slot) -> Decider | None:
    """Return the answer that decides why a slot's evidence is not asked for now; None if it is."""
    if asks_for_evidence(form, answers, shown, slot):
        return None
    if not shown[slot.node]:
        return _decider(form, answers, shown, slot.node)
    address = form.nodes[slot.node].address
    return Decider("empty", address, "") if slot.option is None else Decider("needs", address, slot.option)


def _with_evidence(form: Form, evidence: Evidence, unreadable: frozenset[str]) -> Iterator[Slot]:
    for id in evidence.keys() | unreadable:
        slot = form.slots.get(id)
        if slot is not None and (evidence.get(id) or id in unreadable):
            yield slot


def _decider(form: Form, answers: Answers, shown: Shown, at: int) -> Decider:
    """Return what decides why the node at ``at`` is not shown; of several reasons the outermost one."""
    while True:
        hidden = why_hidden(form, answers, shown, at)
        assert hidden is not None  # the node is not shown
        if hidden.how == "skip":
            return Decider("skipped", hidden.cause, hidden.option)
        if hidden.how == "gate":
            removed = form.node(hidden.cause).kind == "repeat"
            return Decider("removed" if removed else "needs", hidden.cause, hidden.option)
        while form.nodes[at].parent >= 0 and not shown[form.nodes[at].parent]:
            at = form.nodes[at].parent
        condition = form.nodes[at].when
        assert condition is not None  # that is how it is hidden
        chosen, wanted = _deciding(condition, form, answers, shown)
        address, option = chosen.chosen
        if shown[form.position[address]]:
            return Decider("needs" if wanted else "skipped", address, option)
        at = form.position[address]  # that question is not asked either: what decides about it decides about both


def _deciding(condition: Condition, form: Form, answers: Answers, shown: Shown) -> tuple[Chosen, bool]:
    """Return the first choice that keeps a condition from holding, and whether it should be made or taken back."""
    match condition:
        case Chosen():
            return condition, True
        case Not():
            return _holding(condition.not_, form, answers, shown)
        case All():
            return _deciding(_first(condition.all, form, answers, shown, holding=False), form, answers, shown)
        case Any_():
            return _deciding(condition.any[0], form, answers, shown)


def _holding(condition: Condition, form: Form, answers: Answers, shown: Shown) -> tuple[Chosen, bool]:
    """Return the first choice that makes a condition hold, and whether it should be made or taken back to end that."""
    match condition:
        case Chosen():
            return condition, False
        case Not():
            return _deciding(condition.not_, form, answers, shown)
        case All():
            return _holding(condition.all[0], form, answers, shown)
        case Any_():
            return _holding(_first(condition.any, form, answers, shown, holding=True), form, answers, shown)


def _first(parts: tuple[Condition, ...], form: Form, answers: Answers, shown: Shown, *, holding: bool) -> Condition:
    return next((one for one in parts if holds(one, form, answers, shown) == holding), parts[0])


class UnsentGroup(NamedTuple):
    """All that one answer keeps from being sent, in printed order."""

    decider: Decider
    places: tuple[Unsent, ...]

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files, one for each place where it is attached."""
        return tuple(file for place in self.places for file in place.files)

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(place.value is not None for place in self.places)


def by_decider(places: tuple[Unsent, ...]) -> tuple[UnsentGroup, ...]:
    """Group places by the answer that decides, in the order of the first place of each."""
    found: dict[Decider, list[Unsent]] = {}
    for place in places:
        found.setdefault(place.decider, []).append(place)
    return tuple(UnsentGroup(decider, tuple(some)) for decider, some in found.items())
