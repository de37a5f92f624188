"""Telephone extensions: moved from a typed number to the field that the form has for them."""

from __future__ import annotations

from collections.abc import Mapping

from dgdesk.survey.answers.values import Answers, Value
from dgdesk.survey.definition.form import Form, Node, extension_address
from dgdesk.text.phones import parse_phone, split_extension


def with_extensions_moved(form: Form, read: Mapping[str, Value | None], now: Answers) -> dict[str, Value | None]:
    """Return read answers with each extension in its own field.

    An extension stays with its number if the form has no field for it, or if that field, by ``read`` or else by the
    answers ``now``, holds something else: nothing is overwritten.
    """
    moved = dict(read)
    for address, value in read.items():
        node = form.node(address)
        partner = extension_address(node)
        if partner is None or not isinstance(value, str):
            continue
        number, extension = split_extension(value)
        there = read.get(partner, now.get(partner))
        if extension and there in (None, extension):
            moved[address], moved[partner] = number, extension
    return moved


def moves_extension(node: Node, typed: str) -> bool:
    """Tell whether a text typed in a field is a number with an extension that has a field of its own."""
    if node.field.extension is None:
        return False
    try:
        return bool(split_extension(parse_phone(typed))[1])
    except ValueError:
        return False


def other_extension(node: Node, value: Value | None, answers: Answers) -> tuple[str, Value] | None:
    """Return the extension typed with a number, and the different one in the field for it; None if they agree."""
    partner = extension_address(node)
    if partner is None or not isinstance(value, str):
        return None
    _, extension = split_extension(value)
    there = answers.get(partner)
    return (extension, there) if extension and there not in (None, extension) else None
