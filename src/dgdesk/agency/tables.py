"""Tables as an Excel workbook or as CSV files, written row by row; no text of others becomes a formula.

A spreadsheet takes a text that begins with = + - @ for a formula. In a workbook such a cell is stored as text and
marked so (Excel's hidden "quote prefix"); in CSV, which has no types, it gets an apostrophe in front, as does every
text that would be changed (`dgdesk.text.cells`). A sheet that is full goes on in a further one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, Final

from dgdesk.errors import FileError
from dgdesk.system.atomic import ChangedMeanwhile, NameTaken, atomic_set
from dgdesk.system.causes import plain_cause, why_not_written
from dgdesk.system.kinds import Kind
from dgdesk.text.cells import (
    SheetCell,
    clean_cell,
    cut,
    escaped,
    is_formula,
    keeps_digits,
    number_text,
    protected,
)

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
LONGEST_SHEET: Final = 31
"""UTF-16 units in the name of a sheet."""
_NO_SHEET: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
BESIDE = ("submissions", "answers", "scores", "evidence", "rejected", "fields", "long_texts")
"""The tables that lie beside the first as CSV files; the last only if a text is too long for a cell."""


def sheet_name(name: str, taken: Collection[str]) -> str:
    """Return a name that a workbook allows for a sheet, and that none of ``taken`` has in whatever case."""
    bare = _NO_SHEET.sub("_", name).strip("'") or "_"
    known = {one.casefold() for one in taken}
    for number in count(1):
        end = f" ({number})" if number > 1 else ""
        whole = bare.encode("utf-16-le", "replace")[: 2 * (LONGEST_SHEET - len(end))]
        made = whole.decode("utf-16-le", "ignore") + end
        if made.casefold() not in known:
            return made
    raise AssertionError


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

    further: tuple[str, ...] = ()
    """CSV has no bounds."""

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
        self._tables: dict[str, list[_Sheet]] = {}
        self._all: dict[str, Any] = {}
        self._firsts: set[str] = set()

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the sheets in which a table that exceeds a sheet goes on."""
        return tuple(name for name in self._all if name not in self._firsts)

    def open(self, name: str, header: Sequence[str]) -> None:
        """Begin a table; its first row stays in sight.

        Columns beyond those of a sheet go on in a further one, beside the first column.
        """
        blocks = [range(min(len(header), MOST_COLUMNS))]
        while blocks[-1].stop < len(header):
            blocks.append(range(blocks[-1].stop, min(len(header), blocks[-1].stop + MOST_COLUMNS - 1)))
        self._tables[name] = [self._begin(name, header, block) for block in blocks]
        self._firsts.add(self._tables[name][0].name)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        parts = self._tables[name]
        if parts[0].rows >= MOST_ROWS:
            parts[:] = [self._begin(name, part.header, part.columns) for part in parts]
        for part in parts:
            part.rows += 1
            part.sheet.append([self._cell(part.sheet, value) for value in part.of(row)])

    def _begin(self, name: str, header: Sequence[str], columns: range) -> _Sheet:
        title = sheet_name(name, self._all)
        sheet = self._all[title] = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        made = _Sheet(title, sheet, header, columns)
        sheet.append([self._cell(sheet, head) for head in made.of(header)])
        return made

    def finish(self) -> None:
        """Write the file."""
        self._book.save(self._part)

    def close(self) -> None:
        """Remove the library's own files."""
        for sheet in self._all.values():
            with suppress(Exception):  # openpyxl's own temporary files
                sheet.close()

    def _cell(self, sheet: Any, value: SheetCell) -> Any:
        if isinstance(value, int | Decimal) and not keeps_digits(value):
            value = number_text(value)
        if not isinstance(value, str):
            return value
        text = escaped(cut(value))
        if not is_formula(value) and not text.startswith("#"):  # "#N/A" would become an error value
            return text
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"  # openpyxl made a formula of it
        cell.quotePrefix = True
        return cell


@dataclass
class _Sheet:
    """A sheet with a block of a table's columns; a block that is not the first begins with the first column too."""

    name: str
    sheet: Any
    header: Sequence[str]
    columns: range
    rows: int = 1

    def of(self, row: Sequence[Any]) -> list[Any]:
        """Return the cells of this sheet in a row of the table."""
        cells = list(row[self.columns.start : self.columns.stop])
        return [row[0], *cells] if self.columns.start else cells


def _csv_cell(value: SheetCell) -> SheetCell:
    if isinstance(value, int | Decimal):
        return number_text(value) if keeps_digits(value) else protected(number_text(value))
    return protected(clean_cell(value)) if isinstance(value, str) else value
