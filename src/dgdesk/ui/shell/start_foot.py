"""The lower edge of the start page, where notices come that are known late."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme_file import SPACE


class StartFoot(QWidget):
    """Notices below what scrolls: one that comes late moves nothing that is under the mouse.

    ``keep_free`` is called with the height in pixels that the notices need of the area.
    """

    def __init__(self, area: QAbstractScrollArea, keep_free: Callable[[int], None]) -> None:
        super().__init__(area)
        self._area, self._keep_free, self._height = area, keep_free, 0
        self._column = column(self, SPACE // 2)
        self._column.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        area.installEventFilter(self)

    def add(self, notice: QWidget) -> None:
        """Show a notice below those that are there."""
        self._column.addWidget(notice)
        self.follow()

    def follow(self) -> None:
        """Take the height that the notices need, at the width of the area."""
        area = self._area
        width = area.width()
        height = max(0, self._column.totalHeightForWidth(width)) if self._column.hasHeightForWidth() else 0
        height = max(height, self._column.totalSizeHint().height()) if not self._column.isEmpty() else 0
        if height != self._height:
            self._height = height
            self._keep_free(height)
        self.setGeometry(0, area.height() - height, width, height)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.follow()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return False
