"""Window, mnemonic: the letter that, with Alt, opens a menu or presses a button. No Qt in here."""

from __future__ import annotations


def with_key(text: str, letter: str) -> str:
    """Mark ``letter`` in ``text`` as its key; a text without it, as any in Thai, gets it behind, in brackets."""
    text = text.replace("&", "&&")
    at = text.lower().find(letter.lower())
    return f"{text}(&{letter.upper()})" if at < 0 else f"{text[:at]}&{text[at:]}"
