"""Records of the journal in words: what was chosen, not its id."""

from __future__ import annotations

from datetime import UTC, datetime

from dgdesk.draft.file.model import ChangeRecord, Edit
from dgdesk.draft.history import differs, steps, targets_of, value_in_words, values_after, values_before
from dgdesk.survey.definition.form import Form
from dgdesk.text.messages import load_catalogue
from scenario import every_item, real_rules

FORM: Form = real_rules().form
SAY = load_catalogue("th").text
ENGLISH = load_catalogue("en").text
AT = datetime(2026, 11, 20, tzinfo=UTC)


def record(*edits: Edit, undoes: int | None = None) -> ChangeRecord:
    return ChangeRecord(7, AT, "สมศรี", "answer", edits, undoes, None)


def one_line(edit: Edit) -> tuple[str, str, str]:
    (step,) = steps(FORM, every_item(FORM), [record(edit)], SAY)
    (line,) = step.lines
    return line.where, line.old, line.new


def test_choices_are_said_with_their_labels() -> None:
    where, old, new = one_line(Edit("answer", "g1", "no", "yes"))
    assert where.startswith("G1 จังหวัดของท่าน") and (old, new) == ("ไม่มี", "มี")


def test_a_row_of_a_table_is_said_with_its_column() -> None:
    node = FORM.node("p1.2a:1.1")
    where, old, new = one_line(Edit("answer", node.address, None, node.options[0]))
    assert where.startswith("P1.2a 1.1 ") and old == ""
    assert new == node.field.columns[0].label


def test_months_numbers_and_lists() -> None:
    assert one_line(Edit("answer", "p1.4.1", None, "2025-10"))[2] == "ตุลาคม 2568"
    assert one_line(Edit("answer", "p2.2.1.2b", 1200, 1234567))[1:] == ("1,200", "1,234,567")
    assert one_line(Edit("answer", "g3.projects", None, ["1", "3"]))[2] == "2 รายการ (ที่ 1, 3)"
    options = FORM.node("g4.1").field.options
    assert one_line(Edit("answer", "g4.1", None, [one.id for one in options[:2]]))[2].count(" · ") >= 1


def test_marks_are_counted_with_their_pages_and_notes() -> None:
    file = {"sha256": "ab" * 32, "name": "ก.pdf", "size": 1, "media_type": "application/pdf", "passages": "ใจความ"}
    marks = [{"page": page, "rects": [[0, 0, 1, 1]], "note": note} for page, note in ((3, "ข้อ 2"), (4, ""))]
    edit = Edit("attachment", "g1/yes", file, {**file, "marks": marks}, "ab" * 32)
    assert one_line(edit)[1:] == ("ก.pdf (ใจความ)", "ก.pdf (ใจความ, ทำเครื่องหมาย 2 แห่ง หน้า 3–4, ข้อ 2)")
    (step,) = steps(FORM, every_item(FORM), [record(edit)], ENGLISH)
    assert step.lines[0].new == "ก.pdf (ใจความ, marks: 2, page 3–4, ข้อ 2)"


def test_a_field_the_form_does_not_have_and_hostile_values_do_not_break_it() -> None:
    strange = (
        Edit("answer", "gone.long.ago", None, "x" * 1000),
        Edit("attachment", "gone/yes", {"sha256": 3}, ["?"], "?"),
        Edit("answer", "g1", {"unread": 5}, ["a", 1]),
        Edit("answer", "external:4.3", None, "2.5"),
        Edit("attachment", "p1.4/yes", "no object", None, "?"),
    )
    (step,) = steps(FORM, every_item(FORM), [record(*strange)], SAY)
    assert [line.address for line in step.lines] == [None, None, "g1", None, "p1.4"]
    assert len(step.lines[0].new) == 200


def test_only_what_concerns_a_question_is_kept() -> None:
    records = [record(Edit("answer", "g1", None, "yes"), Edit("answer", "g4", None, "no"))]
    (step,) = steps(FORM, every_item(FORM), records, SAY, targets_of(FORM, "g4"))
    assert [edit.target for line in step.lines for edit in line.edits] == ["g4"]
    assert steps(FORM, every_item(FORM), records, SAY, targets_of(FORM, "p1.1")) == []
    assert "p1.4/yes" in targets_of(FORM, "p1.4") and "p1.4.1" in targets_of(FORM, "p1.4")


def test_the_way_of_a_step_and_what_restoring_takes() -> None:
    (step,) = steps(FORM, every_item(FORM), [record(Edit("answer", "g1", "no", None), undoes=6)], ENGLISH)
    assert step.origin == "undone"
    assert values_before(step) == {("answer", "g1", ""): "no"} and values_after(step) == {("answer", "g1", ""): None}
    assert differs(values_before(step), {}) and not differs(values_after(step), {})


def test_an_empty_answer_has_no_words() -> None:
    assert value_in_words(FORM, {}, FORM.node("g1"), None, SAY) == ""
