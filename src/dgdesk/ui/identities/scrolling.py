"""Window, scrolling: the body of a dialog that is as high as its texts need, and scrolls where the screen is lower."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStyle, QVBoxLayout, QWidget

from dgdesk.ui.fitting import FittedDialog

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
        """The texts wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which nothing needs to scroll."""
        edge = 2 * self.frameWidth()
        return self.column.totalHeightForWidth(width - edge) + edge

    def sizeHint(self) -> QSize:
        """Return the size at which the texts stand on one line each."""
        return self.column.totalSizeHint() + QSize(2 * self.frameWidth(), 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """Return the least size: as wide as the parts need beside a bar to scroll, a few lines high."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return QSize(self.column.totalMinimumSize().width() + bar + 2 * self.frameWidth(), _LEAST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the dialog know when the parts need another height."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
