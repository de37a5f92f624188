"""Which evidence slots a file name means, by the code in it.

It reads "P1.1a2-1 แผน.pdf", "p1.1a2_1", "P๑.๑a๒-๑", "P 1 1 a2 (1)", "P11a2-1", "แผน ข้อ P1.1a2-1". An ambiguous
name is not guessed: the person chooses among the candidates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from dgdesk.folders.matcher import Matcher
from dgdesk.survey.rules.codes import SearchKey, without_points
from dgdesk.text.dates import MONTHS, SHORT_MONTHS
from dgdesk.text.digits import narrow, to_arabic

_LONGEST = 300
_PIECE = re.compile(r"[0-9]+|[a-z]+")
# What may be between pieces of a code. A dash with spaces around it ends the code: a title follows.
_BETWEEN = re.compile(r" ?[.\-\u2010-\u2013_:/#()] ?| |")
_TITLE = re.compile(r" [\-\u2010-\u2014] ")
_MARKING = frozenset("-_#(\u2010\u2011\u2012\u2013")
# Codes begin with P or G, some of P6.1 with A, B or C; bare ones ("1.1a2") count only at the beginning of the name.
_BEGINNING = re.compile(r"(?<![a-z0-9])(?:(?=[pg][ .]?[0-9])|(?<![0-9] )(?=[a-c]\.?[0-9]))")
_SPACED_RANGE = re.compile(
    r"(?<=[0-9]) [\-\u2010-\u2015] (?=[0-9]{1,2}(?![0-9.a-z)]))(?![0-9]{1,2} ?(?:"
    + "|".join(map(re.escape, (*MONTHS, *SHORT_MONTHS)))
    + "))"
)
"""A dash with spaces between two numbers: "P1.1a2-1 - 3" may mean the places 1 to 3; a date or "1) …" is a title."""
_BRACKETS = str.maketrans("[]{}【】「」", "()()()()")
_SPOKEN = re.compile(r"[( ]*(?:ข้อ(?:ที่)? *)?(?=[0-9a-z])")
_SAID = re.compile(r"ข้อ(?:ที่)? *(?=[0-9a-z])")
"""The word before a code, wherever it stands: a bare code after it is one."""
_COUNTED = re.compile(
    r"(?<=[0-9a-z)])[ _,]*"
    r"(?:(?:ข้อย่อย|ข้อ|แถว|รายการ|ลำดับ|หมายเลข|ตัวเลือก|row|item|no\.?)(?:ที่)?|(?:โครงการ|ชุดข้อมูล)ที่)[ _]*"
    r"(?=[0-9]{1,2}(?![0-9.a-z]))"
)
"""Words between a code and the number of its row, item or option: "P2.4 แถว 3" is "P2.4-3"."""
_FURTHER = re.compile(r" *(?:,|、|;|&|\+|และ|กับ|หรือ|ถึง|and|to) *([0-9]{1,2}(?:\.[0-9]{1,2}[a-z]?)*)(?![0-9a-z])")
"""A further number or bare code after a code: "P1.1a2-1,2", "P1.1a2-1 และ 3", "ข้อ 1.3, 1.4" name several places."""
_BARE_IS_SURE = 3
"""Pieces that a code without its letter needs to count as one: "1.3 report" is more likely a number in a list."""
_LETTERS_OF_A_CODE = 3
"""Letters and digits of the shortest code of P6.1 that asks for evidence: A21."""
_OWN_EXPORT = re.compile(r"e[0-9]{4,}(?: |$)")


@dataclass(frozen=True, slots=True)
class SlotMatch:
    """The slots a name may mean, the likeliest first; ``sure`` says that there is no doubt.

    ``bare`` says that the code had no letter before it, ``takes_none`` that the code is that of a question
    at which, and below which, there is no place for evidence.
    """

    slots: tuple[str, ...] = ()
    sure: bool = False
    code: str = ""
    bare: bool = False
    takes_none: bool = False

    def __bool__(self) -> bool:
        return bool(self.slots)


def match_path(matcher: Matcher, path: PurePosixPath, open_slots: frozenset[str]) -> SlotMatch:
    """Match a file by its own name, else by the nearest folder's; not sure if the name contradicts its folder."""
    # "P1.3" as the whole name of a file has no ending.
    by_name = match_name(matcher, path.name if path.suffix[1:2].isdigit() else path.stem, open_slots)
    folders = [match_name(matcher, part, open_slots) for part in path.parts[-2::-1]]
    said = [found for found in folders if found or found.takes_none]
    by_folder = next((found for found in folders if found), said[0] if said else SlotMatch())
    if by_folder and by_name.bare and not by_name.sure:
        return by_folder
    if by_folder and by_name.takes_none:
        return SlotMatch(by_folder.slots, False, by_name.code)
    if not by_name or not by_folder:
        return by_name or (by_folder if by_folder or not by_name.takes_none else by_name)
    both = tuple(slot for slot in by_name.slots if slot in by_folder.slots)
    if both:
        return SlotMatch(both, len(both) == 1 and (by_name.sure or by_folder.sure), by_name.code)
    return SlotMatch((*by_name.slots, *by_folder.slots), False, by_name.code)


