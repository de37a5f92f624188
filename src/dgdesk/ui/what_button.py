"""Window, what button: the small "?" in the head of a panel or dialog; it says what the panel is for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dgdesk.ui import colours
from dgdesk.ui.plain import set_tip, set_what, show_what
from dgdesk.ui.text import Texts

_EDGE = 2


class WhatButton(QAbstractButton):
    """The button. ``about`` gives the widget whose explanation is shown, when it is pressed.

    ``name`` is the panel's name, for the button's own accessible name.
    """

    def __init__(self, texts: Texts, name: str, about: Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._about = about
        self._texts = texts
        self.name_it(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.explain)

    def name_it(self, name: str) -> None:
        """Say of which panel this is the button."""
        self.setAccessibleName(self._texts.say("ui.what_button", name=name.rstrip("…")))
        set_tip(self, self._texts.show(self.accessibleName()))

    def explain(self) -> None:
        """Show what the panel is for, below the button."""
        about = self._about()
        show_what(self.mapToGlobal(QPoint(0, self.height())), about)

    def sizeHint(self) -> QSize:
        """Be as high as a line of text."""
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a question mark in a ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        painter.setBrush(
            QColor(colours.in_use().hover if self.underMouse() or self.isDown() else colours.in_use().base)
        )
        focused = self.hasFocus()
        painter.setPen(
            QPen(QColor(colours.in_use().focus if focused else colours.in_use().frame), 2.5 if focused else 1.2)
        )
        painter.drawEllipse(ring)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(colours.in_use().link))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), "?")


def what_this_is(dialog: QWidget, texts: Texts, code: str) -> WhatButton:
    """Return the "?" of a dialog, for its row of buttons; Shift+F1 in the dialog shows the same."""
    set_what(dialog, texts, texts.say(code))
    return WhatButton(texts, dialog.windowTitle(), lambda: dialog, dialog)
