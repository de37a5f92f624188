"""Makes texts from other people safe to show: no character in them changes how the text around it is displayed."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final
from unicodedata import category

from dgdesk.system.bounds import LONGEST_NAME, without_piles
from dgdesk.system.patterns import late

LOST: Final = "\ufffd"
"""Stands where a sign was that is not shown."""
_DIRECTION: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Controls except tab and line end, direction marks, line separators, invisible tags, lone surrogates.
_ACTING: Final = late(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_DIRECTION}\u2028\u2029\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_TURNING: Final = late(f"[{_DIRECTION}]")
_BREAKS: Final = late("[\t\n]")
_PATH_SIGNS: Final = late(r"[\\/\t\n]")


def plain(text: str) -> str:
    """Return a text in which every character is visible; line ends and tabs stay."""
    return _ACTING.sub(LOST, text)


def one_line(text: str) -> str:
    """Return a text as one line that is safe in a terminal: every control character becomes a space."""
    spaced = "".join(" " if category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign != "\t" else sign for sign in text)
    return _ACTING.sub(" ", spaced)


def plain_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name for one line of a list: no control characters, no piles of marks, cut in the middle if long."""
    shown = without_piles(_BREAKS.sub(" ", plain(name)))
    return shown if len(shown) <= longest else f"{shown[: longest - 21]}…{shown[-20:]}"


def file_name(name: str) -> str:
    """Return a file's name as it is stored: without characters that a bundle forbids or that change its direction.

    Everything else stays: Thai in NFC or NFD, characters that Windows refuses, the ending of a long name. An empty name
    stays empty.
    """
    return plain_name(_PATH_SIGNS.sub("_", _ACTING.sub("_", _TURNING.sub("", name))))


def plain_value(value: object) -> object:
    """Return a value of a sentence, safe to show: texts and paths are cleaned, everything else is unchanged."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, PurePath):
        return plain(str(value))
    if type(value) is int and abs(value) > 10**40:  # Python does not convert numbers of more than 4,300 digits to text
        return "…"
    return value
