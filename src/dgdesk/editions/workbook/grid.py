"""What a workbook holds, as plain values: sheets of cells; and its rows by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from dgdesk.editions.workbook.columns import NAMES, NUMBER, READ_FIRST, SHEETS, cell_name
from dgdesk.editions.workbook.tables import Tables

FIRST_ROW: Final = 3
"""Rows 1 and 2 are the names of the columns, and what they mean."""
CellKind = Literal["text", "number", "truth", "formula", "error"]
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_TAG: Final = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(\s[^<>]*)?/?>|<!--")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with its text; ``kind`` is what it is in the workbook."""

    text: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by row and column, both counted from 1, rows in their order; ``merged``: ranges such as ``A1:B2``."""

    rows: Mapping[int, Mapping[int, GridCell]]
    merged: tuple[str, ...] = ()


Book = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class BookFlaw:
    """What is wrong in a workbook: a message code, the cell, and the values of the sentence."""

    code: str
    cell: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty: its texts by column. ``columns`` says where each column is."""

    sheet: str
    number: int
    texts: Mapping[str, str]
    columns: Mapping[str, int]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def cell(self, column: str) -> str:
        """Return the name of the row's cell in a column."""
        return cell_name(self.sheet, self.number, self.columns.get(column, 1))


def book_of(tables: Tables) -> Book:
    """Return the book that holds ``tables``, without the texts for people."""
    return {name: Sheet(_cells(name, rows)) for name, rows in tables.items()}


def _cells(name: str, rows: list[dict[str, str]]) -> dict[int, dict[int, GridCell]]:
    columns = SHEETS[name]
    cells = {1: {at: GridCell(column) for at, column in enumerate(columns, 1)}}
    for number, row in enumerate(rows, FIRST_ROW):
        cells[number] = {at: GridCell(row[one]) for at, one in enumerate(columns, 1) if row.get(one)}
    return cells


def rows_of(book: Book, flaws: list[BookFlaw]) -> dict[str, list[Row]]:
    """Return the rows of every sheet, and add what is wrong with sheets, columns and single cells to ``flaws``."""
    for name in SHEETS:
        if name not in book:
            flaws.append(BookFlaw("workbook.no_sheet", name, {"sheet": name}))
    for name in book:
        if name not in SHEETS and name != READ_FIRST:
            flaws.append(BookFlaw("workbook.unknown_sheet", cell_name(name, 1, 1), {"sheet": name}))
    return {name: list(_rows(name, book[name], flaws)) if name in book else [] for name in SHEETS}


def _rows(name: str, sheet: Sheet, flaws: list[BookFlaw]) -> Iterator[Row]:
    for merged in sheet.merged:
        flaws.append(BookFlaw("workbook.merged", f"{name}!{merged}"))
    columns = _columns(name, sheet, flaws)
    if columns is None:
        return
    names = {at: column for column, at in columns.items()}
    last = -1.0
    for number, cells in sheet.rows.items():
        if number == 1 or (number == FIRST_ROW - 1 and _explains(name, cells, columns)):
            continue
        texts: dict[str, str] = {}
        for at, cell in cells.items():
            if at not in names:
                if cell.text.strip():
                    flaws.append(BookFlaw("workbook.outside", cell_name(name, number, at)))
                continue
            text = _text(names[at], cell, cell_name(name, number, at), flaws)
            if text:
                texts[names[at]] = text
        row = Row(name, number, texts, columns)
        if not texts.keys() - {NUMBER}:
            continue
        if row[NUMBER]:
            last = _in_order(row, last, flaws)
        yield row


def _columns(name: str, sheet: Sheet, flaws: list[BookFlaw]) -> dict[str, int] | None:
    """Return where each column is; None if one that must be there is not."""
    found: dict[str, int] = {}
    for at, cell in sheet.rows.get(1, {}).items():
        column, place = cell.text.strip(), cell_name(name, 1, at)
        if not column:
            continue
        if column not in SHEETS[name]:
            flaws.append(BookFlaw("workbook.unknown_column", place, {"column": column}))
        elif column in found:
            flaws.append(BookFlaw("workbook.double_column", place, {"column": column}))
        else:
            found[column] = at
    missing = [column for column in SHEETS[name] if column not in found]
    if missing:
        flaws.append(BookFlaw("workbook.no_column", cell_name(name, 1, 1), {"column": ", ".join(missing)}))
    return None if missing else found


def _explains(name: str, cells: Mapping[int, GridCell], columns: Mapping[str, int]) -> bool:
    """Whether the second row still is the one for people: the first column of no row of data holds words."""
    first = columns[SHEETS[name][0]]
    text = cells[first].text.strip() if first in cells else ""
    return " " in text or (bool(text) and not text.isascii())


def _text(column: str, cell: GridCell, place: str, flaws: list[BookFlaw]) -> str:
    if cell.kind == "formula":
        flaws.append(BookFlaw("workbook.formula", place))
        return ""
    if cell.kind == "error":
        flaws.append(BookFlaw("workbook.error_value", place, {"text": cell.text}))
        return ""
    if found := _CONTROL.search(cell.text):
        flaws.append(BookFlaw("workbook.control", place, {"sign": f"U+{ord(found[0]):04X}"}))
        return ""
    if found := _TAG.search(cell.text):
        flaws.append(BookFlaw("workbook.html", place, {"text": found[0][:40]}))
    if column in NAMES:
        text = cell.text.strip()
        if cell.kind == "number" and not text.isdigit():
            flaws.append(BookFlaw("workbook.number", place, {"text": text}))
        return text
    return cell.text if cell.text.strip() else ""


def _in_order(row: Row, last: float, flaws: list[BookFlaw]) -> float:
    if _NUMBER.fullmatch(row[NUMBER].strip()) is None:
        flaws.append(BookFlaw("workbook.no_number", row.cell(NUMBER), {"text": row[NUMBER][:40]}))
        return last
    number = float(row[NUMBER])
    if number <= last:
        flaws.append(BookFlaw("workbook.sorted", row.cell(NUMBER), {"number": row[NUMBER].strip()}))
    return max(number, last)


Tree = Any


class Part(dict[str, Tree]):
    """A mapping as the data files hold it, that knows its row and in which column each of its keys was."""

    def __init__(self, row: Row, **keys: Tree) -> None:
        super().__init__(keys)
        self.row = row
        self.places: dict[str, str] = {}
        """The cells of those keys that are not called as their column."""

    def cell(self, key: str) -> str:
        """Return the cell that a key was read from; the row's id where the key has none."""
        if key in self.places:
            return self.places[key]
        return self.row.cell(key if key in self.row.columns else "id" if "id" in self.row.columns else NUMBER)
