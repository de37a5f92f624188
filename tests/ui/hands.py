"""What a person does at the window: type Thai, click, wait."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.ui.form.page_view import PageView
from dgdesk.ui.shell.workspace import Workspace


def type_text(widget: QWidget, text: str) -> None:
    """Type letter by letter through key events that carry text (keyClicks cannot do Thai)."""
    widget.setFocus()
    for letter in text:
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyRelease, 0, Qt.KeyboardModifier.NoModifier, letter))


def compose(widget: QWidget, text: str) -> None:
    """Commit text as an input method does."""
    widget.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(widget: QWidget, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press and release a key."""
    QTest.keyClick(widget, key, keys)


def click(widget: QWidget) -> None:
    """Click in the middle, once layouts have come to rest."""
    QApplication.processEvents()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.rect().center())


def click_at(widget: QWidget, x: int, y: int) -> None:
    """Click at a place."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(x, y))


def editor(workspace: Workspace, address: str):
    """The editor at an address, on its page."""
    page = workspace.bridge.form.node(address).page
    if workspace.page != page:
        assert workspace.open_page(page)
    return part(workspace, address).editor


def part(workspace: Workspace, address: str):
    """What stands at an address of the page that is shown, wherever on it."""
    workspace.page_view.finish()
    return workspace.page_view.parts.by_address[address]


def place(workspace: Workspace, slot: str):
    """The place for evidence on the page that is shown, wherever on it."""
    workspace.page_view.finish()
    return workspace.page_view.parts.places[slot]


def visible(workspace: Workspace, address: str) -> bool:
    """Whether the field stands visibly on the page that is shown."""
    workspace.page_view.finish()
    found = workspace.page_view.parts.by_address.get(address)
    return found is not None and found.isVisible()


def settle(app: QCoreApplication | None) -> None:
    """Let what was posted happen, deletions too; pages are built to their end."""
    assert isinstance(app, QApplication)
    for window in app.topLevelWidgets():
        for view in window.findChildren(PageView):
            view.finish()
    for _ in range(3):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
