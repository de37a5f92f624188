"""One of the window's two pages: a table below the controls that filter, search and sort it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.ui.agency.columns import ListKind, Samples
from dgdesk.ui.agency.rows import ListedRow, found_rows
from dgdesk.ui.agency.table import FinderControls, ListedTable
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE

Of = TypeVar("Of")


class ListPage(QWidget, Generic[Of]):
    """``chosen``: another row is selected; ``changed``: other rows are shown."""

    chosen = Signal()
    changed = Signal()

    def __init__(self, services: Services, kind: ListKind, name: str, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.controls = FinderControls(services.texts, kind, self)
        self.table: ListedTable[Of] = ListedTable(services, kind, name, about, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE // 2, SPACE, SPACE // 2, SPACE // 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self.controls)
        layout.addWidget(self.table, 1)
        self._rows: tuple[ListedRow[Of], ...] = ()
        self._is_listed: Callable[[str, str], bool] = lambda group, wanted: True
        self.controls.changed.connect(self._show)
        self.table.sort_wanted.connect(self.controls.sort_by)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def show_rows(
        self,
        rows: tuple[ListedRow[Of], ...],
        samples: Samples,
        counts: Mapping[str, int],
        is_listed: Callable[[str, str], bool],
    ) -> None:
        """Show rows; filter, search and order stay. ``is_listed`` says whether a filter lists a group."""
        self._rows, self._is_listed = rows, is_listed
        self.table.model_of.show_samples(samples)
        self.controls.show_counts(counts)
        self._show()

    def _show(self) -> None:
        wanted = self.controls.wanted
        rows = found_rows(self._rows, self.controls.search.text(), lambda group: self._is_listed(group, wanted))
        self.table.show_rows(rows, self.controls.sorted_by)
        self.changed.emit()
