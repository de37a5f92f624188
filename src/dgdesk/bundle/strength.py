"""The rule for passphrases: at least 12 characters, 6 of them different, that are in no list of those who guess.

Names of the signer and the province, words that many people use, rows of the alphabet or keyboard, digits (most are
dates) and spaces do not count. The rule is a hint: any other passphrase may still be used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

LEAST: Final = 12
LEAST_DIFFERENT: Final = 6
_LONGEST: Final = 1024
_SHORTEST_NAME: Final = 3
_COMMON_TEXT: Final = """
password passw0rd p@ssw0rd p@ssword admin root user login welcome letmein iloveyou dragon monkey master secret
abc123 1q2w3e4r 1qaz2wsx thailand bangkok sawasdee football liverpool government digital dgdesk opendata changwat
province รหัสผ่าน สวัสดี ประเทศไทย จังหวัด รัฐบาล ดิจิทัล สำนักงาน ราชการ ความลับ
"""
_COMMON: Final = frozenset(_COMMON_TEXT.split())
_ROWS: Final = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("ๆไำพะัีรนยบลฃ", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ", "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
)
_RUNS: Final = frozenset(
    run[start : start + 4] for row in _ROWS for run in (row, row[::-1]) for start in range(len(row) - 3)
)


@dataclass(frozen=True)
class Strength:
    """Whether a passphrase keeps the rule, and codes of sentences that say what it lacks."""

    level: Literal["weak", "good"]
    reasons: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The sentence that says so, with the rule."""
        return f"strength.is_{self.level}"


def strength(passphrase: str, *, known: Collection[str] = ()) -> Strength:
    """Judge a passphrase by the rule; ``known`` are names that are tried first (person, province)."""
    text = unicodedata.normalize("NFC", passphrase).casefold()[:_LONGEST]
    names = {unicodedata.normalize("NFC", part).casefold() for name in known for part in name.split()}
    parts = {
        "strength.name": {name for name in names if len(name) >= _SHORTEST_NAME},
        "strength.common": _COMMON,
        "strength.run": _RUNS,
        "strength.digits": {letter for letter in text if letter.isdigit()},
    }
    counted = {at for at, letter in enumerate(text) if not letter.isspace()}
    found = set()
    for reason, some in parts.items():
        for part in some:
            at = text.find(part)
            while at >= 0:
                counted.difference_update(range(at, at + len(part)))
                found.add(reason)
                at = text.find(part, at + 1)
    different = len({text[at] for at in counted})
    if len(counted) >= LEAST and different >= LEAST_DIFFERENT:
        return Strength("good")
    found |= {"strength.short"} if len(counted) < LEAST else set()
    found |= {"strength.repeat"} if text and different < LEAST_DIFFERENT else set()
    return Strength("weak", tuple(sorted(found)))