def match_name(matcher: Matcher, name: str, open_slots: frozenset[str]) -> SlotMatch:
    """Match one name of a file (without its ending) or of a folder.

    The name of a whole question means its only slot, or else its only slot that asks for evidence now.
    """
    text = _plain(name)
    text = " ".join("".join(letter for letter in text if unicodedata.category(letter) != "Cf").split())
    if _OWN_EXPORT.match(text):
        return SlotMatch()
    text = _SPACED_RANGE.sub(" ถึง ", _COUNTED.sub("-", text))
    head = _TITLE.split(text, maxsplit=1)[0]  # a title may name other questions
    tried = _matches(matcher, head, open_slots)
    if not any(tried):
        tried += _matches(matcher, text, open_slots)
    read = [one for one in tried if one]
    if not read:
        return next((one for one in tried if one.takes_none), SlotMatch())
    if len({match.slots for match in read}) > 1:
        meant = tuple(dict.fromkeys(slot for match in read for slot in match.slots))
        return SlotMatch(meant, False, read[0].code)
    return read[0]


def _plain(name: str) -> str:
    """A name as codes are read in it: small letters, Arabic digits, round brackets, nothing full-width."""
    return to_arabic(narrow(unicodedata.normalize("NFC", name[:_LONGEST]))).casefold().translate(_BRACKETS)


def without_item(matcher: Matcher, typed: str) -> tuple[str, ...]:
    """Return the slots that a person may have meant by a code with a number that no item has now."""
    text = " ".join(_plain(typed).split())
    pieces, _ = _pieces(text)
    asked = (matcher.absent.get((pieces[:cut], pieces[cut:]), ()) for cut in range(1, len(pieces)))
    return next((slots for slots in asked if slots), ()) if not slots_by_code(matcher, typed) else ()


def slots_by_code(matcher: Matcher, typed: str) -> tuple[str, ...]:
    """Return every slot that a typed code means, in printed order; nothing if there is more in the text than a code."""
    text = " ".join(_plain(typed).split())
    pieces, gaps = _pieces(text)
    if not pieces or text.rstrip(" )#.") != "".join(gap + piece for gap, piece in zip(gaps, _raw(text), strict=False)):
        return ()
    dash = next((at for at, gap in enumerate(gaps) if gap.strip() and gap.strip() in _MARKING), len(pieces))
    if dash == len(pieces) and pieces in matcher.codes:
        return matcher.codes[pieces]  # a blank's own code, also if it has no place for evidence
    found: list[str] = []
    found += matcher.places.get((pieces[:dash], pieces[dash:]), ())
    for cut in range(1, len(pieces)) if not found else ():
        found += matcher.places.get((pieces[:cut], pieces[cut:]), ())
    found = found or list(matcher.together.get(without_points(pieces), ()))
    return tuple(sorted(dict.fromkeys(found), key=lambda slot: matcher.order[slot]))


