"""Window, stacked: widgets that stand among others down a page, with hints that cost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    _Mixed = QWidget
else:
    _Mixed = object


class LayoutHints(_Mixed):
    """Hints for a widget whose height follows from its width; stands before the Qt class among the bases.

    Qt's own hints work out heights for the hinted widths, and do so again at every level of nesting: a text ten levels
    deep is measured for ten widths that it never gets. A page's layouts ask for the height at the real width anyway.
    """

    def sizeHint(self) -> QSize:
        """Return the layout's hint; its height is that of texts on one line."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the layout's least size; its height is that of texts on one line."""
        layout = self.layout()
        return layout.minimumSize() if layout is not None else super().minimumSizeHint()


class Stacked(LayoutHints, QWidget):
    """A part of a page."""


def show_if(widget: QWidget, shown: bool) -> None:
    """Show or hide a child, only where that changes something: every `setVisible` lays its parents out anew."""
    parent = widget.parentWidget()
    told = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    hidden = widget.isHidden()
    waits = hidden and not told  # comes up together with its parent
    if shown and ((hidden and told) or (waits and parent is not None and parent.isVisible())):
        widget.setVisible(True)
    elif not shown and (not hidden or waits):
        widget.setVisible(False)


def column(owner: QWidget, spacing: int = 6, left: int = 0) -> QVBoxLayout:
    """Give ``owner`` an upright layout without borders."""
    layout = QVBoxLayout(owner)
    layout.setContentsMargins(left, 0, 0, 0)
    layout.setSpacing(spacing)
    return layout
