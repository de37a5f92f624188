"""Window, wrap button: something to click whose text wraps, with a fold mark before it and a chip behind it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dgdesk.ui import colours
from dgdesk.ui.text import Texts
from dgdesk.ui.text_layout import Run, plain_text

_PAD_X, _PAD_Y, _GAP, _FOLD = 7, 5, 6, 14


class WrapButton(QAbstractButton):
    """A row that is clicked. ``chip`` is a short figure at its right.

    ``quiet`` paints the chip as an outline, ``folds`` shows an arrow that turns when checked, ``back`` one that points
    to the left.

    ``spoken`` is what a screen reader says instead of the text and the chip.
    """

    def __init__(
        self,
        texts: Texts,
        runs: Sequence[Run],
        parent: QWidget,
        *,
        chip: str = "",
        quiet: bool = False,
        folds: bool = False,
        back: bool = False,
        spoken: str = "",
    ) -> None:
        super().__init__(parent)
        self._runs, self._texts = tuple(runs), texts
        self._layout = texts.layout(runs, self.font())
        self._chip, self._quiet, self._folds, self._back = chip, quiet, folds, back
        self.setCheckable(folds)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(spoken or self.plain_text)

    @property
    def plain_text(self) -> str:
        """The text without marks, and the chip."""
        return plain_text((*self._runs, Run(self._chip)))

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font or theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._layout = self._texts.layout(self._runs, self.font())
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """The text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width."""
        inner = width - 2 * _PAD_X - self._left() - self._chip_room()
        return max(self._layout.height(inner), self._chip_height()) + 2 * _PAD_Y

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        width = min(self._layout.natural_width + 2 * _PAD_X + self._left() + self._chip_room(), 240)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(120, self.fontMetrics().height() + 2 * _PAD_Y)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, arrow, text, chip and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ink = self.palette().buttonText().color()
        over = self.underMouse() or self.isDown()
        edge = QColor(ink)
        edge.setAlphaF(0.35)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(QColor(colours.in_use().hover) if over else self.palette().base())
        painter.drawRoundedRect(whole, 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.in_use().focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(whole, 5, 5)
        inner = self.width() - 2 * _PAD_X - self._left() - self._chip_room()
        if self._left():
            self._paint_arrow(painter, QPointF(_PAD_X + 4, _PAD_Y + self._layout.first_line / 2), ink)
        painter.setPen(ink)
        self._layout.draw(painter, QPointF(_PAD_X + self._left(), _PAD_Y), inner)
        if self._chip:
            self._paint_chip(painter)

    def _paint_arrow(self, painter: QPainter, middle: QPointF, ink: QColor) -> None:
        painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if self._back:
            points = [middle + QPointF(2, -4), middle + QPointF(-2.5, 0), middle + QPointF(2, 4)]
        elif self.isChecked():
            points = [middle + QPointF(-4, -2), middle + QPointF(0, 2.5), middle + QPointF(4, -2)]
        else:
            points = [middle + QPointF(-2, -4), middle + QPointF(2.5, 0), middle + QPointF(-2, 4)]
        painter.drawPolyline(points)

    def _paint_chip(self, painter: QPainter) -> None:
        width, height = self._chip_room() - _GAP, self._chip_height()
        chip = QRectF(self.width() - _PAD_X - width, _PAD_Y, width, height)
        ink = self.palette().buttonText().color()
        painter.setPen(QPen(ink, 1) if self._quiet else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if self._quiet else QColor(colours.in_use().done))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.setPen(ink if self._quiet else QColor(colours.in_use().on_mark))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), self._chip)

    def _left(self) -> int:
        return _FOLD if self._folds or self._back else 0

    def _chip_height(self) -> int:
        return self.fontMetrics().height() if self._chip else 0

    def _chip_room(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._chip) + 16 + _GAP if self._chip else 0
