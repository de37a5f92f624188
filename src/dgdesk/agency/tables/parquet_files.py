"""Tables as Parquet files, one for each, with a type for every column; DuckDB, pandas, Spark and Power BI read them.

Numbers are decimals with all their digits, times are instants in UTC. Rows are written in groups of bounded size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from dgdesk.agency.tables.csv_files import file_of
from dgdesk.agency.tables.typed import TypedCell, TypedColumn, TypedTables
from dgdesk.errors import UsageError
from dgdesk.system.bounds import LARGEST_NUMBER, MOST_DECIMALS

_MOST_CELLS: Final = 250_000
_MOST_LETTERS: Final = 8_000_000
"""Cells, and letters of their texts, that wait in memory for one group of rows."""
_DIGITS: Final = len(str(LARGEST_NUMBER)) + MOST_DECIMALS


class ParquetFiles(TypedTables):
    """Parquet files."""

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` is the file of the first table; ``make`` says where a file is made, as `atomic_set` does.

        Raises:
            UsageError: ``tables.no_parquet``: pyarrow is not installed.
        """
        super().__init__()
        try:
            import pyarrow as arrow
            import pyarrow.parquet as parquet
        except ImportError as error:
            raise UsageError("tables.no_parquet", name=target.name) from error
        self._arrow, self._parquet = arrow, parquet
        self._types = {
            "text": arrow.string(),
            "whole": arrow.int64(),
            "number": arrow.decimal128(_DIGITS, MOST_DECIMALS),
            "time": arrow.timestamp("us", tz="UTC"),
        }
        self._target, self._make = target, make
        self._files: dict[str, _File] = {}

    def begin(self, name: str, columns: Sequence[TypedColumn]) -> None:
        """Make a file."""
        part = self._make(file_of(self._target, name, first=not self._files))
        schema = self._arrow.schema([(one.name, self._types[one.kind]) for one in columns])
        self._files[name] = _File(self._arrow, self._parquet.ParquetWriter(part, schema), schema)

    def write(self, name: str, row: Sequence[TypedCell], letters: int) -> None:
        """Write a row."""
        self._files[name].write(row, letters)

    def finish(self) -> None:
        """Write the last rows, and what each file ends with."""
        self.open_unread()
        for one in self._files.values():
            one.flush()
            one.writer.close()

    def close(self) -> None:
        """Close what was not finished."""
        for one in self._files.values():
            with suppress(Exception):  # what was begun is thrown away
                one.writer.close()


class _File:
    """A file, and the rows that wait for it."""

    def __init__(self, arrow: Any, writer: Any, schema: Any) -> None:
        self._arrow, self.writer, self._schema = arrow, writer, schema
        self._rows: list[Sequence[TypedCell]] = []
        self._letters = 0

    def write(self, row: Sequence[TypedCell], letters: int) -> None:
        self._rows.append(row)
        self._letters += letters
        if len(self._rows) * len(row) >= _MOST_CELLS or self._letters >= _MOST_LETTERS:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [self._arrow.array(one, kind) for one, kind in zip(columns, self._schema.types, strict=True)]
            self.writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
            self._rows, self._letters = [], 0