_LAST_NUMBER = re.compile(r"[0-9]+[^0-9a-z]*$")


def _raw(text: str) -> list[str]:
    return _PIECE.findall(text)


def _matches(matcher: Matcher, text: str, open_slots: frozenset[str]) -> list[SlotMatch]:
    spoken = _SPOKEN.match(text)
    starts = [spoken.end()] if spoken else []
    said = {found.end() for found in _SAID.finditer(text)}
    starts += sorted(said - set(starts))
    starts += [found.start() for found in _BEGINNING.finditer(text) if found.start() not in starts]
    found = [_match_at(matcher, text[at:], open_slots, said=at in said) for at in starts]
    return [match for match in found if match or match.takes_none]


@dataclass(frozen=True, slots=True)
class _Reading:
    slots: tuple[str, ...]
    literal: bool
    sure: bool
    length: int


def _match_at(matcher: Matcher, text: str, open_slots: frozenset[str], *, said: bool) -> SlotMatch:
    """Match the beginning of a text; ``said``: a word before it says that a code follows."""
    text = _TITLE.split(text, maxsplit=1)[0]
    match, end = _match_one(matcher, text, open_slots, said=said)
    further = _FURTHER.match(text, end) if match else None
    slots, without_last = list(match.slots), _LAST_NUMBER.sub("", text[:end])
    while further is not None and without_last:
        named = further[1] if "." in further[1] else without_last + further[1]
        other, _ = _match_one(matcher, named, open_slots, said=said or "." in further[1])
        slots += [slot for slot in other.slots if slot not in slots]
        match = SlotMatch(tuple(slots), False, match.code, match.bare)  # which of them?
        further = _FURTHER.match(text, further.end())
    return match


def _match_one(matcher: Matcher, text: str, open_slots: frozenset[str], *, said: bool) -> tuple[SlotMatch, int]:
    """Match the beginning of a text; return also where its pieces end."""
    pieces, gaps = _pieces(text)
    end = sum(map(len, gaps[: len(pieces)])) + sum(map(len, _raw(text)[: len(pieces)]))
    found = [*_readings(matcher, pieces, gaps, open_slots, said=said)]
    if said and len({one.slots for one in found if one}) > 1:  # "ข้อ 4.1" is P4.1 or G4.1
        slots = tuple(dict.fromkeys(slot for one in found for slot in one.slots))
        return SlotMatch(slots, False, found[0].code, bare=True), end
    return next((one for one in found if one), next((one for one in found if one.takes_none), SlotMatch())), end


def _readings(
    matcher: Matcher, pieces: SearchKey, gaps: tuple[str, ...], open_slots: frozenset[str], *, said: bool
) -> Iterator[SlotMatch]:
    lettered = bool(pieces) and pieces[0] in ("p", "g", "a", "b", "c")
    if not lettered:
        # The letter of the part of the form was omitted.
        tries = (
            [(("p", *pieces), ("", *gaps)), (("g", *pieces), ("", *gaps))]
            if len(pieces) > 1 and pieces[0].isdigit()
            else []
        )
    else:
        tries = [(pieces, gaps)]
    for tried, between in tries:
        reading = _read(matcher, tried, between)
        if reading is not None and not reading.slots:
            if lettered or said:
                yield SlotMatch(code=" ".join(tried[: reading.length]), takes_none=True)
        elif reading is not None:
            sure = reading.sure and (lettered or said or reading.length > _BARE_IS_SURE)
            if tried[0] in ("a", "b", "c") and (reading.length < _BARE_IS_SURE or not reading.literal):
                if len(without_points(tried[: reading.length])) < _LETTERS_OF_A_CODE:
                    continue  # "A4" is a size of paper
                sure = False  # "A211" may also be the number of an office
            if not lettered and reading.length < _BARE_IS_SURE:
                continue
            yield _settled(reading, sure, not lettered, " ".join(tried[: reading.length]), open_slots)


