r"""What a text becomes in a cell of a workbook or of a CSV file, so that the cell is what was answered. Pure functions.

A workbook's reader decodes ``_x0041_`` (ISO/IEC 29500-1, ST_Xstring); a text that holds such a sign has its underscore
written as ``_x005F_``. Characters that XML does not hold are written in the same way.

CSV has no types: a spreadsheet takes 007 for 7, 2030-09 for a date and 1E5 for 100000. A text that it would change, and
each text that begins with an apostrophe, gets one apostrophe in front; take one away, and the text is the answer.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

SheetCell = str | int | Decimal | None
LONGEST_CELL: Final = 32_767
"""UTF-16 units in a cell, with escapes: Excel's limit."""
MOST_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number."""
_SMALL: Final = 10**MOST_DIGITS
_FORMULA: Final = frozenset("=+-@")
# LibreOffice also decodes fewer than four digits; an escape more harms nobody.
_ESCAPE: Final = re.compile("_(?=[xX][0-9A-Fa-f]*_)")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f]")
_NO_TEXT: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_MONTHS: Final = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
    "|ม\\.?ค\\.?|ก\\.?พ\\.?|มี\\.?ค\\.?|เม\\.?ย\\.?|พ\\.?ค\\.?|มิ\\.?ย\\.?|ก\\.?ค\\.?|ส\\.?ค\\.?|ก\\.?ย\\.?|ต\\.?ค\\.?|พ\\.?ย\\.?|ธ\\.?ค\\.?"
    "|มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
)
_DAYS: Final = (
    "mon(day)?|tue(s(day)?)?|wed(nesday)?|thu(rs?(day)?)?|fri(day)?|sat(urday)?|sun(day)?"
    "|(วัน)?(จันทร์|อังคาร|พุธ|พฤหัส(บดี)?|ศุกร์|เสาร์|อาทิตย์)(ที่)?|วันที่|(พฤ|อา|[จอพศส])\\."
)
_ERAS: Final = "[พค]\\.?ศ\\.?|[ab]\\.?d\\.?|b\\.?e\\.?|c\\.?e\\.?"
_OF_NUMBERS: Final = r"[\d\s.,:;/\\()%‰$฿£¥\u20a0-\u20cf+−-]|(?<=\w)'(?=\d)|(?<=[\d.])e[+−-]?\d+"
_OF_TIMES: Final = r"(?<=[\d\s])([ap]\.?m?\.?|น\.)"
# Possessive, so that text of others which nearly matches takes no more time.
_LIKE_NUMBER: Final = re.compile(
    rf"(?=.*\d)(?:{_OF_NUMBERS}|{_ERAS}|{_MONTHS}|{_DAYS}|{_OF_TIMES})++", re.IGNORECASE | re.DOTALL
)
"""A number, a date or a time in any of the ways that a spreadsheet of some language reads."""
_LIKE_TIME: Final = re.compile(r"\d{4}-\d\d?-\d\d?T[\d:.,]+Z?", re.IGNORECASE)
"""With the zone's hours and minutes after it a spreadsheet leaves it alone."""
_LIKE_TRUTH: Final = re.compile("true|false|จริง|เท็จ", re.IGNORECASE)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet might take ``text`` for a formula: also after blanks, or in full width."""
    if text[:1].isalnum():  # no letter or digit has such a sign as its plain form
        return False
    if text[:1] in ("\t", "\r", "\n"):
        return True
    start = text.lstrip()[:1]
    return unicodedata.normalize("NFKC", start)[:1] in _FORMULA if start else False


def is_converted(text: str) -> bool:
    """Return whether a spreadsheet that opens CSV might change a text: into a number, date, time, truth or error."""
    bare = unicodedata.normalize("NFKC", text).strip()
    if len(bare) > 255:  # no number or date is so long, except digits alone
        return bare.isdecimal()
    return bare.startswith("#") or any(kind.fullmatch(bare) for kind in (_LIKE_NUMBER, _LIKE_TIME, _LIKE_TRUTH))


def clean_cell(text: str) -> str:
    """Return a text for CSV: no control characters except tab and line ends, and, `protected`, not too long."""
    shown = _NO_TEXT.sub("\ufffd", _CONTROL.sub(lambda found: found[0] if found[0] == "\r" else "\ufffd", text))
    if fits_csv(shown):
        return shown
    made = f"{_start(shown, LONGEST_CELL - 1)}…"
    return made if fits_csv(made) else f"{_start(shown, LONGEST_CELL - 2)}…"


def protected(text: str) -> str:
    """Return a text as it stands in CSV: with one apostrophe more if a spreadsheet would change it."""
    return f"'{text}" if text.startswith("'") or is_formula(text) or is_converted(text) else text


def unprotected(cell: str) -> str:
    """Return the text of a cell that `protected` made."""
    return cell.removeprefix("'")


def escaped(text: str) -> str:
    """Return a text as it is written in a workbook; whoever reads the format gets the same text back.

    A lone surrogate or noncharacter, which no file can hold, becomes U+FFFD.
    """
    whole = _NO_TEXT.sub("\ufffd", _ESCAPE.sub("_x005F_", text))
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", whole)


def units(text: str) -> int:
    """Return how many UTF-16 units a text has in a workbook."""
    return _plain_units(escaped(text))


def fits(text: str) -> bool:
    """Return whether a text fits a cell."""
    # no character takes more than 7 units
    return len(text) * 7 <= LONGEST_CELL or units(text) <= LONGEST_CELL


def fits_csv(text: str) -> bool:
    """Return whether a text, `protected`, fits a cell of a spreadsheet that opens CSV, where nothing is escaped."""
    return len(text) * 2 < LONGEST_CELL or _plain_units(protected(text)) <= LONGEST_CELL


def _plain_units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _start(text: str, most: int) -> str:
    """Return as much of a text as ``most`` UTF-16 units hold."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def cut(text: str) -> str:
    """Return a text that fits a cell; a longer one ends with “…”."""
    return text if fits(text) else f"{split(text, LONGEST_CELL - 1)[0]}…"


def split(text: str, most: int) -> list[str]:
    """Return a text in parts of at most ``most`` units; together they are the text."""
    parts: list[str] = []
    start = size = 0
    for at, char in enumerate(text):
        # an underscore may become an escape, whatever part the rest of it is in
        width = 7 if char == "_" or _CONTROL.match(char) else 2 if char > "\uffff" else 1
        if size + width > most and at > start:
            parts.append(text[start:at])
            start, size = at, 0
        size += width
    return [*parts, text[start:]]


def keeps_digits(number: int | Decimal) -> bool:
    """Return whether a spreadsheet keeps all digits of a number."""
    if isinstance(number, int) and -_SMALL < number < _SMALL:
        return True
    digits = "".join(map(str, Decimal(number).as_tuple().digits))
    return len(digits.strip("0")) <= MOST_DIGITS


def number_text(number: int | Decimal) -> str:
    """Return a number with all its digits."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
