"""The tree of the register dialog: exports, each with its receipts and scans below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTreeWidgetItem, QWidget

from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, SCAN
from dgdesk.ui.register.entries import ExportEntry, Names, export_row, receipt_row, scan_row, text_of
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.wrap_delegate import MARK, STRONG, TEXT, WrapTree

_LINE = Qt.ItemDataRole.UserRole + 25


class RegisterTree(WrapTree):
    """The tree, with one selected line; ``entry`` is the export that it belongs to."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, parent)
        self._texts = services.texts
        self._entries: tuple[ExportEntry, ...] = ()
        self.setObjectName("register")
        self.setAccessibleName(self._texts.say("ui.register.list"))
        self.setAccessibleDescription(self._texts.say("ui.register.about_list"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    @property
    def line(self) -> ExportRecord | None:
        """The selected line: an export, a receipt or a scan."""
        item = self.currentItem()
        line = item.data(0, _LINE) if item is not None else None
        return line if isinstance(line, ExportRecord) else None

    @property
    def entry(self) -> ExportEntry | None:
        """The export that is selected, or whose receipt or scan is."""
        item = self.currentItem()
        top = item.parent() or item if item is not None else None
        at = self.indexOfTopLevelItem(top) if top is not None else -1
        return self._entries[at] if 0 <= at < len(self._entries) else None

    def show_entries(self, entries: tuple[ExportEntry, ...], names: Names, chosen: int) -> None:
        """Show entries and select the line with number ``chosen``, or the newest export if there is none."""
        self._entries = entries
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            self._add(entry, names)
        rows = self.rows()
        here = next((row for row in rows if row.data(0, _LINE).number == chosen), rows[0] if rows else None)
        if here is not None:
            self.setCurrentItem(here)
            self.scrollToItem(here)
        self.blockSignals(False)

    def rows(self) -> list[QTreeWidgetItem]:
        """Return all rows from top to bottom."""
        tops = [self.topLevelItem(at) for at in range(self.topLevelItemCount())]
        found = []
        for top in tops:
            if top is not None:
                found += [top, *(inner for at in range(top.childCount()) if (inner := top.child(at)) is not None)]
        return found

    def _add(self, entry: ExportEntry, names: Names) -> None:
        top = QTreeWidgetItem(self)
        self._word(top, entry.line, export_row(self._texts, entry, names), "")
        for line in (*entry.receipts, *entry.scans):
            is_scan = line.record.get(KIND) == SCAN
            words = scan_row(self._texts, line) if is_scan else receipt_row(self._texts, line)
            fits = not is_scan or text_of(line, "code") == "match"
            self._word(QTreeWidgetItem(top), line, words, "complete" if fits else "warning")
        top.setExpanded(True)

    def _word(self, item: QTreeWidgetItem, line: ExportRecord, words: Sequence[str], mark: str) -> None:
        item.setData(0, _LINE, line)
        item.setData(0, TEXT, NEW_LINE.join(words))
        item.setData(0, MARK, mark)
        item.setData(0, STRONG, False)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(words))
