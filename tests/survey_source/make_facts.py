"""Tests of the survey: draw the facts from the questionnaire's source text, for people who have it.

    python tests/survey_source/make_facts.py PATH_TO_source.txt

writes ``facts.json`` beside this file: codes, counts and digests, no wording. It knows nothing of the project's data.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skeleton import digest, marks, short, signs, skeleton

FACTS = Path(__file__).with_name("facts.json")
GLYPHS = {"\uf081": "U+F081", "\uf099": "U+F099", "\uf0ff": "U+F0FF", "\uf0a8": "U+F0A8", "\uf02a": "U+F02A"}

# Where a section begins. Part 8's heading was torn into its middle, so the section begins at its first note, the ninth.
_HEADINGS = {"indicators": r"ตัวชี้วัดที่ 1 ", "g": r"\[Digital Leadership\]"} | {f"p{n}": rf"ส่วนที่ {n} " for n in range(1, 8)}
_SECTION_NOTE = "หมายเหตุ: จังหวัด หมายถึง"

_CODE = re.compile(
    r"""(?<![\w/.])(?:
        P\.?[1-8]\.\x20?\d[\d.]*(?:[a-d](?![a-z])\d?)?  # P1.1a2, P.2.1.4, P1. 7
        | P[1-8]\.\d[\d.]*\.[ab]                         # P2.2.1.1.b, P5.2.a
        | G[1-4](?:\.1)?                                 # G4.1
        | [ABC]\.?\d[\d.]*\d | [ABC]\.\d | [ABC]\.(?=\s)   # A., A.1, A1.1, C2.1.2.1
        | 4\.6\.[1-3]\.[1-5] | 7\.1\.\d+(?:\.\d)? | 8\.4\.[12]\.
        | \d+\.1(?=\s(?:โปรดระบุรายละเ|ในประเด็น|กรณี))     # the numbers before G4.1's and the tables' blanks
    )""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"ข[้อ]{2}\s*(?:ที\s*่|ที่)?\s*$")
# A request stands in a bracket or after a blank (one lost its bracket); the notes that speak of evidence do neither.
_REQUEST = re.compile(
    r"(?<=[(_])(แนบ(?:เอกสาร)?หลกฐาน(?:ผลการดาเนนงาน|การดาเนนการตามแนวทางมาตรฐานฯ|หรอ)?)|(แนบเอกสารหลกฐานผลการดาเนนงาน)"
)
_SKIP = re.compile(r"ขามไป(?:ตอบ|ทา)?ขอ(?:ท)?((?:p|g)\d[\d.]*\d|g\d)")
_LIMIT = re.compile(r"ไม่เกิน (\d+) (?=โครงการ|บริการ|ชุดข้อมูล)")
_UNIT = re.compile(r"__+\s*(บริการ|คน|ชุดข้อมูล|ครั้งต่อปี|ครั้ง)(?!\w)")
_LINK = re.compile(r"https?://[\w./%~-]*[\w/]")


def sections(lines: list[str]) -> list[str]:
    """Name the section of every line."""
    last_note = max(at for at, line in enumerate(lines) if line.strip().startswith(_SECTION_NOTE))
    found, current = [], "general"
    for at, line in enumerate(lines):
        for section, heading in _HEADINGS.items():
            if re.match(rf"\s*{heading}", line):
                current = section
        found.append("p8" if at >= last_note else current)
    return found


def codes(text: str) -> list[str]:
    """List the printed codes of a line, references to other questions left out."""
    return [
        match.group().replace(" ", "") for match in _CODE.finditer(text) if not _REFERENCE.search(text[: match.start()])
    ]


def facts(source: str) -> dict[str, Any]:
    """Draw every fact from the source text."""
    lines = source.split("\n")
    of_line = sections(lines)
    parts: dict[str, str] = {}
    for section, line in zip(of_line, lines, strict=True):
        parts[section] = parts.get(section, "") + line + "\n"
    return {
        "source_sha256": digest(source),
        "first_lines": {section: of_line.index(section) + 1 for section in parts},
        "lines": [line_fact(number, line) for number, line in enumerate(lines, 1) if skeleton(line)],
        "glyphs": {
            section: {name: text.count(glyph) for glyph, name in GLYPHS.items() if glyph in text}
            for section, text in parts.items()
        },
        "codes": {
            section: [code for line in text.split("\n") for code in codes(line)] for section, text in parts.items()
        },
        "requests": {section: dict(requests(text)) for section, text in parts.items()},
        "skips": {section: _SKIP.findall(skeleton_with(".", text)) for section, text in parts.items()},
        "limits": {section: [int(limit) for limit in _LIMIT.findall(text)] for section, text in parts.items()},
        "units": {
            section: [digest(skeleton(unit)) for unit in _UNIT.findall(mended(text))] for section, text in parts.items()
        },
        "blanks": {section: len(re.findall(r"_{2,}", text)) for section, text in parts.items()},
        "links": list(links(lines)),
    }


def line_fact(number: int, line: str) -> str:
    """Return a line's number, its skeleton's length and digest, and the digests of its marks and signs."""
    bones = skeleton(line)
    return f"{number} {len(bones)} {digest(bones)} {short(marks(line))} {short(signs(line))}"


def requests(text: str) -> Counter[str]:
    """Count the requests for evidence by the digest of their wording."""
    return Counter(digest(bracketed or bare) for bracketed, bare in _REQUEST.findall(skeleton_with("(_", text)))


def skeleton_with(kept: str, text: str) -> str:
    """Return the skeleton with some punctuation kept."""
    return "".join(sign if sign in kept else skeleton(sign) for sign in text)


def links(lines: list[str]) -> Iterator[str]:
    """Yield the line and digest of every link; one that the page's width cut after a hyphen counts whole."""
    for number, line in enumerate(lines, 1):
        whole = line.rstrip() + lines[number] if line.rstrip().endswith("-") else line
        for link in _LINK.finditer(whole):
            if link.start() < len(line.rstrip()):
                yield f"{number} {digest(link.group())}"


def mended(text: str) -> str:
    """Join the one unit that the page's width cut."""
    return text.replace("ชุด\nข้อมูล", "ชุดข้อมูล")


if __name__ == "__main__":
    written = json.dumps(facts(Path(sys.argv[1]).read_text(encoding="utf-8")), ensure_ascii=True, indent=1)
    FACTS.write_text(written + "\n", encoding="utf-8")
