"""The context menu of the part of the window that a widget lies in. Made when it is asked for."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.plain import set_tip

_SIZE, _DOT, _STEP = QSize(28, 24), 1.7, 6
_AIR = 24


@runtime_checkable
class OffersActions(Protocol):
    """A part of the window that knows what can be done with what lies in it."""

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add what can be done where ``at`` is."""


def add_actions_here(menu: QMenu, at: QWidget) -> None:
    """Let the part of the window that ``at`` lies in add what can be done there."""
    owner: QWidget | None = at
    while owner is not None:
        if isinstance(owner, OffersActions):
            if not menu.isEmpty():
                menu.addSeparator()
            owner.add_actions(menu, at)
            widen(menu)
            return
        owner = owner.parentWidget()


def widen(menu: QMenu) -> None:
    """Give a menu the room of its texts: Qt measures Thai some pixels too narrow, and leaves out its middle then."""
    menu.setMinimumWidth(menu.sizeHint().width() + _AIR)


def popup_menu(owner: QWidget, at: QWidget, where: QPoint) -> None:
    """Show the menu of the question that ``at`` lies in; nothing where there is none."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_actions_here(menu, at)
    if menu.isEmpty():
        menu.deleteLater()
    else:
        menu.popup(where)


def ask_for_menu(widget: QWidget) -> None:
    """Ask for a widget's menu as the menu key does."""
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, widget.mapToGlobal(place))
    QCoreApplication.sendEvent(widget, event)


class MoreButton(QAbstractButton):
    """Three dots in the corner of a question. No stop of the Tab key: the menu key does the same where the focus is."""

    def __init__(self, words: str, tip: str, card: QWidget) -> None:
        super().__init__(card)
        self.setObjectName("more")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(_SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(words)
        set_tip(self, tip)
        self.clicked.connect(self._show)

    def _show(self) -> None:
        card = self.parentWidget()
        if card is not None:
            popup_menu(self, card, self.mapToGlobal(self.rect().bottomLeft()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.isDown():
            painter.setBrush(QColor(colours.in_use().hover))
            painter.drawRoundedRect(self.rect(), 5, 5)
        painter.setBrush(self.palette().windowText())
        middle = QPointF(self.width() / 2, self.height() / 2)
        for step in (-_STEP, 0, _STEP):
            painter.drawEllipse(middle + QPointF(step, 0), _DOT, _DOT)
