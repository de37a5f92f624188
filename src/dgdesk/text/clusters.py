"""The grammar of Thai clusters: classes of letters, and sequences that no Thai typist would write.

The classes follow WTT 2.0 (the input rules of the Thai API Consortium) as amended in practice: SARA AM is a class
of its own that needs a consonant, NIKHAHIT has the position of a vowel.

A cluster is a consonant, then at most one vowel sign, then at most one tone or silencer; sara am and the vowels on
the line come after those, the leading vowels before the consonant. Source: the classes of WTT 2.0 (TAPIC). WTT
refuses mai tai khu with a tone (Thai drops it then: เล่น, not เล็่น; the proposals for WTT 3 want it for Bru, which
is not Thai), and so does this grammar; it is stricter than WTT: sara am needs a base, and all marks have a fixed order.

It is for the program's own texts, where every flaw is an error; what a person types is corrected by
`dgdesk.text.normalise.tidy` and never refused for its spelling.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from dgdesk.system.patterns import late

CONSONANTS: Final = "".join(map(chr, range(0x0E01, 0x0E2F)))  # ก-ฮ with ฤ and ฦ
LEADING: Final = "เแโใไ"  # written before the consonant they belong to
VOWEL_SIGNS: Final = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e4d"  # above and below, one per base
TONES: Final = "\u0e48\u0e49\u0e4a\u0e4b"
FINAL_SIGNS: Final = TONES + "\u0e4c\u0e4e"  # after the vowel sign: tone, silencer or yamakkan, one per base
MARKS: Final = VOWEL_SIGNS + FINAL_SIGNS  # everything written above or below a consonant
FOLLOWING: Final = "ะาำๅ"  # written after the consonant, on the line

SARA_AA: Final = "า"
SARA_AM: Final = "ำ"
NIKHAHIT: Final = "\u0e4d"
MAITAIKHU: Final = "\u0e47"
THANTHAKHAT: Final = "\u0e4c"
SILENCED_VOWELS: Final = "\u0e34\u0e38"  # only these are silenced together with their consonant: สิทธิ์, พันธุ์

ZERO_WIDTH_SPACE: Final = "\u200b"

# A break before one of these, or after a leading vowel, would divide a cluster.
NEVER_FIRST: Final = MARKS + FOLLOWING + "ๆฯ"
THAI_RUN: Final = late("[\u0e01-\u0e3a\u0e40-\u0e4e]+")  # letters and marks; not digits, not ฿


def tears(text: str, at: int) -> bool:
    """Whether cutting ``text`` at ``at`` would divide a cluster, or separate ๆ or ฯ from its word."""
    return 0 < at < len(text) and (text[at] in NEVER_FIRST or text[at - 1] in LEADING)


_AROUND: Final = 8
_MARK_RUN: Final = late(f"[{MARKS}]+")
_FOLLOWING: Final = late(f"[{FOLLOWING}]")
_LEADING: Final = late(f"[{LEADING}]")
_SPACES: Final = late(r"[^\S\n]{2,}")
_OTHER: Final = late(r"[^ \n!-~\u0e01-\u0e3a\u0e3f-\u0e5b]")


class ClusterFlaw(NamedTuple):
    """One flaw: what it is, where it is (index into the text), and the text around it.

    Codes: ``mark.alone`` mark without a consonant; ``mark.order`` tone or silencer before the vowel sign;
    ``mark.double`` two vowel signs or two tones on one consonant; ``mark.combo`` two marks that Thai does not
    combine; ``am.split`` nikhahit and sara aa for ำ; ``am.order`` a mark after ำ; ``ae.split`` two เ for แ;
    ``vowel.alone`` a following vowel that follows nothing; ``vowel.yao`` ๅ that does not belong to ฤ or ฦ;
    ``lead.alone`` a leading vowel that leads nothing; ``space.mark`` a word torn by a space; ``space.double``;
    ``space.odd`` a space that is not U+0020; ``char.private`` private use; ``char.format`` invisible or control;
    ``char.lost`` U+FFFD.
    """

    code: str
    position: int
    excerpt: str


def broken(text: str) -> tuple[ClusterFlaw, ...]:
    """Every flaw of ``text`` in reading order; empty for correct Thai."""
    found = {*_marks(text), *_following(text), *_leading(text), *_characters(text)}
    found |= {(match.start(), "space.double") for match in _SPACES.finditer(text)}
    return tuple(ClusterFlaw(code, at, text[max(0, at - _AROUND) : at + _AROUND]) for at, code in sorted(found))


def _marks(text: str) -> Iterator[tuple[int, str]]:
    for match in _MARK_RUN.finditer(text):
        at, run = match.start(), match.group()
        before, after = text[at - 1 : at], text[match.end() : match.end() + 1]
        if NIKHAHIT in run and after == SARA_AA:
            yield at, "am.split"
        elif before == SARA_AM:
            yield at, "am.order"
        elif before.isspace():
            yield at, "space.mark"
        elif not before or before not in CONSONANTS:
            yield at, "mark.alone"
        elif code := _stack(run):
            yield at, code
        elif after == SARA_AM and run[0] in VOWEL_SIGNS:
            yield at, "mark.double"


def _stack(run: str) -> str | None:
    """What is wrong with the marks on one consonant."""
    vowels = [mark for mark in run if mark in VOWEL_SIGNS]
    signs = [mark for mark in run if mark in FINAL_SIGNS]
    if run != "".join(vowels + signs):
        return "mark.order"
    if len(vowels) > 1 or len(signs) > 1:
        return "mark.double"
    if vowels and signs:
        vowel, sign = vowels[0], signs[0]
        if vowel == MAITAIKHU or (sign == THANTHAKHAT and vowel not in SILENCED_VOWELS):
            return "mark.combo"
    return None


def _following(text: str) -> Iterator[tuple[int, str]]:
    for match in _FOLLOWING.finditer(text):
        at, vowel = match.start(), match.group()
        before = text[at - 1 : at]
        if before.isspace():
            yield at, "space.mark"
        elif vowel == "ๅ":
            if not before or before not in "ฤฦ":
                yield at, "vowel.yao"
        elif not before or not (
            before in CONSONANTS
            or before in TONES
            or (vowel == "ะ" and before == SARA_AA)  # เกาะ
            or (vowel == SARA_AA and before == NIKHAHIT)  # reported as am.split
            or (vowel == SARA_AM and before in VOWEL_SIGNS)  # reported as mark.double
        ):
            yield at, "vowel.alone"


def _leading(text: str) -> Iterator[tuple[int, str]]:
    for match in _LEADING.finditer(text):
        at = match.start()
        after = text[at + 1 : at + 2]
        if match.group() == "เ" and after == "เ":
            yield at, "ae.split"
        elif not after or after not in CONSONANTS:
            yield at, "lead.alone"


def _characters(text: str) -> Iterator[tuple[int, str]]:
    for match in _OTHER.finditer(text):
        at, char = match.start(), match.group()
        category = unicodedata.category(char)
        if category == "Co":
            yield at, "char.private"
        elif category in ("Cf", "Cc", "Cs", "Zl", "Zp") or char == "\u034f":
            yield at, "char.format"
        elif category == "Zs":
            yield at, "space.odd"
        elif char == "\ufffd":
            yield at, "char.lost"
