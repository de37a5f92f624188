"""Options of a question as wide buttons with wrapped text, and choices that are read-only but still take the focus.

The Tab key skips a disabled widget, so a screen reader user would never hear the answer. Read-only choices are
therefore not disabled, only frozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts, open_link, show_text_menu
from dgdesk.ui.widgets.text_layout import Run, plain_text
from dgdesk.ui.widgets.theme import mark_palette

# Shiboken does not allow two Qt classes among the bases of a class.
if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object


class ReadOnlyChoices(_Button):
    """Mixin for a button that can be frozen; comes before the Qt class in the list of bases."""

    frozen = False

    def freeze(self, why: str) -> None:
        """Refuse changes from now on; ``why`` is added to the accessible description."""
        self.frozen = True
        describe(self, why)

    def nextCheckState(self) -> None:
        if not self.frozen:
            super().nextCheckState()


def describe(widget: QWidget, words: str) -> None:
    """Add words to the accessible description of a widget, unless they are already there."""
    known = widget.accessibleDescription()
    if words not in known:
        widget.setAccessibleDescription(" · ".join(part for part in (known, words) if part))


_PAD_X, _PAD_Y, _GAP = 8, 5, 8


def paint_option_background(button: QAbstractButton, painter: QPainter, inset: int) -> None:
    """Paint the background of an option that is chosen, under the mouse or focused; otherwise nothing."""
    hovered = button.underMouse() and button.isEnabled() and not getattr(button, "frozen", False)
    if button.isChecked() or hovered or button.hasFocus():
        if button.isChecked() or hovered:
            painter.setBrush(QColor(colours.in_use().chosen if button.isChecked() else colours.in_use().hover))
        painter.setPen(QPen(QColor(colours.in_use().focus), 2) if button.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(button.rect().adjusted(inset, inset, -inset, -inset), 5, 5)


class _Row(ReadOnlyChoices):
    """What radio and check rows share; keyboard, groups and accessible roles come from the Qt class."""

    _primitive = QStyle.PrimitiveElement.PE_IndicatorRadioButton
    _metric = QStyle.PixelMetric.PM_ExclusiveIndicatorWidth

    def prepare(self, texts: Texts, runs: tuple[Run, ...]) -> None:
        """Set the text; call once after construction."""
        self._texts = texts
        self._runs, self._layout = runs, texts.layout(runs, self.font())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.plain_text)

    @property
    def plain_text(self) -> str:
        """Return the text without break hints."""
        return plain_text(self._runs)

    def text_rect(self) -> QRect:
        """Return the rectangle of the text, in pixels of the widget."""
        left = _PAD_X + self._mark() + _GAP
        return self.rect().adjusted(left, _PAD_Y, -_PAD_X, -_PAD_Y)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = width - 2 * _PAD_X - self._mark() - _GAP
        return max(self._layout.height(inner), self._mark()) + 2 * _PAD_Y

    def sizeHint(self) -> QSize:
        width = min(self._layout.natural_width + 2 * _PAD_X + self._mark() + _GAP, 600)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._mark() + 2 * _PAD_Y)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos) and self._link(pos) is None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self._link(event.position().toPoint())
        if link is not None and event.button() == Qt.MouseButton.LeftButton and not self.isDown():
            open_link(link)
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setCursor(
            Qt.CursorShape.PointingHandCursor
            if (self.isEnabled() and not self.frozen) or self._link(event.position().toPoint())
            else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        show_text_menu(self, self._texts, self.plain_text, "", event.globalPos())
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_option_background(self, painter, 1)
        mark = self._mark()
        option = QStyleOptionButton()
        option.initFrom(self)
        option.palette = mark_palette(option.palette)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if self.frozen:
            option.state &= ~QStyle.StateFlag.State_Enabled
        option.state |= QStyle.StateFlag.State_On if self.isChecked() else QStyle.StateFlag.State_Off
        if self.isDown():
            option.state |= QStyle.StateFlag.State_Sunken
        drop = max(0, round((self._layout.first_line - mark) / 2))
        option.rect = self._visual(QRect(_PAD_X, _PAD_Y + drop, mark, mark))
        self.style().drawPrimitive(self._primitive, option, painter, self)
        painter.setPen(QColor(colours.in_use().text if self.isEnabled() else colours.in_use().skipped))
        inner = self.text_rect()
        self._layout.draw(painter, QPointF(inner.topLeft()), inner.width())

    def _mark(self) -> int:
        return self.style().pixelMetric(self._metric, None, self)

    def _link(self, pos: QPoint) -> str | None:
        inner = self.text_rect()
        return self._layout.link_at(QPointF(pos - inner.topLeft()), inner.width())

    def _visual(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)


class RadioRow(_Row, QRadioButton):
    """An option of a single choice."""

    def __init__(self, texts: Texts, runs: tuple[Run, ...], parent: QWidget) -> None:
        QRadioButton.__init__(self, parent)
        self.prepare(texts, runs)


class CheckRow(_Row, QCheckBox):
    """An option of a multiple choice."""

    _primitive = QStyle.PrimitiveElement.PE_IndicatorCheckBox
    _metric = QStyle.PixelMetric.PM_IndicatorWidth

    def __init__(self, texts: Texts, runs: tuple[Run, ...], parent: QWidget) -> None:
        QCheckBox.__init__(self, parent)
        self.prepare(texts, runs)


class CellRadio(ReadOnlyChoices, QRadioButton):
    """The radio button in a cell of a matrix; the whole cell is clickable. Its accessible name is "row: column"."""

    def __init__(self, name: str, parent: QWidget) -> None:
        QRadioButton.__init__(self, parent)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(48, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_option_background(self, painter, 2)
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_ExclusiveIndicatorWidth, None, self)
        option = QStyleOptionButton()
        option.initFrom(self)
        option.palette = mark_palette(option.palette)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if self.frozen:
            option.state &= ~QStyle.StateFlag.State_Enabled
        option.state |= QStyle.StateFlag.State_On if self.isChecked() else QStyle.StateFlag.State_Off
        option.rect = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorRadioButton, option, painter, self)
