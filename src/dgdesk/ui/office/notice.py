"""Window, office, notice: a quiet strip above the page that tells one thing, and the ways on from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.icons import OF_SEVERITY, status_pixmap
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.plain import plain_label
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel, sheet

Way = tuple[str, str, Callable[[], object]]
"""Words of a button, its letter, and what it does."""


class Notice(QWidget):
    """The strip. Its last way also takes it away."""

    def __init__(self, services: Services, mark: str, words: str, ways: Sequence[Way], parent: QWidget) -> None:
        """``mark`` is "error", "warning" or "note"."""
        super().__init__(parent)
        self.setStyleSheet(sheet())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 6, 8, 2)
        ground = Panel("card", self)
        outer.addWidget(ground)
        row = QHBoxLayout(ground)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(mark_label(services, mark, ground), 0, Qt.AlignmentFlag.AlignVCenter)
        self.label = WrapLabel(services.texts, words, "status", ground)
        self.label.set_role("text")
        self.label.set_text(words)
        row.addWidget(self.label, 1)
        self.buttons: list[QPushButton] = []
        for text, letter, act in ways:
            button = QPushButton(text, ground)
            give_keys((button, letter))
            button.clicked.connect(act)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self.buttons.append(button)
        self.buttons[-1].clicked.connect(self.go)

    def go(self) -> None:
        """Go away."""
        self.hide()
        self.deleteLater()


def mark_label(services: Services, mark: str, parent: QWidget) -> QLabel:
    """Return the picture of how grave something is; words beside it say the same."""
    label = plain_label("", parent)
    label.setPixmap(status_pixmap(services.icons, OF_SEVERITY[mark], parent.devicePixelRatioF()))
    label.setAccessibleName(services.texts.say(f"ui.office.severity_{mark}"))
    return label
