"""Reads Thai telephone numbers as offices write them: several, ranges, with an extension, the ministry's own network.

``phonenumberslite`` costs about 0.1 s before the first answer and 2.3 MB for 240 countries; the form needs one. The
number plan is checked by length and first digits only: area codes are added over the years, and refusing a real number
is worse than accepting a wrong one.
"""

from __future__ import annotations

import re
from typing import Final

from dgdesk.system.patterns import late
from dgdesk.text.digits import narrow, to_arabic
from dgdesk.text.normalise import tidy
from dgdesk.text.refusals import EntryRefused

_LONGEST: Final = 1200
_GAP: Final = r"[ ().\-]{0,4}"
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"))


def _spread(pattern: str, more: int) -> str:
    """A regular expression for the first digits ``pattern``, then ``more`` digits, with gaps anywhere between."""
    return _GAP.join(re.findall(r"\[[^\]]+\]|\d", pattern)) + rf"(?:{_GAP}\d){{{more}}}"


_LAND: Final = "|".join((_spread("02", 7), _spread("0[3457]", 7)))
_MOBILE: Final = _spread("0[689]", 8)
_NUMBER: Final = late(
    rf"\(?(?:(?P<abroad>\(?(?:\+ ?|00 ?)?66\)?{_GAP}(?:\(?0\)?)?{_GAP}"
    rf"(?P<rest>(?:2|[3457]|[689]\d)(?:{_GAP}\d){{7}}))"
    rf"|(?P<own>{_LAND}|{_MOBILE}|{_spread('1[89]00', 6)}|1\d{{3}}))(?!\d)",
    re.ASCII,
)
_LINE: Final = late(r"\(?มท\.?\)?:? ?(\d[\d\-]{2,6}\d)\)?(?!\d)", re.ASCII)  # the Ministry of Interior's network
_LINE_TAIL: Final = late(r" ?, ?(\d{4,6})(?![ .\-]{0,3}\d)", re.ASCII)
_NAMES: Final = (
    r"(?:หมายเลข)?(?:เบอร์)?(?:โทรศัพท์(?:มือถือ|ที่ทำงาน|เคลื่อนที่|สำนักงาน)?|โทร(?!ศัพท์|สาร)|มือถือ|สายด่วน|ที่ทำงาน|สำนักงาน"
    r"|tel(?:ephone)?|phone|mobile|hotline|office)(?: ?(?:ที่ทำงาน|หมายเลข|มือถือ|สำนักงาน|no))?"
)
_LABEL: Final = late(
    rf"(?:{_NAMES}|t|m)[ .:]*(?=[\d(+ม])|(?:เบอร์|หมายเลข)[ .:]*(?=[\d(+])",
    re.IGNORECASE,
)
_LABEL_AFTER: Final = late(rf" ?\({_NAMES}\)| ?{_NAMES}(?= ?(?:$|[,;/&|]|และ|หรือ|กับ))", re.IGNORECASE)
_JOINT: Final = late(r" ?(?:(?:[,;/&|]|และ|หรือ|กับ) ?)+| ")
_TAIL: Final = late(r" ?([\-/,~]|ถึง|to) ?(\d{1,4})(?![ .\-]{0,3}\d)", re.ASCII)
_STARTS: Final = late(rf"{_LABEL.pattern}|{_LINE.pattern}|[^\d\s]|{_NUMBER.pattern}", re.IGNORECASE | re.ASCII)
_UP_TO: Final = late(r" ?(?:-|~|ถึง|to) ?(?=[(+]?[01])")
_EXTENSION_WORD: Final = late(
    r" ?[(,]? ?(?:(?:เบอร์|หมายเลข)?(?:ต่อ|กด|ภายใน)|ext(?:ension)?|x(?= ?\d)|#)[ .:]*", re.IGNORECASE
)
_EXTENSION: Final = late(r"\d{1,6}(?:(?:-|/|, ?| ?และ ?| ?หรือ ?)(?!0)\d{1,6}(?![ .\-]{0,3}\d))*\)?", re.ASCII)
_EXTENSIONS: Final = late(
    rf"(?:{_EXTENSION_WORD.pattern})?{_EXTENSION.pattern}(?: ?[,/] ?{_EXTENSION.pattern})*", re.IGNORECASE | re.ASCII
)
_SPLIT: Final = late(r"([^,]+) ต่อ (\d{1,6}(?:(?:-|/|, | ?และ ?| ?หรือ ?)(?!0)\d{1,6})*)", re.ASCII)


def parse_phone(text: str) -> str:
    """The Thai telephone numbers of ``text``, separated by ", ".

    The groups stay as typed; digits without groups get the official ones ("0 2123 4567", "08 1234 5678"). Understood
    are spaces, brackets, every kind of dash, Thai digits, +66, several numbers, ranges ("0 5311 2233-4"), extensions
    ("ต่อ 1234", "กด 1"), "โทร." (dropped) and the ministry's network ("มท. 21234").

    Raises:
        EntryRefused: ``phone.extension`` (no digits after the word), ``phone.range`` (it does not go up),
            ``phone.land_digits``, ``phone.mobile_digits`` (too few or too many), ``phone.zero`` (the 0 in front is
            missing), ``phone.together`` (numbers not separated), ``phone.fax``, ``phone.words`` (other words), else
            ``phone.bad``.
    """
    if len(text) > _LONGEST:
        raise EntryRefused("phone.bad")
    typed = to_arabic(tidy(narrow(text))).translate(_DASHES).replace("\n", ",")
    typed = re.sub(r" {2,}", " ", typed).strip(" ,;")
    if not typed:
        raise EntryRefused("phone.bad")
    found: list[str] = []
    at = start = 0
    while at < len(typed):
        if found:
            joint = _JOINT.match(typed, at)
            if not joint or (joint[0] == " " and not _STARTS.match(typed, joint.end())):
                raise _refusal(typed[start:])
            at = joint.end()
        if label := _LABEL.match(typed, at):
            at = label.end()
        start = at
        one, at = _one(typed, at)
        found.append(one)
        if label := _LABEL_AFTER.match(typed, at):
            at = label.end()
        if typed[at:].strip(" ,;.)") == "":
            break
    return ", ".join(found)


