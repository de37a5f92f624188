"""The dialog that reports the result of a long job: a sentence, the files that need attention, and actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.ui.widgets.buttons import what_this_is
from dgdesk.ui.widgets.dialogs import fill_row
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

ReportRow = Sequence[str]
"""The lines of text of one row."""


class ReportDialog(FittedDialog):
    """A report. ``chosen`` is the number of the button pressed (the last one, if none); ``row`` the row it acts on."""

    def __init__(
        self,
        services: Services,
        title: str,
        said: str,
        rows: Sequence[ReportRow],
        buttons: Sequence[str],
        what: str,
        parent: QWidget | None,
        *,
        per_row: int = 0,
        mark: str = "problems",
    ) -> None:
        """``what`` is the code of the text behind the "?"; the first ``per_row`` buttons act on a row.

        ``mark`` is the status icon of every row; empty for none.
        """
        super().__init__(parent)
        texts = services.texts
        self.chosen = len(buttons) - 1
        self.setWindowTitle(title)
        self.setStyleSheet(sheet())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.said = WrapLabel(texts, said, "text", self)
        self.said.setMinimumWidth(440)
        layout.addWidget(self.said)
        self.tree = WrapTree(services, self)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setAccessibleName(title)
        self.tree.setVisible(bool(rows))
        for lines in rows:
            item = QTreeWidgetItem(self.tree)
            item.setData(0, TEXT, NEW_LINE.join(lines))
            item.setData(0, MARK, mark)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(lines))
        layout.addWidget(self.tree, 1)
        if (first := self.tree.topLevelItem(0)) is not None:
            self.resize(720, 460)
            self.tree.setCurrentItem(first)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, texts, what))
        row.addStretch(1)
        letters = [(texts.say("ui.close"), "C")]
        self.buttons = fill_row(row, texts, buttons, self._choose, self, letters=letters)
        for number, button in enumerate(self.buttons):
            button.setAutoDefault(False)
            button.setEnabled(number >= per_row or bool(rows))
        layout.addLayout(row)
        (self.tree if rows else self.buttons[-1]).setFocus()

    @property
    def row(self) -> int:
        """The number of the selected row; -1 if there is none."""
        item = self.tree.currentItem()
        return self.tree.indexOfTopLevelItem(item) if item is not None else -1

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def report(
    services: Services,
    title: str,
    said: str,
    rows: Sequence[ReportRow],
    buttons: Sequence[str],
    what: str,
    parent: QWidget | None,
    *,
    per_row: int = 0,
    mark: str = "problems",
) -> tuple[int, int]:
    """Show a `ReportDialog` and wait; return the number of the button and of the row."""
    dialog = ReportDialog(services, title, said, rows, buttons, what, parent, per_row=per_row, mark=mark)
    dialog.exec()
    chosen = dialog.chosen, dialog.row
    dialog.deleteLater()
    return chosen
