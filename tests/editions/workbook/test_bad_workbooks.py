"""A workbook that is wrong: one sentence with the cell for each thing that is, and nothing is written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.support import refused, run
from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.editions.workbook.files import read_files
from dgdesk.editions.workbook.sheets import write_book
from dgdesk.text.messages import load_catalogue

Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("book") / "shipped.xlsx"
    write_book(read_files(edition_folder(newest_edition())), book, load_catalogue().text)
    return book


def column(sheet: Any, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def row_of(sheet: Any, id: str, by: str = "id") -> int:
    at = column(sheet, by)
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value == id)


def put(sheet: str, id: str, name: str, value: object, by: str = "id") -> Change:
    """Write into the first row that has ``id`` in its column ``by``."""

    def change(book: Any) -> None:
        there = book[sheet]
        there.cell(row_of(there, id, by), column(there, name)).value = value

    return change


def delete(sheet: str, id: str, by: str = "id") -> Change:
    return lambda book: book[sheet].delete_rows(row_of(book[sheet], id, by))


def sort_by(sheet: str, name: str) -> Change:
    """Sort the data as a person does who clicks on a column."""

    def change(book: Any) -> None:
        there = book[sheet]
        rows = [[cell.value for cell in row] for row in there.iter_rows(min_row=3)]
        rows.sort(key=lambda row: str(row[column(there, name) - 1] or ""))
        for at, row in enumerate(rows, 3):
            for place, value in enumerate(row, 1):
                there.cell(at, place).value = value

    return change


def without_numbers(book: Any) -> None:
    for row in range(3, book["survey"].max_row + 1):
        book["survey"].cell(row, 1).value = None


def said(book: Path, tmp_path: Path, change: Change) -> list[str]:
    """What from-xlsx says of a changed workbook: lines ``cell: sentence``; the last one counts them."""
    changed = openpyxl.load_workbook(book)
    change(changed)
    changed.save(tmp_path / "changed.xlsx")
    before = (tmp_path / "changed.xlsx").read_bytes()
    result = run("questionnaire", "from-xlsx", tmp_path / "changed.xlsx", tmp_path / "made", "--lang", "en")
    assert (result.code, result.err) == (1, ""), (result.out, result.err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["changed.xlsx"]
    assert (tmp_path / "changed.xlsx").read_bytes() == before
    lines = result.out.splitlines()
    assert "no folder was made" in lines[-1]
    return lines[:-1]


BAD: dict[str, tuple[Change, str, str]] = {
    "a cell is a formula": (put("survey", "p1.1", "label", "=A1&A2"), "survey!I", "formula"),
    "an id was computed": (put("choices", "p1.1", "id", "=1+1", by="of"), "choices!D", "formula"),
    "cells are merged": (lambda book: book["survey"].merge_cells("I5:I7"), "survey!I5:I7", "merged"),
    "a sheet is missing": (lambda book: book.remove(book["skips"]), "skips", "missing"),
    "a sheet has another name": (lambda book: setattr(book["texts"], "title", "text"), "texts", "missing"),
    "a column was deleted": (lambda book: book["survey"].delete_cols(4), "survey!A1", "lacks the column in"),
    "a column has another name": (lambda book: setattr(book["skips"]["D1"], "value", "target"), "skips!D1", "target"),
    "a column is there twice": (lambda book: setattr(book["skips"]["F1"], "value", "to"), "skips!F1", "twice"),
    "a remark stands beside the table": (
        lambda book: setattr(book["skips"]["H9"], "value", "?"),
        "skips!H9",
        "without",
    ),
    "the questions were sorted": (sort_by("survey", "label"), "survey!A", "sorted"),
    "the options were sorted": (sort_by("choices", "label"), "choices!A", "sorted"),
    "the notes were sorted": (sort_by("texts", "text"), "texts!A", "sorted"),
    "the requests were sorted": (sort_by("evidence", "text"), "evidence!A", "sorted"),
    "a question was deleted": (delete("survey", "p1.1a2"), "choices!B", "“p1.1a2” does not exist"),
    "a page was deleted": (delete("survey", "p1.page1"), "survey!D", "“p1.page1” does not exist"),
    "a section was deleted": (delete("survey", "p3"), "survey!D", "“p3” does not exist"),
    "an option was deleted": (delete("choices", "p1.1", by="of"), "survey!E", "“no”"),
    "the target of a skip was renamed": (put("skips", "p5.2", "to", "p99", by="of"), "skips!D", "p99"),
    "an id is there twice": (put("survey", "p1.2", "id", "p1.1"), "survey!C", "survey!C"),
    "an option is there twice": (put("choices", "doing", "id", "no"), "choices!D", "is that of choices!D"),
    "an id is no id": (put("survey", "p8", "id", "ส่วน 8"), "survey!C", "malformed"),
    "an id became a number": (put("survey", "p1.1", "id", 1.1), "survey!C", "zeros"),
    "a kind does not exist": (put("survey", "p1.1", "type", "select_one"), "survey!B", "select_one"),
    "a truth is none": (put("survey", "general.extension", "required", "perhaps"), "survey!M", "yes or no"),
    "a number is none": (put("survey", "g3.projects", "max_items", "three"), "survey!", "three"),
    "a number is out of range": (put("survey", "g3.projects", "max_items", "1000"), "survey!", "range"),
    "a condition is none": (put("survey", "p1.2", "when", "p1.1 is yes"), "survey!O", "no condition"),
    "a condition names no option": (put("survey", "p1.2", "when", "p1.1 = never"), "survey!O", "never"),
    "a condition refers to a later question": (put("survey", "p1.2", "when", "p1.3 = yes"), "survey!O", "p1.3"),
    "Thai is broken": (put("survey", "p1.1", "label", "ก่่อน"), "survey!I", "broken Thai"),
    "Thai is broken in an option": (put("choices", "doing", "label", "อยู่ระหว่างเเก้"), "choices!G", "broken Thai"),
    "there is HTML": (put("survey", "p1.1", "label", "<b>ข้อ</b> <script>"), "survey!I", "HTML"),
    "evidence has another rule": (put("evidence", "p1.1a2", "rule", "always", by="of"), "evidence!D", "always"),
    "evidence has no address": (put("evidence", "p1.1a2", "rule", "or_url", by="of"), "evidence!F", "url"),
    "a check has another kind": (put("checks", "named", "kind", "same", by="kind"), "checks!C", "same"),
    "a check names nothing": (put("checks", "named", "left", "p4.9", by="kind"), "checks!D", "p4.9"),
    "a weight is not the printed one": (put("rubric", "pillar", "weight", "13", by="type"), "rubric!", "weights"),
    "points for no option": (put("rubric", "p1.1", "credit", "perhaps = 1"), "rubric!H", "perhaps"),
    "points are no mapping": (put("rubric", "p1.1", "credit", "1"), "rubric!H", "yes = 1"),
    "points are too many": (put("rubric", "p1.1", "credit", "yes = 7"), "rubric!H", "7"),
    "a rule is none": (put("rubric", "p1.1", "rule", "lottery"), "rubric!", "lottery"),
    "a word leads nowhere": (put("search", "places", "at", "p77", by="type"), "search!D", "p77"),
    "a setting is unknown": (put("settings", "opens", "name", "begins", by="name"), "settings!A", "begins"),
    "a day is none": (put("settings", "closes", "value", "31 ธ.ค. 2569", by="name"), "settings!B", "2026-12-31"),
    "the title is missing": (put("settings", "title", "value", None, by="name"), "settings!B", "title"),
    "nobody answers": (put("settings", "respondent::field", "value", "p1.1a1", by="name"), "survey!", "respondent"),
    "a note belongs to nothing": (put("texts", "p1.1", "of", "p1.9", by="of"), "texts!B", "p1.9"),
    "a short name is too long": (put("survey", "p1", "short", "ก" * 29), "survey!G", "long"),
    "a section has no short name": (put("survey", "p1", "short", None), "survey!G", "short"),
    "two pages of one name": (put("survey", "p1.page2", "short", "แผนรัฐบาลดิจิทัลของจังหวัด"), "survey!G", "twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said_with_its_cell_and_nothing_is_made(case, shipped, tmp_path):
    change, cell, words = BAD[case]
    lines = said(shipped, tmp_path, change)
    print("\n".join(lines[:6]))
    hits = [line for line in lines if line.startswith(cell) and words in line]
    assert hits, lines[:6]


def test_one_thing_that_is_wrong_is_said_once(shipped, tmp_path):
    lines = said(shipped, tmp_path, put("survey", "p1.1", "type", "select_one"))
    assert len([line for line in lines if "select_one" in line]) == 1


def test_rows_that_were_sorted_without_their_numbers_are_found_by_what_they_belong_to(shipped, tmp_path):
    def change(book: Any) -> None:
        without_numbers(book)
        sort_by("survey", "label")(book)

    assert any(line.startswith("survey!D") for line in said(shipped, tmp_path, change))


def test_a_new_question_needs_no_number(shipped, tmp_path):
    book = openpyxl.load_workbook(shipped)
    sheet = book["survey"]
    at = row_of(sheet, "p1.page2")
    sheet.insert_rows(at)
    for name, value in {"type": "text", "id": "p1.new", "in": "p1.page1", "label": "ข้อใหม่"}.items():
        sheet.cell(at, column(sheet, name)).value = value
    book.save(tmp_path / "more.xlsx")
    result = run("questionnaire", "from-xlsx", tmp_path / "more.xlsx", tmp_path / "made")
    assert result.code == 0, result.out
    assert read_files(tmp_path / "made").definition.sections[2].pages[0].items[1].label == "ข้อใหม่"


def test_a_folder_that_is_there_stays_as_it_is(shipped, tmp_path):
    (tmp_path / "made").mkdir()
    refused(3, "questionnaire", "from-xlsx", shipped, tmp_path / "made", says="There is a file or folder")
    assert list((tmp_path / "made").iterdir()) == []


# -- files that are no honest workbook ---------------------------------------------------------------------------------


def rewritten(book: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return target


def unreadable(tmp_path: Path, book: Path, says: str) -> None:
    refused(3, "questionnaire", "from-xlsx", book, tmp_path / "made", says=says)
    assert not (tmp_path / "made").exists()


SHEET = "xl/worksheets/sheet3.xml"
SHARED = re.compile(rb't="inlineStr"><is>.*?</is></c>')
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]>'
HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "entities": (SHEET, lambda old: DOCTYPE + old[old.index(b"<worksheet") :], "cannot be read"),
    "cut short": (SHEET, lambda old: old[: len(old) // 2], "cannot be read"),
    "deep": (SHEET, lambda old: b"<a>" * 5000 + b"</a>" * 5000, "cannot be read"),
    "no sheets": ("xl/workbook.xml", lambda old: b"<workbook/>", "is missing"),
    "a row far below": (SHEET, lambda old: old.replace(b'r="A5"', b'r="A1000000"'), "larger"),
    "a column far right": (SHEET, lambda old: old.replace(b'r="A5"', b'r="XFD5"'), "larger"),
    "a bomb": (SHEET, lambda old: old[:-12] + b" " * (70 << 20) + old[-12:], "larger"),
    "no such text": (SHEET, lambda old: SHARED.sub(b't="s"><v>99</v></c>', old, count=1), "cannot be read"),
    "a text before the first": (SHEET, lambda old: SHARED.sub(b't="s"><v>-1</v></c>', old, count=1), "cannot be read"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_workbook_is_refused_in_one_sentence(case, shipped, tmp_path):
    part, change, says = HOSTILE[case]
    book = rewritten(shipped, tmp_path / "hostile.xlsx", part, change)
    if case == "no sheets":
        result = run("questionnaire", "from-xlsx", book, tmp_path / "made", "--lang", "en")
        assert result.code == 1 and says in result.out
        return
    unreadable(tmp_path, book, says)


@pytest.mark.parametrize(
    "content", [b"", b"no workbook", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_workbook_is_refused_in_one_sentence(content, tmp_path):
    (tmp_path / "book.xlsx").write_bytes(content)
    unreadable(tmp_path, tmp_path / "book.xlsx", "cannot be read")
    unreadable(tmp_path, tmp_path / "missing.xlsx", "no workbook")
