"""Context menus of a question: the parts of the window around the clicked widget add their actions to the menu."""

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
    """A part of the window that offers actions for the widgets inside it."""

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add the actions for the widget ``at`` to the menu."""


def add_actions_here(menu: QMenu, at: QWidget) -> None:
    """Let the nearest parent of ``at`` that offers actions add them to the menu."""
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
    """Make a menu wide enough for its texts: Qt measures Thai some pixels too narrow and then elides the text."""
    menu.setMinimumWidth(menu.sizeHint().width() + _AIR)


def popup_menu(owner: QWidget, at: QWidget, where: QPoint) -> None:
    """Show the menu of the question that ``at`` belongs to; does nothing if there are no actions."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_actions_here(menu, at)
    if menu.isEmpty():
        menu.deleteLater()
    else:
        menu.popup(where)


def ask_for_menu(widget: QWidget) -> None:
    """Open the menu of a widget as the menu key does."""
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, widget.mapToGlobal(place))
    QCoreApplication.sendEvent(widget, event)


class MoreButton(QAbstractButton):
    """The three-dots button in the corner of a question. The Tab key skips it: the menu key opens the same menu."""

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
