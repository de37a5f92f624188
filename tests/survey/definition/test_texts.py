"""Every text shown to a person, in printed order."""

from __future__ import annotations

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.texts import joined, note_texts, texts_of
from survey.definition.tiny import definition, text, yes_no

TABLE = ["ตัวชี้วัดที่ 1", "ตัวชี้วัด", "1. นโยบาย จำนวนร้อยละ 100", "1.1 Policy", "หมายเหตุ"]


def test_a_question_is_told_from_top_to_bottom() -> None:
    small = definition(
        {
            **yes_no("q1", yes={"label": "มี", "hint": "(ระบุ)"}, no={"skip": {"to": "q2", "text": "(ข้ามไปข้อ 2)"}}),
            "code": "Q1",
            "hint": "(ตอบข้อเดียว)",
            "notes": [{"label": "หมายเหตุ", "text": "ก", "items": [{"label": "1)", "text": "ข"}]}],
            "notes_after": [{"text": "ท้าย"}],
        },
        text("q2", unit="ครั้ง", blanks=["เดือน", "ปี พ.ศ."]),
    )
    assert list(texts_of(small)) == [
        *("ส่วนที่ 1", "Q1 มีหรือไม่ (ตอบข้อเดียว)", "หมายเหตุ ก", "1) ข"),
        *("ไม่มี", "(ข้ามไปข้อ 2)", "มี (ระบุ)", "ท้าย"),
        *("โปรดระบุ", "ครั้ง", "เดือน", "ปี พ.ศ."),
        *TABLE,
    ]


def test_evidence_is_asked_where_it_is_printed() -> None:
    def texts(at: str) -> list[str]:
        evidence = {"text": "(แนบหลักฐาน)", "at": at}
        small = definition(yes_no("q1", yes={"evidence": evidence, "fields": [text("q1.a", label="ยกตัวอย่าง")]}))
        return list(texts_of(small))[3 : -len(TABLE)]

    assert texts("label") == ["มี", "(แนบหลักฐาน)", "ยกตัวอย่าง"]
    assert texts("end") == ["มี", "ยกตัวอย่าง", "(แนบหลักฐาน)"]


def test_items_of_a_repeat_are_told_one_by_one() -> None:
    small = definition(
        {
            **{"id": "r", "kind": "repeat", "label": "รายการ", "max_items": "2", "first_number": "4"},
            **{"evidence": {"text": "(แนบ)"}, "fields": [text("r.name", label="{n}. ชื่อ")]},
        }
    )
    assert list(texts_of(small))[1 : -len(TABLE)] == ["รายการ", "4. ชื่อ", "(แนบ)", "5. ชื่อ", "(แนบ)"]


def test_tables_are_told_row_by_row_with_what_their_cells_ask() -> None:
    small = definition(
        {
            "id": "m",
            "kind": "matrix",
            "label": "ตาราง",
            "headings": ["หัวตาราง"],
            "columns": [{"id": "no", "label": "ไม่มี"}, {"id": "yes", "label": "มี", "evidence": {"text": "(แนบ)"}}],
            "rows": [
                {"id": "h", "label": "หมวด", "header": True},
                {"id": "1", "label": "แถว", "cells": {"yes": {"fields": [text("m.a", label="ระบุ")]}}},
            ],
        }
    )
    assert list(texts_of(small))[1 : -len(TABLE)] == [
        *("ตาราง", "หัวตาราง", "ไม่มี", "มี", "(แนบ)"),
        *("หมวด", "แถว", "(แนบ)", "ระบุ"),
    ]


def test_the_form_begins_and_ends_as_printed(form: Form) -> None:
    texts = list(texts_of(form.definition))
    assert texts[0] == "ข้อมูลทั่วไปเกี่ยวกับจังหวัด"
    assert texts[-1] == "P8.2.2.1 โปรดระบุ"
    assert all(text == text.strip() and text for text in texts)
    landmarks = ["ชื่อจังหวัด", "ตัวชี้วัดที่ 1 แนวนโยบายและหลักปฏิบัติ (Policies & Practices)", "[Digital Leadership]"]
    places = [texts.index(mark) for mark in landmarks]
    assert places == sorted(places), "the table of indicators stands between the first section and the second"


def test_the_note_about_the_province_stands_once_in_every_section_that_prints_it(form: Form) -> None:
    texts = list(texts_of(form.definition))
    assert sum(text.startswith("หมายเหตุ: จังหวัด หมายถึง") for text in texts) == 9


def test_small_helpers() -> None:
    assert joined("P1.4", "", None, "จังหวัด") == "P1.4 จังหวัด"
    assert list(note_texts(Note(items=(Note(label="1)", text="ก"), Note(text="ข"))))) == ["1) ก", "ข"]
