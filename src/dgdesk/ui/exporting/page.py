"""Window, exporting, page: what every page of the wizard is: a column of texts and fields that scrolls."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.ui.widgets.label import Texts, WrapLabel


class Page(QScrollArea):
    """A page. ``changed``: whether one may go on from here may be another matter now."""

    changed = Signal()

    def __init__(self, texts: Texts, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts = texts
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(4, 4, 10, 4)
        self.column.setSpacing(10)
        self.setWidget(self.body)

    def enter(self) -> None:
        """Show what is so now; called whenever the page comes up."""

    def first(self) -> QWidget | None:
        """Return what has the focus when the page comes up; None: what leads on."""
        return None

    def may_go_on(self) -> bool:
        """Whether enough is chosen to try to go on."""
        return True

    def settle(self) -> None:
        """Take what was chosen, as the person goes on.

        Raises:
            DgdeskError: what stands against it; the page stays.
        """

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep in sight what has the focus, where a sentence below the page takes room from it."""
        super().resizeEvent(event)
        focus = cast("QWidget | None", self.window().focusWidget())  # which is said never to be missing, and may be
        if focus is not None and self.body.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def add_text(self, words: str = "", role: str = "text") -> WrapLabel:
        """Add a text at the end; an empty one is hidden."""
        label = WrapLabel(self.texts, words, role, self.body)
        label.setVisible(bool(words))
        self.column.addWidget(label)
        return label


def announce(label: WrapLabel) -> None:
    """Have a screen reader read a label out, wherever the focus is."""
    QAccessible.updateAccessibility(QAccessibleEvent(label, QAccessible.Event.Alert))


def tell_on(label: WrapLabel, role: str, words: str) -> None:
    """Show words on a label, or nothing when empty."""
    label.set_role(role)
    label.set_text(words)
    label.setVisible(bool(words))
