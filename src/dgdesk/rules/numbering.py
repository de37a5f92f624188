"""The printed numbers of repeat items, which follow the order that the person chose."""

from __future__ import annotations

from dgdesk.answers.values import Answers, items_of
from dgdesk.definition.form import Form, Node


def number_now(form: Form, answers: Answers, node: Node) -> int | None:
    """Return the present number of an item, or of the item that contains the node; None outside of repeats.

    An item that was removed keeps the number it was made with.
    """
    if node.number is None:
        return None
    item = node if node.kind == "item" else form.nodes[node.inside]
    repeat = form.nodes[item.parent]
    keys = items_of(repeat, answers.get(repeat.address))
    if item.item not in keys:
        return node.number
    return repeat.field.first_number + keys.index(item.item)


def label_now(form: Form, answers: Answers, node: Node) -> str:
    """Return the label of a place with its present number."""
    if node.number is None or "{n}" not in node.field.label or (node.row is not None and node.kind == "row"):
        return node.label
    return node.field.label.replace("{n}", str(number_now(form, answers, node)))
