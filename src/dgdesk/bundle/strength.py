"""Estimates how long a passphrase would resist somebody who has the key file. Pure functions, no service.

The estimate is the cheapest combination of parts that guessing programs know: lists, words, runs, repeats, dates,
names. Guesses per second are those of one strong PC against 600,000 rounds of PBKDF2-SHA256.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dgdesk.resources import resource

GUESSES_PER_SECOND = 20_000
Level = Literal["weak", "fair", "good", "strong"]

_LONGEST = 128
_LONGEST_WORD = 24
_WORD_BITS = 14.0
_COMMON_BITS = 6.0
_DATE = re.compile(r"(0?[1-9]|[12]\d|3[01])[-/. ]?(0?[1-9]|1[0-2])[-/. ]?((19|20|24|25|26)?\d\d)|(19|20|24|25|26)\d\d")
_COMMON_TEXT = """
password passw0rd p@ssw0rd p@ssword admin administrator root user login welcome letmein iloveyou dragon monkey master
secret abc123 qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm 1q2w3e4r 1qaz2wsx thailand bangkok sawasdee football
liverpool government digital dgdesk dga data opendata changwat province
รหัสผ่าน รหัส สวัสดี ประเทศไทย จังหวัด รัฐบาล ดิจิทัล สำนักงาน ราชการ ความลับ ฟหกด ฟหกดเ ๆไำพ ผปแอ กขค กขคง
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "ๆไำพะัีรนยบลฃ", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ", "๑๒๓๔๕๖๗๘๙๐")


@dataclass(frozen=True)
class Strength:
    """What to tell of a passphrase: ``bits`` of guessing, the level, and codes of sentences that say why."""

    bits: float
    level: Level
    reasons: tuple[str, ...]

    @property
    def code(self) -> str:
        """The sentence that says how long it would hold."""
        return f"strength.is_{self.level}"


def strength(passphrase: str, *, known: Collection[str] = (), words: Collection[str] = ()) -> Strength:
    """Estimate a passphrase; ``known`` are names tried first (person, province), ``words`` a dictionary (`load_words`).

    weak: within a day on one PC; fair: within a year; good: within a thousand; strong: beyond that.
    """
    text = unicodedata.normalize("NFC", passphrase).casefold()[:_LONGEST]
    names = {unicodedata.normalize("NFC", part).casefold() for name in known for part in (name, *name.split())}
    best: list[tuple[float, frozenset[str]]] = [(0.0, frozenset())]
    sign = _sign_bits(text)
    for end in range(1, len(text) + 1):
        ways = [(best[end - 1][0] + sign, best[end - 1][1])]
        for start, bits, reason in _parts(text, end, names, words):
            why = best[start][1] | {reason} if reason else best[start][1]
            ways.append((best[start][0] + bits, why))
        best.append(min(ways, key=lambda way: way[0]))
    bits, why = best[-1]
    # Capitals are usually the first letter or all.
    bits += 1.0 if passphrase != passphrase.lower() else 0.0
    bits = min(bits, len(text) * sign + 1.0)
    short = {"strength.short"} if len(text) < 12 else set()
    return Strength(round(bits, 1), _level(bits), tuple(sorted(why | short)))


def load_words() -> frozenset[str]:
    """Read the Thai dictionary that ships with the program, composed as `strength` compares it (33,000 words)."""
    text = unicodedata.normalize("NFC", resource("i18n/words.txt").read_text(encoding="utf-8"))
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def _parts(
    text: str, end: int, names: Collection[str], words: Collection[str]
) -> Iterator[tuple[int, float, str | None]]:
    """Yield parts known to guessing programs that end at ``end``: where they start, their bits, the reason to tell."""
    for start in range(max(0, end - _LONGEST_WORD), end - 1):
        part = text[start:end]
        if part in names:
            yield start, _COMMON_BITS, "strength.name"
        if part in _COMMON:
            yield start, _COMMON_BITS, "strength.common"
        if len(part) > 2 and part in words:
            yield start, _WORD_BITS, None
        if len(part) > 2 and len(set(part)) == 1:
            yield start, 5.0 + math.log2(len(part)), "strength.repeat"
        if len(part) > 2 and _is_run(part):
            yield start, 5.0 + math.log2(len(part)), "strength.run"
        if 4 <= len(part) <= 10 and part.isdigit() | ("/" in part or "-" in part) and _DATE.fullmatch(_ascii(part)):
            yield start, 9.0 if len(part) == 4 else 15.0, "strength.date"
        half = len(part) // 2
        if half > 1 and len(part) % 2 == 0 and part[:half] == part[half:]:
            yield start + half, 1.0, "strength.repeat"


def _is_run(part: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(part)}
    return steps in ({1}, {-1}) or any(part in row or part[::-1] in row for row in _ROWS)


def _ascii(part: str) -> str:
    return "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in part)


def _sign_bits(text: str) -> float:
    """Return the bits of one more sign.

    People do not choose signs at random, so that even a mixture counts no more than 16 equally likely ones; Thai, where
    a dozen signs make most of any text, counts eight.
    """
    if all(char == " " or "\u0e01" <= char <= "\u0e5b" for char in text):
        return 3.0
    return math.log2(10) if text.isdigit() else 4.0


def _level(bits: float) -> Level:
    seconds = 2.0 ** max(0.0, bits - 1) / GUESSES_PER_SECOND
    day, year = 86_400.0, 31_557_600.0
    if seconds < day:
        return "weak"
    if seconds < year:
        return "fair"
    return "good" if seconds < 1_000 * year else "strong"
