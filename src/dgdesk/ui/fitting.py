"""Window, fitting: dialogs that are as large as their texts need."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLayout

from dgdesk.placing import TITLE_BAR


class FittedDialog(QDialog):
    """A dialog as high as its wrapped texts need. Qt itself asks for the height of texts on one line, and for no more
    than two thirds of the screen: at 200 % text, whole sentences are cut off.
    """

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room, before anybody sees it, within the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            self.fit()

    def fit(self) -> None:
        """Take the room that the texts of now need."""
        layout = self.layout()
        if layout is None:
            return
        room = self.screen().availableSize()
        least = layout.totalMinimumSize()
        width = min(max(self.width(), least.width()), room.width())
        if _height(layout, width) > room.height() - TITLE_BAR:
            # wider, its texts have fewer lines
            width = min(2 * width, room.width())
        height = min(max(self.height(), _height(layout, width)), room.height() - TITLE_BAR)
        if (width, height) != (self.width(), self.height()):
            self.setMinimumHeight(min(self.minimumHeight(), height))
            self.resize(width, height)


def _height(layout: QLayout, width: int) -> int:
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalMinimumSize().height()
