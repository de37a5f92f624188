"""The face of an attached file: its thumbnail or kind, its name, and the facts about it, in two lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.icons import draw_status, icon_size
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import text_style

PICTURE: Final = 38
"""Longest side of the thumbnail, in pixels."""
_GAP, _FOLD = 8, 8
_LEAST_LETTERS = 8
_INK: Final = {"pdf": "error", "picture": "done", "sheet": "done", "text_document": "code", "slides": "warning"}
"""The colour of the letters on each kind of file; the letters say the same."""


class FileFace(QLabel):
    """Shows a file. ``clicked`` is emitted when a person clicks it.

    The name is elided in the middle, so that its ending stays. The tooltip says everything.
    """

    clicked = Signal()

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = services.icons
        self._name = self._letters = self._facts = self._said = ""
        self._kind = "other"
        self._status, self._role = "complete", "hint"
        self._warned = False
        self._picture: QImage | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._fonts = text_style("filename").font(self.font()), text_style("note").font(self.font())
        lines = sum(QFontMetrics(font).height() for font in self._fonts)
        width = PICTURE + _GAP + _LEAST_LETTERS * self.fontMetrics().averageCharWidth()
        # The same for all files: the row gives the name what is left.
        self._size = QSize(width, max(PICTURE, lines) + 2)

    @property
    def name(self) -> str:
        """The whole name."""
        return self._name

    @property
    def facts(self) -> str:
        """The facts that are shown below the name."""
        return " · ".join(part for part in (self._facts, self._said) if part)

    @property
    def status(self) -> str:
        """The status whose icon is shown."""
        return self._status

    @property
    def has_picture(self) -> bool:
        """Whether a thumbnail is shown."""
        return self._picture is not None

    def show_file(self, name: str, kind: str, letters: str) -> None:
        """Show a file; ``letters`` are those of its kind, such as PDF."""
        if (name, kind, letters) != (self._name, self._kind, self._letters):
            self._name, self._kind, self._letters = name, kind, letters
            self.update()

    def show_facts(self, facts: str, status: str, said: str, role: str, *, warned: bool) -> None:
        """Show facts, then the icon of ``status`` and what it says, in the style of ``role``.

        ``warned`` adds the icon of a remark that only the tooltip has in words.
        """
        before = self._facts, self._status, self._said, self._role, self._warned
        if before != (facts, status, said, role, warned):
            self._facts, self._status, self._said, self._role, self._warned = facts, status, said, role, warned
            self.update()

    def show_all(self, words: str) -> None:
        """Set what the tooltip and a screen reader say."""
        set_tip(self, words)
        self.setAccessibleName(words)

    def show_picture(self, picture: QImage) -> None:
        """Show a thumbnail in place of the kind."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._size

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, (self.height() - PICTURE) / 2 + 0.5, PICTURE - 1, PICTURE - 1)
        if self._picture is not None:
            self._paint_picture(painter, frame, self._picture)
        else:
            self._paint_kind(painter, frame)
        name, small = self._fonts
        high, low = QFontMetrics(name), QFontMetrics(small)
        left, width = PICTURE + _GAP, self.width() - PICTURE - _GAP
        top = (self.height() - high.height() - low.height()) // 2
        painter.setFont(name)
        painter.setPen(QColor(colours.in_use().text))
        shown = high.elidedText(self._name, Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(QRect(left, top, width, high.height()), Qt.AlignmentFlag.AlignLeft, shown)
        self._paint_facts(painter, small, QRect(left, top + high.height(), width, low.height()))

    def _paint_facts(self, painter: QPainter, font: QFont, place: QRect) -> None:
        middle, left = place.top() + place.height() / 2, float(place.left())
        for status in (self._status, *(("warning",) if self._warned else ())):
            draw_status(painter, self._icons, status, QPointF(left, middle))
            left += icon_size() + 4
        painter.setFont(font)
        # What is still to do comes first: a narrow row cuts the end.
        pieces = [(self._said, text_style(self._role).colour), (self._facts, colours.in_use().hint)]
        for number, (words, colour) in enumerate(piece for piece in pieces if piece[0]):
            words = f" · {words}" if number else words
            wide = place.right() - round(left)
            if wide <= 0:
                return
            metrics = painter.fontMetrics()
            painter.setPen(QColor(colour or colours.in_use().hint))
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(
                QRect(round(left), place.top(), wide, place.height()), Qt.AlignmentFlag.AlignVCenter, shown
            )
            left += metrics.horizontalAdvance(shown)

    def _paint_picture(self, painter: QPainter, frame: QRectF, picture: QImage) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = fitting(picture, frame)
        at = QRectF(
            round(frame.center().x() - size[0] / 2), round(frame.center().y() - size[1] / 2), round(size[0]), size[1]
        )
        painter.drawImage(at, picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(colours.in_use().frame))
        painter.drawRect(at.adjusted(0, 0, -1, -1))

    def _paint_kind(self, painter: QPainter, frame: QRectF) -> None:
        """Paint a sheet with a folded corner and the letters of the kind."""
        sheet = frame.adjusted(3, 0, -3, 0)
        corner = sheet.topRight()
        painter.setBrush(QColor(colours.in_use().base))
        painter.setPen(QPen(QColor(colours.in_use().frame), 1))
        painter.drawPolygon(
            QPolygonF(
                [
                    sheet.topLeft(),
                    QPointF(corner.x() - _FOLD, corner.y()),
                    QPointF(corner.x(), corner.y() + _FOLD),
                    sheet.bottomRight(),
                    sheet.bottomLeft(),
                ]
            )
        )
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(corner.x() - _FOLD, corner.y()),
                    QPointF(corner.x() - _FOLD, corner.y() + _FOLD),
                    QPointF(corner.x(), corner.y() + _FOLD),
                ]
            )
        )
        font = QFont(self._fonts[1])
        font.setBold(True)
        painter.setFont(font)
        # As wide as the sheet at most, however large the text.
        wide = painter.fontMetrics().horizontalAdvance(self._letters)
        if wide > sheet.width() - 4:
            font.setPointSizeF(font.pointSizeF() * (sheet.width() - 4) / wide)
            painter.setFont(font)
        painter.setPen(QColor(colours.named(_INK.get(self._kind, "hint"))))
        below = QRectF(sheet.left(), sheet.top() + _FOLD, sheet.width(), sheet.height() - _FOLD)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), self._letters)


def fitting(picture: QImage, frame: QRectF) -> tuple[float, float]:
    """Return the picture's width and height when it fits into a frame; a smaller one keeps its size."""
    scale = min(frame.width() / picture.width(), frame.height() / picture.height(), 1.0)
    return max(1.0, picture.width() * scale), max(1.0, picture.height() * scale)
