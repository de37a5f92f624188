"""Window, mnemonic: the letter that, with Alt, opens a menu or presses a button. No Qt in here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from string import ascii_uppercase, digits


def with_key(text: str, letter: str) -> str:
    """Mark ``letter`` in ``text`` as its key; a text without it, as any in Thai, gets it behind, in brackets."""
    text = text.replace("&", "&&")
    at = text.lower().find(letter.lower())
    return f"{text}(&{letter.upper()})" if at < 0 else f"{text[:at]}&{text[at:]}"


def free_letter(words: str, taken: Collection[str]) -> str:
    """Return a letter for (English) words that is not taken: that of a word's beginning if may be, then any in it.

    Capitals; empty when every letter and figure is taken.
    """
    begins = "".join(word[:1] for word in words.split())
    for letter in begins + words + ascii_uppercase + digits:
        if letter.isascii() and letter.isalnum() and letter.upper() not in taken:
            return letter.upper()
    return ""


def deal_keys(texts: Sequence[str], fixed: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Return texts with a key each, no two the same; ``fixed`` gives texts that always have the same letter."""
    known = dict(fixed)
    taken = {known[text] for text in texts if text in known}
    found = []
    for text in texts:
        letter = known.get(text) or free_letter(text, taken)
        taken.add(letter)
        found.append(with_key(text, letter) if letter else text)
    return found
