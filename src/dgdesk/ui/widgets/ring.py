"""A ring filled by percent."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dgdesk.ui.widgets import colours

_SIDE, _PEN = 88, 8


class ProgressRing(QWidget):
    """A ring filled by percent, with the figure inside; its accessible name says the same."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._value = 0
        self.setFixedSize(self.sizeHint())

    def value(self) -> int:
        """The percent shown."""
        return self._value

    def setValue(self, percent: int) -> None:
        """Show another percent."""
        self._value = percent
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, table = QPainter(self), colours.in_use()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(_PEN, _PEN, -_PEN, -_PEN)
        painter.setPen(QPen(QColor(table.open), _PEN))
        painter.drawEllipse(ring)
        painter.setPen(QPen(QColor(table.progress), _PEN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, 90 * 16, round(-360 * 16 * self._value / 100))
        painter.setPen(QColor(table.text))
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, f"{self._value}%")
