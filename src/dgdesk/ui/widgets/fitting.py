"""Dialogs as large as their texts need, that scroll on a small screen; windows are placed inside a screen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QScreen, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget

from dgdesk.ui.widgets.placing import FRAME, TITLE_BAR
from dgdesk.ui.widgets.theme_file import SPACE


def largest_on(screen: QScreen) -> QSize:
    """Return the largest size of a window on a screen, without what the window system adds."""
    free = screen.availableSize()
    return QSize(free.width() - 2 * FRAME, free.height() - TITLE_BAR - FRAME)


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
        most, least = largest_on(self.screen()), layout.totalMinimumSize()
        width = min(max(self.width(), least.width()), most.width())
        if _height(layout, width) > most.height():
            # a wider dialog needs fewer lines
            width = min(2 * width, most.width())
        height = min(max(self.height(), _height(layout, width)), most.height())
        if (width, height) != (self.width(), self.height()):
            self.setMinimumHeight(min(self.minimumHeight(), height))
            self.resize(width, height)


def _height(layout: QLayout, width: int) -> int:
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalMinimumSize().height()


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
        self.column.setSpacing(SPACE)
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
