"""One passphrase, however it was typed: the form that locks a key, and the few forms that are tried to open one.

The same visible Thai word can be typed in several orders, and other programs lock with what was typed. NFC joins only
some of these forms: it leaves น้ำ typed as tone and sara am, as sara am and tone, or with sara am in two parts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dgdesk.text.clusters import NIKHAHIT, SARA_AA, SARA_AM, TONES
from dgdesk.text.normalise import tidy

MOST_FORMS: Final = 11
"""Each costs one derivation of a key."""
FEWEST_FORMS: Final = 3
"""The usual form and what was typed are tried even where a try takes seconds."""
_TONE_AND_AM: Final = re.compile(f"([{TONES}]){SARA_AM}")
_VOWEL_AND_TONE: Final = re.compile(f"([\u0e31\u0e34-\u0e37])([{TONES}])")


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
    which the same letters may have been typed at that time.
    """
    usual = canonical(typed)
    found = (
        usual,
        unicodedata.normalize("NFC", typed),
        typed,
        unicodedata.normalize("NFD", typed),
        unicodedata.normalize("NFKD", typed),
        unicodedata.normalize("NFKC", usual),  # tone, nikhahit, sara aa
        _TONE_AND_AM.sub(rf"{SARA_AM}\1", usual),
        _TONE_AND_AM.sub(rf"{NIKHAHIT}\1{SARA_AA}", usual),
        _TONE_AND_AM.sub(rf"\1{NIKHAHIT}{SARA_AA}", usual),
        _TONE_AND_AM.sub(rf"{NIKHAHIT}\1{SARA_AA}", usual).replace(SARA_AM, NIKHAHIT + SARA_AA),
        _VOWEL_AND_TONE.sub(r"\2\1", usual),
    )
    return tuple(dict.fromkeys(found))[:most]


def affordable(work: int, budget: int) -> int:
    """Return how many forms may be tried when each takes ``work`` and about ``budget`` may be spent."""
    return max(FEWEST_FORMS, min(MOST_FORMS, budget // max(work, 1)))


def encode(form: str) -> bytes:
    """Return a form in UTF-8; bytes of the keyboard that are no text are kept apart."""
    return form.encode("utf-8", "surrogatepass")
