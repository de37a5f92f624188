"""Values of answers: what each kind of field holds, in Python and in JSON.

=====================================  ==================================  ==========================
kind                                   Python                              JSON
=====================================  ==================================  ==========================
text, long_text, url, email, phone     str, tidied, never empty            string
month_year                             str, ISO ``2025-10``                string
number, percent                        Decimal                             number
single, row                            str, an option's id                 string
multiple                               tuple of option ids, printed order  array of strings
repeat                                 tuple of item keys, shown order     array of strings
any, when what was typed is not valid  `UnreadValue`                            ``{"unread": "what was typed"}``
=====================================  ==================================  ==========================

A missing answer has no entry: there is no empty value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from dgdesk.survey.definition.form import Node

Json = Any


@dataclass(frozen=True, slots=True)
class UnreadValue:
    """Typed text that is not a value of its field; stored, so that no work is lost.

    ``why`` is a message code, ``values`` fill its sentence.
    """

    text: str
    why: str = "value.unread"
    values: Mapping[str, object] = field(default_factory=dict, compare=False)


Value = str | Decimal | tuple[str, ...] | UnreadValue
Answers = Mapping[str, Value]


def encode(value: Value | None) -> Json:
    """Return the JSON form of a value, None for no answer.

    Numbers have at most 15 digits, so a JSON number holds a decimal fraction exactly.
    """
    match value:
        case None | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case tuple():
            return list(value)
        case UnreadValue():
            return {"unread": value.text}


def items_of(node: Node, value: Value | None) -> tuple[str, ...]:
    """Return the keys of a repeat's items; an untouched repeat has its first item."""
    return value if isinstance(value, tuple) and value else node.options[:1]


def has(value: Value | None, option: str) -> bool:
    """Tell whether the option (or item key) is chosen in a value."""
    return value == option or (isinstance(value, tuple) and option in value)


def as_decimal(stored: Json) -> Decimal:
    """Read a JSON number or numeric string as an exact Decimal.

    Raises:
        ValueError: ``number.bad``.
    """
    if isinstance(stored, bool) or not isinstance(stored, int | float | str | Decimal):
        raise ValueError("number.bad")
    try:
        number = Decimal(str(stored))
    except (InvalidOperation, ValueError) as error:  # ValueError: an int with more digits than Python converts
        raise ValueError("number.bad") from error
    if not number.is_finite():
        raise ValueError("number.bad")
    return number
