"""Tables as an Excel workbook or as CSV files, written row by row; no text of others becomes a formula.

A spreadsheet takes a text that begins with = + - @ for a formula. In a workbook such a cell is stored as text and
marked so (Excel's hidden "quote prefix"); in CSV, which has no types, it gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from dgdesk.agency.collate import LONGEST_CELL, SheetCell
from dgdesk.errors import FileError
from dgdesk.system.atomic import ChangedMeanwhile, NameTaken, atomic_set
from dgdesk.system.causes import plain_cause, why_not_written
from dgdesk.system.kinds import Kind

_FORMULA = frozenset("=+-@")
BESIDE = ("answers", "scores", "evidence", "rejected", "fields", "long_texts")
"""The tables that lie beside the first as CSV files; the last only if a text is too long for a cell."""


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet might take ``text`` for a formula: also after blanks, or in full width."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    start = text.lstrip()[:1]
    return unicodedata.normalize("NFKC", start)[:1] in _FORMULA if start else False


def clean_cell(text: str) -> str:
    """Return a text that fits a cell: no control characters except tab and line end, and not too long."""
    shown = "".join(
        "\ufffd"
        if (char < " " and char not in "\t\n\r") or char in "\ufffe\uffff" or "\ud800" <= char <= "\udfff"
        else char
        for char in text
    )
    return shown if len(shown) <= LONGEST_CELL else shown[: LONGEST_CELL - 1] + "…"


def write_tables(target: Path, fill: Callable[[Any], Any], *, replace: bool = False) -> Any:
    """Give ``fill`` the tables to write, and return what it returns.

    A ``target`` ending in ``.xlsx`` becomes a workbook with one sheet per table; any other becomes the CSV file of the
    table ``files``, with the other tables beside it as ``<stem>-<table>.csv``. All files are complete, or none exists.
    ``replace``: a workbook may take the place of another, a CSV file that of another.

    Raises:
        FileError: ``cli.unwritable``, ``target.exists``, ``target.changed``; as `atomic_set`.
    """
    is_book = target.suffix.lower() == ".xlsx"
    written: Kind = "workbook" if is_book else "csv"
    kind = Workbook if is_book else CsvFiles
    try:
        with (
            atomic_set(target.parent, replace=replace, kind=written) as make,
            closing(kind(target, make)) as made,
        ):
            result = fill(made)
            made.finish()
    except NameTaken as error:
        code = "target.changed" if isinstance(error, ChangedMeanwhile) else "target.exists"
        raise FileError(code, path=str(target.with_name(Path(str(error)).name)), name=target.name) from error
    except OSError as error:
        raise plain_cause(error, target) or why_not_written(error, target, "cli.unwritable") from error
    return result


def table_names(target: Path) -> tuple[Path, ...]:
    """Return the files that `write_tables` is known to make for ``target``, itself first."""
    if target.suffix.lower() != ".csv":
        return (target,)
    return (target, *(target.with_name(f"{target.stem}-{name}{target.suffix}") for name in BESIDE))


class CsvFiles:
    """CSV files with a byte order mark, which Excel needs to read Thai."""

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` is the file of the first table; ``make`` says where a file is made, as `atomic_set` does."""
        self._target, self._make = target, make
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def open(self, name: str, header: Sequence[str]) -> None:
        """Begin a table."""
        target = self._target
        part = self._make(f"{target.stem}-{name}{target.suffix}" if self._writers else target.name)
        stream = self._stack.enter_context(part.open("x", encoding="utf-8-sig", newline=""))
        self._writers[name] = csv.writer(stream)
        self._writers[name].writerow(header)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        self._writers[name].writerow([_csv_cell(value) for value in row])

    def finish(self) -> None:
        """Write the last rows."""
        self._stack.close()

    def close(self) -> None:
        """Close what was not finished."""
        with suppress(OSError):
            self._stack.close()


class Workbook:
    """An Excel workbook with a sheet for each table; rows go to the disk as they come."""

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` ends in .xlsx; ``make`` as for `CsvFiles`."""
        from openpyxl import Workbook as Book  # imported only here: 0.2 s

        self._part = make(target.name)
        self._book: Any = Book(write_only=True)
        self._sheets: dict[str, Any] = {}

    def open(self, name: str, header: Sequence[str]) -> None:
        """Begin a table; its first row stays in sight."""
        sheet = self._sheets[name] = self._book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(header))

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        sheet = self._sheets[name]
        sheet.append([self._cell(sheet, value) for value in row])

    def finish(self) -> None:
        """Write the file."""
        self._book.save(self._part)

    def close(self) -> None:
        """Remove the library's own files."""
        for sheet in self._sheets.values():
            with suppress(Exception):  # openpyxl's own temporary files
                sheet.close()

    def _cell(self, sheet: Any, value: SheetCell) -> Any:
        if not isinstance(value, str):
            return value
        text = clean_cell(value)
        if not is_formula(text) and not text.startswith("#"):  # "#N/A" would become an error value
            return text
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"  # openpyxl made a formula of it
        cell.quotePrefix = True
        return cell


def _csv_cell(value: SheetCell) -> SheetCell:
    if isinstance(value, Decimal):
        return str(value)
    if not isinstance(value, str):
        return value
    text = clean_cell(value).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if is_formula(text) else text
