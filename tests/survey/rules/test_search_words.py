"""Words that clerks type, and the places they look for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.drafts import edition_folder, edition_rubric, edition_words
from dgdesk.errors import FileError
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.rules.search import find
from dgdesk.survey.rules.search_index import SearchIndex, indicator_questions, make_index
from dgdesk.survey.rules.search_words import FILE, NO_WORDS, check_search_words, load_search_words
from dgdesk.text.normalise import fold
from scenario import real_rules

EDITION = "th-province-2568"

FORM = real_rules().form
PRINTED = fold("".join(texts_of(FORM.definition)))


@cache
def index() -> SearchIndex:
    return make_index(FORM, edition_words(EDITION), indicator_questions(edition_rubric(EDITION)))


def found(typed: str) -> list[str]:
    return [hit.address for hit in find(index(), {}, typed)]


FIRST = [
    ("เบอร์โทร", "general.office_phone"),
    ("โทรศัพท์", "general.office_phone"),
    ("หมายเลขโทรศัพท์", "general.office_phone"),
    ("มือถือ", "general.mobile"),
    ("เบอร์มือถือ", "general.mobile"),
    ("อีเมล", "general.email"),
    ("อีเมล์", "general.email"),
    ("อีเมลล์", "general.email"),
    ("อิเมลล์", "general.email"),
    ("E-Mail", "general.email"),
    ("ชื่อผู้ตอบ", "general.first_name"),
    ("ผู้ประสานงาน", "general.first_name"),
    ("นามสกุล", "general.last_name"),
    ("ตำแหน่ง", "general.position"),
    ("ที่อยู่", "general.address"),
    ("จังหวัด", "general.province"),
    ("ตัวชี้วัด 1.1", "p1.1"),
    ("ตัวชี้วัดที่ ๑.๓", "p1.3"),
    ("ตัวชี้วัด 7", "p7.1.1"),
    ("Digital Policy", "p1.1"),
    ("p1,7", "p1.7"),
    ("P 1, 7", "p1.7"),
    ("ข้อ ๑,๗", "p1.7"),
    ("CIO", "g1"),
    ("ผู้บริหาร", "g1"),
    ("คำสั่งแต่งตั้ง", "g1"),
    ("รายงานการประชุม", "g2"),
    ("อุปสรรค", "g4"),
    ("งบประมาณ", "g4.1"),
    ("แผน", "p1.1"),
    ("ยุทธศาสตร์", "p1.1"),
    ("ระเบียบ", "p1.3"),
    ("PDPA", "p1.7"),
    ("ข้อมูลส่วนบุคคล", "p1.7"),
    ("ธรรมาภิบาลข้อมูล", "p1.4"),
    ("ประกาศ", "p2.1.1.1"),
    ("อบรม", "p3.1"),
    ("พึงพอใจ", "p4.2.2"),
    ("คะแนน", "p4.2.2"),
    ("เว็บไซต์", "p4.5.1"),
    ("เว็ป ไซต์", "p4.5.1"),
    ("เฟสบุ๊ค", "p4.4.2"),
    ("คลาวด์", "p6.1.a"),
    ("5G", "p7.1.1"),
    ("บล็อกเชน", "p7.1.9"),
    ("AI", "p7.1.7"),
]


@pytest.mark.parametrize(("typed", "place"), FIRST)
def test_what_is_looked_for_is_found_first_or_second(typed: str, place: str) -> None:
    assert place in found(typed)[:4], found(typed)[:6]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("หลักฐาน", "p1.3"),  # a request for evidence
        ("ร้อยละ", "p4.2.2.satisfaction"),  # an option
        ("หมายเหตุ", "p1.1"),  # a note
        ("ส่วนที่ 2", "p2.1"),  # the name of a part
        ("ไลน์", "p4.6.1.channels"),
        ("สารบรรณ", "p5.1.table:1"),  # a row
    ],
)
def test_words_that_are_no_labels_are_found_too(typed: str, place: str) -> None:
    assert place in found(typed), found(typed)[:8]


@pytest.mark.parametrize("typed", ["อุปสรค", "คณะกรมการ", "บุคคลากร", "ธรรมาภิบาน", "ไซเบอ", "แฟลตฟอร์ม", "พึ่งพอใจ"])
def test_a_small_misspelling_still_finds_something(typed: str) -> None:
    assert found(typed)


def test_what_nobody_printed_or_meant_finds_nothing() -> None:
    assert found("ไม่มีคำนี้แน่นอน") == [] == found("xyzzy")
    assert "general.email" not in found("AI"), "three letters of another word"


def test_every_word_of_the_edition_finds_its_places_first() -> None:
    for one in edition_words(EDITION).places:
        for word in one.words:
            assert set(one.at) <= set(found(word)[: len(one.at) + 3]), word


def test_the_words_of_the_edition_fit_the_form_and_a_broken_file_is_refused(tmp_path: Path) -> None:
    words = load_search_words(edition_folder(EDITION) / FILE)
    assert list(check_search_words(words, FORM, PRINTED)) == []
    assert load_search_words(tmp_path / FILE) == NO_WORDS, "an edition need not have any"
    for content in ("places: [{words: [a]}]", "alike: 3", "\tx", "odd: []"):
        (tmp_path / FILE).write_text(content, encoding="utf-8")
        with pytest.raises(FileError, match=r"search\.invalid"):
            load_search_words(tmp_path / FILE)
    (tmp_path / FILE).write_text(
        "alike: [[ไม่มีคำนี้แน่นอน, xyzzy], [แผน], [แผน, แผน]]\nplaces: [{words: [ก], at: [p99]}, {words: [], at: [g1]}]",
        encoding="utf-8",
    )
    assert len(list(check_search_words(load_search_words(tmp_path / FILE), FORM, PRINTED))) == 5


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    assert all(address in FORM.position for address in found(typed))


def test_one_word_typed_in_two_ways_finds_the_same() -> None:
    for one, other in (("ประจำ", "ประจ\u0e4d\u0e32"), ("น้ำ", "น\u0e4d\u0e49\u0e32"), ("ข้อ ๒.๔", "p2.4")):
        assert found(one)[:1] == found(other)[:1]
