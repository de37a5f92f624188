"""The place for evidence is in reach of the question: opened in sight, and whatever is pasted or dropped goes there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.shell.workspace import Workspace
from ui.attach import drop, file, files_of, finish
from ui.hands import click, editor, part, press, settle, type_text
from ui.hands import place as on_page


@pytest.fixture(autouse=True)
def clipboard() -> Iterator[None]:
    yield
    QApplication.clipboard().clear()


def slot(workspace: Workspace, name: str) -> EvidenceSlot:
    found = on_page(workspace, name)
    assert isinstance(found, EvidenceSlot)
    return found


def names(draft: Draft, name: str) -> list[str]:
    return [one.name for one in draft.session.state.facts.evidence.get(name, ())]


def paste(at: QWidget, *paths: Path) -> None:
    QApplication.clipboard().setMimeData(files_of(paths))
    at.setFocus()
    press(at, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def seen_whole(workspace: Workspace, widget: QWidget) -> bool:
    settle(QApplication.instance())
    view = workspace.page_view.viewport()
    top = widget.mapTo(view, widget.rect().topLeft()).y()
    return top >= 0 and top + widget.height() <= view.height()


def test_answer_file_page_and_passage_with_one_click(workspace: Workspace, draft: Draft, tmp_path: Path) -> None:
    option = editor(workspace, "g1").buttons["yes"]
    click(option)
    assert option.hasFocus()
    paste(option, file(tmp_path, "คำสั่ง.pdf"))
    place = slot(workspace, "g1/yes")
    finish(place)
    (row,) = place.files.rows.values()
    assert row.pages.hasFocus() and seen_whole(workspace, row)
    type_text(row.pages, "3")
    press(row.pages, Qt.Key.Key_Tab)
    assert row.passages.hasFocus()
    type_text(row.passages, "ข้อ ๒")
    press(row.passages, Qt.Key.Key_Tab)
    (one,) = draft.session.state.facts.evidence["g1/yes"]
    assert (one.pages, one.passages) == ("3", "ข้อ ๒")


def test_a_place_that_opens_below_the_window_comes_into_sight_whole(workspace: Workspace, draft: Draft) -> None:
    workspace.window().resize(1024, 700)
    button = editor(workspace, "g2").buttons["yes"]
    workspace.page_view.ensureWidgetVisible(button, 0, 0)
    settle(QApplication.instance())
    click(button)
    assert seen_whole(workspace, slot(workspace, "g2/yes")) and seen_whole(workspace, button)


def test_what_redo_brings_back_is_seen(workspace: Workspace) -> None:
    click(editor(workspace, "g2").buttons["yes"])
    settle(QApplication.instance())
    bar = workspace.page_view.verticalScrollBar()
    bar.setValue(0)
    workspace.undo()
    settle(QApplication.instance())
    workspace.redo()
    settle(QApplication.instance())
    assert seen_whole(workspace, slot(workspace, "g2/yes"))


def test_files_pasted_into_a_text_box_go_to_the_place_and_words_stay_words(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    click(editor(workspace, "g1").buttons["yes"])
    click(editor(workspace, "g2").buttons["yes"])
    click(editor(workspace, "g3").buttons["yes"])
    assert workspace.bridge.add_item("g3.projects") and workspace.bridge.add_item("g3.projects")
    settle(QApplication.instance())
    second = next(
        one.address
        for one in workspace.bridge.form.nodes
        if one.address.startswith("g3.projects.") and one.address.endswith("#2")
    )
    box = part(workspace, second).editor.focus_target()
    paste(box, file(tmp_path, "a.pdf"))
    finish(slot(workspace, "g3.projects#2"))
    assert names(draft, "g3.projects#2") == ["a.pdf"] and names(draft, "g3.projects#1") == []
    QApplication.clipboard().setText("โครงการ")
    box.setFocus()
    press(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert workspace.flush() and workspace.bridge.value(second) == "โครงการ"


def test_of_several_places_the_one_opened_last_takes_what_is_pasted(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    click(editor(workspace, "p1.1").buttons["yes"])
    boxes = editor(workspace, "p1.1a2").buttons
    for number in ("3", "1"):
        click(boxes[number])
    paste(boxes["1"], file(tmp_path, "a.pdf"))
    finish(slot(workspace, "p1.1a2/1"))
    click(boxes["1"])  # no longer chosen: the other one is the only place
    paste(boxes["1"], file(tmp_path, "b.pdf"))
    finish(slot(workspace, "p1.1a2/3"))
    assert names(draft, "p1.1a2/1") == ["a.pdf"] and names(draft, "p1.1a2/3") == ["b.pdf"]


def test_a_question_without_a_place_takes_nothing(workspace: Workspace, draft: Draft, tmp_path: Path) -> None:
    option = editor(workspace, "g1").buttons["no"]
    click(option)
    paste(option, file(tmp_path, "a.pdf"))
    assert not draft.session.state.facts.evidence and not workspace.bridge.jobs.busy


def test_files_dropped_on_the_question_are_attached(workspace: Workspace, draft: Draft, tmp_path: Path) -> None:
    click(editor(workspace, "g1").buttons["yes"])
    place, card = slot(workspace, "g1/yes"), part(workspace, "g1")
    assert drop(card, files_of([file(tmp_path, "a.pdf")])) and not place.held_over
    finish(place)
    assert names(draft, "g1/yes") == ["a.pdf"]
    folder = tmp_path / "ทั้งหมด"
    folder.mkdir()
    assert not place.takes(files_of([folder]))  # which is for the whole form


def test_who_has_gone_on_to_another_question_keeps_the_cursor(
    workspace: Workspace, draft: Draft, tmp_path: Path
) -> None:
    option = editor(workspace, "g1").buttons["yes"]
    click(option)
    paste(option, file(tmp_path, "a.pdf"))
    other = editor(workspace, "g2").buttons["no"]
    other.setFocus()
    finish(slot(workspace, "g1/yes"))
    assert names(draft, "g1/yes") == ["a.pdf"] and other.hasFocus()


def test_pasting_twice_attaches_once(workspace: Workspace, draft: Draft, tmp_path: Path) -> None:
    option = editor(workspace, "g1").buttons["yes"]
    click(option)
    source = file(tmp_path, "a.pdf")
    paste(option, source)
    paste(option, source)
    finish(slot(workspace, "g1/yes"))
    assert names(draft, "g1/yes") == ["a.pdf"]
