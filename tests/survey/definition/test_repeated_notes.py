"""A remark that is printed with many questions is known by its first place, so that the window can fold the others."""

from __future__ import annotations

from collections import Counter

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.notes import is_repeat, noted


def test_the_first_place_of_each_text_is_not_a_repeat_and_all_others_are(form: Form) -> None:
    seen: set[str] = set()
    for owner, note in noted(form.definition.sections):
        if note.text and not note.items:
            repeated = is_repeat((note,), owner, form.note_owners)
            assert repeated == (note.text in seen and form.note_owners[note.text] != owner)
            seen.add(note.text)


def test_the_remark_about_evidence_is_open_once(form: Form) -> None:
    texts = Counter(note.text for _, note in noted(form.definition.sections) if note.text)
    most, count = texts.most_common(1)[0]
    assert count > 5
    owners = [owner for owner, note in noted(form.definition.sections) if note.text == most]
    note = Note(text=most)
    assert [owner for owner in owners if not is_repeat((note,), owner, form.note_owners)] == owners[:1]


def test_a_box_with_one_new_note_stays_open_and_an_empty_one_is_no_repeat(form: Form) -> None:
    old = next(note for _, note in noted(form.definition.sections) if note.text)
    assert not is_repeat((old, Note(text="ใหม่")), "elsewhere", form.note_owners)
    assert is_repeat((old,), "elsewhere", form.note_owners)
    assert not is_repeat((), "elsewhere", form.note_owners)
