"""The whole form is on paper: every text of it, for four independent readers, whatever was answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dgdesk.printing.document import Printed
from dgdesk.printing.survey.choices import PrintChoices, Variant
from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.notes import without_remarks
from dgdesk.survey.definition.texts import note_texts
from dgdesk.survey.rules.state import Rules
from printing.extracting import READERS
from printing.survey.support import bare, missing, missing_in_used_rows, printed, read
from scenario import Scenario


@pytest.mark.parametrize("reader", READERS)
def test_every_text_of_the_form_is_on_the_full_print(rules: Rules, reader: str, full: Printed) -> None:
    assert missing_in_used_rows(rules, read(full.data, READERS[reader])) == []


@pytest.mark.parametrize("reader", READERS)
def test_every_text_of_the_form_is_on_the_form_to_fill_in_by_hand(rules: Rules, reader: str) -> None:
    assert missing(rules, read(printed(rules, None, PrintChoices(variant="blank")).data, READERS[reader])) == []


def test_skipped_parts_are_printed_too(rules: Rules, scenario: Scenario) -> None:
    scenario.answers(general_province="TH-50", g1="no")
    assert not scenario.shows("g2")
    text = read(printed(rules, scenario.state).data)
    assert missing_in_used_rows(rules, text) == []
    assert bare("ลำดับที่ 2 – 5 ไม่ได้ใช้") in text


def test_large_print_holds_it_all(rules: Rules, filled: Scenario) -> None:
    text = read(printed(rules, filled.state, PrintChoices(large=True)).data)
    # the head of a table may stand in the middle of a text, where a row goes on next page
    without = text.replace(bare("".join(rules.form.definition.indicators.headings)), "")
    assert [one for one in missing_in_used_rows(rules, text) if bare(one) not in without] == []


@pytest.mark.parametrize("variant", ["final", "blank"])
def test_without_notes_only_remarks_are_missing(rules: Rules, filled: Scenario, variant: Variant) -> None:
    state = None if variant == "blank" else filled.state
    gone = missing_in_used_rows(rules, read(printed(rules, state, PrintChoices(variant, notes=False)).data))
    remarks = {
        text
        for notes in _all_notes(rules)
        for text in {one for note in notes for one in note_texts(note)}
        - {one for note in without_remarks(notes) for one in note_texts(note)}
    }
    assert gone
    assert set(gone) <= remarks
    assert all(one.startswith(("หมายเหตุ", "1)", "1.")) for one in gone), gone


@pytest.mark.parametrize(
    "words",
    [
        "มาตรา 12 ได้ระบุว่า",
        "จังหวัดของท่านได้มีการดำเนินการที่สอดคล้องกับข้อกำหนดดังกล่าวอย่างไร",
        "6) Security Engineering",
        "ช่องหน่วยงานหรือผู้ที่นำไปใช้ ระบุประชาชนทั่วไปหรือหน่วยงานภายในที่นำไปใช้",
        "โปรดระบุ URL หน้าที่แสดงชุดข้อมูลทั้งหมดของหน่วยงานได้อย่างชัดเจนที่สุด",
        "กลุ่มเปราะบาง หมายถึง",
        "ประเภทของการมีส่วนร่วม",
        "ช่องทางที่เป็นดิจิทัล",
    ],
)
def test_what_a_question_needs_is_printed_without_notes(without_notes: str, words: str) -> None:
    assert bare(words) in without_notes


@pytest.fixture(scope="module")
def without_notes(rules: Rules) -> str:
    return read(printed(rules, None, PrintChoices("blank", notes=False)).data)


def _all_notes(rules: Rules) -> Iterator[tuple[Note, ...]]:
    for section in rules.form.definition.sections:
        yield section.notes
        for field in section.fields():
            yield from (field.notes, field.notes_after, *(one.notes for one in (*field.options, *field.rows)))


def test_nothing_is_shown_by_a_frame(rules: Rules, full: Printed) -> None:
    assert dict(full.missing) == {}
    assert dict(printed(rules, None, PrintChoices()._replace(variant="blank")).missing) == {}
