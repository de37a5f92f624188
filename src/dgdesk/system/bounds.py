"""Bounds: how large a number, text, count, name, size or time may be; the same in every part of the program.

They apply to what a person types, what a draft or a bundle holds, what is printed and what is in a table. A value
within them can be stored, signed, printed and tabulated; one beyond them is reported with its place, and left out.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, TypeGuard

from dgdesk.system.patterns import late

LARGEST_NUMBER: Final = Decimal(10) ** 12
"""Of an answer, above or below nought."""
MOST_DECIMALS: Final = 6
"""Of an answer or a figure."""
LARGEST_COUNT: Final = 10**12
"""Of entries, pages, changes; what is counted up from it still fits a database."""
LARGEST_SIZE: Final = 256 << 30
"""Of one file, in bytes: as much as a bundle may have."""
LONGEST_LINE: Final = 1_000
LONGEST_TEXT: Final = 20_000
LONGEST_UNREAD: Final = 100_000
"""Of what was typed and is no value of its field; more of it is kept as it is stored, and not read."""
LONGEST_NAME: Final = 255
"""Of a file."""
LONGEST_PAGES: Final = 2_000
LONGEST_PASSAGES: Final = 20_000
MOST_MARKS: Final = 30
"""Combining marks on one letter; Unicode's stream-safe text (UAX 15) has no more, and no writing needs them."""
FIRST_YEAR: Final = 1971
LAST_YEAR: Final = 2261
"""Years of a moment; from 2262 on a PC's own clock cannot be read."""
NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is stored and cannot be read. No time within the bounds equals it."""

SHA256: Final = late(r"[0-9a-f]{64}", re.ASCII)
MEDIA_TYPE: Final = late(r"[a-z]+/[a-zA-Z0-9.+-]{1,100}", re.ASCII)

UNFIT: Final = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError, RecursionError)
"""What Python and its libraries raise over a value that is not what they were made for."""

_MANY_SIGNS: Final = late(rf"[^\w\s!-~]{{{MOST_MARKS + 1},}}")
_SURROGATE: Final = late("[\ud800-\udfff]")
_LONGEST_WHOLE: Final = 40


def is_count(value: object, largest: int = LARGEST_COUNT) -> TypeGuard[int]:
    """Tell whether a value is a whole number from 0 to ``largest``; true and false are not."""
    return type(value) is int and 0 <= value <= largest


def fits_number(number: Decimal, decimals: int = MOST_DECIMALS) -> bool:
    """Tell whether a number is within `LARGEST_NUMBER`, and has at most so many decimals."""
    if not number.is_finite() or not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        return False
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -decimals:
        return True
    return number == round(number, decimals)


def read_moment(text: object) -> datetime:
    """Read an ISO time with its zone.

    Raises:
        ValueError: it is not a time, has no time zone, or is before `FIRST_YEAR` or after `LAST_YEAR`.
    """
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if moment is None or not is_moment(moment):
        raise ValueError("no moment")
    return moment


def has_surrogates(text: str) -> bool:
    """Tell whether a text holds half a character, which JSON can express but no file can hold."""
    return _SURROGATE.search(text) is not None


def without_surrogates(text: str) -> str:
    """Return a text in which U+FFFD stands for each half of a character, so that a file can hold it."""
    return _SURROGATE.sub("\ufffd", text)


def is_moment(moment: datetime) -> bool:
    """Tell whether a time has a zone and is within the bounds, so that it can be converted to any other zone."""
    return moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR


def piles_marks(text: str) -> bool:
    """Tell whether one letter has more combining marks than `MOST_MARKS`."""
    return any(any(length > MOST_MARKS for _, length in _runs(run[0])) for run in _MANY_SIGNS.finditer(text))


def without_piles(text: str) -> str:
    """Return a text with at most `MOST_MARKS` combining marks on one letter; further ones are removed."""
    return _MANY_SIGNS.sub(
        lambda run: "".join(part[:MOST_MARKS] if bare else part for part, bare in _parts(run[0])), text
    )


def whole_number(digits: str) -> int | float:
    """Read a whole number of JSON; one with more digits than any bound becomes a float, which may be infinite.

    For ``json.loads(parse_int=...)``, which refuses the whole text for one number of 5,000 digits.
    """
    return int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits)


def exact_number(digits: str) -> Decimal:
    """Read a number of JSON exactly. Raises ValueError: its exponent is too large for a Decimal."""
    try:
        return Decimal(digits)
    except ArithmeticError as error:
        raise ValueError("no number") from error


def as_text(value: Any, longest: int = LONGEST_UNREAD) -> str:
    """Return any JSON value as a text of bounded length, to show a value that could not be read."""
    if isinstance(value, str):
        return value[:longest]
    try:
        return str(value)[:longest]
    except UNFIT:  # a number with thousands of digits, lists nested too deeply
        return "?"


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def _runs(text: str) -> list[tuple[str, int]]:
    return [(part, len(part)) for part, marks in _parts(text) if marks]


def _parts(text: str) -> list[tuple[str, bool]]:
    return [("".join(part), marks) for marks, part in groupby(text, key=_is_mark)]
