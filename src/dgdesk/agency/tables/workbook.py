"""Tables as an Excel workbook, written row by row; no text of others becomes a formula.

A spreadsheet takes a text that begins with = + - @ for a formula. Such a cell is stored as text and marked so (Excel's
hidden "quote prefix"). A sheet that is full goes on in a further one. openpyxl makes the workbook without rows, and
those are put in when all are known; until then they lie beside it on the disk.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dgdesk.agency.tables.model import ONLY_TEXTS, Kinds
from dgdesk.agency.tables.sheet_rows import SheetRows
from dgdesk.text.cells import SheetCell

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
LONGEST_SHEET: Final = 31
"""UTF-16 units in the name of a sheet."""
_NO_SHEET: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_QUOTED: Final = 1
"""The cell format with the quote prefix: the second one of a book whose only other format is the usual one."""
_ROWS: Final = re.compile(rb"<sheetData>.*</sheetData>|<sheetData ?/>", re.DOTALL)
_LEVEL: Final = 3
"""Of compression: a tenth larger than by the usual 6, in a third of the time."""
_BUFFER: Final = 1 << 20


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


class Workbook:
    """An Excel workbook with a sheet for each table; rows go to the disk as they come."""

    long_texts: Final = 0

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` ends in .xlsx; ``make`` says where a file is made, as `atomic_set` does."""
        self._part = make(target.name)
        self._tables: dict[str, list[_Sheet]] = {}
        self._sheets: list[_Sheet] = []
        self._firsts: set[str] = set()
        self._rows = SheetRows(_QUOTED)

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the sheets in which a table that exceeds a sheet goes on."""
        return tuple(one.title for one in self._sheets if one.title not in self._firsts)

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table; its first row stays in sight.

        Columns beyond those of a sheet go on in a further one, beside the first column.
        """
        blocks = [range(min(len(header), MOST_COLUMNS))]
        while blocks[-1].stop < len(header):
            blocks.append(range(blocks[-1].stop, min(len(header), blocks[-1].stop + MOST_COLUMNS - 1)))
        self._tables[name] = [self._begin(name, header, block) for block in blocks]
        self._firsts.add(self._tables[name][0].title)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        parts = self._tables[name]
        if parts[0].count >= MOST_ROWS:
            parts[:] = [self._begin(name, part.header, part.columns) for part in parts]
        for part in parts:
            part.write(self._rows, row)

    def _begin(self, name: str, header: Sequence[str], columns: range) -> _Sheet:
        number = len(self._sheets) + 1
        title = sheet_name(name, [one.title for one in self._sheets])
        # In the work folder, which is removed whatever happens.
        spool = self._part.with_name(f"rows {number}").open("x+b", buffering=_BUFFER)
        made = _Sheet(title, header, columns, spool)
        self._sheets.append(made)
        made.write(self._rows, header)
        return made

    def finish(self) -> None:
        """Write the file."""
        frame = ZipFile(_frame([one.title for one in self._sheets]))
        rows = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(self._sheets, 1)}
        with frame, ZipFile(self._part, "x", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
            for name in frame.namelist():
                content, sheet = frame.read(name), rows.get(name)
                if sheet is None:
                    book.writestr(_entry(name), content)
                else:
                    sheet.put(book, name, content)

    def close(self) -> None:
        """Close the rows that were not put into the book."""
        for sheet in self._sheets:
            with suppress(OSError):
                sheet.spool.close()


def _frame(titles: Sequence[str]) -> BinaryIO:
    """Return a workbook with empty sheets, and a cell format for texts that look like a formula."""
    from openpyxl import Workbook as Book  # imported only here: 0.2 s
    from openpyxl.cell import WriteOnlyCell

    book: Any = Book(write_only=True)
    for title in titles:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        cell = WriteOnlyCell(sheet, "=")
        cell.data_type, cell.quotePrefix = "s", True
        sheet.append([cell])
    made = io.BytesIO()
    book.save(made)
    return made


def _entry(name: str) -> ZipInfo:
    made = ZipInfo(name)
    made.compress_type = ZIP_DEFLATED
    return made


class _Sheet:
    """A sheet with a block of a table's columns; a block that is not the first begins with the first column too."""

    def __init__(self, title: str, header: Sequence[str], columns: range, spool: BinaryIO) -> None:
        self.title, self.header, self.columns, self.spool = title, header, columns, spool
        self.count = 0

    def write(self, rows: SheetRows, row: Sequence[SheetCell]) -> None:
        """Add a row of the table."""
        self.count += 1
        cells = row[self.columns.start : self.columns.stop]
        self.spool.write(rows.row(self.count, [row[0], *cells] if self.columns.start else cells).encode())

    def put(self, book: ZipFile, name: str, empty: bytes) -> None:
        """Write the sheet, whose XML without rows is ``empty``, and remove the rows beside."""
        before, after = _ROWS.split(empty)
        with book.open(_entry(name), "w", force_zip64=self.spool.tell() > 1 << 30) as out:
            out.write(before + b"<sheetData>")
            self.spool.seek(0)
            shutil.copyfileobj(self.spool, out, _BUFFER)
            out.write(b"</sheetData>" + after)
        self.spool.close()
        Path(self.spool.name).unlink(missing_ok=True)
