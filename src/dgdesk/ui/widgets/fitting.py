"""Dialogs as large as their texts need, that scroll on a small screen; windows are placed inside a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget


class FittedDialog(QDialog):
    """A dialog as high as its wrapped texts need.

    Qt asks for the height of texts on one line and limits it to two thirds of the screen; at 200 % text size,
    whole sentences would be cut off.
    """

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.fit()

    def fit(self) -> None:
        """Resize the dialog to what its present texts need, within the screen."""
        layout = self.layout()
        if layout is None:
            return
        screen = self.screen().availableSize()
        least = layout.totalMinimumSize()
        width = min(max(self.width(), least.width()), screen.width())
        if _height(layout, width) > screen.height() - TITLE_BAR:
            # a wider dialog needs fewer lines
            width = min(2 * width, screen.width())
        height = min(max(self.height(), _height(layout, width)), screen.height() - TITLE_BAR)
        if (width, height) != (self.width(), self.height()):
            self.setMinimumHeight(min(self.minimumHeight(), height))
            self.resize(width, height)


def _height(layout: QLayout, width: int) -> int:
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalMinimumSize().height()


ORDINARY: Final = (1360, 820)
LEAST: Final = (900, 600)
TITLE_BAR: Final = 30
"""Height of the title bar that the window system adds, in pixels."""


@dataclass(frozen=True, slots=True)
class ScreenBox:
    """A rectangle in pixels: a screen without its task bar, or the content of a window."""

    x: int
    y: int
    width: int
    height: int

    def common(self, other: ScreenBox) -> int:
        """Return the area that both rectangles share, in pixels."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(across, 0) * max(down, 0)


def place_window(size: tuple[int, int], corner: tuple[int, int] | None, screens: Sequence[ScreenBox]) -> ScreenBox:
    """Return where to open a window of ``size`` (``(0, 0)``: never opened before) that was closed at ``corner``.

    The first screen is the main one. The window, including its frame, always fits on one screen: since last time, the
    screen may have become smaller or been removed.
    """
    width, height = size if size[0] else ORDINARY
    wanted = None if corner is None else ScreenBox(*corner, width, height)
    screen = screens[0] if wanted is None else max(screens, key=wanted.common)
    width, height = min(width, screen.width), min(height, screen.height - TITLE_BAR)
    if wanted is None or not wanted.common(screen):
        # centred on the screen
        x, y = screen.x + (screen.width - width) // 2, screen.y + TITLE_BAR + (screen.height - TITLE_BAR - height) // 2
    else:
        x = min(max(wanted.x, screen.x), screen.x + screen.width - width)
        y = min(max(wanted.y, screen.y + TITLE_BAR), screen.y + screen.height - height)
    return ScreenBox(x, y, width, height)


_LEAST, _BESIDE = 120, 6


class ScrollingDialog(FittedDialog):
    """A dialog with a scrolling body, `area`."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.area = ScrollBody(self)

    def fit(self) -> None:
        """Resize the dialog to its body; the size hint of the body is computed again first."""
        self.area.updateGeometry()
        super().fit()


class ScrollBody(QScrollArea):
    """A scrolling column of widgets. The Tab key stops at the widgets and scrolls to each, not at the body itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.inner = QWidget()
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(0, 0, _BESIDE, 0)
        self.column.setSpacing(8)
        self.setWidget(self.inner)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        edge = 2 * self.frameWidth()
        return self.column.totalHeightForWidth(width - edge) + edge

    def sizeHint(self) -> QSize:
        return self.column.totalSizeHint() + QSize(2 * self.frameWidth(), 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return QSize(self.column.totalMinimumSize().width() + bar + 2 * self.frameWidth(), _LEAST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
