"""Window, QR picture: a code on the screen, dark on white in every theme, its modules whole pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.printing.qr import QUIET, QrCode

_MODULE = 4
"""Least pixels of a module: telephones read it from an arm's length. Larger text makes it larger."""


class QrPicture(QWidget):
    """Shows one code. ``name`` is what a screen reader says of it."""

    def __init__(self, text: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._code = QrCode(text)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Be as large as the code with its quiet zone."""
        side = self._code.modules * self._module()
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """See `sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the code: scanners want dark on light."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("black"))
        module = self._module()
        for at, row in enumerate(self._code.rows):
            for number, dark in enumerate(row):
                if dark:
                    left, top = (number + QUIET) * module, (at + QUIET) * module
                    painter.drawRect(QRectF(left, top, module, module))

    def _module(self) -> int:
        return max(_MODULE, self.fontMetrics().height() // 7)
