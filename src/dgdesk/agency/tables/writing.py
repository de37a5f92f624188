"""Which files a set of tables becomes, by the ending of its name. All of them are complete, or none exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from dgdesk.agency.tables.model import FittingTables
from dgdesk.errors import FileError
from dgdesk.system.atomic import ChangedMeanwhile, NameTaken, atomic_set
from dgdesk.system.causes import plain_cause, why_not_written
from dgdesk.system.kinds import Kind
from dgdesk.text.cells import fits, fits_csv


def _workbook() -> Any:
    from dgdesk.agency.tables.workbook import Workbook

    return Workbook


def _csv() -> Any:
    from dgdesk.agency.tables.csv_files import CsvFiles

    return CsvFiles


def _sqlite() -> Any:
    from dgdesk.agency.tables.sqlite_file import SqliteFile

    return SqliteFile


def _parquet() -> Any:
    from dgdesk.agency.tables.parquet_files import ParquetFiles

    return ParquetFiles


class _Form(NamedTuple):
    """One kind of file. ``writer`` returns the class that writes it, which is imported only then.

    ``several``: every table is a file of its own. ``fits``: whether a text fits a cell, where cells are bound; longer
    texts go on in a table of their own.
    """

    kind: Kind
    writer: Callable[[], Any]
    several: bool = False
    fits: Callable[[str], bool] | None = None


_FORMS: Final[dict[str, _Form]] = {
    ".xlsx": _Form("workbook", _workbook, fits=fits),
    ".csv": _Form("csv", _csv, several=True, fits=fits_csv),
    ".sqlite": _Form("tables", _sqlite),
    ".parquet": _Form("parquet", _parquet, several=True),
}
TABLE_ENDINGS: Final = tuple(_FORMS)
BESIDE: Final = (
    *("submissions", "answers", "answers_long", "scores", "evidence", "rejected", "fields"),
    *("long_texts", "unread"),
)
"""The tables that may lie beside the first as files of their own."""


def table_kind(target: Path) -> Kind:
    """Return the kind of file that a name stands for."""
    return _form(target).kind


def table_names(target: Path) -> tuple[Path, ...]:
    """Return the files that `write_tables` may make for ``target``, itself first."""
    if target.suffix.lower() not in _FORMS or not _form(target).several:
        return (target,)
    return (target, *(target.with_name(f"{target.stem}-{name}{target.suffix}") for name in BESIDE))


def tables_there(target: Path) -> Mapping[Path, object]:
    """Return the files that tables of this name may lie in already, and what tells whether one was written since."""
    return {path: stamp for path in table_names(target) if (stamp := _stamp(path)) is not None}


def left_over(before: Mapping[Path, object]) -> tuple[Path, ...]:
    """Return the files of an earlier run that the present one has not written: its tables were others."""
    return tuple(path for path, stamp in before.items() if _stamp(path) == stamp)


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def write_tables(target: Path, fill: Callable[[Any], Any], *, replace: bool = False) -> Any:
    """Give ``fill`` the `Tables` to write, and return what it returns.

    A ``target`` ending in ``.xlsx`` becomes a workbook with a sheet for each table, ``.sqlite`` a database. With
    ``.parquet``, and with any other ending as CSV, the first table gets the name of ``target``, and the others lie
    beside it as ``<stem>-<table>`` with the same ending. All files are complete, or none exists. ``replace``: each may
    take the place of one of its kind.

    Raises:
        FileError: ``cli.unwritable``, ``target.exists``, ``target.changed``; as `atomic_set`.
        UsageError: ``tables.no_parquet``: this installation cannot write Parquet files.
    """
    form = _form(target)
    writer = form.writer()
    try:
        with (
            atomic_set(target.parent, replace=replace, kind=form.kind) as make,
            closing(writer(target, make)) as made,
        ):
            result = fill(made if form.fits is None else FittingTables(made, form.fits))
            made.finish()
    except NameTaken as error:
        code = "target.changed" if isinstance(error, ChangedMeanwhile) else "target.exists"
        raise FileError(code, path=str(target.with_name(Path(str(error)).name)), name=target.name) from error
    except OSError as error:
        raise plain_cause(error, target) or why_not_written(error, target, "cli.unwritable") from error
    return result


def _form(target: Path) -> _Form:
    return _FORMS.get(target.suffix.lower(), _FORMS[".csv"])
