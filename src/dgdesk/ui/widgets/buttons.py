"""Buttons whose text wraps, the "?" button that explains a panel, and the line that offers to undo a removal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyleOptionButton,
    QToolButton,
    QWidget,
)

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import show_if
from dgdesk.ui.widgets.letters import set_letter
from dgdesk.ui.widgets.plain import set_tip, set_what, show_what
from dgdesk.ui.widgets.text_layout import Run, plain_text
from dgdesk.ui.widgets.theme import mark_palette, paint_frame
from dgdesk.ui.widgets.theme_file import NORMAL, SMALL

RING = 2
"""Width of the focus ring, in pixels."""


def paint_ring(widget: QWidget) -> None:
    """Paint the focus ring if the widget has the focus; call this at the end of its ``paintEvent``."""
    if widget.hasFocus():
        paint_ring_on(widget, widget.palette().color(QPalette.ColorRole.Highlight))


def paint_ring_on(widget: QWidget, colour: QColor) -> None:
    """Paint the focus ring, whether or not the widget has the focus."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, RING))
    painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), 4, 4)


class PageButton(QPushButton):
    """A text button with a frame and a focus ring of sufficient contrast."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isFlat() and self.isEnabled():
            paint_frame(self)
        paint_ring(self)


class PageCheck(QCheckBox):
    """A check box with an outline of enough contrast and a focus ring."""

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        option.palette = mark_palette(option.palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_ring(self)


class PageTool(QToolButton):
    """A tool button (arrow or icon) with a focus ring."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_ring(self)


def give_keys(*keys: tuple[QAbstractButton, str]) -> None:
    """Give each button of a window its Alt letter, which is seen only while Alt is held."""
    for button, letter in keys:
        words = button.text()
        if not button.accessibleName():
            button.setAccessibleName(words)
        button.setText(words.replace("&", "&&"))
        set_letter(button, letter)


def set_lettered_text(button: QAbstractButton, words: str, letter: str) -> None:
    """Change the text of a button that has an Alt letter."""
    button.setAccessibleName(words)
    button.setText(words.replace("&", "&&"))
    set_letter(button, letter)


_EDGE = 2


class WhatButton(QAbstractButton):
    """A "?" button. When it is pressed, it shows the explanation of the widget that ``about`` returns.

    ``name`` is the name of the explained panel; it becomes part of the accessible name.
    """

    def __init__(self, texts: Texts, name: str, about: Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._about = about
        self._texts = texts
        self.set_subject(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.explain)

    def set_subject(self, name: str) -> None:
        """Set the name of the explained panel."""
        self.setAccessibleName(self._texts.say("ui.what_button", name=name.rstrip("…")))
        set_tip(self, self._texts.show(self.accessibleName()))

    def explain(self) -> None:
        """Show the explanation below the button."""
        about = self._about()
        show_what(self.mapToGlobal(QPoint(0, self.height())), about)

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.setBrush(
            QColor(colours.in_use().hover if self.underMouse() or self.isDown() else colours.in_use().base)
        )
        focused = self.hasFocus()
        painter.setPen(
            QPen(QColor(colours.in_use().focus if focused else colours.in_use().frame), 2.5 if focused else 1.2)
        )
        painter.drawEllipse(ring)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * SMALL / NORMAL)
        painter.setFont(font)
        painter.setPen(QColor(colours.in_use().link))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), "?")


def what_this_is(dialog: QWidget, texts: Texts, code: str) -> WhatButton:
    """Return the "?" button of a dialog; Shift+F1 in the dialog shows the same text. ``code`` is that of the text."""
    set_what(dialog, texts, texts.say(code))
    return WhatButton(texts, dialog.windowTitle(), lambda: dialog, dialog)


class UndoLine(QWidget):
    """Shown in place of a removed item until the next change; its button calls ``bring_back``."""

    def __init__(self, texts: Texts, bring_back: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.words = WrapLabel(texts, "", "hint", self)
        self.button = PageButton(texts.say("ui.undo"), self)
        self.button.setObjectName("small")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(bring_back)
        row.addWidget(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def show_removed(self, words: str, spoken: str) -> None:
        """Show what was removed; ``spoken`` is the button's accessible name."""
        self.words.set_text(words)
        self.button.setAccessibleName(spoken)
        set_tip(self.button, self._texts.show(spoken))
        show_if(self, True)


_PAD_X, _PAD_Y, _GAP, _FOLD = 7, 5, 6, 14


class WrapButton(QAbstractButton):
    """A clickable row of wrapped text with an optional ``chip`` (a short figure) at its right.

    ``quiet`` draws the chip as an outline only, ``folds`` adds an arrow that turns when the row is checked, ``back`` an
    arrow that points left. ``spoken`` is the accessible name, if it differs from text and chip.
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
        """Return the text, without break hints, and the chip."""
        return plain_text((*self._runs, Run(self._chip)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._layout = self._texts.layout(self._runs, self.font())
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = width - 2 * _PAD_X - self._left() - self._chip_width()
        return max(self._layout.height(inner), self._chip_height()) + 2 * _PAD_Y

    def sizeHint(self) -> QSize:
        width = min(self._layout.natural_width + 2 * _PAD_X + self._left() + self._chip_width(), 240)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 2 * _PAD_Y)

    def paintEvent(self, event: QPaintEvent) -> None:
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
        inner = self.width() - 2 * _PAD_X - self._left() - self._chip_width()
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
        width, height = self._chip_width() - _GAP, self._chip_height()
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

    def _chip_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._chip) + 16 + _GAP if self._chip else 0
