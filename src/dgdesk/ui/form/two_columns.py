"""A question on the left and its answers on the right, as in a printed table; below each other where that is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_QUESTION, _ANSWERS = 38, 62
"""Shares of the width."""
_LEAST = 26
"""Least width for two columns, in line heights."""
_GAP = 12


class TwoColumns(QWidget):
    """Two columns, ``left`` and ``right``, whose shares are the same in every row of a table."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(_GAP)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for part, share in ((self.left, _QUESTION), (self.right, _ANSWERS)):
            part.setSpacing(SPACE)
            self._box.addLayout(part, share)

    @property
    def stacked(self) -> bool:
        """Whether the columns are below each other."""
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < _LEAST * self.fontMetrics().lineSpacing()
        if narrow != self.stacked:
            way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
            self._box.setDirection(way)
            self.updateGeometry()


class TwoHeads(Panel):
    """The heads of both columns."""

    def __init__(self, texts: Texts, headings: tuple[str, ...], parent: QWidget) -> None:
        super().__init__("tablehead", parent)
        layout = column(self, 0)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        columns = TwoColumns(self)
        columns.left.addWidget(WrapLabel(texts, headings[0], "columnhead", columns))
        for text in headings[1:]:
            columns.right.addWidget(WrapLabel(texts, text, "columnhead", columns))
        layout.addWidget(columns)
