"""Reads Thai telephone numbers as offices write them: several, ranges, with an extension, the ministry's own network.

``phonenumberslite`` costs about 0.1 s before the first answer and 2.3 MB for 240 countries; the form needs one. The
number plan is checked by length and first digits only: area codes are added over the years, and refusing a real number
is worse than accepting a wrong one.
"""

from __future__ import annotations

import re
from typing import Final

from dgdesk.text.digits import to_arabic
from dgdesk.text.normalise import tidy

_LONGEST: Final = 1200
_GAP: Final = r"[ ().\-]{0,4}"
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"))


def _spread(pattern: str, more: int) -> str:
    """A regular expression for the first digits ``pattern``, then ``more`` digits, with gaps anywhere between."""
    return _GAP.join(re.findall(r"\[[^\]]+\]|\d", pattern)) + rf"(?:{_GAP}\d){{{more}}}"


_LAND: Final = "|".join((_spread("02", 7), _spread("0[3457]", 7)))
_MOBILE: Final = _spread("0[689]", 8)
_NUMBER: Final = re.compile(
    rf"\(?(?:(?P<abroad>\(?\+ ?66\)?{_GAP}(?:\(?0\)?)?{_GAP}(?P<rest>(?:2|[3457]|[689]\d)(?:{_GAP}\d){{7}}))"
    rf"|(?P<own>{_LAND}|{_MOBILE}|{_spread('1[89]00', 6)}|1\d{{3}}))(?!\d)",
    re.ASCII,
)
_LINE: Final = re.compile(r"\(?มท\.?:? ?(\d[\d\-]{2,6}\d)\)?(?!\d)", re.ASCII)  # the Ministry of Interior's network
_LABEL: Final = re.compile(
    r"(?:หมายเลข)?(?:เบอร์)?(?:โทรศัพท์(?:มือถือ|ที่ทำงาน)?|โทร(?!ศัพท์|สาร)|มือถือ|tel(?:ephone)?|phone|mobile)"
    r"(?: ?ที่ทำงาน)?[ .:]*(?=[\d(+ม])|(?:เบอร์|หมายเลข)[ .:]*(?=[\d(+])",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r" ?(?:[,;\n/&|]|และ|หรือ|กับ) ?| ")
_TAIL: Final = re.compile(r" ?([\-/,]|ถึง|to) ?(\d{1,4})(?![ .\-]{0,3}\d)", re.ASCII)
_STARTS: Final = re.compile(rf"{_LABEL.pattern}|{_LINE.pattern}|[^\d\s]|{_NUMBER.pattern}", re.IGNORECASE | re.ASCII)
_UP_TO: Final = re.compile(r" ?(?:-|ถึง|to) ?(?=[(+]?[01])")
_EXTENSION_WORD: Final = re.compile(
    r" ?[(,]? ?(?:เบอร์)?(?:ต่อ|กด|ภายใน|ext(?:ension)?|x(?= ?\d)|#)[ .:]*", re.IGNORECASE
)
_EXTENSION: Final = re.compile(r"\d{1,6}(?:(?:-|/|, ?| ?และ ?| ?หรือ ?)(?!0)\d{1,6}(?![ .\-]{0,3}\d))*\)?", re.ASCII)


def parse_phone(text: str) -> str:
    """The Thai telephone numbers of ``text``, separated by ", ".

    The groups stay as typed; digits without groups get the official ones ("0 2123 4567", "08 1234 5678"). Understood
    are spaces, brackets, every kind of dash, Thai digits, +66, several numbers, ranges ("0 5311 2233-4"), extensions
    ("ต่อ 1234", "กด 1"), "โทร." (dropped) and the ministry's network ("มท. 21234").

    Raises:
        ValueError: ``phone.extension`` (no digits after the word), ``phone.range`` (it does not go up),
            ``phone.mobile_nine`` and its like (a number with a digit too few or too many), ``phone.together`` (numbers
            not separated), ``phone.fax``, ``phone.words`` (other words), else ``phone.bad``.
    """
    if len(text) > _LONGEST:
        raise ValueError("phone.bad", text[:60])
    typed = " ".join(to_arabic(tidy(text)).translate(_DASHES).split(" ")).replace("\n", ",")
    typed = re.sub(r" {2,}", " ", typed).strip(" ,;")
    if not typed:
        raise ValueError("phone.bad", text[:60])
    found: list[str] = []
    at = start = 0
    while at < len(typed):
        if found:
            joint = _JOINT.match(typed, at)
            if not joint or (joint[0] == " " and not _STARTS.match(typed, joint.end())):
                raise ValueError(_cause(typed[start:]), text[:60])
            at = joint.end()
        if label := _LABEL.match(typed, at):
            at = label.end()
        start = at
        one, at = _one(typed, at)
        found.append(one)
        while at < len(typed) and typed[at:].strip(" ,;.)") == "":
            at = len(typed)
    return ", ".join(found)


