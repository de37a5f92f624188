"""Edits of many answers by one action: a question cleared, a column of a table filled, "no" to what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dgdesk.survey.answers.values import Answers, Json, Value, has
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.definition.models import Column
from dgdesk.survey.rules.relevance import Shown, relevance
from dgdesk.survey.rules.state import Facts, State


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


def table_below(form: Form, at: int) -> int | None:
    """Return the table that is asked right below the head of a question, and has no head of its own; None for none."""
    first = next(iter(form.children(at)), None) if form.nodes[at].kind == "group" else None
    if first is None or form.nodes[first].kind != "matrix" or form.nodes[first].code or form.nodes[first].field.hint:
        return None
    return first


class ColumnFill(NamedTuple):
    """What filling a column would do: addresses of rows without an answer, with another answer, and with this one."""

    empty: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    same: tuple[str, ...] = ()

    @property
    def all_changed(self) -> tuple[str, ...]:
        """The rows that change if answered rows are changed too."""
        return self.empty + self.other


def may_fill(form: Form, table: int, column: Column) -> bool:
    """Whether a column may be filled by one action.

    Not if one of its cells asks for evidence or opens further fields: such an answer is a claim about one row, and must
    be considered and proven there.
    """
    if column.evidence is not None:
        return False
    for at in _rows(form, table, column):
        node = form.nodes[at]
        cell = node.row.cells.get(column.id) if node.row is not None else None
        if cell is not None and (cell.evidence is not None or cell.fields):
            return False
        if any(form.nodes[inner].gate == column.id for inner in form.children(at)):
            return False
    return True


def column_fill(form: Form, shown: Shown, answers: Mapping[str, Value], table: int, column: Column) -> ColumnFill:
    """Return what filling ``column`` of the table at position ``table`` changes: of its relevant and required rows.

    An optional row ("others") is answered only by itself: it says nothing until somebody names what it is about.
    """
    empty: list[str] = []
    other: list[str] = []
    same: list[str] = []
    for at in _rows(form, table, column):
        if shown[at] and form.nodes[at].required:
            address = form.nodes[at].address
            value = answers.get(address)
            (empty if value is None else same if has(value, column.id) else other).append(address)
    return ColumnFill(tuple(empty), tuple(other), tuple(same))


class Negatives(NamedTuple):
    """What "no" to everything that is left of a page would store, and what it leaves.

    ``answers`` are the answers by address. ``without`` are questions that have no option for it, ``hiding`` those where
    it would hide answers or evidence that are there.
    """

    answers: dict[str, Json]
    without: tuple[str, ...] = ()
    hiding: tuple[str, ...] = ()


def negative_answer(node: Node) -> Json:
    """Return the answer that says "no", as the edition's data has it; None if the question has none."""
    if node.kind == "row":
        return next((one.id for one in node.field.columns if one.negative and one.group == node.group), None)
    option = next((one.id for one in node.field.options if one.negative), None)
    return [option] if option is not None and node.kind == "multiple" else option


def open_negatives(form: Form, state: State, page: str) -> int:
    """Return how many required answers are missing on a page that could be "no"."""
    left = (one.position for one in state.findings[page].asked if not one.done and not one.evidence)
    return sum(
        form.nodes[at].address not in state.facts.answers and negative_answer(form.nodes[at]) is not None for at in left
    )


def negatives(form: Form, state: State, page: str) -> Negatives:
    """Return what answering "no" to every required question left on a page would store.

    A question that an earlier "no" leaves out stays unanswered, and so does one where "no" would hide what is there.
    """
    facts, answers, shown = state.facts, dict(state.facts.answers), state.shown
    found: dict[str, Json] = {}
    without, hiding = [], []
    for one in state.findings[page].asked:
        node = form.nodes[one.position]
        if one.done or one.evidence or node.address in facts.answers or not shown[one.position]:
            continue
        answer = negative_answer(node)
        if answer is None:
            without.append(node.address)
            continue
        tried = answers | {node.address: tuple(answer) if isinstance(answer, list) else str(answer)}
        then = relevance(form, tried)
        if _hides(form, facts, shown, then):
            hiding.append(node.address)
        else:
            found[node.address], answers, shown = answer, tried, then
    return Negatives(found, tuple(without), tuple(hiding))


def _hides(form: Form, facts: Facts, before: Shown, after: Shown) -> bool:
    """Return whether a place with an answer or with evidence is shown before, and not after."""
    return any(
        then and not now and (node.address in facts.answers or any(slot.id in facts.evidence for slot in node.slots))
        for node, then, now in zip(form.nodes, before, after, strict=True)
    )


def _rows(form: Form, table: int, column: Column) -> list[int]:
    """Positions of the table's questions that ``column`` answers."""
    return [
        at
        for at in form.children(table)
        if form.nodes[at].kind == "row" and (column.group is None or form.nodes[at].group == column.group)
    ]
