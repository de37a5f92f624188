"""Relevance: which places of the form are asked, given the answers.

A node is shown if its parent is shown, its gate (the option or item around it) is chosen, its condition holds, and no
active skip leaves it out. A node depends only on nodes before it, so one pass decides everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dgdesk.answers.values import Answers, Value, has, items_of
from dgdesk.definition.form import Form, Node
from dgdesk.definition.models import All, Any_, Chosen, Condition, Not

Shown = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why a node is not shown: its ``cause`` (an address) and the option there that decides."""

    how: Literal["skip", "gate", "condition"]
    cause: str
    option: str


def relevance(form: Form, answers: Answers) -> Shown:
    """Return for every node whether it is shown."""
    shown: list[bool] = []
    nodes = form.nodes
    for node in nodes:
        parent = node.parent
        if parent >= 0:
            if not shown[parent]:
                shown.append(False)
                continue
            if node.gate is not None and not _opened(nodes[parent], answers, node.gate):
                shown.append(False)
                continue
        if node.skips and _skipped_by(form, node, answers, shown) is not None:
            shown.append(False)
            continue
        shown.append(node.when is None or holds(node.when, form, answers, shown))
    return tuple(shown)


def holds(condition: Condition, form: Form, answers: Answers, shown: list[bool] | Shown) -> bool:
    """Tell whether a condition holds; in a field that is not shown nothing counts as chosen."""
    match condition:
        case Chosen():
            address, option = condition.chosen
            return shown[form.position[address]] and has(answers.get(address), option)
        case All():
            return all(holds(part, form, answers, shown) for part in condition.all)
        case Any_():
            return any(holds(part, form, answers, shown) for part in condition.any)
        case Not():
            return not holds(condition.not_, form, answers, shown)


def why_hidden(form: Form, answers: Answers, shown: Shown, position: int) -> Hidden | None:
    """Return why the node at ``position`` is not shown; None if it is shown."""
    if shown[position]:
        return None
    node = form.nodes[position]
    while node.parent >= 0 and not shown[node.parent]:
        node = form.nodes[node.parent]
    skip = _skipped_by(form, node, answers, shown)
    if skip is not None:
        return Hidden("skip", form.nodes[skip[0]].address, skip[1])
    if node.gate is not None and not _opened(form.nodes[node.parent], answers, node.gate):
        return Hidden("gate", form.nodes[node.parent].address, node.gate)
    cause = _first_chosen(node.when) if node.when is not None else ("", "")
    return Hidden("condition", *cause)


def _opened(parent: Node, answers: Answers, gate: str) -> bool:
    value: Value | None = answers.get(parent.address)
    return gate in items_of(parent, value) if parent.kind == "repeat" else has(value, gate)


def _skipped_by(form: Form, node: Node, answers: Answers, shown: list[bool] | Shown) -> tuple[int, str] | None:
    for source, option in node.skips:
        if shown[source] and has(answers.get(form.nodes[source].address), option):
            return source, option
    return None


def _first_chosen(condition: Condition) -> tuple[str, str]:
    match condition:
        case Chosen():
            return condition.chosen
        case All():
            return _first_chosen(condition.all[0])
        case Any_():
            return _first_chosen(condition.any[0])
        case Not():
            return _first_chosen(condition.not_)
