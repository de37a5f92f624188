"""Numbers as Thai offices write them: Thai or Arabic digits, commas between thousands, exact decimals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from dgdesk.system.patterns import late

_THAI: Final = "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC: Final = str.maketrans(_THAI, "0123456789")
_TO_THAI: Final = str.maketrans("0123456789", _THAI)
_OTHER_DIGIT: Final = late(r"[^\W\D0-9]")
_LONGEST: Final = 60
_NARROW: Final = {ord("\u3000"): " ", ord("\u3002"): "."} | {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
# Plain digits, or groups of three separated only by commas or only by spaces.
_NUMBER: Final = late(r"(-?)(?=[\d.])(\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d*)(\.\d+)?", re.ASCII)


def to_arabic(text: str) -> str:
    """``text`` with the digits of Thai and of every other script written 0–9."""
    text = text.translate(_TO_ARABIC)
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda one: str(unicodedata.digit(one[0])), text)


def narrow(text: str) -> str:
    """``text`` with the full-width letters, digits and signs of East Asian fonts written as the usual ones."""
    return text if text.isascii() else text.translate(_NARROW)


def to_thai(text: str) -> str:
    """``text`` with the digits 0–9 written as Thai ones."""
    return text.translate(_TO_THAI)


_SIGNS: Final = late(r"[^\s\u0e00-\u0e7f]+")
"""What stands between white space and Thai letters: a number, a word of another script, a code, an address."""
_LATIN: Final = late(r"[A-Za-z]")
_STANDARD: Final = late(r"[(]?[A-Z/]{2,}")
_STANDARD_NUMBER: Final = late(r"[0-9]{3}")


def prose_to_thai(text: str) -> str:
    """``text`` with its numbers in Thai digits, but not those of codes (P1.1), addresses and standards (ISO 27001)."""
    if text.isascii() and _LATIN.search(text) is None:
        return to_thai(text)
    parts: list[str] = []
    end, standard = 0, False
    for match in _SIGNS.finditer(text):
        piece = match[0]
        kept = _LATIN.search(piece) is not None or (standard and _STANDARD_NUMBER.search(piece) is not None)
        parts += (text[end : match.start()], piece if kept else to_thai(piece))
        end, standard = match.end(), _STANDARD.fullmatch(piece) is not None
    return "".join((*parts, text[end:]))


def parse_number(text: str) -> Decimal:
    """The number that a person typed: Thai or Arabic digits, "1,234.5", "1 234", "-5", ".5".

    Raises:
        ValueError: ``number.bad``; not a number, commas not at the thousands, or over 60 characters.
    """
    plain = " ".join(to_arabic(text).replace("\u2212", "-").split()).replace("- ", "-", 1)
    match = _NUMBER.fullmatch(plain) if len(plain) <= _LONGEST else None
    if not match:
        raise ValueError("number.bad", text[:_LONGEST])
    sign, whole, fraction = match.groups()
    number = Decimal(sign + whole.replace(",", "").replace(" ", "") + (fraction or ""))
    return number if number else abs(number)  # no minus zero


def format_number(number: Decimal, thai_digits: bool = False) -> str:
    """``number`` with commas between thousands and all its decimals; `parse_number` reads up to 60 characters of it.

    Raises:
        ValueError: ``number.bad``; it is not finite.
    """
    if not number.is_finite():
        raise ValueError("number.bad", str(number))
    text = f"{number if number else abs(number):,f}"
    return to_thai(text) if thai_digits else text
