"""Dialogs as large as their texts need, that scroll where the screen is too small, placed on a screen that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget


class FittedDialog(QDialog):
    """A dialog as high as its wrapped texts need. Qt itself asks for the height of texts on one line, and for no more
    than two thirds of the screen: at 200 % text, whole sentences are cut off.
    """

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.fit()

    def fit(self) -> None:
        """Take the room that the texts of now need."""
        layout = self.layout()
        if layout is None:
            return
        room = self.screen().availableSize()
        least = layout.totalMinimumSize()
        width = min(max(self.width(), least.width()), room.width())
        if _height(layout, width) > room.height() - TITLE_BAR:
            # wider, its texts have fewer lines
            width = min(2 * width, room.width())
        height = min(max(self.height(), _height(layout, width)), room.height() - TITLE_BAR)
        if (width, height) != (self.width(), self.height()):
            self.setMinimumHeight(min(self.minimumHeight(), height))
            self.resize(width, height)


def _height(layout: QLayout, width: int) -> int:
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalMinimumSize().height()


ORDINARY: Final = (1360, 820)
LEAST: Final = (900, 600)
TITLE_BAR: Final = 30
"""What the window system's frame takes above a window."""


@dataclass(frozen=True, slots=True)
class ScreenBox:
    """A rectangle: a screen without its task bar, or a window's content."""

    x: int
    y: int
    width: int
    height: int

    def common(self, other: ScreenBox) -> int:
        """Return the area of both together."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(across, 0) * max(down, 0)


def place_window(size: tuple[int, int], corner: tuple[int, int] | None, screens: Sequence[ScreenBox]) -> ScreenBox:
    """Return where a window stands that was left at ``corner`` in ``size`` ((0, 0): never).

    The first screen is the main one. The window is never larger than its screen, and stands on it whole, its frame
    above it too: the screen may have become smaller, or have gone.
    """
    width, height = size if size[0] else ORDINARY
    wanted = None if corner is None else ScreenBox(*corner, width, height)
    screen = screens[0] if wanted is None else max(screens, key=wanted.common)
    width, height = min(width, screen.width), min(height, screen.height - TITLE_BAR)
    if wanted is None or not wanted.common(screen):
        # in the middle
        x, y = screen.x + (screen.width - width) // 2, screen.y + TITLE_BAR + (screen.height - TITLE_BAR - height) // 2
    else:
        x = min(max(wanted.x, screen.x), screen.x + screen.width - width)
        y = min(max(wanted.y, screen.y + TITLE_BAR), screen.y + screen.height - height)
    return ScreenBox(x, y, width, height)


_LEAST, _BESIDE = 120, 6


class ScrollingDialog(FittedDialog):
    """A dialog with such a body, `area`."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.area = ScrollBody(self)

    def fit(self) -> None:
        """Take the room that the body needs now; what is known of it may be older than what it shows."""
        self.area.updateGeometry()
        super().fit()


class ScrollBody(QScrollArea):
    """A column of parts. The Tab key leads through them and scrolls to each; the body itself is no stop."""

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
