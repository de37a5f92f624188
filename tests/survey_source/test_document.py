"""What ``docs/questionnaire.md`` lists of the form, against the data: conditions, misprints, silent corrections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.resources import resource
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.texts import texts_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "questionnaire.md").read_text(encoding="utf-8")
DEFINITION = load_definition(resource("questionnaires/th-province-2568"))
TEXTS = tuple(texts_of(DEFINITION))
CONDITION = re.compile(r"กรณี|ถ้า|(?<!ปัญ)หาก|เฉพาะ")


def table(heading: str, first: str = "printed") -> tuple[tuple[str, ...], ...]:
    """Return the lines of the table under a heading whose first column is named ``first``."""
    part = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in part.split("\n") if line[:1] == "|"]
    assert lines and lines[0][0] == first
    return tuple(lines)


def rows(heading: str, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the table under a heading that has these columns."""
    found = table(heading)
    at = found.index(columns)
    body = []
    for line in found[at + 2 :]:
        if line[0] == "printed":
            break
        body.append(line)
    return tuple(body)


CONDITIONS = rows("Printed conditions", ("printed", "where", "times", "what is done"))
MISPRINTS = rows("What is printed wrong", ("printed", "correct", "where"))
CORRECTED = rows("What is printed wrong", ("printed", "in the data", "where"))


def places(phrase: str, text: str) -> Iterator[range]:
    """Yield where a phrase is in a text."""
    return (range(found.start(), found.end()) for found in re.finditer(re.escape(phrase), text))


def test_every_printed_condition_is_listed_with_what_is_done_about_it() -> None:
    unlisted = [
        text[max(0, sign.start() - 20) : sign.end() + 40]
        for text in TEXTS
        for sign in CONDITION.finditer(text)
        if not any(sign.start() in place for phrase, *_ in CONDITIONS for place in places(phrase, text))
    ]
    assert unlisted == []


@pytest.mark.parametrize("line", CONDITIONS, ids=lambda line: line[1])
def test_a_listed_condition_is_printed_as_often_as_it_says(line: tuple[str, ...]) -> None:
    phrase, _, times, done = line
    assert CONDITION.search(phrase)
    assert sum(len(list(places(phrase, text))) for text in TEXTS) == int(times)
    assert done


def test_no_condition_is_listed_twice() -> None:
    assert [phrase for phrase, count in Counter(line[0] for line in CONDITIONS).items() if count > 1] == []


@pytest.mark.parametrize("line", MISPRINTS, ids=lambda line: line[2])
def test_a_misprint_stays_as_the_form_prints_it(line: tuple[str, ...]) -> None:
    printed, correct, where = line
    assert sum(text.count(printed) for text in TEXTS) == 1
    assert printed != correct
    assert where


def test_the_known_misprints_are_all_listed() -> None:
    listed = " ".join(printed for printed, *_ in MISPRINTS)
    known = ("กฏ", "แนวปฎิบัติ", "ธรรมภิบาล", "แฟลตฟอร์ม", "แนวทางการการ", "เทคโนโลยีที่อย่างรวดเร็ว")
    more = ("ทำให้ช่วยสามารถ", "ใช้ประกอบรักษา", "โน้ตบุ๊ค", "แชท", "HIVs")
    assert [word for word in (*known, *more) if word not in listed] == []


@pytest.mark.parametrize("line", CORRECTED, ids=lambda line: line[2])
def test_a_silent_correction_is_in_the_data(line: tuple[str, ...]) -> None:
    _, correct, _ = line
    codes = {field.code for field in DEFINITION.fields()}
    assert correct in codes or any(correct in text for text in TEXTS)


def test_the_own_title_and_the_law_are_named() -> None:
    part = DOCUMENT.split("## Title and law")[1].split("\n## ")[0]
    assert "การสำรวจระดับความพร้อมรัฐบาลดิจิทัลหน่วยงานภาครัฐของประเทศไทย" in part
    assert "มาตรา 10 (3) พระราชบัญญัติการบริหารงานและการให้บริการภาครัฐผ่านระบบดิจิทัล พ.ศ. 2562" in part


def test_options_of_the_programs_own_are_named() -> None:
    own = [option.label for field in DEFINITION.fields() for option in field.options if option.own]
    assert len(own) == 2
    assert all(f'"{label}"' in DOCUMENT for label in own)
