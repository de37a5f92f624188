"""A cell is what was answered: whatever text is written, other readers of the format read back."""

from __future__ import annotations

import csv
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from dgdesk.agency.tables import workbook as module
from dgdesk.agency.tables.workbook import sheet_name
from dgdesk.agency.tables.writing import write_tables
from dgdesk.text.cells import (
    LONGEST_CELL,
    clean_cell,
    cut,
    escaped,
    fits,
    fits_csv,
    is_converted,
    keeps_digits,
    protected,
    split,
    units,
    unprotected,
)

TYPED = ["_x0041_", "_x000D_", "_x005F_x0041_", "__x0041__", "_X0041_", "_x004_", "a\rb\r\nc\td", "\x01\x1f\x00"]
TYPED += ["'", "''=1"]
CONVERTED = ["007", "1E5", "2030-09", "1/2", "3-12", "1234567890123456", "10:30", "5%", "฿5", "(5)", "1,234", "๐๐๗"]
CONVERTED += [
    "๒๕๖๙",
    "1e-3",
    "TRUE",
    "false",
    "จริง",
    "0812345678",
    "053-112233",
    "Mar-5",
    "5มี.ค.69",
    "MARCH1",
    "1.2.2568",
]
CONVERTED += [
    "3 เม.ย. 2570 08:15",
    "17 Mar 2027 8:15 PM",
    "Mar 2027 9:05",
    "พฤหัสบดี 4 มีนาคม 2570",
    "วันพุธที่ 3 มี.ค. 70",
    "Tue, 2 March 2027",
    "9 มิถุนายน พ.ศ. 2570",
    "(2E7)",
    "₩900",
    "Jun'27",
    "2027-03-04T05:06:07Z",
]
CONVERTED += ["1.2.2568", "#N/A", "#ก", "12:30pm", "+66", "−5", "2025-08-01T03:32", "1", ".5", "0"]
UNCHANGED = [
    "A4",
    "E1",
    "Q3 2570",
    "5 นาย",
    "พ.ร.บ. 2562",
    "น้ำ",
    "ข้อ 1",
    "P1.4",
    "TH-50",
    "yes",
    "2568ก",
    "ม.ค.",
    "a@b.go.th",
    "x 1/2",
    "53e",
    "",
    " ",
]


def write(target: Path, rows: list[list[Any]], head: tuple[str, ...] = ("a",)) -> None:
    def fill(tables: Any) -> None:
        tables.open("t", head)
        for row in rows:
            tables.add("t", row)

    write_tables(target, fill)


def read_both(path: Path, sheet: str = "t") -> tuple[list[list[Any]], list[list[Any]]]:
    """The rows as openpyxl reads them, its escapes decoded as its own function does, and as calamine does."""
    book = openpyxl.load_workbook(path)
    first = [[unescape(value) if isinstance(value, str) else value for value in row] for row in book[sheet].values]
    book.close()
    return first, python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(False)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=40)
