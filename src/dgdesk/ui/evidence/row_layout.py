"""The layout of a file's row: everything in one line, or the boxes below the name where it is narrow."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from dgdesk.ui.widgets.layout import ItemLayout

_GAP: Final = 8
_NAME: Final = 17
"""Least width of the name beside the boxes, in letters."""
_PAGES, _PASSAGE = 9, 12
"""Width of the box for pages, and least width of that for the passage, in letters."""
_Line = list[tuple[QLayoutItem, int]]
"""Items of one line from the left, with their widths."""


class RowLayout(ItemLayout):
    """Lays out a row. Its items, in the order of adding: the file's face, the words and box for pages, those for the
    passage, the box "whole file", and the buttons.
    """

    _FACE, _PAGES_WORDS, _PAGES_BOX, _PASSAGE_WORDS, _PASSAGE_BOX, _WHOLE, _BUTTONS = range(7)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._laid: tuple[int, list[_Line]] | None = None
        self._letter = max(1, parent.fontMetrics().averageCharWidth())
        self.setContentsMargins(_GAP, _GAP // 2, _GAP, _GAP // 2)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def invalidate(self) -> None:
        self._laid = None
        super().invalidate()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return _height(self._lines(inner)) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        width = self._narrowest() * 2
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        width = self._narrowest() + margins.left() + margins.right()
        return QSize(width, self._items[0].minimumSize().height() + margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        inner = rect.marginsRemoved(self.contentsMargins())
        top = inner.top()
        for line in self._lines(inner.width()):
            left, high = inner.left(), _line_height(line)
            for item, width in line:
                height = min(high, item.sizeHint().height())
                item.setGeometry(QRect(QPoint(left, top + (high - height) // 2), QSize(width, height)))
                left += width + _GAP
            top += high + _GAP // 2

    def _narrowest(self) -> int:
        buttons = self._wide(self._items[self._BUTTONS :])
        words = max(one.sizeHint().width() for one in self._items[1:6])
        return max(self._items[0].minimumSize().width() + _GAP + buttons, words)

    def _wide(self, items: list[QLayoutItem]) -> int:
        shown = [one.sizeHint().width() for one in items if not one.isEmpty()]
        return sum(shown) + _GAP * max(0, len(shown) - 1)

    def _lines(self, width: int) -> list[_Line]:
        """Divide the items into lines of this width; the last result is kept until an item changes."""
        if self._laid is None or self._laid[0] != width:
            self._laid = width, self._divided(width)
        return self._laid[1]

    def _divided(self, width: int) -> list[_Line]:
        face, words, pages, about, passage, whole = self._items[: self._BUTTONS]
        buttons: _Line = [(one, one.sizeHint().width()) for one in self._items[self._BUTTONS :] if not one.isEmpty()]
        at_right = sum(wide + _GAP for _, wide in buttons)
        pages_part: _Line = [(words, words.sizeHint().width()), (pages, _PAGES * self._letter)]
        about_wide, whole_part = about.sizeHint().width(), (whole, whole.sizeHint().width())
        fixed = sum(wide + _GAP for _, wide in pages_part) + about_wide + _GAP + whole_part[1] + _GAP
        free = width - fixed - at_right - 2 * _GAP
        face_least = face.minimumSize().width() + _NAME * self._letter
        if free >= face_least + _PASSAGE * self._letter:
            # The same for every name, so that the boxes of all rows stand below each other. The passage gets the larger
            # part: a sentence is longer than a name, and the tooltip says the whole name.
            face_wide = max(face_least, free * 2 // 5)
            rest = free - face_wide
            return [
                [(face, face_wide), *pages_part, (about, about_wide), (passage, rest), whole_part, *buttons],
            ]
        first: _Line = [(face, width - at_right), *buttons]
        free = width - fixed - _GAP
        if free >= _PASSAGE * self._letter:
            return [first, [*pages_part, (about, about_wide), (passage, free), whole_part]]
        return [first, [*pages_part, whole_part], [(about, about_wide), (passage, max(0, width - about_wide - _GAP))]]


def _line_height(line: _Line) -> int:
    return max(item.sizeHint().height() for item, _ in line)


def _height(lines: list[_Line]) -> int:
    return sum(map(_line_height, lines)) + _GAP // 2 * (len(lines) - 1)
