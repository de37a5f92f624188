"""Tables: the head stays in sight, keys travel, a narrow page stacks them up, a column is answered at once."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.ui.form.editors import matrix as matrix_room
from dgdesk.ui.form.editors.matrix import MatrixEditor
from dgdesk.ui.form.editors.table_head import digit_of, next_cell
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.keyboard import stops
from ui.hands import click, editor, press, settle, type_text
from ui.modals import Modals
from ui.whole import broken_texts


def table(workspace: Workspace, address: str = "p1.2a") -> MatrixEditor:
    made: MatrixEditor = editor(workspace, address)
    settle(QApplication.instance())
    return made


def stored(draft: Draft, address: str) -> object:
    return draft.session.state.facts.answers.get(address)


def top_in_view(workspace: Workspace, made: MatrixEditor) -> int:
    return made.head.mapTo(workspace.page_view.viewport(), QPoint(0, 0)).y()


@pytest.mark.parametrize(
    ("way", "at", "to"),
    [
        ("left", (0, 0), (0, 0)),
        ("left", (1, 2), (1, 1)),
        ("right", (1, 3), (1, 3)),
        ("up", (0, 1), (0, 1)),
        ("down", (1, 1), (2, 1)),
        ("down", (2, 1), (2, 1)),
        ("row_begin", (1, 3), (1, 0)),
        ("row_end", (1, 0), (1, 3)),
        ("first_row", (2, 2), (0, 2)),
        ("last_row", (0, 2), (2, 2)),
    ],
)
def test_keys_lead_through_the_table_and_stop_at_its_edges(way: str, at: tuple[int, int], to: tuple[int, int]) -> None:
    assert next_cell(way, *at, 3, 4) == to


def test_arrows_travel_without_answering_and_space_answers(workspace: Workspace, draft: Draft) -> None:
    made = table(workspace)
    cells = [row.cells for row in made._rows]
    cells[0][0].setFocus()
    for key, row, at in (
        (Qt.Key.Key_Right, 0, 1),
        (Qt.Key.Key_Down, 1, 1),
        (Qt.Key.Key_End, 1, 3),
        (Qt.Key.Key_Home, 1, 0),
        (Qt.Key.Key_Up, 0, 0),
    ):
        press(QApplication.focusWidget(), key)
        assert cells[row][at].hasFocus(), key
    press(cells[0][0], Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert cells[-1][0].hasFocus()
    assert not any(address.startswith("p1.2a:") for address in draft.session.state.facts.answers)
    press(cells[-1][0], Qt.Key.Key_Space)
    press(cells[-1][0], Qt.Key.Key_Up)
    press(cells[-2][0], Qt.Key.Key_Return)
    assert [stored(draft, row.questions[0].node.address) for row in made._rows[-2:]] == ["no", "no"]


def test_a_question_of_a_row_is_one_stop_of_the_tab_key(workspace: Workspace, draft: Draft) -> None:
    made = table(workspace, "p3.1.table")
    first = made._rows[0]
    first.cells[0].setFocus()
    press(first.cells[0], Qt.Key.Key_Tab)
    assert first.cells[2].hasFocus()
    press(first.cells[2], Qt.Key.Key_Tab)
    assert made._rows[1].cells[0].hasFocus()


def test_the_head_stays_in_sight_while_rows_scroll_and_goes_with_the_last(workspace: Workspace) -> None:
    made = table(workspace)
    bar = workspace.page_view.verticalScrollBar()
    start = made.mapTo(workspace.page_view.widget(), QPoint(0, 0)).y()
    bar.setValue(start + 200)
    assert top_in_view(workspace, made) == 0 and made.head.isVisible()
    bar.setValue(bar.maximum())
    assert made.head.y() + made.head.height() < made.height(), "the head does not leave its table"
    bar.setValue(0)
    assert made.head.y() == 0


def test_what_has_the_focus_is_never_under_the_head(workspace: Workspace) -> None:
    made = table(workspace)
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(bar.maximum())
    made._rows[-1].cells[0].setFocus()
    assert len(made._rows) > 5
    for row in reversed(made._rows[:-1]):
        press(QApplication.focusWidget(), Qt.Key.Key_Up)
        cell = row.cells[0]
        assert cell.hasFocus()
        top = cell.mapTo(workspace.page_view.viewport(), QPoint(0, 0)).y()
        assert top >= top_in_view(workspace, made) + made.head.height()


def test_something_that_opens_above_leaves_the_head_in_its_place(workspace: Workspace, draft: Draft) -> None:
    workspace.window().resize(1366, 500)
    made = table(workspace, "p3.1.table")
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(made.mapTo(workspace.page_view.widget(), QPoint(0, 0)).y() + 300)
    assert floating(made).mapTo(workspace.page_view.viewport(), QPoint(0, 0)).y() == 0
    workspace.bridge.answer("p3.1.table:1:train", "yes")
    settle(QApplication.instance())
    assert floating(made).mapTo(workspace.page_view.viewport(), QPoint(0, 0)).y() == 0


def floating(made: MatrixEditor) -> QWidget:
    return made.brief if made.brief.isVisible() else made.head


@pytest.mark.parametrize("address", ["p1.2a", "p2.4.table", "p3.1.table", "p5.1.table", "p6.2.2.table"])
@pytest.mark.parametrize("size", [(1366, 768), (1024, 700), (1100, 500)])
def test_heads_however_long_leave_three_quarters_of_the_view_to_the_rows(
    workspace: Workspace, draft: Draft, address: str, size: tuple[int, int]
) -> None:
    for opened, option in {"p6.2.2": "yes", "p2.1.1": "yes"}.items():
        if opened in workspace.bridge.form.position and workspace.bridge.form.node(opened).kind != "group":
            workspace.bridge.answer(opened, option)
    workspace.window().resize(*size)
    workspace.show_side(False)
    made = table(workspace, address)
    if made.stacked:
        assert not made.head.isVisible() and not made.brief.isVisible()
        return
    view, bar = workspace.page_view.viewport(), workspace.page_view.verticalScrollBar()
    start = made.mapTo(workspace.page_view.widget(), QPoint(0, 0)).y()
    for below in range(0, made.height(), 40):
        bar.setValue(start + below)
        covers = floating(made)
        shown = covers.height() + min(0, covers.mapTo(view, QPoint(0, 0)).y())
        scrolled = bar.value() - start
        assert shown <= max(view.height() * 0.25, made.head.height() - max(scrolled, 0)) + 1
        if 0 < scrolled < made.height() / 2:
            assert shown > 20, "some head is in sight"


def narrow(workspace: Workspace) -> None:
    workspace.window().resize(900, 700)
    workspace.show_side(False)
    workspace.splitter.setSizes([430, 430])
    settle(QApplication.instance())


def test_a_narrow_page_shows_each_row_as_a_question(workspace: Workspace, draft: Draft) -> None:
    made = table(workspace, "p3.1.table")
    click(made._rows[0].cells[1])
    assert not made.stacked
    narrow(workspace)
    assert made.stacked and not made.head.isVisible()
    question = made._rows[0].questions[0]
    assert question.options["yes"].isVisible() and question.options["yes"].isChecked()
    assert question.options["yes"].accessibleName() == question.cells["yes"].accessibleName()
    click(question.options["no"])
    assert stored(draft, "p3.1.table:1:train") == "no" and not question.options["yes"].isChecked()
    click(question.options["no"])
    assert stored(draft, "p3.1.table:1:train") == "no" and question.options["no"].isChecked()
    settle(QApplication.instance())
    assert list(broken_texts(workspace.page_view)) == []
    workspace.window().resize(1366, 768)
    workspace.splitter.setSizes([200, 1100])
    settle(QApplication.instance())
    assert not made.stacked and made.head.isVisible() and question.cells["no"].isChecked()
    assert not question.options["no"].isVisible()


def answering(monkeypatch: pytest.MonkeyPatch, *chosen: int) -> list[tuple[str, tuple[str, ...]]]:
    asked: list[tuple[str, tuple[str, ...]]] = []
    answers = iter(chosen)

    def ask(texts: object, message: str, buttons: tuple[str, ...], *_: object, **__: object) -> int:
        asked.append((message, tuple(buttons)))
        return next(answers)

    monkeypatch.setattr(matrix_room, "ask", ask)
    return asked


def test_a_whole_column_spares_answered_rows_and_one_undo_takes_it_back(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = table(workspace)
    asked = answering(monkeypatch, 0, 0, 1)
    click(made._rows[0].cells[2])
    click(made.head.buttons[None, "no"])
    rows = [row.questions[0].node.address for row in made._rows]
    assert [stored(draft, row) for row in rows] == ["yes"] + ["no"] * (len(rows) - 1)
    assert made._rows[1].cells[0].isChecked()
    message, buttons = asked[0]
    assert "มี 1 แถว" in message and f"{len(rows) - 1} แถว" in buttons[0] and " 0 " not in message
    workspace.undo()
    assert [stored(draft, row) for row in rows] == ["yes"] + [None] * (len(rows) - 1)
    # asked to, it changes the answered row as well
    click(made.head.buttons[None, "doing"])
    click(made.head.buttons[None, "no"])
    assert {stored(draft, row) for row in rows[1:]} == {"doing"}  # the last button of the second question: cancel
    assert len(asked[2][1]) == 2


def test_a_column_over_empty_rows_asks_nothing_and_is_taken_back_in_place(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = table(workspace, "p5.1.table")
    asked = answering(monkeypatch)
    wanted = [row.questions[0].node for row in made._rows if row.questions[0].node.required]
    optional = [row.questions[0].node for row in made._rows if not row.questions[0].node.required]
    assert len(wanted) == 12 and len(optional) == 4
    click(made.head.buttons[None, "no"])
    assert asked == []
    assert {stored(draft, node.address) for node in wanted} == {"no"}
    assert {stored(draft, node.address) for node in optional} == {None}, "others are named by the person"
    assert made.head.done.isVisible() and made.head.done.words.plain_text() == "ตอบ “ไม่มี” แล้ว 12 แถว"
    click(made.head.done.button)
    assert {stored(draft, node.address) for node in wanted} == {None}
    assert not made.head.done.isVisible() and made.head.isAncestorOf(QApplication.focusWidget())


def test_the_line_goes_with_the_next_change_since_undo_would_revert_that(workspace: Workspace, draft: Draft) -> None:
    made = table(workspace, "p5.1.table")
    click(made.head.buttons[None, "no"])
    click(made.head.buttons[None, "no"])
    assert "อยู่แล้ว" in made.head.done.words.plain_text() and not made.head.done.button.isVisible()
    click(made._rows[0].cells[1])
    assert not made.head.done.isVisible()


def test_rows_answered_otherwise_are_kept_by_enter_and_by_escape(
    workspace: Workspace, draft: Draft, modals: Modals
) -> None:
    made = table(workspace)
    rows = [row.questions[0].node.address for row in made._rows]
    workspace.bridge.answer_all({row: "yes" for row in rows})
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        modals.then(lambda dialog, key=key: press(dialog, key))
        click(made.head.buttons[None, "no"])
        assert {stored(draft, row) for row in rows} == {"yes"}
        assert not made.head.done.isVisible()


@pytest.mark.parametrize("keys", [("1", "2"), ("๑", "๒")])
def test_digits_answer_a_row_and_go_down_and_backspace_goes_back(
    workspace: Workspace, draft: Draft, keys: tuple[str, str]
) -> None:
    made = table(workspace, "p5.1.table")
    rows = [row.questions[0] for row in made._rows]
    rows[0].go_here()
    for digit in (keys[0], keys[1], keys[0]):
        type_text(QApplication.focusWidget(), digit)
    assert [stored(draft, row.node.address) for row in rows[:4]] == ["no", "yes", "no", None]
    assert rows[3].has(QApplication.focusWidget())
    press(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    press(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    assert rows[1].has(QApplication.focusWidget())
    type_text(QApplication.focusWidget(), keys[0])
    assert stored(draft, rows[1].node.address) == "no", "answered anew"
    for other in ("9", "0", "ก"):
        type_text(QApplication.focusWidget(), other)
    assert stored(draft, rows[2].node.address) == "no" and rows[2].has(QApplication.focusWidget())


def test_digits_stop_at_the_last_row_and_a_blank_in_a_row_takes_them_as_text(
    workspace: Workspace, draft: Draft
) -> None:
    made = table(workspace, "p5.1.table")
    rows = [row.questions[0] for row in made._rows]
    rows[-1].go_here()
    type_text(QApplication.focusWidget(), "12")
    assert stored(draft, rows[-1].node.address) == "yes" and rows[-1].has(QApplication.focusWidget())
    workspace.bridge.answer(rows[12].node.address, "yes")
    settle(QApplication.instance())
    box = made._rows[12].findChild(QLineEdit)
    type_text(box, "21")
    assert box.text() == "21" and stored(draft, rows[12].node.address) == "yes"


def test_digits_answer_the_same_question_of_each_row_and_also_rows_shown_one_by_one(
    workspace: Workspace, draft: Draft
) -> None:
    made = table(workspace, "p3.1.table")
    made._rows[0].questions[1].go_here()
    type_text(QApplication.focusWidget(), "21")
    assert [stored(draft, f"p3.1.table:{row}:measure") for row in (1, 2)] == ["yes", "no"]
    assert stored(draft, "p3.1.table:1:train") is None
    narrow(workspace)
    assert made.stacked
    made._rows[2].questions[0].go_here()
    type_text(QApplication.focusWidget(), "๒๑")
    assert [stored(draft, f"p3.1.table:{row}:train") for row in (3, 4)] == ["yes", "no"]
    assert made._rows[4].questions[0].has(QApplication.focusWidget())


@given(st.text(max_size=3))
def test_only_one_digit_from_1_to_9_is_a_column(text: str) -> None:
    number = digit_of(text)
    assert 0 <= number <= 9
    assert (number > 0) == (len(text) == 1 and text.isdecimal() and int(text) > 0)


def test_a_column_that_cannot_be_answered_at_once_says_why(workspace: Workspace) -> None:
    made = table(workspace, "p5.1.table")
    tips = [head.toolTip() for head in made.head.findChildren(QWidget) if "พิมพ์" in head.toolTip()]
    plain = [tip.replace("\u200b", "") for tip in tips]
    assert "พิมพ์ 1" in plain[0] and "ไม่ได้" not in plain[0]
    assert "พิมพ์ 2" in plain[1] and "ตอบทั้งคอลัมน์ในครั้งเดียวไม่ได้" in plain[1]


def test_columns_that_ask_for_evidence_are_not_answered_at_once(workspace: Workspace) -> None:
    made = table(workspace)
    assert list(made.head.buttons) == [(None, "no"), (None, "doing")]
    assert made.head.buttons[None, "no"].accessibleName().endswith(": ไม่มีการดำเนินการ")


def test_cells_are_named_by_row_and_column(workspace: Workspace) -> None:
    made = table(workspace, "p3.1.table")
    names = list(itertools.chain.from_iterable([cell.accessibleName() for cell in row.cells] for row in made._rows))
    assert len(set(names)) == len(names) and all(": " in name for name in names)


def test_an_item_moves_by_keys_and_keeps_the_focus(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    click(items.add)
    box = editor(workspace, "g3.projects.name#2").input
    box.setFocus()
    press(box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert stored(draft, "g3.projects") == ("2", "1") and box.hasFocus()
    press(box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert stored(draft, "g3.projects") == ("2", "1")
    items.items["2"].down.setFocus()
    press(items.items["2"].down, Qt.Key.Key_Space)
    assert stored(draft, "g3.projects") == ("1", "2") and items.items["2"].up.hasFocus()


def test_items_are_numbered_as_seen_and_say_where_they_are_printed(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer_all({"p2.1.4": "yes", "p2.1.4.areas": ["a", "b"]})
    heads = [[one._head.plain_text() for one in editor(workspace, f"p2.1.4{part}").items.values()] for part in "ab"]
    assert heads == [["รายการที่ 1"], ["รายการที่ 1 (ช่อง 4 ในแบบ)"]]


def test_tab_enters_an_item_at_its_first_field_and_leaves_it_by_its_buttons(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    click(items.add)
    settle(QApplication.instance())
    item = items.items["2"]
    order = [one for one in stops(workspace.page_view) if item.isAncestorOf(one)]
    assert order[0] is editor(workspace, "g3.projects.name#2").input
    assert order[-3:] == [item.up, item.down, item.remove]


def test_the_way_to_a_repeat_leads_to_its_first_field(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    workspace.go_to("g3.projects")
    settle(QApplication.instance())
    assert editor(workspace, "g3.projects.name#1").input.hasFocus()


def test_a_removed_item_is_brought_back_by_the_button_that_says_so(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    click(items.add)
    click(items.items["2"].remove)
    assert items.removed.button.isVisible() and stored(draft, "g3.projects") != ("1", "2")
    click(items.removed.button)
    assert stored(draft, "g3.projects") == ("1", "2") and not items.removed.button.isVisible()
    click(items.items["2"].remove)
    workspace.bridge.answer("g1", "yes")
    assert not items.removed.button.isVisible(), "undo would take another change back"


def test_the_most_items_are_told_in_words(workspace: Workspace, draft: Draft) -> None:
    draft.session.answer("g3", "yes")
    items = editor(workspace, "g3.projects")
    assert not items._full.isVisible()
    for _ in range(4):
        click(items.add)
    assert items._full.isVisible() and "5" in items._full.plain_text()
