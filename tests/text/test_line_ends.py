"""A line end is dear inside a compound and after a prefix, and cheap between words, by the text around it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import edition_rubric, load_form
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.printing.survey.context import PrintSource
from dgdesk.printing.survey.document import print_survey
from dgdesk.resources import resource
from dgdesk.survey.rules.state import Facts, make_rules
from dgdesk.text.breaks import read_terms, thai_breaker
from dgdesk.text.line_ends import BARE, COMPOUND, MARKS, SPACE, WORD, LineEndCosts, thai_line_ends
from dgdesk.text.messages import load_catalogue


def costs(words: str) -> list[float]:
    """The costs between words written with bars."""
    return list(thai_line_ends().between(words.split("|")))[1:]


def cost_at(place: str) -> float:
    """The cost of a line end at the bar, by the program's own words."""
    words = thai_breaker().segments(place.replace("|", ""))
    at = len(place.partition("|")[0])
    ends = [sum(map(len, words[:number])) for number in range(len(words))]
    assert at in ends, words
    return thai_line_ends().between(words)[ends.index(at)]


@pytest.mark.parametrize(
    "place",
    ["ลดค่าใช้|จ่าย", "ความเสีย|หาย", "ดัง|กล่าว", "รูป|แบบ", "ส่วน|บุคคล", "วงจร|ชีวิต", "ห่าง|ไกล", "ที่ผ่าน|มา", "ตลอด|เวลา"],
)
def test_inside_a_compound_is_dear(place: str) -> None:
    assert cost_at(place) == COMPOUND


@pytest.mark.parametrize("place", ["มีการ|วัดผล", "ผู้|บริหารจังหวัด", "ผู้|สูงอายุ", "ความ|เสียหาย", "ได้รับการ|ยกเว้น"])
def test_after_a_prefix_is_dearer(place: str) -> None:
    assert cost_at(place) == BARE


@pytest.mark.parametrize(
    "place", ["กระบวนการ|ทำงาน", "ดำเนินการ|ตาม", "จังหวัด|เชียงใหม่", "วิชาการ|ของ", "มี|การวัดผล", "และ|ความเสียหาย"]
)
def test_between_words_is_cheap(place: str) -> None:
    assert cost_at(place) == WORD


def test_the_same_words_may_be_a_compound_or_not(tmp_path: Path) -> None:
    path = tmp_path / "compounds.txt"
    path.write_text("# หมายเหตุ\nตากลม\nกลมดี\n", encoding="utf-8")
    own = LineEndCosts(path, ["ข้อมูล|เปิด"])
    assert own.between(["ตา", "กลม"]) == (WORD, COMPOUND)
    assert own.between(["ตา", "กลม", "ดี"]) == (WORD, WORD, WORD), "ตากลม ดี and ตา กลมดี are as short"
    assert own.between(["ข้อมูล", "เปิด"]) == (WORD, COMPOUND), "a term is a compound too"
    assert own.between(["แมว"]) == (WORD,) and own.between([]) == ()


@given(st.lists(st.sampled_from(["การ", "ใช้", "จ่าย", "ค่า", "ผู้", "บริหาร", "ความ", "เสีย", "หาย", "ก", ""]), max_size=60))
def test_every_word_has_a_cost(words: list[str]) -> None:
    found = thai_line_ends().between(words)
    assert len(found) == len(words)
    assert set(found) <= {SPACE, WORD, COMPOUND, BARE}


def test_what_is_known_beforehand_is_what_the_compounds_say() -> None:
    """If this fails, a word, a compound or the rules were changed: run build/cuts.py."""
    own = LineEndCosts(resource("i18n/compounds.txt"), read_terms(resource("i18n/terms.txt")))
    known = read_terms(resource("i18n/line_ends.txt"))
    assert len(known) > 500
    for line in known:
        words = re.split(r"[|+=]", line)
        signs = "".join(MARKS[cost] for cost in own.between(words)[1:])
        assert signs == "".join(sign for sign in line if sign in MARKS.values()), line


def test_known_line_ends_need_no_compounds(tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("# remark\nการ=เข้า+ถึง|ข้อมูล\n", encoding="utf-8")
    own = LineEndCosts(tmp_path / "missing.txt", known=known)
    assert own.between(["การ", "เข้า", "ถึง", "ข้อมูล"]) == (WORD, BARE, COMPOUND, WORD)
    with pytest.raises(OSError, match=r"missing\.txt"):
        own.between(["การ", "เข้า", "ถึง"])


def test_a_print_of_the_form_reads_no_compounds(tmp_path: Path) -> None:
    """If this fails, texts were changed and a print takes longer than it has to: run build/cuts.py."""
    form = load_form()
    rules = make_rules(form, edition_rubric(form.definition.edition))
    claimed = datetime(2025, 8, 1, tzinfo=UTC)
    source = PrintSource(rules, rules.evaluate(Facts({}), claimed.date()), claimed, answers_digest="a1" * 32)
    known = LineEndCosts(tmp_path / "missing.txt", known=resource("i18n/line_ends.txt"))
    assert print_survey(source, PrintChoices(), load_catalogue("th"), line_ends=known).pages > 30
