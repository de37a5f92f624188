"""The numbers that a person sees on the items of repeats.

An item has a key that never changes, and a number: its place among the items that are there. Whatever people read or
type has the number; `numbered` is the one place where it is made. Without the item there is no number.
"""

from __future__ import annotations

from dataclasses import replace

from dgdesk.survey.answers.values import Answers, items_of
from dgdesk.survey.definition.form import Form, Node

REMOVED = "รายการที่ลบออกแล้ว"
"""What stands where the number of a removed item would stand; names of places are Thai, as the survey's texts are."""
_MOST_KEPT = 8


def numbered(form: Form, answers: Answers) -> Form:
    """Return the form with the present numbers at its nodes; nodes of items that are not there have none.

    Positions, addresses and slots stay. Forms with the same numbers are the same object.
    """
    order = tuple(items_of(form.nodes[at], answers.get(form.nodes[at].address)) for at in form.repeats)
    kept = form.renumbered
    if order not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[order] = _numbered(form, order)
    return kept[order]


def number_now(form: Form, answers: Answers, node: Node) -> int | None:
    """Return the present number of an item, or of the item that contains the node.

    None outside of repeats, and for an item that was removed or was never there.
    """
    return numbered(form, answers).node(node.address).number


def seen_number(form: Form, answers: Answers, node: Node) -> int | None:
    """Return which item of its repeat a node is, or lies in, counted from 1; None as in `number_now`.

    The form may count on from an earlier repeat: the first item of P2.1.4b is printed as 4.
    """
    number = number_now(form, answers, node)
    return None if number is None else number - first_number(form, node) + 1


def first_number(form: Form, node: Node) -> int:
    """Return the number that the form prints at the first item of the repeat around a node; 1 outside of repeats."""
    item = node if node.kind == "item" else form.nodes[node.inside] if node.inside >= 0 else None
    return item.field.first_number if item is not None else 1


def label_now(form: Form, answers: Answers, node: Node) -> str:
    """Return the label of a place with its present number."""
    return numbered(form, answers).node(node.address).label


def is_removed(node: Node) -> bool:
    """Tell whether a node of a numbered form is in an item that is not there."""
    return node.item is not None and node.number is None


def item_by_number(form: Form, answers: Answers, repeat: str, number: int) -> str | None:
    """Return the key of the item of a repeat that has this number now; None if there is none.

    Raises KeyError for an address that the form does not have.
    """
    node = form.node(repeat)
    keys = items_of(node, answers.get(repeat))
    at = number - node.field.first_number
    return keys[at] if 0 <= at < len(keys) else None


def item_words(form: Form, answers: Answers, node: Node) -> str:
    """Return what the item that contains a node is called in its answers: the first text in it; empty outside items."""
    if node.item is None:
        return ""
    at = form.position[node.address] if node.kind == "item" else node.inside
    inside = (answers.get(one.address) for one in form.nodes[at + 1 : form.nodes[at].end] if one.kind == "text")
    return next((value for value in inside if isinstance(value, str)), "")


def _numbered(form: Form, order: tuple[tuple[str, ...], ...]) -> Form:
    nodes = list(form.nodes)
    for at, keys in zip(form.repeats, order, strict=True):
        first = form.nodes[at].field.first_number
        numbers = {key: first + place for place, key in enumerate(keys)}
        for inside in range(at + 1, form.nodes[at].end):
            node = form.nodes[inside]
            if node.item is not None and node.number != (number := numbers.get(node.item)):
                nodes[inside] = replace(node, number=number)
    return Form(form.definition, tuple(nodes), form.position)
