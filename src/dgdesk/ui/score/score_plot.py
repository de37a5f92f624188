"""Paints the seven pillars as thin bars; what their shapes mean is in the legend, and the points are in the tips.

Every bar is as wide as the panel, whatever its pillar weighs: in the narrowest panel, a bar of five
points out of thirty would be too short to read. The weight is in its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.survey.rules.figures import Figures
from dgdesk.ui.score.score_paint import PARTS, paint_part, paint_stack
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.plain import show_tip
from dgdesk.ui.widgets.text_layout import Run, TextLayout
from dgdesk.ui.widgets.theme_file import SPACE

_THIN, _GAP, _PAD, _SWATCH = SPACE, SPACE // 2, SPACE // 2, 3 * SPACE


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its id, its name, and its figures."""

    id: str
    name: str
    figures: Figures


class StackBar(QWidget):
    """A single bar, for the details; its words are next to it."""

    def __init__(self, figures: Figures, spoken: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._figures = figures
        self.setFixedHeight(_THIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(spoken)

    def sizeHint(self) -> QSize:
        return QSize(120, _THIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_stack(QPainter(self), QRectF(self.rect()), self._figures)


class Legend(QWidget):
    """The meaning of the shapes, with the points of each; screen readers get the list as text."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self._lines: list[tuple[str, str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: Figures) -> None:
        """Show the points of the whole score."""
        say = self._texts.say
        self._lines = [(part, say(f"ui.points.{part}"), str(getattr(figures, part))) for part in PARTS]
        self.setAccessibleName(", ".join(f"{name} {points}" for _, name, points in self._lines))
        self._fit()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        step = self._step()
        for number, (part, name, points) in enumerate(self._lines):
            top = number * step
            paint_part(painter, QRectF(0, top + (step - _THIN) // 2, _SWATCH, _THIN), part)
            painter.setPen(self.palette().text().color())
            line = QRectF(_SWATCH + 8, top, self.width() - _SWATCH - 8, step)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), points)

    def _fit(self) -> None:
        """Set the height to that of the lines, and the minimum width to that of the longest."""
        advance = self.fontMetrics().horizontalAdvance
        widest = max((advance(f"{name}  {points}") for _, name, points in self._lines), default=0)
        self.setFixedHeight(self._step() * len(PARTS))
        self.setMinimumWidth(_SWATCH + 8 + widest)

    def _step(self) -> int:
        return self.fontMetrics().height() + 2


class ScorePlot(QWidget):
    """The bars. ``picked`` carries the id of a bar that is clicked, or chosen with arrow keys and Enter."""

    picked = Signal(str)

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scoreplot")
        self._texts = texts
        self._bars: tuple[Bar, ...] = ()
        self._names: list[TextLayout] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        words = [(bar.name, self._figure(bar)) for bar in bars]
        same = words == [(bar.name, self._figure(bar)) for bar in self._bars]
        self._bars = tuple(bars)
        if not same:
            self._lay_out()
        self.setAccessibleName(self._texts.say("ui.points.pillars"))
        how = self._texts.say("ui.about.plot")
        self.setAccessibleDescription("\n".join((how, *(self.words(bar) for bar in bars))))
        self.updateGeometry()
        self.update()

    def _lay_out(self) -> None:
        runs = [(Run(bar.name), Run(self._figure(bar), "strong")) for bar in self._bars]
        self._names = [self._texts.layout(each, self.font()) for each in runs]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()
            self.updateGeometry()

    def words(self, bar: Bar) -> str:
        """Return a bar in words, as the text alternative."""
        return words_of(self._texts, bar.name, bar.figures)

    def rects(self) -> list[QRectF]:
        """Return the rectangles of the rows: name above, bar below."""
        top, rows = 0.0, []
        for name in self._names:
            height = name.height(self.width() - 2 * _PAD) + _GAP + _THIN + 2 * _PAD
            rows.append(QRectF(0, top, self.width(), height))
            top += height
        return rows

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(name.height(width - 2 * _PAD) + _GAP + _THIN + 2 * _PAD for name in self._names)

    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(220))

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().text().color()
        for number, (bar, name, row) in enumerate(zip(self._bars, self._names, self.rects(), strict=True)):
            painter.setPen(ink)
            name.draw(painter, QPointF(_PAD, row.top() + _PAD), self.width() - 2 * _PAD)
            place = QRectF(_PAD, round(row.bottom()) - _PAD - _THIN, self.width() - 2 * _PAD, _THIN)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            paint_stack(painter, place, bar.figures)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            if self.hasFocus() and number == self._at:
                painter.setPen(QPen(QColor(colours.in_use().focus), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._row_at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self._at = number
            self.picked.emit(self._bars[number].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._bars:
            self._at = min(max(self._at + (1 if key == Qt.Key.Key_Down else -1), 0), len(self._bars) - 1)
            self.setAccessibleName(f"{self._texts.say('ui.points.pillars')}: {self.words(self._bars[self._at])}")
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._bars:
            self.picked.emit(self._bars[self._at].id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._row_at(QPointF(event.pos()))
            if number is not None:
                show_tip(event.globalPos(), self._texts.show(self.words(self._bars[number])), self)
            return True
        return super().event(event)

    def _row_at(self, point: QPointF) -> int | None:
        return next((number for number, row in enumerate(self.rects()) if row.contains(point)), None)

    def _figure(self, bar: Bar) -> str:
        words = self._texts.say("ui.points.of", earned=bar.figures.earned, weight=f"{bar.figures.weight:.0f}")
        return words.replace(" ", "\u00a0")


def words_of(texts: Texts, name: str, figures: Figures) -> str:
    """Return figures in words, without those that are zero."""
    parts = [
        texts.say("ui.points.part", name=texts.say(f"ui.points.{part}"), points=getattr(figures, part))
        for part in PARTS[1:]
        if getattr(figures, part)
    ]
    weight = f"{figures.weight:f}"
    return texts.say("ui.points.node", name=name, earned=figures.earned, weight=weight, parts=", ".join(parts)).strip()