ODD = st.text(st.sampled_from("_xX0041dDfF\r\n\t\x01'=+-@#1/ "), min_size=1, max_size=14)


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXT | ODD | st.sampled_from(TYPED + CONVERTED), min_size=1, max_size=30))
@example(TYPED)
def test_any_text_of_a_workbook_is_read_back_by_two_readers(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.xlsx")
        write(path, [["x", text] for text in texts], ("a", "b"))
        for rows in read_both(path):
            assert [row[1] for row in rows[1:]] == texts


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXT | ODD | st.sampled_from(TYPED + CONVERTED), min_size=1, max_size=30))
def test_any_text_of_csv_is_read_back_once_its_apostrophe_is_taken_away(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        write(path, [[text] for text in texts])
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    assert [unprotected(row[0]) for row in rows[1:]] == [clean_cell(text) for text in texts]
    assert not any(is_converted(row[0]) for row in rows[1:]), "no cell is left that a spreadsheet would change"


def test_what_excel_would_change_is_protected_and_nothing_else() -> None:
    assert [text for text in CONVERTED if not protected(text).startswith("'")] == []
    assert [text for text in UNCHANGED if protected(text) != text] == []
    assert (protected("=1+1"), protected("'=1+1")) == ("'=1+1", "''=1+1"), "the two can be told apart"


@pytest.mark.parametrize("text", ["ก" * 32_767, "😀" * 16_384, "_x0041_" * 4_000, "\x01" * 5_000, "_" * 32_767])
def test_a_cell_is_bound_in_the_formats_own_units(text: str, tmp_path: Path) -> None:
    assert fits(text) is (len(escaped(text).encode("utf-16-le")) // 2 <= LONGEST_CELL)
    assert units(cut(text)) <= LONGEST_CELL
    for part in split(text, 32_000):
        assert units(part) <= 32_000
    assert "".join(split(text, 32_000)) == text
    write(tmp_path / "t.xlsx", [[text]])
    for rows in read_both(tmp_path / "t.xlsx"):
        assert rows[1] == [text] if fits(text) else rows[1][0].endswith("…")


@given(st.text(), st.integers(10, 60))
def test_parts_of_a_text_are_the_text(text: str, most: int) -> None:
    parts = split(text, most)
    assert "".join(parts) == text and all(units(part) <= most for part in parts)


def test_long_texts_go_on_in_a_table_of_their_own_and_are_counted(tmp_path: Path) -> None:
    text = "😀" * 20_000
    found: list[Any] = []

    def fill(tables: Any) -> None:
        tables.open("t", ("file", "a"))
        tables.add("t", ("x.zip", text))
        found.append(tables)

    write_tables(tmp_path / "t.xlsx", fill)
    rows = read_both(tmp_path / "t.xlsx", "long_texts")[1]
    assert "".join(row[4] for row in rows[1:]) == text and found[0].long_texts == 1


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    numbers: list[Any] = [7, Decimal("12.50"), 123456789012345, 1234567890123456, Decimal("0.12345678901234567"), -5]
    assert [keeps_digits(one) for one in numbers] == [True, True, True, False, False, True]
    write(tmp_path / "t.xlsx", [[one] for one in numbers])
    for rows in read_both(tmp_path / "t.xlsx"):
        assert [row[0] for row in rows[1:]] == [7, 12.5, 123456789012345, "1234567890123456", "0.12345678901234567", -5]
    write(tmp_path / "t.csv", [[one] for one in numbers])
    lines = (tmp_path / "t.csv").read_text("utf-8-sig").split()
    assert lines[1:] == ["7", "12.50", "123456789012345", "'1234567890123456", "'0.12345678901234567", "-5"]


def test_rows_and_columns_beyond_a_sheet_go_on_in_a_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 4)
    monkeypatch.setattr(module, "MOST_COLUMNS", 3)
    further: list[str] = []

    def fill(tables: Any) -> None:
        tables.open("t", ("file", "a", "b", "c", "d", "e"))
        for number in range(7):
            tables.add("t", (f"f{number}", *(f"{name}{number}" for name in "abcde")))
        further.extend(tables.further)

    write_tables(tmp_path / "t.xlsx", fill)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[0] == "t" and book.sheetnames[1:] == further and len(further) == 8
    sheets = [list(sheet.values) for sheet in book]
    assert all(len(rows) <= 4 and len(rows[0]) <= 3 for rows in sheets)
    seen = {(row[0], cell) for rows in sheets for row in rows[1:] for cell in row[1:]}
    assert seen == {(f"f{number}", f"{name}{number}") for number in range(7) for name in "abcde"}
    assert {rows[0][0] for rows in sheets} == {"file"}


def test_names_of_sheets_keep_the_formats_rules() -> None:
    assert sheet_name("answers", []) == "answers" and sheet_name("Answers", ["answers"]) == "Answers (2)"
    assert sheet_name("a/b[1]:?*\\", []) == "a_b_1_____"
    long = sheet_name("😀" * 40, ["😀" * 15])
    assert len(long.encode("utf-16-le")) // 2 <= 31 and long.endswith("(2)")


@pytest.mark.parametrize("start", ["=", "ก", "'", "๑", "_x0041_", "\x01"])
def test_a_cell_of_csv_has_no_more_units_than_a_spreadsheet_opens_its_apostrophe_counted(start: str) -> None:
    for letter in ("ข", "𠀀"):
        for size in range(LONGEST_CELL - 3, LONGEST_CELL + 3):
            text = start + letter * ((size - len(start)) // len(letter.encode("utf-16-le")) * 2)
            made = protected(clean_cell(text))
            assert len(made.encode("utf-16-le")) <= 2 * LONGEST_CELL
            assert fits_csv(text) or unprotected(made).endswith("…")


def test_a_text_that_csv_holds_is_not_cut_for_the_sake_of_a_workbook(tmp_path: Path) -> None:
    """Where nothing is escaped, an underscore is one unit."""
    text = "_x0042_" * 4_600
    assert not fits(text) and fits_csv(text)

    def fill(tables: Any) -> None:
        tables.open("t", ("a", "b"))
        tables.add("t", ("f", text))
        assert tables.long_texts == 0

    write_tables(tmp_path / "t.csv", fill)
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == ["f", text]


def test_a_long_row_of_what_is_nearly_a_date_takes_no_time() -> None:
    for text in ("1" + "พ.ค." * 60 + "x", "1" + "ศ." * 120 + "x", "1 " + "a.d." * 60 + "!"):
        assert not is_converted(text)
