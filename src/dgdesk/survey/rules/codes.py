"""Printed codes: how they are compared, and which evidence slots the codes beside a request for evidence mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import CodeIndex, Form, Node, Slot
from dgdesk.survey.rules.numbering import is_removed, numbered
from dgdesk.text.digits import narrow, to_arabic
from dgdesk.text.normalise import tidy

_PIECES = re.compile(r"[0-9]+|[a-z]+")
_ONLY_CODE = re.compile(r"[A-Za-z0-9 .:/()#_-]+")
_NUMBER = re.compile(r"\(?([0-9]+(?:\.[0-9]+)*)\)?[. ]")

SearchKey = tuple[str, ...]
"""A code in its pieces: "P 1.1 a2", "p1.1a2" and "P.1.1.a2" all are ``("p", "1", "1", "a", "2")``."""


def code_key(text: str) -> SearchKey:
    """Return the parts of a code, with any separators and any digits (Thai or Arabic)."""
    return tuple(_PIECES.findall(to_arabic(narrow(tidy(text))).casefold()))


def without_points(key: SearchKey) -> str:
    """Return a code in one piece, as some people type it: "A211" for A.2.1.1. Several codes may be the same then."""
    return "".join(key)


def full_code(form: Form, address: str) -> str:
    """Return the printed code of a place; one that does not say where it is, with the code of the place around it.

    Such codes are a letter ("A.", so "P6.1 A."), and a number that only counts inside its question ("1.1" in G4.1).
    """
    at = form.position.get(address, -1)
    while at >= 0 and form.nodes[at].code is None:
        at = form.nodes[at].parent
    if at < 0:
        return ""
    node = form.nodes[at]
    own = node.code or ""
    numbered = any(letter.isdigit() for letter in own)
    if node.parent < 0 or (numbered and own[0].isalpha()):
        return own
    around = full_code(form, form.nodes[node.parent].address)
    bare = around.lstrip("".join(letter for letter in around if not letter.isdigit()))
    if not around or own == around or (numbered and own.startswith(f"{bare}.")):
        return own
    return f"{around} {own}"


def slot_codes(form: Form) -> Iterator[tuple[SearchKey, SearchKey, str]]:
    """Yield the codes printed beside requests for evidence, as (code, number after it, slot), of a numbered form.

    They are: the code of an option (A.2.1.1), of a blank beside the request (P1.3.3) or of the URL that may be given
    instead (P2.2.1.2a); and the printed number of an item (4 in P2.1.4b), of a blank (1.1.2) or of a question in a row.
    """
    by_url = {slot.url: slot for slot in form.slots.values() if slot.url is not None}
    for at, node in enumerate(form.nodes):
        for slot in node.slots:
            yield from _of_slot(form, node, slot)
        beside = by_url.get(node.address) or _opened_by(form, node)
        if beside is None or any(inside.slots for inside in form.nodes[at : node.end]):
            continue
        if node.code is not None:
            for key in _keys(node):
                yield key, (), beside.id
        elif number := _NUMBER.match(f"{node.label} "):
            for key in codes_around(form, node):
                yield key, code_key(number[1]), beside.id


def codes_around(form: Form, node: Node) -> tuple[SearchKey, ...]:
    """Return the codes of a place and of the places around it, the innermost first, in every printed form."""
    found: dict[SearchKey, None] = {}
    while True:
        if node.code is not None:
            for key in (code_key(full_code(form, node.address)), *_keys(node)):
                found.setdefault(key)
        if node.parent < 0:
            return tuple(found)
        node = form.nodes[node.parent]


def place_codes(form: Form, node: Node) -> Iterator[SearchKey]:
    """Yield every code that means a place: its own, or for a row, an item and what is in it the code and its number.

    Items have the numbers that they have in ``form``.
    """
    if node.code is not None:
        yield code_key(full_code(form, node.address))
    if node.kind != "row":  # without its number, a row's code is the table's
        yield from _keys(node)
    around = codes_around(form, node)
    if node.row is not None and node.kind == "row":
        marks = (node.row.id, *_number_of_group(node))
        for key in around:
            yield (*key, *code_key(node.row.id))
            yield (*key, *code_key(" ".join(marks)))
    elif node.number is not None and node.kind != "group":
        printed = _NUMBER.match(f"{node.label} ")
        number = (str(node.number),) if node.kind == "item" else code_key(printed[1]) if printed else ()
        for key in around if number else ():
            yield (*key, *number)


def fields_by_code(form: Form, answers: Answers, typed: str, *, of_options: bool = False) -> tuple[str, ...]:
    """Return every place for an answer that a typed code means, in printed order.

    A group's code means its table, and an option's code, if wanted, the choice that has it. A code without points is
    tried last. A number means the item that has it now; what is in items that are not there is not meant.
    """
    return _by_code(numbered(form, answers), typed, of_options=of_options)


def without_item(form: Form, answers: Answers, typed: str) -> tuple[str, ...]:
    """Return the places that a person may have meant by a code with a number that no item has now.

    They are those in the items that are there. Nothing, if the code has no such number.
    """
    if fields_by_code(form, answers, typed, of_options=True):
        return ()
    now = numbered(form, answers)
    meant = [now.node(address) for address in _by_code(form, typed, of_options=True)]
    fields = {node.field.id for node in meant if node.item is not None}
    there = (node for node in now.nodes if node.field.id in fields and node.item is not None and not is_removed(node))
    kinds = {node.kind for node in meant}
    return tuple(node.address for node in there if node.kind in kinds)


def _by_code(form: Form, typed: str, *, of_options: bool) -> tuple[str, ...]:
    key = code_key(typed)
    if not key or not _ONLY_CODE.fullmatch(to_arabic(narrow(tidy(typed)))):
        return ()
    exact, in_one_piece = _places_by_code(form, of_options)
    return exact.get(key) or in_one_piece.get(without_points(key), ())


def _places_by_code(form: Form, of_options: bool) -> CodeIndex:
    """Return the places of every code, and of every code without its points; made once for a form."""
    if of_options not in form.coded:
        exact: dict[SearchKey, dict[str, None]] = {}
        in_one_piece: dict[str, dict[str, None]] = {}
        for at, node in enumerate(form.nodes):
            if node.kind == "item" or is_removed(node):
                continue
            tables = [one.address for one in form.nodes[at + 1 : node.end] if one.kind == "matrix"]
            meant = [node.address] if node.kind != "group" else tables if len(tables) == 1 else []
            options = node.field.options if of_options and node.kind != "row" else ()
            for code in (*place_codes(form, node), *(code_key(one.code) for one in options if one.code is not None)):
                exact.setdefault(code, {}).update(dict.fromkeys(meant))
                in_one_piece.setdefault(without_points(code), {}).update(dict.fromkeys(meant))
        form.coded[of_options] = (
            {code: tuple(places) for code, places in exact.items()},
            {code: tuple(places) for code, places in in_one_piece.items()},
        )
    return form.coded[of_options]


def _of_slot(form: Form, node: Node, slot: Slot) -> Iterator[tuple[SearchKey, SearchKey, str]]:
    for key in _keys(node) if node.code is not None else ():
        yield key, (), slot.id
    option = next((one for one in node.field.options if one.id == slot.option), None) if node.kind != "row" else None
    if option is not None and option.code is not None:
        yield code_key(option.code), (), slot.id
    around = codes_around(form, node)
    if node.kind == "item" and node.number is not None:
        for key in around:
            yield key, (str(node.number),), slot.id
    elif node.kind == "row" and node.row is not None and node.group is not None:
        for key in around:
            yield key, code_key(" ".join((node.row.id, *_number_of_group(node)))), slot.id


def _number_of_group(node: Node) -> tuple[str, ...]:
    """Return the printed number of one of the questions in a row: "2" of "(2) …"; else its id."""
    label = next((one.label for one in node.field.groups if one.id == node.group), "")
    number = _NUMBER.match(f"{label} ")
    return (number[1],) if number else (node.group,) if node.group else ()


def _keys(node: Node) -> tuple[SearchKey, ...]:
    """Return the printed code and the id of a node, without its item or row."""
    own = code_key(node.address.partition("#")[0].partition(":")[0])
    return tuple(dict.fromkeys(key for key in (code_key(node.code or ""), own) if key))


def _opened_by(form: Form, node: Node) -> Slot | None:
    """Return the slot of the option that opens a place, if that option asks for evidence."""
    if node.gate is None or node.parent < 0:
        return None
    return next((slot for slot in form.nodes[node.parent].slots if slot.option == node.gate), None)


def nearest_code(form: Form, address: str) -> str | None:
    """Return the printed code of a place, or of the nearest place around it."""
    at = form.position.get(address, -1)
    while at >= 0:
        if (code := form.nodes[at].code) is not None:
            return code
        at = form.nodes[at].parent
    return None
