"""Window, attaching, dialog: what was found out about files before they are attached, or about those that were not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dgdesk.ui.attaching_plan import Plan, Told
from dgdesk.ui.choice_row import fill_row
from dgdesk.ui.fitting import FittedDialog
from dgdesk.ui.looks import sheet
from dgdesk.ui.text import Texts, WrapLabel
from dgdesk.ui.what_button import what_this_is

_WIDTH = 560
_MOST_HIGH = 380


class FindingsDialog(FittedDialog):
    """Says what stands against files. ``chosen`` is the number of the button; closing the dialog is the last one."""

    def __init__(
        self,
        texts: Texts,
        parts: Sequence[tuple[str, str, Sequence[Told]]],
        buttons: Sequence[str],
        what: str,
        parent: QWidget | None,
    ) -> None:
        """``parts``: role and words of a heading, and the files under it. ``what`` is the code of the "?"'s words."""
        super().__init__(parent)
        self.setWindowTitle(texts.say("ui.attaching.title"))
        self.setStyleSheet(sheet())
        self.chosen = len(buttons) - 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(12)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for role, heading, files in parts:
            column.addWidget(WrapLabel(texts, heading, role, body))
            for file in files:
                for error in file.errors:
                    column.addWidget(WrapLabel(texts, f"• {texts.error(error)}", "text", body))
        column.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setAccessibleName(texts.say("ui.attaching.title"))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(body)
        width = max(_WIDTH, body.minimumSizeHint().width() + 30)
        self.area.setMinimumWidth(width)
        high = column.totalHeightForWidth(width - 30) if column.hasHeightForWidth() else body.sizeHint().height()
        self.area.setMinimumHeight(min(high + 8, _MOST_HIGH))
        layout.addWidget(self.area, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, texts, what))
        row.addStretch(1)
        self.buttons = fill_row(row, texts, buttons, self._choose, self)
        self.buttons[0].setDefault(True)
        layout.addLayout(row)
        self.buttons[0].setFocus()

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def ask_about(texts: Texts, found: Plan, parent: QWidget | None) -> tuple[bool, bool]:
    """Tell what was found. Return whether anything is attached, and whether the files that were asked about are."""
    dialog = dialog_about(texts, found, parent)
    dialog.exec()
    chosen, last = dialog.chosen, len(dialog.buttons) - 1
    dialog.deleteLater()
    if chosen == last and (found.asks or found.fine):
        return False, False
    return bool(found.fine or found.asks), bool(found.asks) and chosen == 0


def dialog_about(texts: Texts, found: Plan, parent: QWidget | None) -> FindingsDialog:
    """Return the dialog that tells what was found."""
    say = texts.say
    parts: list[tuple[str, str, Sequence[Told]]] = []
    if found.asks:
        parts.append(("warning", say("ui.attaching.asks", count=len(found.asks)), found.asks))
    if found.refused:
        parts.append(("error", say("ui.attaching.refused", count=len(found.refused)), found.refused))
    if found.fine:
        parts.append(("status", say("ui.attaching.fine", count=len(found.fine)), ()))
    if found.asks and found.fine:
        buttons = [say("ui.attaching.all_the_same"), say("ui.attaching.leave_out"), say("ui.cancel")]
    elif found.asks:
        buttons = [say("ui.attaching.all_the_same"), say("ui.attaching.attach_none")]
    elif found.fine:
        buttons = [say("ui.attaching.the_others"), say("ui.cancel")]
    else:
        buttons = [say("ui.ok")]
    return FindingsDialog(texts, parts, buttons, "ui.attaching.what", parent)


def tell_left_out(texts: Texts, files: Sequence[Told], attached: int, parent: QWidget | None) -> None:
    """Tell which files were not attached, and why."""
    say = texts.say
    parts: list[tuple[str, str, Sequence[Told]]] = [("error", say("ui.attaching.left_out", count=len(files)), files)]
    if attached:
        parts.append(("status", say("ui.attaching.attached", count=attached), ()))
    dialog = FindingsDialog(texts, parts, [say("ui.ok")], "ui.attaching.what", parent)
    dialog.exec()
    dialog.deleteLater()
