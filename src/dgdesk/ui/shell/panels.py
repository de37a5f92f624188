"""Outline, page and side panel: their widths, and which of them fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProxyStyle, QSplitter, QStyle, QStyleOption, QTabWidget, QWidget

from dgdesk.ui.form.outline import OutlinePanel
from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.plain import unguessed

NARROW: Final = 1200
"""Pixels; a narrower window hides the side panel, unless the user wants to see it."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least widths, in pixels, at which no text of a panel is cut off."""

    outline: int
    page: int
    side: int


def panels_shown(width: int, least: Least, side_wanted: bool | None) -> tuple[bool, bool]:
    """Return whether outline and side panel are shown; ``side_wanted`` is None if the user did not choose.

    If three panels do not fit, as with very large text, a wanted side panel replaces the outline.
    """
    all_fit = least.outline + least.page + least.side <= width
    side = width >= NARROW and all_fit if side_wanted is None else side_wanted
    return not side or all_fit, side


def whole_sizes(sizes: Sequence[int], known: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes to remember: a hidden panel (0) keeps its known size. Empty if one is unknown."""
    found = list(sizes)
    if len(known) == len(sizes):
        found = [size or before for size, before in zip(sizes, known, strict=True)]
    return tuple(found) if all(found) else ()


_SIDES = (212, 230)
_WINDOW = 1366
"""The width, in pixels, at which the panels have the widths of `_SIDES`; a splitter takes first sizes as shares."""
_HANDLE = 4
_LEAST_OUTLINE, _LEAST_SIDE = (200, 160), (230, 280)
"""Least widths in pixels at ordinary and at larger text: names of pages are cut short, words of the panel are not."""
_LEAST_PAGE = (250, 158)
"""The least width of a page: fixed pixels, and pixels that grow with the text size."""
_MOST_LARGER = 1.4
"""Large text widens the side panels at most by this factor: the page needs the space more."""


class PanelSplitter(QSplitter):
    """Holds the three panels. ``side_wanted`` is None until the user shows or hides the side panel.

    ``folded`` says that the side panel was hidden or shown again.
    """

    folded = Signal(bool)

    def __init__(self, outline: OutlinePanel, page: QWidget, side: SideTabs, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._outline, self._page, self._side = outline, page, side
        self.side_wanted: bool | None = None
        self._sizes_then: tuple[int, int] | None = None
        self._fitted: int | None = None
        self.setChildrenCollapsible(False)
        self.setHandleWidth(_HANDLE)
        for number, part in enumerate((outline, page, side)):
            self.addWidget(part)
            self.setStretchFactor(number, 1 if part is page else 0)
        scale = parent.font().pointSizeF() / POINTS
        larger = min(scale, _MOST_LARGER)
        outline.setMinimumWidth(round(_LEAST_OUTLINE[scale > 1] * larger))
        page.setMinimumWidth(round(_LEAST_PAGE[0] + _LEAST_PAGE[1] * scale))
        self._least_side = round(_LEAST_SIDE[scale > 1] * larger)
        side.setMinimumWidth(self._least_side)
        outline_width, side_width = (round(one * larger) for one in _SIDES)
        self.setSizes([outline_width, _WINDOW - outline_width - side_width, side_width])

    def size_panels(self, outline: int, side: int) -> None:
        """Set the widths of the panels; the page gets the rest. A hidden side panel gets its width when shown."""
        is_hidden = self._side.isHidden()
        rest = self.width() - outline - (0 if is_hidden else side) - 2 * self.handleWidth()
        self.setSizes([outline, max(rest, 1), side])
        self._sizes_then = (outline, side) if is_hidden else None

    def fit(self, width: int) -> None:
        """Show the panels that fit a width, in pixels; a narrow window shows no side panel."""
        self._fitted = width
        # the count in a tab's text changes its width
        beside = self._page.minimumWidth() + self.handleWidth()
        widest = max(self._least_side, _SIDES[1])
        whole = self._side.least_width(brief=False)
        self._side.show_brief(whole > widest or beside + whole > width)
        least = max(self._least_side, self._side.least_width(brief=self._side.brief))
        self._side.setMinimumWidth(least)
        widths = Least(self._outline.minimumWidth(), self._page.minimumWidth(), least)
        outline, side = panels_shown(width, widths, self.side_wanted)
        comes_back = side and self._side.isHidden()
        self._outline.setVisible(outline)
        self._side.setVisible(side)
        self.folded.emit(not side)
        if comes_back and self._sizes_then:
            self.size_panels(*self._sizes_then)

    def refit(self) -> None:
        """Fit the panels once more, as a text in them has changed; before the first fit there is nothing to do."""
        if self._fitted is not None:
            self.fit(self._fitted)


_TAB_SPACE = 12
"""Pixels around a tab's text, both sides together; Fusion's own is 24."""


class _TightStyle(QProxyStyle):
    """Fusion with less space around the text of a tab."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric == QStyle.PixelMetric.PM_TabBarTabHSpace:
            return _TAB_SPACE
        return super().pixelMetric(metric, option, widget)


class SideTabs(QTabWidget):
    """The tabs of the side panel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        # only its tab bar takes the focus: otherwise the Tab key would lead from the last widget back to the bar
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tight = _TightStyle("Fusion")
        self._tight.setParent(self)
        self.tabBar().setStyle(self._tight)
        self.brief = False
        self._words: dict[int, tuple[str, str]] = {}

    def name_tab(self, number: int, words: str, brief: str) -> None:
        """Give a tab a text, and a shorter one for a window that is too narrow for it; the tip always has the first."""
        self._words[number] = (words, brief)
        self.setTabToolTip(number, unguessed(words))
        self.setTabText(number, brief if self.brief else words)

    def show_brief(self, on: bool) -> None:
        """Show the shorter texts, or the whole ones again."""
        self.brief = on
        for number, both in self._words.items():
            self.setTabText(number, both[on])

    def least_width(self, *, brief: bool) -> int:
        """Return the width, in pixels, at which no tab's text is cut off: of the whole texts or of the shorter ones."""
        tabs = self.tabBar()
        texts = (self._words.get(number, (tabs.tabText(number),) * 2)[brief] for number in range(tabs.count()))
        words = sum(tabs.fontMetrics().horizontalAdvance(text) for text in texts)
        return words + tabs.count() * (_TAB_SPACE + 2) + 4
