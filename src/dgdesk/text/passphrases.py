"""One passphrase, however it was typed: the form that locks a key, and the few forms that are tried to open one.

The same visible Thai word can be typed in several orders, and other programs lock with what was typed. NFC joins only
some of these forms: it leaves น้ำ typed as tone and sara am, as sara am and tone, or with sara am in two parts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dgdesk.text.clusters import FINAL_SIGNS, NIKHAHIT, SARA_AA, SARA_AM, TONES, VOWEL_SIGNS
from dgdesk.text.normalise import tidy

MOST_FORMS: Final = 24
"""Each costs one derivation of a key; a passphrase without sara am, tones and vowel signs has three at the most."""
FEWEST_FORMS: Final = 3
"""The usual form and what was typed are tried even where a try takes seconds."""
_TONE_AND_AM: Final = re.compile(f"([{TONES}]){SARA_AM}")
_ORDERS: Final = (
    rf"\1{NIKHAHIT}{SARA_AA}",
    rf"{SARA_AM}\1",
    rf"{NIKHAHIT}\1{SARA_AA}",
    rf"{NIKHAHIT}{SARA_AA}\1",
)
"""The other orders in which a tone and sara am are typed, whole or in two parts."""
_SIGN_AND_MARK: Final = re.compile(f"([{VOWEL_SIGNS.replace(NIKHAHIT, '')}])([{FINAL_SIGNS}])")


def canonical(typed: str) -> str:
    """Return the form that locks a key: what is seen, in one order, and the blanks typed at its ends.

    Without anything visible it is what was typed (NFC).
    """
    composed = unicodedata.normalize("NFC", typed)
    if any(unicodedata.category(letter) == "Cs" for letter in composed):  # bytes that are no text: they must all count
        return composed
    seen = tidy(typed)
    if not seen:
        return composed
    before, after = (len(typed) - len(bare) for bare in (typed.lstrip(" "), typed.rstrip(" ")))
    return " " * before + seen + " " * after


def forms(typed: str, most: int = MOST_FORMS) -> tuple[str, ...]:
    """Return the forms in which a key may have been locked, the likeliest first, each once; ``most`` at the most.

    After the usual form come those of typing as it is, as earlier versions and other programs lock; then the orders in
    which the same letters may have been typed at that time. Whoever types one order types it in every word.
    """
    usual = canonical(typed)
    found = [
        usual,
        unicodedata.normalize("NFC", typed),
        typed,
        unicodedata.normalize("NFD", typed),
        unicodedata.normalize("NFKD", typed),
        unicodedata.normalize("NFKC", usual),  # tone, nikhahit, sara aa
    ]
    ordered = [usual, *(_TONE_AND_AM.sub(order, usual) for order in _ORDERS)]
    found += ordered
    found += [one.replace(SARA_AM, NIKHAHIT + SARA_AA) for one in ordered[3:]]
    marks_first = [_SIGN_AND_MARK.sub(r"\2\1", one) for one in ordered]
    found += [*marks_first[:1], usual.replace("แ", "เเ"), *marks_first[1:]]
    found += [one.replace("แ", "เเ") for one in (*ordered[1:], *marks_first)]
    return tuple(dict.fromkeys(found))[:most]


def affordable(work: int, budget: int) -> int:
    """Return how many forms may be tried when each takes ``work`` and about ``budget`` may be spent."""
    return max(FEWEST_FORMS, min(MOST_FORMS, budget // max(work, 1)))


def encode(form: str) -> bytes:
    """Return a form in UTF-8; bytes of the keyboard that are no text are kept apart."""
    return form.encode("utf-8", "surrogatepass")
