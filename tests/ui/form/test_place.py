"""The place on a page is kept: through every change of layout, and when the page or the window is built again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from dgdesk.survey.definition.form import WITHOUT_ANSWER
from dgdesk.ui.form.place import caret_of, inputs_of, least_scroll, put_caret
from dgdesk.ui.form.wording import address_of
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import editor, press, settle, type_text

NEAR = 40
"""Pixels that a line may move when words above it wrap otherwise in its own field."""
MATRIX = "p2.4.table"


def rest() -> None:
    for _ in range(2):
        settle(QApplication.instance())


def now(desk: MainController) -> Workspace:
    assert desk.workspace is not None
    return desk.workspace


def focus(desk: MainController) -> QWidget:
    found = desk.window.focusWidget()
    assert found is not None
    return found


def top(desk: MainController, widget: QWidget) -> int:
    return widget.mapTo(now(desk).page_view.viewport(), QPoint(0, 0)).y()


def in_view(desk: MainController, widget: QWidget) -> bool:
    at = top(desk, widget)
    return at >= 0 and at + widget.height() <= now(desk).page_view.viewport().height()


def place_of(desk: MainController) -> tuple[str, str | None] | None:
    return address_of(now(desk).page_view.parts, focus(desk))


rebuilds: dict[str, Callable[[MainController], object]] = {
    "panel": lambda desk: now(desk).toggle_side(),
    "narrow": lambda desk: desk.window.resize(1024, 670),
    "wide": lambda desk: desk.window.resize(1366, 768),
    "high": lambda desk: desk.window.resize(1500, 1000),
    "dark": lambda desk: desk.apply(replace(desk.settings.now, theme="dark")),
    "light": lambda desk: desk.apply(replace(desk.settings.now, theme="light")),
    "language": lambda desk: desk.appearance.change_language(),
    "larger": lambda desk: desk.appearance.change_text_size(1),
    "normal": lambda desk: desk.appearance.change_text_size(0),
    "reopen": lambda desk: reopen(desk),
    "strip": lambda desk: strip(desk),
    "undo": lambda desk: undo_elsewhere(desk),
}


def strip(desk: MainController) -> None:
    """A notice appears."""
    notice = QLabel("แบบสำรวจอยู่ในโฟลเดอร์ชั่วคราว\n" * 3)
    now(desk).show_notice(notice)
    notice.show()


def undo_elsewhere(desk: MainController) -> None:
    """Answers change that open and close questions, and are undone."""
    bridge = now(desk).bridge
    for address in ("g1", "p1.4", "p2.1.1.1"):
        bridge.answer(address, "yes")
    rest()
    for _ in range(3):
        now(desk).undo()


def reopen(desk: MainController) -> None:
    path = now(desk).bridge.draft.path
    desk.close_draft()
    desk.open(path)


def matrix_cell(desk: MainController, workspace: Workspace, row: int, column: int) -> QWidget:
    desk.window.resize(1024, 670)
    rest()
    form = workspace.bridge.form
    address = form.nodes[list(form.children(form.position[MATRIX]))[row]].address
    workspace.go_to(address)
    rest()
    part = workspace.page_view.parts.by_address[address]
    cell = inputs_of(part)[column]
    cell.setFocus()
    rest()
    return cell


def test_a_panel_that_folds_leaves_row_and_column_of_a_table_where_they_are(
    desk: MainController, workspace: Workspace
) -> None:
    workspace.show_side(True)
    matrix_cell(desk, workspace, 1, 1)
    width = 1024
    while editor(workspace, MATRIX).stacked:  # the narrowest window in which the open panel leaves room for columns
        width += 20
        desk.window.resize(width, 670)
        rest()
    desk.window.resize(width - 20, 670)
    rest()
    QTest.qWait(400)  # a person folds the panel after what was gone to has come to rest
    before, where = place_of(desk), top(desk, focus(desk))
    part = workspace.page_view.parts.by_address[before[0] if before else ""]
    stacked = []
    for _ in range(2):
        workspace.toggle_side()
        rest()
        stacked.append(editor(workspace, MATRIX).stacked)
        assert place_of(desk) == before and inputs_of(part).index(focus(desk)) == 1
        assert in_view(desk, focus(desk))
    assert stacked == [False, True]
    assert abs(top(desk, focus(desk)) - where) <= NEAR


@pytest.mark.parametrize("kind", ["larger", "dark", "language"])
def test_another_look_keeps_the_row_the_column_and_the_height(
    desk: MainController, workspace: Workspace, kind: str
) -> None:
    matrix_cell(desk, workspace, 3, 0)
    before, where = place_of(desk), top(desk, focus(desk))
    rebuilds[kind](desk)
    rest()
    assert now(desk) is not workspace and place_of(desk) == before
    assert in_view(desk, focus(desk)) and abs(top(desk, focus(desk)) - where) <= NEAR
    desk.appearance.change_text_size(0)


def test_a_draft_opens_where_it_was_left(desk: MainController, workspace: Workspace) -> None:
    matrix_cell(desk, workspace, 3, 1)
    before, where = place_of(desk), top(desk, focus(desk))
    reopen(desk)
    rest()
    assert place_of(desk) == before and abs(top(desk, focus(desk)) - where) <= NEAR


def test_a_new_draft_begins_at_its_first_empty_field(desk: MainController, workspace: Workspace) -> None:
    first = next(iter(workspace.bridge.form.pages))
    assert workspace.page == first
    assert place_of(desk) == (workspace.page_view.first_empty(), None)
    assert workspace.bridge.value(workspace.page_view.first_empty()) is None


def test_typed_text_and_caret_outlive_another_look(desk: MainController, workspace: Workspace) -> None:
    box = editor(workspace, "general.position").input
    type_text(box, "หัวหน้า สำนักงาน")
    box.setSelection(3, 4)
    chosen = box.selectedText()
    desk.apply(replace(desk.settings.now, theme="dark"))
    rest()
    again = focus(desk)
    assert isinstance(again, QLineEdit) and again is not box
    assert again.text() == "หัวหน้า สำนักงาน" and again.selectedText() == chosen != ""
    desk.apply(replace(desk.settings.now, theme="light"))


def test_opened_notes_stay_open(desk: MainController, workspace: Workspace) -> None:
    sections = (section for section, _ in workspace.bridge.form.pages.values())
    second = next(one.pages[1] for one in sections if one.notes and len(one.pages) > 1)
    workspace.open_page(second.id)
    rest()
    box = workspace.page_view.findChild(QWidget, "fold")
    assert box is not None
    box.click()
    opened = dict(workspace.page_view.folds)
    assert any(opened.values())
    desk.apply(replace(desk.settings.now, theme="dark"))
    rest()
    assert now(desk).page_view.folds == opened
    again = now(desk).page_view.findChild(QWidget, "fold")
    assert again is not None and again.arrowType() is Qt.ArrowType.DownArrow
    desk.apply(replace(desk.settings.now, theme="light"))


def test_the_review_page_stays_with_its_filter_and_line(desk: MainController, workspace: Workspace) -> None:
    workspace.open_review()
    rest()
    problems = workspace.review_page.list
    problems.box.setText("P2")
    problems.tree.setFocus()
    press(problems.tree, Qt.Key.Key_End)
    words = problems.tree.currentItem().text(0)
    desk.appearance.change_text_size(1)
    rest()
    again = now(desk).review_page.list
    assert now(desk).on_review and again.box.text() == "P2" and again.tree.currentItem().text(0) == words
    assert focus(desk) is again.tree
    desk.appearance.change_text_size(0)


@pytest.mark.parametrize("name", ["next_button", "back_button"])
def test_the_focus_on_a_button_of_the_bar_stays_there(desk: MainController, workspace: Workspace, name: str) -> None:
    workspace.open_page(list(workspace.bridge.form.pages)[2])
    rest()
    getattr(workspace.bar, name).setFocus()
    desk.apply(replace(desk.settings.now, theme="dark"))
    rest()
    assert focus(desk) is getattr(now(desk).bar, name)
    desk.apply(replace(desk.settings.now, theme="light"))


def test_a_field_that_goes_with_an_undo_leaves_the_focus_in_its_question(
    desk: MainController, workspace: Workspace
) -> None:
    workspace.go_to("p1.4")
    rest()
    workspace.bridge.answer("p1.4", "doing")
    rest()
    workspace.go_to("p1.4.1")
    rest()
    workspace.undo()
    rest()
    found = place_of(desk)
    assert found is not None and found[0] == "p1.4"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_built_again_the_field_stays_focused_and_in_view(
    desk: MainController, workspace: Workspace, data: st.DataObject
) -> None:
    form = now(desk).bridge.form
    shown = now(desk).bridge.state.shown
    fields = [one.address for at, one in enumerate(form.nodes) if shown[at] and one.kind not in WITHOUT_ANSWER]
    now(desk).go_to(data.draw(st.sampled_from(fields)))
    rest()
    before = place_of(desk)
    for kind in data.draw(st.lists(st.sampled_from(sorted(rebuilds)), min_size=1, max_size=4)):
        rebuilds[kind](desk)
        rest()
        assert place_of(desk) == before, kind
        assert in_view(desk, focus(desk)), kind


spans = st.tuples(st.integers(0, 5000), st.integers(1, 400)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.integers(0, 5000), st.integers(450, 900), spans, spans)
def test_what_appears_is_whole_in_view_unless_the_focused_input_would_leave_it(
    value: int, view: int, block: tuple[int, int], kept: tuple[int, int]
) -> None:
    alone = least_scroll(value, view, block)
    assert alone <= block[0] and block[1] <= alone + view
    both = least_scroll(value, view, block, kept)
    assert both <= kept[0] and kept[1] <= both + view
    if value <= block[0] - 12 and block[1] + 12 <= value + view:
        assert alone == value  # nothing moves without need


@given(st.text(max_size=20), st.integers(0, 30), st.integers(0, 30))
def test_a_caret_is_put_where_it_was(text: str, anchor: int, position: int) -> None:
    for box in (QLineEdit(), QPlainTextEdit()):
        (box.setText if isinstance(box, QLineEdit) else box.setPlainText)(text)
        put_caret(box, (anchor, position))
        found = caret_of(box)
        put_caret(box, found)
        assert caret_of(box) == found
        box.deleteLater()
    assert caret_of(QWidget()) is None
