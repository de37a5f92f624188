"""Keyboard focus: the Tab order follows the printed order, also when a part of the page is built late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLayout,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from dgdesk.ui.widgets.buttons import WhatButton

_WHOLE = (QAbstractButton, QComboBox, QAbstractScrollArea)
"""Widgets with inner widgets that are not Tab stops of their own."""


def in_order(root: QWidget) -> Iterator[QWidget]:
    """Yield the widgets under ``root`` that can be Tab stops, now or later, in the order of its layouts."""
    policy = root.focusPolicy()
    # a cell of a table that is no Tab stop now becomes one when it is chosen
    if policy & Qt.FocusPolicy.TabFocus or (isinstance(root, QAbstractButton) and policy != Qt.FocusPolicy.NoFocus):
        yield root
    if isinstance(root, _WHOLE):
        return
    layout = root.layout()
    if layout is None:
        return
    laid = list(_widgets(layout, root))
    known = set(laid)
    # what is in no layout lies above the rest, like the head of a table: it comes first
    for child in root.children():
        if isinstance(child, QWidget) and child not in known and not child.isWindow():
            yield from in_order(child)
    for widget in laid:
        yield from in_order(widget)


def chain(widgets: Sequence[QWidget]) -> None:
    """Make the Tab key lead from each widget to the next."""
    for first, second in pairwise(widgets):
        if first.nextInFocusChain() is not second:
            QWidget.setTabOrder(first, second)


_PAUSE = 300
"""Milliseconds after a change that moves no Tab stop of the page."""


class FocusOrder(QObject):
    """Keeps the Tab order of ``parts`` of a window in line with what is shown.

    Updates are merged and done when idle.
    """

    def __init__(self, parts: Sequence[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._parts = tuple(parts)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.follow)

    def ask(self, *_: object) -> None:
        """Request an update: a widget was built or moved."""
        self._timer.start(0)

    def ask_later(self) -> None:
        """Request an update when the person pauses: nothing that has the keyboard was built or moved."""
        if not self._timer.isActive():
            self._timer.start(_PAUSE)

    def follow(self) -> None:
        """Update the Tab order now."""
        found = [widget for part in self._parts for widget in stops(part)]
        chain(found)
        first = _chief(found)
        if first is not None and QApplication.focusWidget() is None and first.window().isActiveWindow():
            first.setFocus(Qt.FocusReason.OtherFocusReason)  # the keyboard always leads somewhere


def has_focus(part: QWidget) -> bool:
    """Return whether the focus is inside a part of the window."""
    now = QApplication.focusWidget()
    return now is not None and part.isAncestorOf(now)


def _chief(found: Iterable[QWidget]) -> QWidget | None:
    """Return the first main widget of a panel; its "?" button does not count."""
    return next((one for one in found if not isinstance(one, WhatButton)), None)


def stops(part: QWidget) -> Iterator[QWidget]:
    """Yield the Tab stops in a part of the window; for a scroll area, those of its content."""
    if isinstance(part, QTabWidget):
        yield part.tabBar()
        if (corner := part.cornerWidget()) is not None:
            yield from in_order(corner)
        for number in range(part.count()):
            page = part.widget(number)
            if page is not None:
                yield from stops(page)
    elif isinstance(part, QStackedWidget):
        for number in range(part.count()):
            if (page := part.widget(number)) is not None:
                yield from stops(page)
    elif isinstance(part, QScrollArea) and (content := part.widget()) is not None:
        yield from in_order(content)
    else:
        yield from in_order(part)


def _widgets(layout: QLayout, owner: QWidget) -> Iterator[QWidget]:
    """Yield the widgets of a layout, in its order.

    Not by ``itemAt``: PySide never frees the items it returns, some hundreds for every page shown
    (``benchmarks/bench_soak.py`` found 2,000 an hour).
    """
    placed: list[tuple[int, QWidget | QLayout]] = []
    for child in owner.children():
        if isinstance(child, QWidget) and (at := layout.indexOf(child)) >= 0:
            placed.append((at, child))
    placed += [(layout.indexOf(inner), inner) for inner in layout.children() if isinstance(inner, QLayout)]
    for _, part in sorted(placed, key=lambda one: one[0]):
        if isinstance(part, QWidget):
            yield part
        else:
            yield from _widgets(part, owner)