def _settled(reading: _Reading, sure: bool, bare: bool, code: str, open_slots: frozenset[str]) -> SlotMatch:
    slots = reading.slots
    if len(slots) > 1 and sure:
        now = [slot for slot in slots if slot in open_slots]
        slots = tuple(now) if len(now) == 1 else tuple(sorted(slots, key=lambda slot: slot not in now))
    return SlotMatch(slots, sure and len(slots) == 1, code, bare)


def _pieces(text: str) -> tuple[SearchKey, tuple[str, ...]]:
    """Return the pieces at the beginning of a text, and the text before each."""
    pieces, gaps, at, gap = [], [], 0, ""
    while found := _PIECE.match(text, at):
        pieces.append(found[0].lstrip("0") or "0" if found[0].isdigit() else found[0])
        gaps.append(gap)
        between = _BETWEEN.match(text, found.end())
        gap = between[0] if between else ""
        at = found.end() + len(gap)
    return tuple(pieces), tuple(gaps)


def _read(matcher: Matcher, pieces: SearchKey, gaps: tuple[str, ...], *, joined: bool = True) -> _Reading | None:
    """Return the longest reading; a literal one before any looser one, one without points (``joined``) last."""
    barren = 0
    for length in range(len(pieces), 1, -1):
        if length < len(pieces) and gaps[length] == "" and len(pieces[length]) == 1 and pieces[length].isalpha():
            continue  # "P1.1a" is not P1.1
        readings = [one for cut in range(length, 1, -1) if (one := _cut(matcher, pieces, gaps, cut, length))]
        literal = [one for one in readings if one.literal]
        if literal and not literal[0].slots:
            barren = barren or length  # a question that asks for no evidence
        fitting = [one for one in literal or readings if one.slots]
        if fitting:
            slots = tuple(dict.fromkeys(slot for one in fitting for slot in one.slots))
            # A number that no slot of the question has may be a date or a mistake.
            left = length < len(pieces) and gaps[length].strip() in _MARKING and pieces[length].isdigit()
            left = left and bool(gaps[length].strip()) and len(pieces[length]) <= 2
            sure = all(one.sure for one in fitting) and not left and not barren
            return _Reading(slots, bool(literal), sure, length)
    if not joined:
        return None
    together = _read_joined(matcher, pieces, gaps)
    return together if together is not None or not barren else _Reading((), True, False, barren)


def _cut(matcher: Matcher, pieces: SearchKey, gaps: tuple[str, ...], cut: int, length: int) -> _Reading | None:
    """Read ``cut`` pieces as the code and the rest up to ``length`` as marks."""
    inside = gaps[1:cut]
    plain = all(gap.strip() not in _MARKING or gap == "" for gap in inside) and " " not in inside
    if cut == length:
        slots = matcher.codes.get(pieces[:cut])
        return None if slots is None or (not slots and not plain) else _Reading(slots, plain, True, length)
    slots = matcher.places.get((pieces[:cut], pieces[cut:length]))
    if slots is None:
        asked = matcher.absent.get((pieces[:cut], pieces[cut:length]))
        return None if asked is None else _Reading(asked, plain, False, length)
    marked = gaps[cut].strip() in _MARKING and gaps[cut].strip() != ""
    spaced_number = gaps[cut] == " " and all(piece.isdigit() for piece in pieces[cut:length])
    return _Reading(slots, plain and marked, not spaced_number, length)


def _read_joined(matcher: Matcher, pieces: SearchKey, gaps: tuple[str, ...]) -> _Reading | None:
    """Read a code written without its points: "P11a2-1"."""
    together = next((at for at in range(1, len(pieces)) if gaps[at] != ""), len(pieces))
    for length in range(together, 1, -1):
        codes = matcher.joined.get("".join(pieces[:length]), ())
        found = []
        for code in codes:
            written = (*code, *pieces[length:])
            between = (*("",) * len(code), *gaps[length:])
            reading = _read(matcher, written, between, joined=False)
            found += [reading] if reading is not None and reading.slots else []
        if found:
            slots = tuple(dict.fromkeys(slot for one in found for slot in one.slots))
            return _Reading(slots, False, len(found) == 1 and found[0].sure, length)
    return None
