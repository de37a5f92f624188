"""Tables as CSV files, one for each; no text of others becomes a formula.

CSV has no types: a text that a spreadsheet would change gets an apostrophe in front (`dgdesk.text.cells`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from dgdesk.agency.tables.model import ONLY_TEXTS, Kinds
from dgdesk.text.cells import SheetCell, clean_cell, keeps_digits, number_text, protected


def file_of(target: Path, name: str, *, first: bool) -> str:
    """Return the name of a table's file: the first table has that of ``target``, any other lies beside it."""
    return target.name if first else f"{target.stem}-{name}{target.suffix}"


class CsvFiles:
    """CSV files with a byte order mark, which Excel needs to read Thai."""

    further: Final = ()
    """CSV has no bounds."""
    long_texts: Final = 0

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` is the file of the first table; ``make`` says where a file is made, as `atomic_set` does."""
        self._target, self._make = target, make
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table."""
        part = self._make(file_of(self._target, name, first=not self._writers))
        stream = self._stack.enter_context(part.open("x", encoding="utf-8-sig", newline=""))
        self._writers[name] = csv.writer(stream)
        self._writers[name].writerow(header)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        self._writers[name].writerow([None if value is None else _cell(value) for value in row])

    def finish(self) -> None:
        """Write the last rows."""
        self._stack.close()

    def close(self) -> None:
        """Close what was not finished."""
        with suppress(OSError):
            self._stack.close()


def _cell(value: str | int | Any) -> str:
    if isinstance(value, str):
        return protected(clean_cell(value))
    return number_text(value) if keeps_digits(value) else protected(number_text(value))
