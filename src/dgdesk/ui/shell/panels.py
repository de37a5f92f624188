"""The panels beside the page: how wide each is, and which there is space for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProxyStyle, QSplitter, QStyle, QStyleOption, QTabWidget, QWidget

from dgdesk.ui.form.outline import OutlinePanel
from dgdesk.ui.widgets.icons import POINTS

NARROW: Final = 1200
"""Below this width the page needs the room of the side panel, unless the person wants to see it."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least widths at which the words of outline, page and side panel are whole."""

    outline: int
    page: int
    side: int


def panels_shown(width: int, least: Least, side_wanted: bool | None) -> tuple[bool, bool]:
    """Return whether outline and side panel are shown; ``side_wanted`` is None while the person has not said.

    Where three do not fit, as with very large text, the side panel takes the outline's place as long as it is wanted.
    """
    all_fit = least.outline + least.page + least.side <= width
    side = width >= NARROW and all_fit if side_wanted is None else side_wanted
    return not side or all_fit, side


def whole_sizes(sizes: Sequence[int], known: Sequence[int]) -> tuple[int, ...]:
    """Return panels' sizes to remember: one that is hidden (0) keeps what was known of it. Empty: nothing is known."""
    found = list(sizes)
    if len(known) == len(sizes):
        found = [size or before for size, before in zip(sizes, known, strict=True)]
    return tuple(found) if all(found) else ()


_SIDES = (250, 280)
_LEAST_PAGE = (250, 158)
"""The width below which words on a page would be cut off: pixels, and pixels that grow with the text."""
_MOST_LARGER = 1.4
"""Large text widens the panels no further than this: the page needs the room more."""


class PanelSplitter(QSplitter):
    """The three. ``side_wanted`` is None while the person has not said whether the side panel is to be shown."""

    def __init__(self, outline: OutlinePanel, page: QWidget, side: SideTabs, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._outline, self._page, self._side = outline, page, side
        self.side_wanted: bool | None = None
        self._sizes_then: tuple[int, int] | None = None
        self.setChildrenCollapsible(False)
        for number, part in enumerate((outline, page, side)):
            self.addWidget(part)
            self.setStretchFactor(number, 1 if part is page else 0)
        scale = parent.fontInfo().pointSizeF() / POINTS
        larger = min(scale, _MOST_LARGER)
        outline.setMinimumWidth(max(round(180 * larger), outline.outline.least_width()))
        page.setMinimumWidth(round(_LEAST_PAGE[0] + _LEAST_PAGE[1] * scale))
        side.setMinimumWidth(round(230 * larger))
        self.setSizes([round(_SIDES[0] * larger), 800, round(_SIDES[1] * larger)])

    def size_panels(self, outline: int, side: int) -> None:
        """Give the panels their widths, the page the rest; a side panel that is put away takes its own when back."""
        is_hidden = self._side.isHidden()
        rest = self.width() - outline - (0 if is_hidden else side) - 2 * self.handleWidth()
        self.setSizes([outline, max(rest, 1), side])
        self._sizes_then = (outline, side) if is_hidden else None

    def fit(self, width: int) -> None:
        """Show the panels that there is room for in a width; in a narrow window the page has the side panel's room."""
        # the tabs' words change with the count in them
        least = max(self._side.minimumWidth(), self._side.least_width())
        self._side.setMinimumWidth(least)
        widths = Least(self._outline.minimumWidth(), self._page.minimumWidth(), least)
        outline, side = panels_shown(width, widths, self.side_wanted)
        comes_back = side and self._side.isHidden()
        self._outline.setVisible(outline)
        self._side.setVisible(side)
        if comes_back and self._sizes_then:
            self.size_panels(*self._sizes_then)


_ROOM = 12
"""Pixels beside a tab's text, both sides together; Fusion takes 24."""


class _TightStyle(QProxyStyle):
    """Fusion with less room beside the text of a tab."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
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
