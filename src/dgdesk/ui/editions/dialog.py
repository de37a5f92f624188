"""The list of editions: their years and days, installing and removing, and whose packs are taken."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTreeWidgetItem, QWidget

from dgdesk.editions.unusable import unusable
from dgdesk.text.dates import thai_day
from dgdesk.ui.editions.dropping import dropped_pack
from dgdesk.ui.editions.wording import EditionRow, edition_rows
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.list_dialog import arrange_list
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

_EDITION = Qt.ItemDataRole.UserRole + 25
_LETTERS_WIDE, _LINES_HIGH = 100, 18


class Acts(Protocol):
    """What can be done with editions; each returns whether it was done."""

    def choose(self, parent: QWidget) -> bool:
        """Install a pack that the user chooses."""

    def install(self, pack: Path, parent: QWidget) -> bool:
        """Install a pack."""

    def enrol(self, parent: QWidget) -> bool:
        """Enrol a signer of packs."""

    def remove(self, edition: str, parent: QWidget) -> bool:
        """Remove an installed edition."""


class EditionsDialog(FittedDialog):
    """The list. A pack that is dropped on it is installed."""

    def __init__(self, services: Services, acts: Acts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._services, self._texts, self._acts = services, services.texts, acts
        self.damaged: frozenset[Path] = frozenset()
        say = self._texts.say
        self.setWindowTitle(say("ui.editions.title"))
        self.setStyleSheet(sheet())
        self.setAcceptDrops(True)
        letter = self.fontMetrics()
        self.resize(_LETTERS_WIDE * letter.averageCharWidth(), _LINES_HIGH * letter.lineSpacing())
        self.said = WrapLabel(self._texts, say("ui.editions.intro"), "hint", self)
        self.wrong = WrapLabel(self._texts, "", "warning", self)
        self.wrong.hide()
        self.tree = WrapTree(services, self)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setAccessibleName(say("ui.editions.title"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        names = ("install", "remove", "enrol")
        self.buttons = {name: QPushButton(say(f"ui.editions.do_{name}"), self) for name in names}
        self.close_button = QPushButton(say("ui.close"), self)
        give_keys(*zip(self.buttons.values(), "IRT", strict=True), (self.close_button, "C"))
        for button in (*self.buttons.values(), self.close_button):
            button.setAutoDefault(False)
        self._lay_out()
        self.buttons["install"].clicked.connect(lambda: self._done(acts.choose(self)))
        self.buttons["remove"].clicked.connect(lambda: self._done(acts.remove(self.selected(), self)))
        self.buttons["enrol"].clicked.connect(lambda: self._acts.enrol(self))
        self.close_button.clicked.connect(self.reject)
        self.tree.itemSelectionChanged.connect(self._follow)
        self.checking = LatestWins("dgdesk editions", self)
        self.fill()
        self.tree.setFocus()

    def fill(self) -> None:
        """Show what is installed now; the files are checked in the background."""
        selected = self.selected()
        self.tree.clear()
        for row in edition_rows(self._texts, thai_day(self._services.clock()), self.damaged):
            item = self._item(row)
            if row.edition == selected or self.tree.currentItem() is None:
                self.tree.setCurrentItem(item)
        self._follow()
        folder = self._services.profile.editions
        self.checking.request(lambda _: unusable(folder), self._show_unusable)

    def selected(self) -> str:
        """Return the id of the selected edition; empty if there is none."""
        item = self.tree.currentItem()
        return str(item.data(0, _EDITION)[0]) if item is not None else ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_pack(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (pack := dropped_pack(event.mimeData())) is not None:
            event.acceptProposedAction()
            self._done(self._acts.install(pack, self))

    def done(self, result: int) -> None:
        """Check no more."""
        self.checking.stop()
        super().done(result)

    def _done(self, is_done: bool) -> None:
        if is_done:
            self.fill()

    def _item(self, row: EditionRow) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree)
        item.setData(0, TEXT, NEW_LINE.join(row.lines))
        item.setData(0, MARK, row.mark)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(row.lines))
        item.setData(0, _EDITION, (row.edition, row.removable))
        return item

    def _show_unusable(self, found: Collection[str]) -> None:
        folder = self._services.profile.editions
        self.wrong.set_text(self._texts.say("ui.editions.unusable", names=", ".join(found)) if found else "")
        self.wrong.setVisible(bool(found))
        damaged = frozenset(folder / one for one in found)
        if damaged != self.damaged:
            self.damaged = damaged
            self.fill()

    def _follow(self) -> None:
        item = self.tree.currentItem()
        self.buttons["remove"].setEnabled(item is not None and bool(item.data(0, _EDITION)[1]))

    def _lay_out(self) -> None:
        about = what_this_is(self, self._texts, "ui.what.editions")
        buttons = [*self.buttons.values()]
        arrange_list(self, (self.said, self.wrong), self.tree, (buttons,), (about, self.close_button))
