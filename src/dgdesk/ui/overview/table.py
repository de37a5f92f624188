"""The table of the evidence overview: a row for every place for evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtWidgets import QWidget

from dgdesk.survey.rules.evidence_overview import SORT_KEYS, OverviewRow, SortKey, sorted_rows
from dgdesk.ui.overview import words
from dgdesk.ui.widgets.icons import OF_PLACE
from dgdesk.ui.widgets.row_model import RowColumn, RowModel
from dgdesk.ui.widgets.row_table import RowTable
from dgdesk.ui.widgets.services import Services


class OverviewModel(RowModel[OverviewRow]):
    """The rows."""

    levels = words.LEVELS
    keys = SORT_KEYS
    beside = frozenset({"state", "points", "files", "size", "marks"})
    shares = words.SHARES
    heads = "ui.overview.column."

    def key_of(self, row: OverviewRow) -> str:
        """Return the place."""
        return row.slot

    def fact(self, row: OverviewRow, key: str) -> str:
        """See `words.fact`."""
        return words.fact(self.texts, row, cast(SortKey, key))

    def in_order(self, rows: Iterable[OverviewRow], key: str, *, descending: bool) -> tuple[OverviewRow, ...]:
        """See `sorted_rows`."""
        return sorted_rows(rows, cast(SortKey, key), descending=descending)

    def cell_words(self, row: OverviewRow, column: RowColumn) -> str:
        """See `words.cell_words`."""
        return words.cell_words(self.texts, row, cast(words.Column, column))

    def mark_of(self, row: OverviewRow, column: RowColumn) -> str:
        """Return the status of a place."""
        return OF_PLACE[row.state] if "state" in column else ""

    def is_grey(self, row: OverviewRow) -> bool:
        """Whether a place is not asked now."""
        return not row.is_open


class OverviewTable(RowTable[OverviewRow]):
    """The table."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, OverviewModel(services.texts, parent), parent)
