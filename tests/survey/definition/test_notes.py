"""Notes by kind: what continues a question or must be read stays, what only remarks may be left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import Note, NoteKind
from dgdesk.survey.definition.notes import (
    PART_OF_QUESTION,
    REMARKS,
    noted,
    of_kinds,
    parted,
    resolved,
    without,
    without_remarks,
)
from dgdesk.survey.definition.texts import note_texts

KINDS: tuple[NoteKind, ...] = ("note", "example", "definition", "instruction", "question", "heading")

leaves = st.builds(Note, kind=st.sampled_from(KINDS), label=st.sampled_from(["", "1)"]), text=st.sampled_from("กขค"))
trees = st.lists(
    st.builds(
        Note,
        kind=st.sampled_from(KINDS),
        label=st.sampled_from(["", "หมายเหตุ"]),
        text=st.sampled_from(["", "ง"]),
        items=st.lists(leaves, max_size=3).map(tuple),
    ),
    max_size=4,
)


def texts(notes: tuple[Note, ...] | list[Note]) -> list[str]:
    return [text for note in notes for text in note_texts(note) if text]


def test_an_item_is_what_the_text_around_it_is() -> None:
    inner = Note(label="1)", text="หน่วยงาน A")
    (example,) = resolved([Note(kind="example", label="ตัวอย่าง", items=(inner,))])
    assert example.items[0].kind == "example"


def test_where_one_item_is_a_definition_its_label_stays_and_the_remark_goes(form: Form) -> None:
    (left,) = without(form.node("p2.2.1").field.notes, REMARKS)
    assert (left.label, left.text) == ("หมายเหตุ", "")
    assert [item.label for item in left.items] == ["2)", "3)", "4)"]


def test_a_print_without_notes_drops_what_is_labelled_so_and_keeps_what_must_be_read(form: Form) -> None:
    left = [text for owner in ("p3.1", "p4.4", "p7.1.1", "p2.3.1.3") for text in texts(_left(form, owner))]
    assert [text[:24] for text in left] == [
        "หมายเหตุ 1 บุคลากรในหน่ว",
        "หมายเหตุ 2 กลุ่มเปราะบาง",
        "ตัวอย่าง การประชุมออนไลน",
        "ตัวอย่าง: กรมศุลกากรมีชุ",
        "- ช่องชุดข้อมูลเปิด ระบุ",
        "- ช่องรายละเอียดการนำไปใ",
        "- ช่องหน่วยงานหรือผู้ที่",
    ]
    first_row = form.node("p6.2.2.table").field.rows[0]
    assert texts(list(without_remarks(first_row.notes)))[-1] == "6) Security Engineering"


def _left(form: Form, owner: str) -> list[Note]:
    return list(without_remarks(form.node(owner).field.notes))


@given(trees)
def test_leaving_out_and_taking_share_every_text_between_them(notes: list[Note]) -> None:
    for kinds in ({kind} for kind in KINDS):
        left, taken = without(notes, kinds), of_kinds(notes, kinds)
        flat = [one.kind for top in left for one in (top, *top.items) if one.text]
        assert not set(flat) & kinds
        together = sorted(one.text for part in (left, taken) for top in part for one in (top, *top.items))
        everything = sorted(one.text for top in notes for one in (top, *top.items))
        assert [text for text in together if text] == [text for text in everything if text]


@given(trees)
def test_runs_keep_the_printed_order(notes: list[Note]) -> None:
    assert texts([note for _, run in parted(notes) for note in run]) == texts(notes)


@pytest.mark.parametrize(
    ("owner", "words", "kind"),
    [
        ("p4.3", "มาตรา 12", "question"),
        ("p4.3", "จังหวัดของท่านได้มีการดำเนินการที่สอดคล้องกับข้อกำหนดดังกล่าวอย่างไร", "question"),
        ("p4.6", "การมีส่วนร่วมของประชาชนหรือผู้ใช้บริการหน่วยงาน", "heading"),
        ("p6.2.2.table", "Security Engineering", "question"),
        ("p2.3.1.3", "ช่องหน่วยงานหรือผู้ที่นำไปใช้", "instruction"),
        ("p2.3.1.2c", "โปรดระบุ URL หน้าที่แสดงชุดข้อมูลทั้งหมด", "instruction"),
        ("p4.4", "กลุ่มเปราะบาง หมายถึง", "definition"),
        ("p1", "จังหวัด หมายถึง", "definition"),
    ],
)
def test_what_has_to_be_read_has_its_true_kind(form: Form, owner: str, words: str, kind: NoteKind) -> None:
    found = [note.kind for at, note in noted(form.definition.sections) if at == owner and words in note.text]
    assert found[:1] == [kind]


def test_the_same_words_are_of_the_same_kind_everywhere(form: Form) -> None:
    kinds: dict[str, set[NoteKind]] = {}
    for _, note in noted(form.definition.sections):
        if note.text:
            kinds.setdefault(note.text, set()).add(note.kind)
    assert {text: found for text, found in kinds.items() if len(found) > 1} == {}


SAYS_WHAT_IT_MEANS = ("หมายถึง", "หมายความว่า")
SAYS_WHAT_TO_DO = ("โปรดระบุ", "โปรดแนบ")


def test_a_text_that_says_what_a_word_means_or_what_to_fill_in_is_no_remark(form: Form) -> None:
    for owner, note in noted(form.definition.sections):
        if note.kind in REMARKS:
            assert not note.text.startswith(SAYS_WHAT_TO_DO), (owner, note.text)
            assert not any(words in note.text[:60] for words in SAYS_WHAT_IT_MEANS), (owner, note.text)


def test_the_form_has_notes_of_every_kind(form: Form) -> None:
    assert {note.kind for _, note in noted(form.definition.sections)} == set(KINDS)
    assert frozenset(KINDS) >= PART_OF_QUESTION
