"""Window, evidence overview, table: the places for evidence."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.rules.overview import OverviewRow
from dgdesk.ui.overview.model import OverviewModel
from dgdesk.ui.row_table import RowTable
from dgdesk.ui.services import Services


class OverviewTable(RowTable[OverviewRow]):
    """The table, a place a row."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, OverviewModel(services.texts, parent), parent)
