"""The contract of ``questionnaire dump --json``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.texts import dump

KINDS = {
    *("text", "long_text", "number", "percent", "url", "email", "phone", "month_year"),
    *("single", "multiple", "matrix", "repeat", "group"),
}


@pytest.fixture(scope="module")
def dumped(form: Form) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dump(form), ensure_ascii=False))
    return plain


def field(dumped: dict[str, Any], id: str) -> dict[str, Any]:
    (found,) = [one for one in dumped["fields"] if one["id"] == id]
    return dict(found)


def test_the_document_has_the_promised_keys(dumped: dict[str, Any]) -> None:
    assert list(dumped) == ["edition", "sections", "fields", "notes", "evidence_slots", "skips", "texts"]
    assert dumped["edition"] == "th-province-2568"
    for section in dumped["sections"]:
        assert set(section) == {"id", "title", "indicator", "weight"}
    for one in dumped["fields"]:
        assert set(one) == {
            *("id", "code", "section", "parent", "kind", "label"),
            *("options", "rows", "columns", "max_items"),
        }
        assert one["kind"] in KINDS
        for option in one["options"]:
            assert set(option) - {"own", "negative"} == {"id", "code", "label", "evidence", "skip_to"}
            assert option.get("own", True) is True and option.get("negative", True) is True
            assert option["evidence"] in {"none", "required", "or_url"}
        for row in one["rows"]:
            assert set(row) - {"evidence"} == {"id", "label", "header"}
            assert isinstance(row["header"], bool)
        for column in one["columns"]:
            assert set(column) - {"negative"} == {"id", "label", "evidence"}
            assert column["evidence"] in {"none", "required", "or_url"}
        assert one["code"] is None or isinstance(one["code"], str)
        assert one["max_items"] is None or isinstance(one["max_items"], int)


def test_every_note_has_its_kind_and_what_it_is_printed_with(dumped: dict[str, Any]) -> None:
    owners = {one["id"] for one in (*dumped["sections"], *dumped["fields"])}
    for note in dumped["notes"]:
        assert set(note) == {"field", "kind", "text"}
        assert note["field"] in owners
        assert note["kind"] in {"definition", "instruction", "remark", "example"}
        assert note["text"] in dumped["texts"]
    kinds = {(note["field"], note["text"][:24]): note["kind"] for note in dumped["notes"]}
    assert kinds["p4.4", "หมายเหตุ 2 กลุ่มเปราะบาง"] == "definition"
    assert kinds["p2.3.1.3", "- ช่องชุดข้อมูลเปิด ระบุ"] == "instruction"
    assert kinds["p1.5", "1. หน่วยงาน A มีการจัดทำ"] == "example"
    assert kinds["p1.3", "หมายเหตุ มติคณะรัฐมนตรีว"] == "remark"


def test_a_table_has_its_questions_code(dumped: dict[str, Any]) -> None:
    tables = {one["code"]: one["id"] for one in dumped["fields"] if one["kind"] == "matrix"}
    assert list(tables) == ["P1.2a", "P2.1.2", "P2.4", "P3.1", "P5.1", "P6.2.2"]
    assert field(dumped, "p2.1.2")["code"] == "P2.1.2"


def test_options_that_the_form_does_not_print_say_so(dumped: dict[str, Any]) -> None:
    own = [(one["id"], option["id"]) for one in dumped["fields"] for option in one["options"] if option.get("own")]
    assert own == [("p2.3.1.2", "none"), ("p5.3", "none")]


def test_a_row_says_where_its_evidence_is_not_what_its_column_asks_for(dumped: dict[str, Any]) -> None:
    rows = [
        (one["id"], row["id"], row["evidence"]) for one in dumped["fields"] for row in one["rows"] if "evidence" in row
    ]
    assert rows == [("p6.2.2.table", "2", "optional")]


def test_sections_stand_in_printed_order_with_their_weights(dumped: dict[str, Any]) -> None:
    assert [(one["id"], one["weight"]) for one in dumped["sections"]] == [
        *(("general", None), ("g", None), ("p1", 12), ("p2", 13), ("p3", 20)),
        *(("p4", 30), ("p5", 10), ("p6", 10), ("p7", 5), ("p8", None)),
    ]


def test_every_field_stands_once_with_its_section_and_parent(dumped: dict[str, Any], form: Form) -> None:
    ids = [one["id"] for one in dumped["fields"]]
    assert sorted(ids) == sorted({one.id for one in form.definition.fields()})
    seen = set()
    for one in dumped["fields"]:
        assert one["parent"] is None or one["parent"] in seen
        seen.add(one["id"])
    sections = [one["section"] for one in dumped["fields"]]
    assert list(dict.fromkeys(sections)) == [one["id"] for one in dumped["sections"]]


def test_221_places_for_evidence_and_10_skips(dumped: dict[str, Any], form: Form) -> None:
    assert len(dumped["evidence_slots"]) == 221
    assert len(set(dumped["evidence_slots"])) == 221
    assert dumped["evidence_slots"] == list(form.slots)
    assert dumped["skips"] == [
        {"field": "g1", "option": "no", "to": "g4"},
        {"field": "p2.2.1.1", "option": "no", "to": "p2.3.1.1"},
        {"field": "p2.2.1.1", "option": "doing", "to": "p2.3.1.1"},
        {"field": "p2.2.1.2", "option": "no", "to": "p2.3.1.1"},
        {"field": "p2.3.1.1", "option": "no", "to": "p2.4"},
        {"field": "p2.3.1.1", "option": "doing", "to": "p2.4"},
        {"field": "p2.3.1.3", "option": "no", "to": "p2.4"},
        {"field": "p4.2.2", "option": "no", "to": "p4.3"},
        {"field": "p4.5.1", "option": "no", "to": "p4.6"},
        {"field": "p5.2", "option": "no", "to": "p5.3"},
    ]
    for skip in dumped["skips"]:
        option = next(one for one in field(dumped, skip["field"])["options"] if one["id"] == skip["option"])
        assert option["skip_to"] == skip["to"]


def test_text_inputs_inside_options_are_fields_with_a_parent(dumped: dict[str, Any]) -> None:
    reason = field(dumped, "g1.reason")
    assert (reason["parent"], reason["kind"], reason["code"]) == ("g1", "long_text", None)
    assert field(dumped, "p5.1.13.name")["parent"] == "p5.1.table"
    assert field(dumped, "g3.projects.name")["parent"] == "g3.projects"


def test_codes_are_as_printed(dumped: dict[str, Any]) -> None:
    codes = {one["id"]: one["code"] for one in dumped["fields"]}
    assert codes["p2.1.4"] == "P.2.1.4"
    assert codes["p1.7"] == "P1.7"
    assert codes["p2.2.1.1a"] == "P2.2.1.1a"
    assert codes["p2.2.1.1b"] == "P2.2.1.1.b"
    assert codes["p5.2a"] == "P5.2.a"
    assert codes["p7.1.1"] == "7.1.1"
    assert [id for id, code in codes.items() if code == "P8.2.1.1"] == ["p8.2.1.1", "p8.4.1.1.other"]


def test_labels_are_those_of_the_first_item_or_of_what_they_stand_under(dumped: dict[str, Any]) -> None:
    assert field(dumped, "g3.projects.name")["label"] == "1. โครงการ/แผนงาน/นโยบาย"
    assert field(dumped, "p4.1.count")["label"] == "มีจำนวนทั้งสิ้น"
    assert field(dumped, "p6.2.1.2a")["label"] == "กรอบมาตรฐานสากล ประกอบด้วย"
    assert all(one["label"] for one in dumped["fields"])
    assert not any("{n}" in one["label"] for one in dumped["fields"])


def test_columns_of_grouped_tables_carry_their_question(dumped: dict[str, Any]) -> None:
    columns = field(dumped, "p3.1.table")["columns"]
    assert [(one["id"], one["evidence"]) for one in columns] == [
        ("train.no", "none"),
        ("train.yes", "required"),
        ("measure.no", "none"),
        ("measure.yes", "required"),
    ]
    assert columns[3]["label"].startswith("(2) การวัดผล")
    rows = field(dumped, "p3.1.table")["rows"]
    assert [row["id"] for row in rows if row["header"]] == ["basic", "chosen"]
    assert len([row for row in rows if not row["header"]]) == 7


def test_repeats_say_how_many(dumped: dict[str, Any]) -> None:
    assert {one["id"]: one["max_items"] for one in dumped["fields"] if one["id"].startswith("p2.1.4")} == {
        **{"p2.1.4": None, "p2.1.4.areas": None},
        **{"p2.1.4a": 3, "p2.1.4a.name": None, "p2.1.4b": 3, "p2.1.4b.name": None},
        **{"p2.1.4c": 3, "p2.1.4c.name": None},
    }


def test_evidence_or_url_is_marked(dumped: dict[str, Any]) -> None:
    marked = [
        (one["id"], option["id"])
        for one in dumped["fields"]
        for option in one["options"]
        if option["evidence"] == "or_url"
    ]
    assert marked == [("p2.2.1.1", "yes"), ("p2.2.1.2", "yes")]
