"""What the worker finds in an Excel workbook, and how much; its answer is read as untrusted input."""

from __future__ import annotations

import json
from typing import Final

from dgdesk.evidence.worker.protocol import ProtocolError

LARGEST_BOOK: Final = 16 << 20
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 400_000
MOST_SHEETS: Final = 60
MOST_CELLS_BYTES: Final = 128 << 20

FoundCell = tuple[int, int, str, str]
"""Row and column, both counted from 1, what the cell is in the workbook, and its text."""
FoundSheet = tuple[list[FoundCell], list[str]]
"""The cells that hold anything, in order, and the ranges that are merged, such as ``A1:B2``."""


class TooLarge(Exception):
    """There is more than a reader holds: at this cell (sheet, row, column), or in this part."""

    def __init__(self, sheet: str, row: int = 0, column: int = 0) -> None:
        super().__init__(sheet, row, column)
        self.sheet, self.row, self.column = sheet, row, column


def sheets_found(content: bytes) -> dict[str, FoundSheet]:
    """Read the cells of a workbook's sheets."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("cells") from error
    if not isinstance(found, dict) or len(found) > MOST_SHEETS:
        raise ProtocolError("cells")
    try:
        sheets = {name: ([_cell(*one) for one in cells], list(merged)) for name, (cells, merged) in found.items()}
    except (TypeError, ValueError) as error:
        raise ProtocolError("cells") from error
    if not all(isinstance(one, str) for _, merged in sheets.values() for one in merged):
        raise ProtocolError("cells")
    if sum(len(cells) for cells, _ in sheets.values()) > MOST_CELLS:
        raise ProtocolError("cells")
    return sheets


def _cell(row: object, column: object, kind: object, text: object) -> FoundCell:
    if type(row) is int and type(column) is int and isinstance(kind, str) and isinstance(text, str):
        return row, column, kind, text
    raise ProtocolError("cells")
