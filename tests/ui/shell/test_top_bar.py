"""The bar above the page: search, undo and redo with words, review, print, export; one row, always."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.top_bar import HIGHEST
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, editor, press, settle, type_text
from ui.modals import Modals

CTRL = Qt.KeyboardModifier.ControlModifier


def rest() -> None:
    settle(QApplication.instance())


def tip(button: QPushButton) -> str:
    """What a button says under the mouse."""
    QApplication.sendEvent(button, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), button.mapToGlobal(QPoint(2, 2))))
    return button.toolTip()


def echoed(workspace: Workspace) -> str:
    rest()
    return workspace.echoes.words.plain_text() if workspace.echoes.isVisible() else ""


def test_undo_and_redo_say_what_they_would_do_and_what_they_did(desk: MainController, workspace: Workspace) -> None:
    undo, redo = workspace.top.buttons["undo"], workspace.top.buttons["redo"]
    assert "ชื่อจังหวัด" in tip(undo) and not redo.isEnabled(), "a new draft has the answer it began with"
    click(editor(workspace, "g1").buttons["yes"])
    rest()
    assert undo.isEnabled() and tip(undo) == "เลิกทำ: ตอบ G1 (Ctrl+Z)" and undo.accessibleName() == "เลิกทำ: ตอบ G1"
    click(undo)
    assert workspace.bridge.value("g1") is None and echoed(workspace) == "เลิกทำ: ตอบ G1"
    assert redo.isEnabled() and tip(redo) == "ทำซ้ำ: ตอบ G1 (Ctrl+Y)"
    press(desk.window, Qt.Key.Key_Y, CTRL)
    assert workspace.bridge.value("g1") == "yes" and echoed(workspace) == "ทำซ้ำ: ตอบ G1"
    assert not redo.isEnabled() and not desk.actions["redo"].isEnabled()


def test_many_answers_of_one_step_are_counted(workspace: Workspace) -> None:
    workspace.bridge.answer_all({"g1": "yes", "g4": "no", "p1.3": "no"})
    workspace.undo()
    assert echoed(workspace) == "เลิกทำ: ตอบ G1 และอีก 2 แห่ง"


def test_a_row_is_named_and_not_its_question_alone(workspace: Workspace) -> None:
    workspace.bridge.answer("p1.2a:1.1", "no")
    workspace.undo()
    assert echoed(workspace).startswith("เลิกทำ: ตอบ P1.2") and len(echoed(workspace)) > len("เลิกทำ: ตอบ P1.2a 1")


def test_text_that_is_still_being_typed_can_be_undone(desk: MainController, workspace: Workspace) -> None:
    box = editor(workspace, "general.address").input
    type_text(box, "ศาลากลาง")
    rest()
    assert workspace.top.buttons["undo"].isEnabled()
    press(box, Qt.Key.Key_Z, CTRL)
    rest()
    assert box.text() == "" if hasattr(box, "text") else box.toPlainText() == ""
    assert echoed(workspace).startswith("เลิกทำ: ตอบ ")


def test_nothing_is_undone_twice_when_the_key_is_pressed_once_too_often(
    desk: MainController, workspace: Workspace
) -> None:
    workspace.bridge.answer("g1", "yes")
    for _ in range(3):
        press(desk.window, Qt.Key.Key_Z, CTRL)
    assert workspace.bridge.value("g1") is None and not desk.actions["undo"].isEnabled()
    workspace.undo()
    while desk.actions["redo"].isEnabled():
        workspace.redo()
    assert workspace.bridge.value("g1") == "yes"


def test_a_read_only_draft_offers_neither(desk: MainController, workspace: Workspace, path: Path) -> None:
    workspace.bridge.answer("g1", "yes")
    desk.close_draft()
    desk.open_to_read(path)
    assert desk.workspace is not None and desk.workspace.bridge.read_only
    assert not any(desk.workspace.top.buttons[name].isEnabled() for name in ("undo", "redo"))


def test_the_buttons_do_what_the_menus_do(desk: MainController, workspace: Workspace, modals: Modals) -> None:
    click(workspace.top.buttons["review"])
    assert workspace.on_review
    asked: list[str] = []
    for name in ("print", "export"):
        desk.actions[name].triggered.disconnect()
        desk.actions[name].triggered.connect(lambda _=False, name=name: asked.append(name))
        click(workspace.top.buttons[name])
    assert asked == ["print", "export"]


def test_what_is_left_is_counted_and_export_is_chief_only_when_ready(
    desk: MainController, workspace: Workspace, full_draft: Path, tmp_path: Path
) -> None:
    left = sum(one.severity == "error" for one in workspace.bridge.state.problems)
    assert workspace.top.buttons["review"].text() == f"ตรวจทาน ({left})"
    assert workspace.top.buttons["export"].objectName() != "primary"
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    rest()
    assert desk.workspace is not None
    top = desk.workspace.top
    assert top.buttons["review"].text() == "ตรวจทาน" and top.buttons["export"].objectName() == "primary"
    desk.workspace.bridge.answer("g1", None)
    assert top.buttons["export"].objectName() != "primary"


@pytest.mark.parametrize(("width", "percent", "words"), [(1366, 100, True), (1024, 100, True), (1024, 200, False)])
def test_it_is_one_row_at_every_size(
    desk: MainController, workspace: Workspace, qtbot: QtBot, width: int, percent: int, words: bool
) -> None:
    desk.window.resize(width, 700)
    desk.apply(replace(desk.settings.now, text_percent=percent))
    rest()
    assert desk.workspace is not None
    top = desk.workspace.top
    assert top.height() <= HIGHEST * percent / 100
    assert top.minimumSizeHint().width() <= top.width()
    assert bool(top.buttons["export"].text()) == words
    assert tip(top.buttons["export"]).startswith("ส่งออก")
    places = [one.geometry() for one in (top.finder, *top.buttons.values())]
    assert all(top.rect().contains(one) for one in places)
    assert all(one.right() < other.left() for one, other in itertools.pairwise(places))


def test_the_list_of_what_was_found_goes_when_the_box_is_left(desk: MainController, workspace: Workspace) -> None:
    finder = workspace.top.finder
    press(desk.window, Qt.Key.Key_F, CTRL)
    type_text(finder, "g1")
    rest()
    assert finder.list.isVisible() and workspace.rect().contains(finder.list.geometry())
    click(editor(workspace, "general.email").input)
    rest()
    assert not finder.list.isVisible()
    press(desk.window, Qt.Key.Key_K, CTRL)
    rest()
    assert finder.list.isVisible() and finder.selectedText() == "g1"
    press(finder, Qt.Key.Key_Escape)
    press(desk.window, Qt.Key.Key_Escape)
    rest()
    assert not finder.list.isVisible() and finder.text() == ""


def test_a_click_on_what_was_found_goes_there(desk: MainController, workspace: Workspace) -> None:
    finder = workspace.top.finder
    press(desk.window, Qt.Key.Key_F, CTRL)
    type_text(finder, "7.1.13")
    rest()
    item = finder.tree.topLevelItem(0)
    assert item is not None
    place = finder.tree.visualItemRect(item).center()
    from PySide6.QtTest import QTest

    QTest.mouseClick(finder.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert workspace.page == workspace.bridge.form.node("p7.1.13").page
    assert not finder.list.isVisible()
