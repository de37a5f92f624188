"""Problems: what is wrong or missing, as message codes with the field to jump to.

Errors block "ready to submit"; warnings do not, and neither do notices, which say what is kept and not sent
(`dgdesk.draft.unsent`). The texts are in ``resources/i18n/problems.yaml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.extensions import other_extension
from dgdesk.survey.answers.values import Answers, UnreadValue, Value, has
from dgdesk.survey.definition.form import Form, Node, Slot
from dgdesk.survey.rules.relevance import Shown
from dgdesk.text.dates import format_month_year
from dgdesk.text.phones import is_extension, is_mobile

Severity = Literal["error", "warning", "notice"]
UNREADABLE = "evidence.unreadable_here"
"""The problem of a place where something is stored that is no evidence."""
UNMARKED = "evidence.unmarked"
"""The problem of a place that asks for evidence, has files, and no key passage in any of them."""

_MISSING = {
    "single": "missing.choice",
    "row": "missing.row",
    "multiple": "missing.choices",
    "month_year": "missing.month_year",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct. ``address`` is the field to jump to; ``slot`` the evidence slot concerned, if any.

    ``values`` fill the sentence of ``code``.
    """

    code: str
    severity: Severity
    address: str
    slot: str | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_missing(self) -> bool:
        """Whether something is not there yet; otherwise something that is there is wrong."""
        return self.code.startswith("missing.") or self.code == UNMARKED


class Asked(NamedTuple):
    """One thing that counts for completeness: an answer, or the evidence of a chosen option."""

    position: int
    done: bool
    evidence: bool = False


class PageAnalysis(NamedTuple):
    """The analysis of a page: everything that is required now, and every problem, in printed order."""

    asked: tuple[Asked, ...]
    problems: tuple[Problem, ...]


def examine(
    form: Form, places: Iterable[int], answers: Answers, evidence: Evidence, shown: Shown, today: date
) -> PageAnalysis:
    """Analyse those of ``places`` (positions of nodes) that are shown."""
    asked: list[Asked] = []
    problems: list[Problem] = []
    month = f"{today.year:04d}-{today.month:02d}"
    for at in places:
        node = form.nodes[at]
        if not shown[at] or node.kind in ("group", "matrix"):
            continue
        value = answers.get(node.address)
        if wants_answer(form, answers, shown, at):
            asked.append(Asked(at, valid(value)))
        problems.extend(_of_node(form, answers, shown, at, value, month))
        for slot in node.slots:
            if asks_for_evidence(form, answers, shown, slot):
                done = satisfied(form, slot, answers, evidence)
                if slot.rule != "optional":
                    asked.append(Asked(at, done, evidence=True))
                problems.extend(_of_slot(node, slot, evidence, done))
    return PageAnalysis(tuple(asked), tuple(problems))


def unreadable_evidence(form: Form, answers: Answers, shown: Shown, places: Collection[str]) -> tuple[Problem, ...]:
    """Return a problem for each open slot whose stored value cannot be read as evidence."""
    slots = (slot for slot in form.slots.values() if places and slot.id in places)
    return tuple(
        Problem(UNREADABLE, "error", form.nodes[slot.node].address, slot.id)
        for slot in slots
        if asks_for_evidence(form, answers, shown, slot)
    )


def wants_answer(form: Form, answers: Answers, shown: Shown, position: int) -> bool:
    """Tell whether the node must be answered now.

    Items of an optional repeat must be complete only if they contain an answer.
    """
    return form.nodes[position].required and _has_turn(form, answers, shown, position)


def asks_for_evidence(form: Form, answers: Answers, shown: Shown, slot: Slot) -> bool:
    """Tell whether the evidence slot is open: its option is chosen, or its item is in use."""
    if not shown[slot.node]:
        return False
    node = form.nodes[slot.node]
    if slot.option is None:
        return _item_wanted(form, answers, slot.node)
    return has(answers.get(node.address), slot.option)


def satisfied(form: Form, slot: Slot, answers: Answers, evidence: Evidence) -> bool:
    """Tell whether the slot is complete: a file with its key passage marked, or the URL that may be given instead.

    The form takes no answer whose evidence is not marked. One marked file is enough: others may be annexes.
    """
    if any(one.marked for one in evidence.get(slot.id, ())):
        return True
    return slot.rule == "or_url" and slot.url is not None and valid(answers.get(slot.url))


def valid(value: Value | None) -> bool:
    """Tell whether there is a value and it could be read."""
    return value is not None and not isinstance(value, UnreadValue)


def _of_node(form: Form, answers: Answers, shown: Shown, at: int, value: Value | None, month: str) -> Iterator[Problem]:
    node = form.nodes[at]
    if value is None:
        if wants_answer(form, answers, shown, at):
            yield Problem(_MISSING.get(node.kind, "missing.answer"), "error", node.address)
        elif node.field.advised and _has_turn(form, answers, shown, at):
            yield Problem("missing.details", "warning", node.address)
    elif isinstance(value, UnreadValue):
        yield Problem(value.why, "error", node.address, values=value.values)
    elif node.kind == "month_year" and isinstance(value, str):
        yield from _of_month(node, value, month)
    elif node.address in form.extensions and isinstance(value, str) and not is_extension(value):
        yield Problem("phone.extension_digits", "error", node.address)
    elif other := other_extension(node, value, answers):
        typed, there = other
        shown_there = there if isinstance(there, str) else getattr(there, "text", "")
        yield Problem("phone.extension_taken", "error", node.address, values={"extension": typed, "there": shown_there})
    elif node.field.mobile and isinstance(value, str) and not is_mobile(value):
        yield Problem("phone.land_line", "warning", node.address)


FAR_YEARS = 10
"""So many years ahead a month is doubted: a year typed with a wrong digit, or of the other era."""


def _of_month(node: Node, value: str, month: str) -> Iterator[Problem]:
    if value < month:
        code = "month_year.past"
    elif int(value[:4]) > int(month[:4]) + FAR_YEARS:
        code = "month_year.far"
    else:
        return
    yield Problem(code, "warning", node.address, values={"month": format_month_year(value), "year": value[:4]})


def _of_slot(node: Node, slot: Slot, evidence: Evidence, done: bool) -> Iterator[Problem]:
    files = evidence.get(slot.id, ())
    if done or slot.rule == "optional":
        if not all(one.marked for one in files):
            yield Problem("evidence.unmarked_file", "warning", node.address, slot.id)
    elif files:
        yield Problem(UNMARKED, "error", node.address, slot.id)
    else:
        code = "missing.evidence_or_url" if slot.rule == "or_url" else "missing.evidence"
        yield Problem(code, "error", node.address, slot.id)


def _has_turn(form: Form, answers: Answers, shown: Shown, position: int) -> bool:
    """Tell whether the node takes an answer now: it is shown, and the item it lies in is in use."""
    node = form.nodes[position]
    if node.kind in ("group", "matrix", "item", "repeat") or not shown[position]:
        return False
    return node.inside < 0 or _item_wanted(form, answers, node.inside)


def _item_wanted(form: Form, answers: Answers, item: int) -> bool:
    repeat = form.nodes[form.nodes[item].parent]
    if repeat.required:
        return True
    return any(form.nodes[at].address in answers for at in range(item + 1, form.nodes[item].end))
