"""Reads stored answers: from JSON by address to typed values."""

from __future__ import annotations

from collections.abc import Mapping

from dgdesk.answers.reading import read_json, read_typed
from dgdesk.answers.values import Json, Unread, Value
from dgdesk.definition.form import Form, Node
from dgdesk.system.bounds import as_text, without_piles
from dgdesk.text.shown import plain


def decode(node: Node, stored: Json) -> Value | None:
    """Return the value of the JSON ``stored`` for the field of ``node``.

    Nothing is refused: a value that does not fit the field, from an older form or a damaged file, becomes `Unread`; its
    text is made safe to show, print and submit.
    """
    if stored is None:
        return None
    if isinstance(stored, dict) and isinstance(stored.get("unread"), str):
        return _read_again(node, stored["unread"])
    try:
        return read_json(node, stored)
    except ValueError as error:
        return _unread(stored, error)


def _unread(stored: Json, error: ValueError) -> Unread:
    return Unread(without_piles(plain(as_text(stored))), str(error.args[0]))


def _read_again(node: Node, typed: str) -> Value | None:
    try:
        return read_typed(node, typed)
    except ValueError as error:
        return _unread(typed, error)


def decode_all(form: Form, stored: Mapping[str, Json]) -> dict[str, Value]:
    """Return the values of all stored answers whose address the form has; others stay unchanged in the draft."""
    values: dict[str, Value] = {}
    for address, raw in stored.items():
        at = form.position.get(address)
        if at is not None and (value := decode(form.nodes[at], raw)) is not None:
            values[address] = value
    return values
