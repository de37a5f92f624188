"""Window, panel splitter: outline, page and side panel beside each other, each as wide as its words need."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from dgdesk.panels import Least, panels_shown
from dgdesk.ui.form.outline import OutlinePanel
from dgdesk.ui.side_tabs import SideTabs
from dgdesk.ui.widgets.icons import POINTS

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
