"""Window, side tabs: the tabs of the side panel, close enough together to stand beside each other when it is narrow."""

from __future__ import annotations

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
        self._tight = _TightStyle("Fusion")
        self._tight.setParent(self)
        self.tabBar().setStyle(self._tight)
