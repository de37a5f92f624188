"""Alt letters work always, and are seen only while Alt is held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text
from dgdesk.ui.widgets.letters import LetterPlate, fill_menu, letter_label, letter_of, plates_of
from ui.hands import press, settle

ALT = Qt.KeyboardModifier.AltModifier


def rest() -> None:
    settle(QApplication.instance())


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    QVBoxLayout(made)
    made.resize(400, 300)
    yield made
    made.deleteLater()


def shown(top: QWidget) -> list[str]:
    return sorted(one.letter for one in top.findChildren(LetterPlate) if one.isVisible())


def test_no_text_carries_its_letter_and_the_letter_presses(window: QWidget, qtbot: QtBot) -> None:
    pressed: list[str] = []
    button = QPushButton("ค้น & แทน", window)
    button.clicked.connect(lambda: pressed.append("button"))
    give_keys((button, "F"))
    assert button.text() == "ค้น && แทน" and button.accessibleName() == "ค้น & แทน" and letter_of(button) == "F"
    set_lettered_text(button, "ถัดไป", "n")
    assert button.text() == "ถัดไป" and letter_of(button) == "N"
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_N, ALT)
    qtbot.waitUntil(lambda: pressed == ["button"])


def test_the_letter_of_a_label_enters_its_box(window: QWidget, qtbot: QtBot) -> None:
    label, box, other = QLabel("รหัสผ่าน", window), QLineEdit(window), QLineEdit(window)
    letter_label(label, "P", box)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    press(window, Qt.Key.Key_P, ALT)
    assert box.hasFocus() and label.text() == "รหัสผ่าน"


def test_a_letter_chooses_in_a_menu(window: QWidget) -> None:
    chosen: list[str] = []
    menu = QMenu(window)
    fill_menu(menu, [("คัดลอก", lambda: chosen.append("A")), ("ลบ", lambda: chosen.append("B"))])
    assert [one.text() for one in menu.actions()] == ["คัดลอก", "ลบ"]
    menu.popup(window.pos())
    press(menu, Qt.Key.Key_X)
    assert chosen == [] and menu.isVisible()
    press(menu, Qt.Key.Key_B)
    assert chosen == ["B"] and not menu.isVisible()
    press(menu, Qt.Key.Key_B)
    assert chosen == ["B"]


def test_plates_are_shown_while_alt_is_held_and_nothing_moves(
    desk: MainController, workspace: Workspace, qtbot: QtBot
) -> None:
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    handle = desk.window.windowHandle()
    assert handle is not None and shown(desk.window) == []
    before = [one.geometry() for one in desk.window.findChildren(QPushButton)]
    QTest.keyPress(handle, Qt.Key.Key_Alt)
    qtbot.waitUntil(lambda: len(shown(desk.window)) >= 6)
    assert {"F", "E", "V", "H", "N", "P"} <= set(shown(desk.window))
    assert [one.geometry() for one in desk.window.findChildren(QPushButton)] == before
    QTest.keyRelease(handle, Qt.Key.Key_Alt)
    assert shown(desk.window) == []


@pytest.mark.parametrize("act", ["key", "mouse"])
def test_plates_go_with_the_next_act_when_nobody_heard_alt_being_released(
    desk: MainController, workspace: Workspace, qtbot: QtBot, act: str
) -> None:
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    handle = desk.window.windowHandle()
    assert handle is not None
    QTest.keyPress(handle, Qt.Key.Key_Alt)
    qtbot.waitUntil(lambda: len(shown(desk.window)) >= 6)
    QApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F5, ALT))  # with Alt they stay
    assert len(shown(desk.window)) >= 6
    if act == "key":
        QTest.keyClick(handle, Qt.Key.Key_Tab)
    else:
        QTest.mouseMove(handle, QPoint(5, 5))
    qtbot.waitUntil(lambda: shown(desk.window) == [])


def test_alt_tab_shows_no_plates(desk: MainController, workspace: Workspace, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    handle = desk.window.windowHandle()
    assert handle is not None
    QTest.keyPress(handle, Qt.Key.Key_Alt)
    QApplication.instance().focusWindowChanged.emit(None)
    qtbot.wait(250)
    assert shown(desk.window) == []


def test_the_menus_open_by_their_letter(desk: MainController, workspace: Workspace, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    press(desk.window, Qt.Key.Key_F, ALT)
    rest()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.activeAction() is desk.actions["start"]
    assert {"O", "E", "P"} <= {letter for letter, _ in plates_of(menu)}
    press(menu, Qt.Key.Key_T)
    rest()
    tools = QApplication.activePopupWidget()
    assert isinstance(tools, QMenu) and desk.actions["receive"] in tools.actions()
    for _ in range(2):
        press(QApplication.activePopupWidget() or desk.window, Qt.Key.Key_Escape)


def test_no_visible_text_of_the_window_ends_with_a_letter_in_brackets(desk: MainController, full_menus: list) -> None:
    assert [words for words in full_menus if words.endswith(")") and "(&" in words] == []


@pytest.fixture
def full_menus(desk: MainController, workspace: Workspace) -> list[str]:
    bar = desk.window.menuBar()
    texts = [one.text() for menu in bar.findChildren(QMenu) for one in menu.actions()]
    texts += [one.text() for one in bar.actions()]
    return texts + [one.text() for one in desk.window.findChildren(QPushButton)]
