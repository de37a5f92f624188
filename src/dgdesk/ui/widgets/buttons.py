"""Buttons whose text wraps, the "?" that explains, and the line that offers to undo a removal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import show_if
from dgdesk.ui.widgets.plain import set_tip, set_what, show_what, with_key
from dgdesk.ui.widgets.text_layout import Run, plain_text
from dgdesk.ui.widgets.theme import paint_frame

RING = 2
"""Width of the ring around what has the focus, in pixels."""


def paint_ring(widget: QWidget) -> None:
    """Paint the ring of the focus around a widget that has it; call at the end of its ``paintEvent``."""
    if widget.hasFocus():
        paint_ring_on(widget, widget.palette().color(QPalette.ColorRole.Highlight))


def paint_ring_on(widget: QWidget, colour: QColor) -> None:
    """Paint the ring, whatever has the focus."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, RING))
    painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), 4, 4)


class PageButton(QPushButton):
    """A button with words."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isFlat() and self.isEnabled():
            paint_frame(self)
        paint_ring(self)


class PageCheck(QCheckBox):
    """A check box with words."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_ring(self)


class PageTool(QToolButton):
    """A button with an arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_ring(self)


def give_keys(*keys: tuple[QAbstractButton, str]) -> None:
    """Give buttons of one window the letters that press them with Alt; screen readers hear the words alone."""
    for button, letter in keys:
        words = button.text()
        if not button.accessibleName():
            button.setAccessibleName(words)
        button.setText(with_key(words, letter))


def say_on(button: QAbstractButton, words: str, letter: str) -> None:
    """Put other words on a button that has a letter."""
    button.setAccessibleName(words)
    button.setText(with_key(words, letter))


_EDGE = 2


class WhatButton(QAbstractButton):
    """The button. ``about`` gives the widget whose explanation is shown, when it is pressed.

    ``name`` is the panel's name, for the button's own accessible name.
    """

    def __init__(self, texts: Texts, name: str, about: Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._about = about
        self._texts = texts
        self.name_it(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.explain)

    def name_it(self, name: str) -> None:
        """Say of which panel this is the button."""
        self.setAccessibleName(self._texts.say("ui.what_button", name=name.rstrip("…")))
        set_tip(self, self._texts.show(self.accessibleName()))

    def explain(self) -> None:
        """Show what the panel is for, below the button."""
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
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(colours.in_use().link))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), "?")


def what_this_is(dialog: QWidget, texts: Texts, code: str) -> WhatButton:
    """Return the "?" of a dialog, for its row of buttons; Shift+F1 in the dialog shows the same."""
    set_what(dialog, texts, texts.say(code))
    return WhatButton(texts, dialog.windowTitle(), lambda: dialog, dialog)


class UndoLine(QWidget):
    """Stands where something was, until something else is done. ``bring_back`` is called by its button."""

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

    def show_gone(self, words: str, spoken: str) -> None:
        """Say what is gone, and on the button what comes back."""
        self.words.set_text(words)
        self.button.setAccessibleName(spoken)
        set_tip(self.button, self._texts.show(spoken))
        show_if(self, True)


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
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._layout = self._texts.layout(self._runs, self.font())
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = width - 2 * _PAD_X - self._left() - self._chip_room()
        return max(self._layout.height(inner), self._chip_height()) + 2 * _PAD_Y

    def sizeHint(self) -> QSize:
        width = min(self._layout.natural_width + 2 * _PAD_X + self._left() + self._chip_room(), 240)
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
