"""Reads the cells of one row as the data files hold them."""

from __future__ import annotations

from typing import Any, Final

from dgdesk.editions.workbook.columns import LISTS, TRUTHS
from dgdesk.editions.workbook.grid import BookFlaw, Row
from dgdesk.editions.workbook.tables import EMPTY

_YES: Final = frozenset({"yes", "true", "1", "ใช่"})
_NO: Final = frozenset({"no", "false", "0", "ไม่ใช่", "ไม่"})
_NULLABLE: Final = frozenset({"code", "indicator", "left_option", "right_option"})
"""Columns where two quotation marks are an empty text, and nothing is none."""


def taken(row: Row, columns: tuple[str, ...], flaws: list[BookFlaw], always: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the cells of a row that are not empty, and those of ``always``, as the data files hold them."""
    found: dict[str, Any] = {name: "" for name in always}
    for name in columns:
        text = row[name]
        if not text:
            continue
        if name in TRUTHS:
            found[name] = _truth(row, name, flaws)
        elif name in LISTS and row.sheet == "survey":
            found[name] = text.split("\n")
        else:
            found[name] = "" if name in _NULLABLE and text == EMPTY else text
    return found


def _truth(row: Row, name: str, flaws: list[BookFlaw]) -> str:
    text = row[name].strip().casefold()
    if text not in _YES | _NO:
        flaws.append(BookFlaw("workbook.no_truth", row.cell(name), {"text": row[name][:40]}))
    return "true" if text in _YES else "false"
