"""Tables: the head stays in sight, keys travel, a narrow page stacks them up, a column is answered at once."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft
from dgdesk.ui.form.editors import matrix as matrix_room
from dgdesk.ui.form.editors.matrix import MatrixEditor
from dgdesk.ui.form.editors.table_head import next_cell
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, editor, press, settle
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
    workspace.window().resize(1366, 600)
    made = table(workspace, "p3.1.table")
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(made.mapTo(workspace.page_view.widget(), QPoint(0, 0)).y() + 100)
    assert top_in_view(workspace, made) == 0
    workspace.bridge.answer("p3.1.table:1:train", "yes")
    settle(QApplication.instance())
    assert top_in_view(workspace, made) == 0


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

    def ask(texts: object, message: str, buttons: tuple[str, ...], *_: object) -> int:
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
    assert f"{len(rows) - 1} แถว" in message and f"({len(rows) - 1} แถว)" in buttons[0]
    workspace.undo()
    assert [stored(draft, row) for row in rows] == ["yes"] + [None] * (len(rows) - 1)
    # asked to, it changes the answered row as well
    click(made.head.buttons[None, "doing"])
    click(made.head.buttons[None, "no"])
    assert {stored(draft, row) for row in rows[1:]} == {"doing"}  # the last button of the second question: cancel
    assert len(asked[2][1]) == 2


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
