"""Two editions are compared: every sort of change is found, what did not change is not, and reused ids are caught."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf
import pytest

from cli.support import done, refused, run
from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.editions.difference import SORTS, compare
from dgdesk.editions.meaning import reused_ids
from dgdesk.editions.workbook.check import check_book, write_texts
from dgdesk.editions.workbook.files import file_texts, read_files
from dgdesk.editions.workbook.grid import book_of
from dgdesk.editions.workbook.tables import Edition, tables_of
from editions.workbook.random_editions import random_edition

OLD = read_files(edition_folder(newest_edition()))
Rows = dict[str, list[dict[str, str]]]


def tables() -> Rows:
    """The tables of the shipped edition, to be changed like a workbook; new rows need no number."""
    rows = {name: [dict(row) for row in rows] for name, rows in tables_of(OLD).items()}
    for each in rows.values():
        for row in each:
            row.pop("no", None)
    return rows


def row(rows: Rows, sheet: str, **where: str) -> dict[str, str]:
    return next(one for one in rows[sheet] if all(one.get(name) == text for name, text in where.items()))


def made(rows: Rows, folder: Path) -> Edition:
    """The edition in tables, which must hold."""
    trees, flaws = check_book(book_of(rows))
    assert flaws == ()
    folder.mkdir()
    write_texts(folder, file_texts(trees))
    return read_files(folder)


def found(new: Edition) -> list[tuple[Any, ...]]:
    differences = compare(OLD.definition, new.definition, OLD.rubric, new.rubric)
    return [(one.sort, one.id, one.part) for one in differences]


def test_an_edition_does_not_differ_from_itself():
    assert compare(OLD.definition, OLD.definition, OLD.rubric, OLD.rubric) == ()
    assert reused_ids(OLD.definition, OLD.definition) == ()
    assert "ไม่แตกต่าง" in done("questionnaire", "diff", newest_edition(), newest_edition()).out


def test_every_sort_of_change_is_found_and_nothing_else(tmp_path):
    rows = tables()
    survey = rows["survey"]
    at = survey.index(row(rows, "survey", id="p1.page2"))
    survey.insert(at, {"type": "number", "id": "p1.1n", "in": "p1.page1", "label": "จำนวนแผนทั้งหมด"})
    survey.remove(row(rows, "survey", id="p1.1a1"))
    row(rows, "survey", id="p1.2")["label"] += " (ฉบับปรับปรุง)"
    row(rows, "survey", id="general.extension")["required"] = "yes"
    row(rows, "survey", id="p1.4")["when"] = "p1.3 = yes"
    row(rows, "choices", of="p1.3", id="yes")["label"] = "ดำเนินการแล้ว"
    row(rows, "evidence", of="p1.1a2", part="1")["rule"] = "optional"
    rows["skips"].remove(rows["skips"][0])
    row(rows, "texts", of="p1.1")["text"] += " ทุกข้อ"
    rows["checks"].remove(rows["checks"][0])
    row(rows, "rubric", id="p1.3")["credit"] = "doing = 0.25\nyes = 1"
    first, second = (survey.index(row(rows, "survey", id=id)) for id in ("general.first_name", "general.last_name"))
    survey[first], survey[second] = survey[second], survey[first]
    skipped = OLD.definition
    skip = next((field.id, one.id) for field in skipped.fields() for one in field.options if one.skip is not None)

    new = made(rows, tmp_path / "new")

    hits = found(new)
    moved = [one for one in hits if one[0] == "moved"]
    assert len(moved) == 1 and moved[0][1] in ("general.first_name", "general.last_name")
    assert sorted(one for one in hits if one[0] != "moved") == sorted(
        [
            ("added", "p1.1n", ""),
            ("gone", "p1.1a1", ""),
            ("reworded", "p1.2", ""),
            ("answer", "general.extension", "required"),
            ("condition", "p1.4", ""),
            ("options", "p1.3", "yes"),
            ("evidence", "p1.1a2", "1"),
            ("skips", *skip),
            ("notes", "p1.1", ""),
            ("notes", "p1.1", ""),
            ("checks", "p4.2.1.count", ""),
            ("points", "p1.3", ""),
        ]
    )
    assert {one[0] for one in hits} == set(SORTS) - {"reused"}


def test_what_the_edition_says_of_itself_is_compared_too(tmp_path):
    rows = tables()
    changed = {
        "title": ("title", "แบบสำรวจปีหน้า"),
        "closes": ("closes", "2027-05-31"),
        "issued::law::th": ("law", "มาตรา 12"),
        "signoff::certification": ("certification", "ข้าพเจ้าขอรับรอง"),
        "signoff::role::governor": ("roles", "ผู้ว่าราชการจังหวัดหรือผู้รักษาราชการแทน"),
        "evidence_limits::file": ("limits", "1048576"),
    }
    for name, (_, value) in changed.items():
        row(rows, "settings", name=name)["value"] = value
    new = made(rows, tmp_path / "new")
    assert found(new) == [("reworded", "settings", part) for part in dict(changed.values())]
    said = done("questionnaire", "diff", newest_edition(), tmp_path / "new", "--lang", "en").out
    assert "reworded | whole survey | law | " in said and "→ มาตรา 12" in said


REUSED: dict[str, dict[str, str]] = {
    "another kind": {"type": "number"},
    "another question": {"label": "โปรดระบุจำนวนโดรนที่ใช้งาน"},
}


@pytest.mark.parametrize("case", REUSED)
def test_an_id_for_something_else_is_reused(case, tmp_path):
    rows = tables()
    row(rows, "survey", id="general.address").update(REUSED[case])
    rows["settings"] = [one for one in rows["settings"] if one["name"] != "contact::address"]
    new = made(rows, tmp_path / "new")
    assert reused_ids(OLD.definition, new.definition) == ("general.address",)
    assert ("reused", "general.address", "") in found(new)

    result = run("questionnaire", "diff", newest_edition(), tmp_path / "new", "--lang", "en")
    assert result.code == 1 and "1 id" in result.out


def test_other_words_and_options_for_the_same_id_are_reused_but_not_either_alone(tmp_path):
    words, levels = {"label": "ท่านใช้โดรนหรือไม่"}, ("น้อย", "ปานกลาง", "มากที่สุด")
    for name, with_words, with_options, reused in (
        ("both", True, True, ("p1.1",)),
        ("words", True, False, ()),
        ("options", False, True, ()),
    ):
        rows = tables()
        if with_words:
            row(rows, "survey", id="p1.1").update(words)
        options = [one for one in rows["choices"] if one["of"] == "p1.1" and one["part"] == "option"]
        for option, label in zip(options, levels, strict=True) if with_options else ():
            option["label"] = label
        assert reused_ids(OLD.definition, made(rows, tmp_path / name).definition) == reused, name


@pytest.mark.parametrize("id", ["g1", "p1.4", "p2.2.1.2"])
def test_options_that_many_questions_have_do_not_say_what_is_asked(id, tmp_path):
    rows = tables()
    row(rows, "survey", id=id)["label"] = "ท่านใช้โดรนหรือไม่"
    assert reused_ids(OLD.definition, made(rows, tmp_path / "new").definition) == (id,)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_added_one_time_is_gone_the_other(seed):
    one, two = random_edition(seed), random_edition(seed + 500)
    there, back = compare(one.definition, two.definition), compare(two.definition, one.definition)
    for sort, other in (("added", "gone"), ("gone", "added"), ("reused", "reused"), ("reworded", "reworded")):
        assert {item.id for item in there if item.sort == sort} == {item.id for item in back if item.sort == other}
    assert compare(one.definition, one.definition, one.rubric, one.rubric) == ()


def test_the_differences_are_printed_as_json_and_as_a_table(tmp_path):
    rows = tables()
    row(rows, "survey", id="p1.2")["label"] += " (ฉบับปรับปรุง)"
    made(rows, tmp_path / "new")
    arguments = ("questionnaire", "diff", newest_edition(), tmp_path / "new")

    document = done(*arguments, "--json").json
    assert [(one["sort"], one["id"], one["code"]) for one in document["differences"]] == [("reworded", "p1.2", "P1.2")]
    lines = done(*arguments, "--pdf", tmp_path / "diff.pdf").out.splitlines()
    assert lines[0].startswith("แก้ไขข้อความ | P1.2 (p1.2) | - | ") and "(ฉบับปรับปรุง)" in lines[0]
    assert len(pypdf.PdfReader(tmp_path / "diff.pdf").pages) == 1
    refused(3, *arguments, "--pdf", tmp_path / "diff.pdf", says="already exists")


def test_what_cannot_be_compared_is_refused(tmp_path):
    refused(3, "questionnaire", "diff", newest_edition(), "th-nobody-1999", says="th-nobody-1999")
    refused(2, "questionnaire", "diff", newest_edition(), newest_edition(), "--pdf", tmp_path / "a.xlsx", says="a.xlsx")


def test_a_longer_list_of_moved_questions_names_the_fewest():
    definition = OLD.definition
    general = definition.sections[0]
    page = general.pages[0]
    turned = page.model_copy(update={"items": (*page.items[1:], page.items[0])})
    section = general.model_copy(update={"pages": (turned,)})
    new = definition.model_copy(update={"sections": (section, *definition.sections[1:])})
    assert [one.id for one in compare(definition, new) if one.sort == "moved"] == [page.items[0].id]
