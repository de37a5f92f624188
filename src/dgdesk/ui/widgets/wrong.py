"""Marks an input whose value is wrong: a red border of 2 pixels, and the cause for screen readers.

The cause in words, with its icon, is below the input. Boxes paint the border themselves; a group of buttons gets a
`WrongBorder` around it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dgdesk.ui.widgets import colours

BORDER: Final = 2
"""Width of the border in pixels."""
_CAUSE, _BEFORE = "wrongcause", "wrongbefore"


def mark_wrong(widget: QWidget, cause: str) -> None:
    """Mark an input with the cause of its wrong value; an empty cause takes the mark away."""
    known = wrong_cause(widget)
    if cause == known:
        return
    if not known:
        widget.setProperty(_BEFORE, widget.accessibleDescription())
    before = widget.property(_BEFORE) or ""
    widget.setProperty(_CAUSE, cause)
    widget.setAccessibleDescription(" · ".join(part for part in (cause, before) if part))
    if cause and widget.isVisible():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, cause))
    widget.update()


def wrong_cause(widget: QWidget) -> str:
    """Return the cause that an input is marked with; empty if it is not marked."""
    found = widget.property(_CAUSE)
    return found if isinstance(found, str) else ""


def paint_wrong(widget: QWidget, radius: int = 3) -> None:
    """Paint the border of an input that is marked, and inside it the line of the focus; nothing if it is not marked."""
    if wrong_cause(widget):
        painter = QPainter(widget)
        painter.setPen(QPen(QColor(colours.in_use().error), BORDER))
        painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), radius, radius)
        if widget.hasFocus():
            painter.setPen(QColor(colours.in_use().focus))
            painter.drawRect(widget.rect().adjusted(3, 3, -4, -4))


class WrongBorder(QWidget):
    """A red border around a widget that paints none itself. It takes no clicks and hides when nothing is wrong."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        around.installEventFilter(self)
        self.setGeometry(around.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        around = self.parentWidget()
        if event.type() == QEvent.Type.Resize and around is not None:
            self.setGeometry(around.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(colours.in_use().error), BORDER))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 3, 3)


def mark_around(around: QWidget, cause: str, known: WrongBorder | None) -> WrongBorder | None:
    """Show or hide the border around a widget; ``known`` is its border, if it has had one. Return the border."""
    if cause and known is None:
        known = WrongBorder(around)
    if known is not None:
        known.setVisible(bool(cause))
        known.raise_()
    return known
