"""Reads what a person typed, a program handed in, or a draft stored, as the value of a field.

Accepts Thai and Arabic digits, Buddhist and Christian years, both orders of typing น้ำ; the result is what is stored.
Every refusal is a ``ValueError`` whose first argument is a message code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from dgdesk.survey.answers.values import Json, UnreadValue, Value, as_decimal
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.system.bounds import (
    LARGEST_NUMBER,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_DECIMALS,
    as_text,
    piles_marks,
    whole_number,
    without_piles,
)
from dgdesk.text.contacts import parse_email, parse_url, parse_urls, was_kept_email, was_kept_url
from dgdesk.text.dates import parse_month_year
from dgdesk.text.digits import format_number, narrow, parse_number, to_arabic
from dgdesk.text.normalise import tidy
from dgdesk.text.phones import parse_phone
from dgdesk.text.refusals import EntryRefused, values_of
from dgdesk.text.shown import plain


def read_typed(node: Node, typed: str) -> Value | None:
    """Return the value of the text ``typed`` for the field of ``node``; None if it is blank.

    Choices are typed as option ids, several as a JSON array or separated by commas.

    Raises:
        ValueError: with the message code of what is wrong.
    """
    if node.kind in ("multiple", "repeat"):
        return read_json(node, _listed(typed))
    text = _tidied(node, typed)
    return _read_text(node, text) if text else None


def read_json(node: Node, stored: Json) -> Value | None:
    """Return the value of the JSON ``stored``; None if it is empty.

    Raises:
        ValueError: with the message code of what is wrong.
    """
    if node.kind in WITHOUT_ANSWER:
        raise ValueError("value.no_answer_here")
    if node.kind in ("multiple", "repeat"):
        return _chosen(node, stored)
    if node.kind in ("number", "percent"):
        blank = isinstance(stored, str) and not tidy(stored)
        return None if blank else _in_range(node, as_decimal(stored))
    if not isinstance(stored, str):
        raise ValueError("value.wrong_type")
    text = _tidied(node, stored)
    return _read_text(node, text) if text else None


_UNTIDY: Final = 4
"""So many times longer than its bound a text may be before it is tidied; tidying more takes time that a person sees."""


def _tidied(node: Node, typed: str) -> str:
    """The text of one field, tidied. Raises ValueError: it is far too long."""
    bare = typed.strip()
    if len(bare) > _UNTIDY * (LONGEST_TEXT if node.kind == "long_text" else LONGEST_LINE):
        raise ValueError("value.too_long")
    return tidy(bare)


def _read_text(node: Node, text: str) -> Value:
    if len(text) > (LONGEST_TEXT if node.kind == "long_text" else LONGEST_LINE):
        raise ValueError("value.too_long")
    if piles_marks(text):
        raise ValueError("value.piled_marks")
    match node.kind:
        case "number" | "percent":
            return _in_range(node, _number(without_unit(node, text)))
        case "url":
            return _not_too_long(parse_urls(text) if node.field.several else parse_url(text))
        case "email":
            return _not_too_long(parse_email(text))
        case "phone":
            return _not_too_long(parse_phone(text))
        case "month_year":
            year, month = parse_month_year(text)
            return f"{year:04d}-{month:02d}"
        case "single" | "row":
            if text not in node.options:
                raise ValueError("value.unknown_option")
            return text
        case "text":
            return " ".join(text.split())
        case "long_text":
            return text
        case _:
            raise ValueError("value.no_answer_here")


def _not_too_long(kept: str) -> str:
    """Refuse what an added scheme or separators make too long: it could not be read back from storage."""
    if len(kept) > LONGEST_LINE:
        raise ValueError("value.too_long")
    return kept


_UNIT: Final = re.compile(
    r"(ร้อยละ|(?:มี)? ?(?:จำนวน)? ?(?:ทั้งสิ้น|ทั้งหมด|รวม)?)? ?(-?[\d.,\u2212 -]+?) ?([^\d.,\s-][^\d]*)?", re.ASCII
)


def without_unit(node: Node, text: str) -> str:
    """The number in ``text`` without the unit of its box: "12 คน", "ร้อยละ 50", "50 %"; another unit stays."""
    bare = " ".join(to_arabic(narrow(text)).split())
    parts = _UNIT.fullmatch(bare) if len(bare) <= LONGEST_LINE else None
    if not parts:
        return text
    before, number = (parts[1] or "").strip(), parts[2].rstrip(".") or parts[2]
    after = "".join((parts[3] or "").split()).rstrip(".").casefold()
    if node.kind == "percent":
        known = after in ("", "%", "เปอร์เซ็นต์", "เปอร์เซนต์", "percent") and before in ("", "ร้อยละ")
    else:
        units = ("".join(node.field.unit.split()) or "คะแนน", *(("ราย", "ท่าน") if node.field.unit == "คน" else ()))
        spelt = after.replace("/", "ต่อ")
        known = before != "ร้อยละ" and (not after or any(len(spelt) > 1 and one.startswith(spelt) for one in units))
    return number if known else text


def _number(text: str) -> Decimal:
    text = to_arabic(narrow(text))
    if re.match(r"[^\d]{0,40}-?[\d]", text, re.ASCII) and re.search(r"[^\W\d_]|%", text):
        raise ValueError("number.words")
    try:
        return parse_number(text)
    except ValueError as error:
        if re.fullmatch(r"-?\d[\d.,]*[.,][\d.,]*", text.strip(), re.ASCII):
            raise ValueError("number.commas") from error
        raise


def _in_range(node: Node, number: Decimal) -> Decimal:
    low = node.field.min if node.field.min is not None else Decimal(0)
    largest = Decimal(100) if node.kind == "percent" else LARGEST_NUMBER
    high = node.field.max if node.field.max is not None else largest
    if not low <= number <= high:
        typed = format_number(number) if number.copy_abs() <= 10 * LARGEST_NUMBER else "…"
        if number < low and high == LARGEST_NUMBER:
            raise EntryRefused("number.too_small", low=format_number(low), typed=typed)
        raise EntryRefused("number.out_of_range", low=format_number(low), high=format_number(high), typed=typed)
    places = min(2 if node.kind == "percent" else node.field.decimals, MOST_DECIMALS)
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise ValueError("number.too_precise" if places else "number.not_whole")
    return _plain(number)


def _plain(number: Decimal) -> Decimal:
    """Remove the exponent and trailing zeros, so that equal numbers are written the same."""
    whole = number.to_integral_value()
    plain = whole.quantize(Decimal(1)) if number == whole else number.normalize()
    return plain or abs(plain)  # no minus zero


def _chosen(node: Node, stored: Json) -> tuple[str, ...] | None:
    if not isinstance(stored, list | tuple) or not all(isinstance(one, str) for one in stored):
        raise ValueError("value.wrong_type")
    if len(set(stored)) != len(stored):
        raise ValueError("value.chosen_twice" if node.kind == "multiple" else "value.item_twice")
    if node.kind == "multiple" and any(one not in node.options for one in stored):
        raise ValueError("value.unknown_option")
    for one in stored:
        if node.kind == "repeat" and one not in node.options:
            raise _no_item(node, str(one))
    if node.kind == "repeat":
        return tuple(stored) or None
    exclusive = {option.id for option in node.field.options if option.exclusive}
    if len(stored) > 1 and exclusive.intersection(stored):
        raise ValueError("value.exclusive")
    return tuple(one for one in node.options if one in stored) or None


_ITEM: Final = re.compile("[1-9][0-9]{0,3}")


def _no_item(node: Node, key: str) -> ValueError:
    """Why a repeat has no item ``key``: the form takes fewer, or it is not written as items are."""
    last = node.options[-1] if node.options else "0"
    if _ITEM.fullmatch(key):
        return ValueError("value.too_many_items")
    return EntryRefused("value.unknown_item", typed=key[:40], most=last)


def _listed(typed: str) -> Json:
    if len(typed.strip()) > _UNTIDY * LONGEST_LINE:
        raise ValueError("value.wrong_type")
    text = tidy(typed)
    if text.startswith("["):
        try:
            return json.loads(text, parse_int=whole_number)
        except (ValueError, RecursionError) as error:
            raise ValueError("value.wrong_type") from error
    return [one.strip() for one in text.split(",") if one.strip()]


def decode(node: Node, stored: Json) -> Value | None:
    """Return the value of the JSON ``stored`` for the field of ``node``.

    Nothing is refused: a value that does not fit the field, from an older form or a damaged file, becomes
    `UnreadValue`; its text is made safe to show, print and submit. What an earlier version kept stays as it is.
    """
    if stored is None:
        return None
    if isinstance(stored, dict) and isinstance(stored.get("unread"), str):
        return _read_again(node, stored["unread"])
    if isinstance(stored, str) and _was_kept(node, stored):
        return stored
    try:
        return read_json(node, stored)
    except ValueError as error:
        return unread(stored, error)


def _was_kept(node: Node, stored: str) -> bool:
    if len(stored) > LONGEST_LINE or piles_marks(stored) or stored != tidy(stored):
        return False
    return (node.kind == "url" and was_kept_url(stored)) or (node.kind == "email" and was_kept_email(stored))


def unread(stored: Json, error: ValueError) -> UnreadValue:
    """What is stored or typed as a value that could not be read, with the reason; its text is safe to show."""
    return UnreadValue(without_piles(plain(as_text(stored))), str(error.args[0]), values_of(error))


def _read_again(node: Node, typed: str) -> Value | None:
    try:
        return read_typed(node, typed)
    except ValueError as error:
        return unread(typed, error)


def decode_all(form: Form, stored: Mapping[str, Json]) -> dict[str, Value]:
    """Return the values of all stored answers whose address the form has; others stay unchanged in the draft."""
    values: dict[str, Value] = {}
    for address, raw in stored.items():
        at = form.position.get(address)
        if at is not None and (value := decode(form.nodes[at], raw)) is not None:
            values[address] = value
    return values
