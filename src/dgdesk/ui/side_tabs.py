"""Window, side tabs: the tabs of the side panel, close enough together to stand beside each other when it is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QTabWidget, QWidget

_ROOM = 12
"""Pixels beside a tab's text, both sides together; Fusion takes 24."""


class _TightStyle(QProxyStyle):
    """Fusion with less room beside the text of a tab."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Take less room beside the text."""
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _ROOM
        return super().pixelMetric(metric, option, widget)


class SideTabs(QTabWidget):
    """The tabs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        # its bar takes the focus; were the whole a stop as well, the Tab key would lead from its end back to its bar
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tight = _TightStyle("Fusion")
        self._tight.setParent(self)
        self.tabBar().setStyle(self._tight)

    def least_width(self) -> int:
        """Return the width, in pixels, at which no tab is cut off."""
        tabs = self.tabBar()
        words = sum(tabs.fontMetrics().horizontalAdvance(tabs.tabText(number)) for number in range(tabs.count()))
        return words + tabs.count() * (_ROOM + 2) + self.cornerWidget().sizeHint().width() + 4
