"""Opens an Excel workbook (.xlsx): the document worker reads its cells, and what it says is checked again."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

from dgdesk.editions.workbook.columns import SHEETS, cell_name
from dgdesk.editions.workbook.grid import Book, CellKind, GridCell, Sheet
from dgdesk.errors import FileError
from dgdesk.evidence.documents import Documents, own_documents
from dgdesk.evidence.workbook import LARGEST_BOOK, MOST_COLUMNS, MOST_ROWS, TooLarge

_KINDS: Final[dict[str, CellKind]] = {kind: kind for kind in get_args(CellKind)}


def open_book(path: Path, documents: Documents | None = None) -> Book:
    """Return the cells of a workbook.

    Raises:
        FileError: ``workbook.missing``, ``workbook.unreadable`` (also a workbook with a password),
            ``workbook.too_large`` with the cell or the sheet; as `Documents.cells`.
    """
    if not path.is_file():
        raise FileError("workbook.missing" if not path.exists() else "workbook.unreadable", path=path, name=path.name)
    try:
        found = (documents or own_documents()).cells(path, SHEETS)
    except TooLarge as error:
        place = cell_name(error.sheet, error.row, error.column) if error.row else error.sheet
        raise FileError("workbook.too_large", name=path.name, place=place or f"{LARGEST_BOOK >> 20} MB") from error
    book: dict[str, Sheet] = {}
    for name, (cells, merged) in found.items():
        rows: dict[int, dict[int, GridCell]] = {}
        for row, column, kind, text in cells:
            if not (0 < row <= MOST_ROWS and 0 < column <= MOST_COLUMNS and kind in _KINDS):
                raise FileError("workbook.unreadable", path=path, name=path.name)
            rows.setdefault(row, {})[column] = GridCell(text, _KINDS[kind])
        book[name] = Sheet(rows, tuple(merged))
    return book
