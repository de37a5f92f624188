"""Tests of the survey: what of a text survives PDF extraction, in three layers that can be compared each by itself.

Extraction tears marks off, swaps them with their neighbours and adds spaces, but it loses next to nothing.
"""

from __future__ import annotations

import hashlib

_CONSONANTS = "".join(chr(code) for code in range(0x0E01, 0x0E2F))
_IN_LINE = "เแโใไะาๅๆฯ"
_KEPT = frozenset(_CONSONANTS + _IN_LINE + "abcdefghijklmnopqrstuvwxyz" + "0123456789")
_VOWELS = frozenset("ัิีึืฺุูํ")
_TONES = frozenset("็่้๊๋์")
_SIGNS = frozenset("()[]/.,:;&–-*+@“”²✓")
# Signs that open: at the end of a piece of text they belong to what follows.
OPENING = "([“-*"


def skeleton(text: str) -> str:
    """Return the consonants, the vowels that stand in the line, letters and digits. Sara am becomes sara aa."""
    return "".join(sign for sign in text.replace("ำ", "า").casefold() if sign in _KEPT)


def marks(text: str) -> str:
    """Return the vowels above and below, then the tones and silencers: torn marks keep their order within a kind."""
    whole = text.replace("ำ", "ํา")
    return f"{''.join(c for c in whole if c in _VOWELS)}|{''.join(c for c in whole if c in _TONES)}"


def signs(text: str) -> str:
    """Return the punctuation."""
    return "".join(sign for sign in text if sign in _SIGNS)


def digest(text: str) -> str:
    """Return the first 12 hex digits of the SHA-256 of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def short(text: str) -> str:
    """Return the first 6 of them, enough for a second look at a known place."""
    return digest(text)[:6]
