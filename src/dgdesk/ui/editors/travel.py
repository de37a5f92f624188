"""Window, editors: where the arrow keys lead in a table. No Qt in here."""

from __future__ import annotations

from typing import Literal

Way = Literal["left", "right", "up", "down", "row_begin", "row_end", "first_row", "last_row"]


def travel(way: Way, row: int, column: int, rows: int, columns: int) -> tuple[int, int]:
    """Return the row and column that a key leads to; at an edge one stays."""
    match way:
        case "left":
            column -= 1
        case "right":
            column += 1
        case "up":
            row -= 1
        case "down":
            row += 1
        case "row_begin":
            column = 0
        case "row_end":
            column = columns - 1
        case "first_row":
            row = 0
        case "last_row":
            row = rows - 1
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
