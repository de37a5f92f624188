"""Enter presses the button with the focus ring, never another one; options stay as they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.buttons import PageTool, WhatButton
from dgdesk.ui.widgets.enter_key import EnterPresses, presses
from ui.hands import press, settle


@pytest.fixture
def dialog(qtbot: QtBot) -> QDialog:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if app.findChild(EnterPresses) is None:
        EnterPresses(app)
    made = QDialog()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    return made


def add(dialog: QDialog, *parts: QWidget) -> None:
    layout = dialog.layout()
    assert layout is not None
    for part in parts:
        layout.addWidget(part)


def show(dialog: QDialog, qtbot: QtBot) -> None:
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


@pytest.mark.parametrize("kind", [QPushButton, QToolButton, PageTool])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_button_with_the_ring_is_pressed_and_not_the_default_one(
    dialog: QDialog, qtbot: QtBot, kind: type[QPushButton], key: Qt.Key
) -> None:
    pressed: list[str] = []
    one, default = kind(dialog), QPushButton("ปิด", dialog)
    one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if isinstance(one, QPushButton):
        one.setAutoDefault(False)
    default.setDefault(True)
    one.clicked.connect(lambda: pressed.append("one"))
    default.clicked.connect(lambda: pressed.append("default"))
    add(dialog, one, default)
    show(dialog, qtbot)
    one.setFocus()
    press(one, key)
    assert pressed == ["one"]


def test_in_a_box_or_at_an_option_enter_is_the_default_buttons(dialog: QDialog, qtbot: QtBot) -> None:
    pressed: list[str] = []
    box, check, radio, default = QLineEdit(dialog), QCheckBox(dialog), QRadioButton(dialog), QPushButton("ตกลง", dialog)
    default.setDefault(True)
    default.clicked.connect(lambda: pressed.append("default"))
    add(dialog, box, check, radio, default)
    show(dialog, qtbot)
    for one in (box, check, radio):
        one.setFocus()
        press(one, Qt.Key.Key_Return)
    assert pressed == ["default"] * 3 and not check.isChecked() and not radio.isChecked()


def test_a_button_that_is_deleted_by_its_own_press_is_left_alone(dialog: QDialog, qtbot: QtBot) -> None:
    one, other = QPushButton("ลบ", dialog), QPushButton("อื่น", dialog)
    one.clicked.connect(one.deleteLater)
    add(dialog, one, other)
    show(dialog, qtbot)
    one.setFocus()
    press(one, Qt.Key.Key_Return)
    settle(QApplication.instance())
    pressed: list[bool] = []
    other.clicked.connect(lambda: pressed.append(True))
    other.setFocus()
    press(other, Qt.Key.Key_Return)
    assert len(pressed) == 1


def test_all_buttons_of_the_window_that_act_can_be_pressed_so(desk: MainController, workspace: Workspace) -> None:
    bar = workspace.bar
    assert all(presses(one) for one in (bar.next_button, bar.todo_button, *desk.window.findChildren(WhatButton)))
    workspace.open_page("general.page1")
    desk.window.activateWindow()
    bar.next_button.setFocus()
    press(bar.next_button, Qt.Key.Key_Return)
    assert workspace.page == "g.page1"