def split_extension(phone: str) -> tuple[str, str]:
    """A read ``phone`` without its extension, and the extension; "" unless it is one number with an extension."""
    parts = _SPLIT.fullmatch(phone)
    return (parts[1], parts[2]) if parts else (phone, "")


def is_mobile(phone: str) -> bool:
    """Whether a read ``phone`` holds no land line: every number in it is a mobile one."""
    return all(re.match(r"\(?0\D{0,3}[689]", one) for one in phone.split(", ") if re.match(r"\(?[01]|มท", one))


def _one(typed: str, at: int) -> tuple[str, int]:
    """The number at ``at`` with its range and extension, and where it ends."""
    if line := _LINE.match(typed, at):
        shown, at = f"มท. {line[1]}", line.end()
        while more := _LINE_TAIL.match(typed, at):
            shown, at = f"{shown}, {more[1]}", more.end()
        return _extended(typed, shown, at)
    match = _NUMBER.match(typed, at)
    if not match:
        raise _refusal(typed[at:])
    shown, at = _shown(match), match.end()
    if typed[at : at + 1] == ")" and "(" not in shown:
        at += 1
    digits = re.sub(r"\D", "", shown)
    while tail := _TAIL.match(typed, at):
        joint = tail[1] if tail[1] in "/," else "-"
        if joint == "," and len(tail[2]) == 4 and tail[2].startswith("1"):
            break  # a hotline of its own
        if joint == "-" and int(tail[2]) <= int(digits[-len(tail[2]) :]):
            raise EntryRefused("phone.range")
        shown += f", {tail[2]}" if joint == "," else f"{joint}{tail[2]}"
        at = tail.end()
    if (up_to := _UP_TO.match(typed, at)) and (last := _NUMBER.match(typed, up_to.end())):
        end = _shown(last)
        if re.sub(r"\D", "", end) <= digits:
            raise EntryRefused("phone.range")
        shown, at = f"{shown} ถึง {end}", last.end()
    return _extended(typed, shown, at)


def _extended(typed: str, shown: str, at: int) -> tuple[str, int]:
    """The number ``shown`` with the extension that stands at ``at``, if one does, and where it ends."""
    word = _EXTENSION_WORD.match(typed, at)
    if not word:
        return shown, at
    extension = _EXTENSION.match(typed, word.end())
    if not extension:
        raise EntryRefused("phone.extension")
    return f"{shown} ต่อ {extension[0].removesuffix(')')}", extension.end()


def is_extension(text: str) -> bool:
    """Tell whether ``text`` is one or more extensions alone: "1234", "101-103", "ต่อ 12, 14"; a name is none."""
    plain = " ".join(to_arabic(narrow(text)).translate(_DASHES).split())
    return len(plain) <= _LONGEST and _EXTENSIONS.fullmatch(plain) is not None


def _shown(match: re.Match[str]) -> str:
    """The matched number as it is kept."""
    if match["abroad"]:
        return _grouped("0" + re.sub(r"\D", "", match["rest"]))
    own = match["own"]
    return _grouped(own) if own.isdigit() else match[0] if match[0].count("(") == match[0].count(")") else own


def _grouped(digits: str) -> str:
    """Digits alone, in the grouping of official letters."""
    if digits.startswith("1"):
        return digits if len(digits) == 4 else f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    lead = len(digits) - 8
    return f"{digits[:lead]} {digits[lead : lead + 4]} {digits[lead + 4 :]}"


_SHOWN: Final = 20  # digits of a wrong number that its sentence quotes


def _refusal(rest: str) -> EntryRefused:
    """What is wrong with a text that begins with no number; the reason names a wrong count of digits and the number."""
    if re.match(r"[ ,(]*(?:โทรสาร|แฟกซ์|แฟ็กซ์|fax)", rest, re.IGNORECASE):
        return EntryRefused("phone.fax")
    lead = re.match(r"[+\d ().\-]*", rest, re.ASCII)
    number = lead[0].strip(" .-") if lead else ""
    digits = re.sub(r"\D", "", number)
    if number.startswith(("+66", "(+66")):
        digits = "0" + digits[2:].removeprefix("0")
    counted = len(digits) if 2 < len(digits) <= 12 else 0
    if counted and counted != 10 and re.match("0[689]", digits):
        return EntryRefused("phone.mobile_digits", number=number[:_SHOWN], typed=counted)
    if counted and counted != 9 and re.match("0[23457]", digits):
        return EntryRefused("phone.land_digits", number=number[:_SHOWN], typed=counted)
    if re.fullmatch(r"[23457]\d{7}|[689]\d{8}", digits):
        return EntryRefused("phone.zero", number=number[:_SHOWN])
    if len(digits) > 12:
        return EntryRefused("phone.together")
    return EntryRefused("phone.words" if re.search(r"[^\W\d_]", rest) else "phone.bad")
