"""What other programs write into a workbook: shared and rich texts, numbers, truths, empty rows far below."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dgdesk.editions.workbook.grid import GridCell
from dgdesk.editions.workbook.opening import open_book

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
TEXTS = "<si><t>ก</t></si><si><r><t>ข้อ</t></r><r><t> 1</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_b_x005F_</t></si>"


def book(folder: Path, cells: str, after: str = "") -> Path:
    """A workbook with one sheet, ``survey``, whose rows are ``cells``."""
    parts = {
        "xl/workbook.xml": f'<workbook {SPACE} {LINKS}><sheets><sheet name="survey" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<a><Relationship Id="r1" Target="/xl/worksheets/one.xml"/></a>',
        "xl/sharedStrings.xml": f"<sst {SPACE}>{TEXTS}</sst>",
        "xl/worksheets/one.xml": f"<worksheet {SPACE}><sheetData>{cells}</sheetData>{after}</worksheet>",
    }
    with zipfile.ZipFile(folder / "book.xlsx", "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return folder / "book.xlsx"


CELLS = {
    '<c r="B3" t="s"><v>0</v></c>': GridCell("ก"),
    '<c r="B3" t="s"><v>1</v></c>': GridCell("ข้อ 1"),
    '<c r="B3" t="s"><v>2</v></c>': GridCell("a\rb_"),
    '<c r="B3" t="inlineStr"><is><t>ข</t></is></c>': GridCell("ข"),
    '<c r="B3"><v>2568</v></c>': GridCell("2568", "number"),
    '<c r="B3"><v>1.1000000000000001</v></c>': GridCell("1.1", "number"),
    '<c r="B3" t="b"><v>1</v></c>': GridCell("yes", "truth"),
    '<c r="B3" t="e"><v>#N/A</v></c>': GridCell("#N/A", "error"),
    '<c r="B3"><f>1+1</f><v>2</v></c>': GridCell("2", "formula"),
    '<c r="B3"><f>1+1</f></c>': GridCell("", "formula"),
    '<c r="B3" t="str"><v>ค</v></c>': GridCell("ค"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_read_as_what_it_shows(cell, tmp_path):
    found = open_book(book(tmp_path, f'<row r="3">{cell}</row>'))["survey"].rows
    assert found == {3: {2: CELLS[cell]}}


def test_rows_and_cells_without_names_are_counted_and_empty_ones_left_out(tmp_path):
    rows = (
        '<row><c t="s"><v>0</v></c><c/><c t="s"><v>0</v></c></row><row r="1048576"/><row r="9"><c r="A9" s="1"/></row>'
    )
    assert open_book(book(tmp_path, rows))["survey"].rows == {1: {1: GridCell("ก"), 3: GridCell("ก")}}


def test_merged_cells_are_named(tmp_path):
    merged = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    assert open_book(book(tmp_path, "", merged))["survey"].merged == ("A1:B2",)
