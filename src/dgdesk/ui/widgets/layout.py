"""Layout helpers: columns, flowing lines, cheap size hints, panels that are filled after a pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget
from shiboken6 import isValid

PAUSE = 150
"""Milliseconds after the last change; long enough for the page itself to be painted first."""


class LaterFill(QObject):
    """Calls ``fill`` a moment after `want`; while ``panel`` is hidden, it waits until the panel is shown."""

    def __init__(self, fill: Callable[[], None], panel: QWidget, pause: int = PAUSE) -> None:
        super().__init__(panel)
        self._fill, self._panel = fill, panel
        self._stale = False
        self._pause = pause
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause)
        self._timer.timeout.connect(self._go)
        panel.installEventFilter(self)

    def want(self) -> None:
        """Mark the panel as out of date."""
        self._stale = True
        if self._panel.isVisible():
            self._timer.start()

    def now(self) -> None:
        """Fill it at once if it is out of date."""
        if self._stale:
            self._timer.stop()
            self._stale = False
            self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._stale:
            self._timer.start(0)
        return False

    def _go(self) -> None:
        self._timer.setInterval(self._pause)
        if self._panel.isVisible():
            self.now()


if TYPE_CHECKING:
    _Mixed = QWidget
else:
    _Mixed = object


class LayoutHints(_Mixed):
    """Cheap size hints for a widget whose height depends on its width; comes before the Qt class in the list of bases.

    Qt's own hints compute heights for the hinted widths, at every level of nesting: a text ten levels deep is measured
    for ten widths that it never gets. The layouts of a page ask for the height at the real width anyway.
    """

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()


class Stacked(LayoutHints, QWidget):
    """A part of a page that uses the cheap hints."""


def show_if(widget: QWidget, shown: bool) -> None:
    """Show or hide a child only if that changes something: every `setVisible` repeats the layout of the parents."""
    parent = widget.parentWidget()
    explicit = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    hidden = widget.isHidden()
    waits = hidden and not explicit  # comes up together with its parent
    if shown and ((hidden and explicit) or (waits and parent is not None and parent.isVisible())):
        if _held is not None:
            _held.hold(widget, shown=True)
        widget.setVisible(True)
    elif not shown and (not hidden or waits):
        if _held is not None and not waits:
            _held.hold(widget, shown=False)
        widget.setVisible(False)


class _HeldLayouts:
    """The layouts that wait while parts inside ``content`` are shown and hidden."""

    def __init__(self, content: QWidget) -> None:
        self.content = content
        self._around: dict[QWidget, QLayout | None] = {}

    def hold(self, widget: QWidget, *, shown: bool) -> None:
        """Let the layouts around a widget wait; give a widget that is about to be shown its width beforehand."""
        parent = at = widget.parentWidget()
        around: list[QWidget] = []
        while at is not None and at is not self.content:
            around.append(at)
            at = at.parentWidget()
        if at is None or parent is None or not parent.isVisible():
            return
        for one in (*around, self.content):
            if one not in self._around:
                layout = one.layout()
                self._around[one] = None
                if layout is not None and layout.isEnabled():
                    self._around[one] = layout
                    layout.setEnabled(False)
        inside = parent.layout()
        if shown and inside is not None and widget.layout() is not None:
            # Otherwise Qt lays out all that is in it for a width that it never gets.
            width = inside.contentsRect().width()
            if width > 0 and widget.width() != width:
                widget.resize(width, max(widget.heightForWidth(width), 1))

    def release(self, least: int) -> None:
        """Lay out ``content`` once, with its new height, at least ``least``."""
        around = {widget: layout for widget, layout in self._around.items() if isValid(widget)}
        if not around or not isValid(self.content):
            return
        for layout in around.values():
            if layout is not None and isValid(layout):
                layout.setEnabled(True)
        for widget in around:  # each layout up to the page's has to ask for heights again
            if widget is not self.content:
                widget.updateGeometry()
        content, inside = self.content, self.content.layout()
        height = max(least, content.heightForWidth(content.width()), content.minimumSizeHint().height())
        if height != content.height():
            content.resize(content.width(), height)
        elif inside is not None:
            inside.activate()


_held: _HeldLayouts | None = None


@contextmanager
def laid_out_once(content: QWidget | None, least: int) -> Iterator[None]:
    """Lay out ``content``, of height ``least`` or more, once for all that `show_if` shows and hides in the block.

    By itself Qt does it at every step: from the inside to the outside, and at first in the old height, so that every
    part of a page is pressed together and then drawn out again. A block inside a block belongs to the outer one.
    """
    global _held
    if content is None or _held is not None:
        yield
        return
    held = _held = _HeldLayouts(content)
    try:
        yield
    finally:
        _held = None
        held.release(least)


def column(owner: QWidget, spacing: int = 6, left: int = 0) -> QVBoxLayout:
    """Give ``owner`` a vertical layout without margins. ``spacing`` and ``left`` are in pixels."""
    layout = QVBoxLayout(owner)
    layout.setContentsMargins(left, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout


class ItemLayout(QLayout):
    """A layout that keeps its items in the order in which they were added."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None


class FlowLayout(ItemLayout):
    """A layout that fills lines from left to right; every widget keeps its own size."""

    def __init__(self, parent: QWidget, spacing: int = 6) -> None:
        super().__init__(parent)
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), moving=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moving=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(len(sizes) - 1, 0)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, moving: bool) -> int:
        lines: list[list[tuple[QLayoutItem, QRect]]] = []
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not lines or x + size.width() > rect.width():
                lines.append([])
                x = 0
            lines[-1].append((item, QRect(QPoint(x, 0), size)))
            x += size.width() + self.spacing()
        y = 0
        for number, line in enumerate(lines):
            y += self.spacing() if number else 0
            height = max(place.height() for _, place in line)
            for item, place in line if moving else ():
                item.setGeometry(place.translated(rect.left(), rect.top() + y + (height - place.height()) // 2))
            y += height
        return y