def split_extension(phone: str) -> tuple[str, str]:
    """A read ``phone`` without its extension, and the extension; "" unless one number with one extension is all."""
    number, word, extension = phone.partition(" ต่อ ")
    alone = word and "," not in number and re.fullmatch(r"\d{1,6}", extension, re.ASCII)
    return (number, extension) if alone else (phone, "")


def is_mobile(phone: str) -> bool:
    """Whether a read ``phone`` holds no land line: every number in it is a mobile one."""
    return all(re.match(r"\(?0\D{0,3}[689]", one) for one in phone.split(", ") if re.match(r"\(?[01]|มท", one))


def _one(typed: str, at: int) -> tuple[str, int]:
    """The number at ``at`` with its range and extension, and where it ends."""
    if line := _LINE.match(typed, at):
        return f"มท. {line[1]}", line.end()
    match = _NUMBER.match(typed, at)
    if not match:
        raise ValueError(_cause(typed[at:]), typed[:60])
    shown, at = _shown(match), match.end()
    if typed[at : at + 1] == ")" and "(" not in shown:
        at += 1
    digits = re.sub(r"\D", "", shown)
    while tail := _TAIL.match(typed, at):
        joint = tail[1] if tail[1] in "/," else "-"
        if joint == "," and len(tail[2]) == 4 and tail[2].startswith("1"):
            break  # a hotline of its own
        if joint == "-" and int(tail[2]) <= int(digits[-len(tail[2]) :]):
            raise ValueError("phone.range", typed[:60])
        shown += f", {tail[2]}" if joint == "," else f"{joint}{tail[2]}"
        at = tail.end()
    if (more := _UP_TO.match(typed, at)) and (last := _NUMBER.match(typed, more.end())):
        end = _shown(last)
        if re.sub(r"\D", "", end) <= digits:
            raise ValueError("phone.range", typed[:60])
        shown, at = f"{shown} ถึง {end}", last.end()
    if word := _EXTENSION_WORD.match(typed, at):
        extension = _EXTENSION.match(typed, word.end())
        if not extension:
            raise ValueError("phone.extension", typed[:60])
        return f"{shown} ต่อ {extension[0].removesuffix(')')}", extension.end()
    return shown, at


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


# Near misses, with a digit or two too few or too many: each has a sentence that says both numbers.
_MOBILE_COUNTS: Final = {
    8: "phone.mobile_eight",
    9: "phone.mobile_nine",
    11: "phone.mobile_eleven",
    12: "phone.mobile_twelve",
}
_LAND_COUNTS: Final = {7: "phone.land_seven", 8: "phone.land_eight", 10: "phone.land_ten", 11: "phone.land_eleven"}


def _cause(rest: str) -> str:
    """The code of what is wrong with a text that begins with no number."""
    if re.match(r"[ ,(]*(?:โทรสาร|แฟกซ์|แฟ็กซ์|fax)", rest, re.IGNORECASE):
        return "phone.fax"
    lead = re.match(r"[\d ().\-]*", rest, re.ASCII)
    digits = re.sub(r"\D", "", lead[0] if lead else "")
    counts = _MOBILE_COUNTS if digits[1:2] in ("6", "8", "9") else _LAND_COUNTS
    if digits.startswith("0") and len(digits) in counts:
        return counts[len(digits)]
    if len(digits) > 12:
        return "phone.together"
    return "phone.words" if re.search(r"[^\W\d_]", rest) else "phone.bad"
