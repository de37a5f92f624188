"""Relevance: which parts of the form are asked, given the answers, and the reasons why others are not.

A node is shown if its parent is shown, its gate (the option or item around it) is chosen, its condition holds, and no
active skip leaves it out. A node depends only on nodes before it, so one pass decides everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dgdesk.survey.answers.values import Answers, Value, has, items_of
from dgdesk.survey.definition.form import Form, Node, chosen_in
from dgdesk.survey.definition.models import All, Any_, Chosen, Condition, Not

Shown = tuple[bool, ...]


class Hidden(NamedTuple):
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


class HiddenReason(NamedTuple):
    """Why the nodes ``first`` to ``last`` (siblings, by position) are ``skipped``, not asked yet (``needs``), or asked.

    ``cause`` and ``option`` are the answer that decides.
    """

    how: Literal["skipped", "needs", "asked"]
    first: int
    last: int
    cause: str
    option: str


def reasons(form: Form, answers: Answers, shown: Shown, page: str) -> tuple[HiddenReason, ...]:
    """Return the reasons to show on a page; none if the whole page is left out, which has its own message."""
    places = form.page_nodes[page]
    if not any(shown[at] for at in places):
        return ()
    found: list[HiddenReason] = []
    for parent in (-1, *(at for at in places if shown[at])):
        siblings = form.children(parent) if parent >= 0 else (at for at in places if form.nodes[at].parent < 0)
        last: HiddenReason | None = None
        for at in siblings:
            now = _reason(form, answers, shown, at)
            if now is not None and last is not None and now.how == "skipped" and _same(now, last):
                last = found[-1] = HiddenReason(last.how, last.first, at, last.cause, last.option)
                continue
            if now is not None:
                found.append(now)
            last = now
    return tuple(found)


def codes_between(form: Form, first: int, last: int) -> tuple[str, ...]:
    """Return the printed codes of the siblings from ``first`` to ``last``."""
    parent = form.nodes[first].parent
    return tuple(
        code for at in range(first, last + 1) if form.nodes[at].parent == parent and (code := form.nodes[at].code)
    )


def _reason(form: Form, answers: Answers, shown: Shown, at: int) -> HiddenReason | None:
    node = form.nodes[at]
    if shown[at]:
        if node.when is None:
            return None
        holding = next(_holding(form, answers, shown, at), None)
        return HiddenReason("asked", at, at, *holding) if holding is not None else None
    if not node.skips and node.when is None:
        return None
    hidden = why_hidden(form, answers, shown, at)
    if hidden is None or hidden.how == "gate" or not hidden.cause:
        return None
    return HiddenReason("skipped" if hidden.how == "skip" else "needs", at, at, hidden.cause, hidden.option)


def _holding(form: Form, answers: Answers, shown: Shown, at: int) -> Iterator[tuple[str, str]]:
    when = form.nodes[at].when
    for condition in chosen_in(when) if when is not None else ():
        address, option = condition.chosen
        if shown[form.position[address]] and has(answers.get(address), option):
            yield address, option


def _same(one: HiddenReason, other: HiddenReason) -> bool:
    return (one.how, one.cause, one.option) == (other.how, other.cause, other.option)
