"""The order of every list that people read: that of a Thai dictionary, as CLDR's collation for Thai describes it.

Consonants come first, then the vowels; a vowel written before its consonant counts behind it (เกา stands among ก), and
tone marks and silencers decide only between words that are otherwise the same. Blanks and punctuation do not count.
Symbols come first, then digits (๑ and 1 are equal), Thai, Latin letters and other scripts.

This is a small part of the Unicode Collation Algorithm, enough for names of people, files and provinces in Thai and
English; letters of other scripts follow their code points.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dgdesk.text.clusters import CONSONANTS, LEADING, NIKHAHIT, SARA_AA, SARA_AM
from dgdesk.text.normalise import tidy

CollationKey = tuple[Any, ...]
"""Comparable with another key of the same function."""

_SWAPPED: Final = re.compile(f"([{LEADING}])([{CONSONANTS}])")
_NUMBER: Final = re.compile("[0-9]+")
# Phinthu, a mark below, is the last of the vowels there; nikhahit stands between consonants and vowels.
_VOWELS: Final = "ะ\u0e31าๅ\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39เแโใไ\u0e3a"
_LETTERS: Final = {letter: at for at, letter in enumerate(CONSONANTS + NIKHAHIT + _VOWELS)} | {
    "ๅ": len(CONSONANTS) + 1 + _VOWELS.index(SARA_AA)
}
_MARKS: Final = {mark: at for at, mark in enumerate("\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b", 1)}
_SIGNS: Final = frozenset("ฯๆ๏๚๛")
_SYMBOL, _DIGIT, _THAI, _LATIN, _OTHER = range(5)
_TEETH: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l"}


def collation_key(text: str, *, numbers: bool = False) -> CollationKey:
    """Return the key by which ``text`` is sorted; it is the same for every way of typing the same visible Thai.

    With ``numbers``, a row of digits counts as one number, so that 10 comes after 9; for file names.
    """
    primary: list[tuple[int, int]] = []
    secondary: list[int] = []
    tertiary: list[int] = []
    counts = True  # a mark upon what does not count does not count either
    for element in _elements(tidy(text), numbers):
        for weight in _number(element) if len(element) > 1 else (_weight(element),):
            if not weight.is_mark:
                counts = weight.primary is not None
            if not counts:
                continue
            if weight.primary is not None:
                primary.append(weight.primary)
            secondary.append(weight.secondary)
            tertiary.append(weight.tertiary)
    return tuple(primary), tuple(secondary), tuple(tertiary), text


@lru_cache(4096)
def list_key(text: str) -> CollationKey:
    """Return the key of an entry of a list that is sorted again and again, numbers in it counted as such."""
    return collation_key(text, numbers=True)


def _elements(text: str, numbers: bool) -> list[str]:
    """Return the text as a list of letters, and of numbers if they count as such, in the order that counts."""
    text = unicodedata.normalize("NFKD", text.replace(SARA_AM, f"{SARA_AA}{NIKHAHIT}"))
    text = _SWAPPED.sub(r"\2\1", "".join(_TEETH.get(char, char) for char in text))
    found: list[str] = []
    at = 0
    arabic = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    for number in _NUMBER.finditer(arabic) if numbers else ():
        found += arabic[at : number.start()]
        # one digit is a number too: a leading 0 marks the list as one
        found.append(f"0{number[0].lstrip('0') or '0'}")
        at = number.end()
    return [*found, *arabic[at:]]


class _Weight(NamedTuple):
    """The weights of one letter or mark; without a primary one it is a mark, or does not count."""

    primary: tuple[int, int] | None
    secondary: int = 0
    tertiary: int = 0
    is_mark: bool = False


def _number(digits: str) -> list[_Weight]:
    """Return the weights of a whole number: its length decides before its digits."""
    return [_Weight((_DIGIT, len(digits) + 9)), *(_Weight((_DIGIT, int(digit))) for digit in digits)]


@lru_cache(4096)
def _weight(char: str) -> _Weight:
    category = unicodedata.category(char)
    if char in _MARKS or (category[0] == "M" and char not in _LETTERS):
        return _Weight(None, _MARKS.get(char, len(_MARKS) + ord(char)), is_mark=True)
    if char in _SIGNS or category[0] in "PZC":
        return _Weight(None)
    return _Weight(_primary(char, category), 0, int(char.isupper() or char == "ๅ"))


def _primary(char: str, category: str) -> tuple[int, int]:
    if char in _LETTERS:
        return _THAI, _LETTERS[char]
    if category == "Nd":
        return _DIGIT, int(char)
    if category[0] == "S":
        return _SYMBOL, ord(char)
    low = char.casefold()[:1]
    if "LATIN" in unicodedata.name(char, ""):
        return _LATIN, ord(low)
    return _OTHER, ord(low)
