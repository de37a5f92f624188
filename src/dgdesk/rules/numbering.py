"""Rules, numbering: the printed number of a repeat's item follows the order that the person has put the items in."""

from __future__ import annotations

from dgdesk.answers.values import Answers, items_of
from dgdesk.definition.form import Form, Node


def number_now(form: Form, answers: Answers, node: Node) -> int | None:
    """Return the number that an item, or what lies in it, carries in the order now; None outside of repeats.

    An item that is not there (it was removed) keeps the number it was made with.
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
    """Return the label of a place with the number it carries now."""
    if node.number is None or "{n}" not in node.field.label or (node.row is not None and node.kind == "row"):
        return node.label
    return node.field.label.replace("{n}", str(number_now(form, answers, node)))
