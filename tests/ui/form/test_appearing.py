"""What appears on a page is brought into view whole, and the focused input stays in view."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.survey.definition.form import WITHOUT_ANSWER
from dgdesk.ui.form.problem_line import ProblemLine
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import finish, pdf
from ui.hands import editor, part, place, press, settle, type_text


def rest() -> None:
    for _ in range(3):
        settle(QApplication.instance())


def whole(workspace: Workspace, widget: QWidget) -> bool:
    view = workspace.page_view.viewport()
    at = widget.mapTo(view, QPoint(0, 0)).y()
    return at >= 0 and at + widget.height() <= view.height()


def put_at_bottom(workspace: Workspace, widget: QWidget) -> None:
    """Scroll so that a widget is the last thing in view."""
    content, view = workspace.page_view.widget(), workspace.page_view.viewport()
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(widget.mapTo(content, QPoint(0, widget.height())).y() - view.height() + 2)
    rest()


def test_the_cause_below_the_last_box_in_view_is_seen_after_tab(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1366, 560)
    rest()
    box = editor(workspace, "general.email").input
    type_text(box, "somsri")
    put_at_bottom(workspace, box)
    press(box, Qt.Key.Key_Tab)
    rest()
    line = part(workspace, "general.email").findChild(ProblemLine)
    assert line is not None and line.isVisible() and whole(workspace, line)


def test_tab_shows_all_lines_of_a_long_box(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1366, 560)
    workspace.bridge.answer("g2", "yes")
    rest()
    box = editor(workspace, "g2.details").input
    rest()
    before = editor(workspace, "g1").focus_target()
    before.setFocus()
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(0)
    rest()
    box.setFocus(Qt.FocusReason.TabFocusReason)
    rest()
    assert whole(workspace, box)


@pytest.mark.parametrize(("address", "option"), [("g1", "yes"), ("p1.4", "doing"), ("p1.4", "yes")])
def test_what_an_option_opens_is_seen_and_the_option_too(
    desk: MainController, workspace: Workspace, address: str, option: str
) -> None:
    desk.window.resize(1366, 620)
    rest()
    button = editor(workspace, address).buttons[option]
    button.setFocus()
    put_at_bottom(workspace, button)
    press(button, Qt.Key.Key_Space)
    rest()
    form, state = workspace.bridge.form, workspace.bridge.state
    inside = [form.nodes[at] for at in form.children(form.position[address])]
    opened = [one for one in inside if one.gate == option and state.shown[form.position[one.address]]]
    slots = [slot for slot in form.node(address).slots if slot.option == option]
    assert opened or slots
    for one in opened:
        assert one.kind in WITHOUT_ANSWER or whole(workspace, part(workspace, one.address)), one.address
    for slot in slots:
        assert whole(workspace, place(workspace, slot.id)), slot.id
    assert whole(workspace, button)


def test_an_attached_file_is_seen_whole(desk: MainController, workspace: Workspace, tmp_path: Path) -> None:
    desk.window.resize(1366, 620)
    workspace.bridge.answer("p1.4", "yes")
    workspace.go_to("p1.4", "p1.4/yes")
    rest()
    slot = place(workspace, "p1.4/yes")
    put_at_bottom(workspace, slot.button)
    file = tmp_path / "แผน.pdf"
    file.write_bytes(pdf())
    slot.attach(file)
    assert finish(slot) == []
    rest()
    assert workspace.bridge.state.facts.evidence["p1.4/yes"]
    assert whole(workspace, slot)


def test_nothing_scrolls_when_all_is_in_view(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1366, 1000)
    editor(workspace, "g1")
    rest()
    before = workspace.page_view.verticalScrollBar().value()
    button = editor(workspace, "g1").buttons["yes"]
    button.setFocus()
    press(button, Qt.Key.Key_Space)
    rest()
    assert workspace.page_view.verticalScrollBar().value() == before
