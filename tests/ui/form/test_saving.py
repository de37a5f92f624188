"""A person always knows whether the work is saved, and loses nothing that cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import FileError
from dgdesk.ui.shell import closing as closing_drafts
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from ui.hands import click, editor, press, type_text


def status(workspace: Workspace) -> str:
    return workspace.bar.status.plain_text()


@contextmanager
def full_disk(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise FileError("package.disk_full", name=draft.path.name)

    with monkeypatch.context() as patch:
        patch.setattr(draft.package, "apply", refuse)
        yield


def test_the_status_says_saving_then_saved_with_the_time(workspace: Workspace, qtbot: QtBot) -> None:
    box = editor(workspace, "general.first_name").input
    type_text(box, "ก")
    assert status(workspace) == "กำลังบันทึก…"
    qtbot.waitUntil(lambda: status(workspace).startswith("บันทึกแล้ว "), timeout=20_000)
    assert status(workspace)[-5:].count(":") == 1


def test_typing_is_written_when_the_page_is_left(workspace: Workspace, draft: Draft) -> None:
    type_text(editor(workspace, "general.first_name").input, "สมศรี")
    click(workspace.bar.next_button)
    assert workspace.page == "g.page1"
    assert draft.session.state.facts.answers["general.first_name"] == "สมศรี"


def test_closing_the_window_saves_what_was_typed_last(desk: MainController, workspace: Workspace, path: Path) -> None:
    type_text(editor(workspace, "general.first_name").input, "สมศรี")
    assert desk.window.close()
    with closing(sqlite3.connect(path)) as raw, raw:
        text = "\n".join(raw.iterdump())
    raw.close()
    assert "สมศรี" in text


def test_what_cannot_be_saved_stays_in_its_box_and_the_page_stays(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = editor(workspace, "general.first_name").input
    with full_disk(draft, monkeypatch):
        type_text(box, "สมศรี")
        workspace.go_on()
        assert workspace.page == "general.page1"
        assert "พื้นที่ว่างไม่พอ" in status(workspace)
        assert box.text() == "สมศรี"
        workspace.outline.setFocus()
        assert box.text() == "สมศรี"
    workspace.go_on()
    assert draft.session.state.facts.answers["general.first_name"] == "สมศรี"
    assert workspace.page == "g.page1" and status(workspace).startswith("บันทึกแล้ว")


def test_what_cannot_be_saved_is_tried_again_by_itself(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("dgdesk.ui.form.pending.AGAIN", 50)
    box = editor(workspace, "general.first_name").input
    with full_disk(draft, monkeypatch):
        type_text(box, "สมศรี")
        assert not workspace.flush()
    qtbot.waitUntil(lambda: "general.first_name" in draft.session.state.facts.answers, timeout=20_000)


def test_a_choice_that_cannot_be_saved_is_not_shown_as_chosen(
    workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = editor(workspace, "g1")
    with full_disk(draft, monkeypatch):
        click(single.buttons["yes"])
    assert not single.buttons["yes"].isChecked()
    assert "ไม่ถูกบันทึก" in status(workspace)


def test_closing_with_unsaved_text_asks_first(
    desk: MainController, workspace: Workspace, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_text(editor(workspace, "general.first_name").input, "สมศรี")
    with full_disk(draft, monkeypatch):
        answers = iter((1, 0))
        monkeypatch.setattr(closing_drafts, "ask", lambda *_: next(answers))
        assert not desk.window.close()
        assert desk.window.close()


def test_undo_and_redo_go_over_pages_and_the_boxes_follow(workspace: Workspace, draft: Draft) -> None:
    box = editor(workspace, "general.first_name").input
    type_text(box, "สมศรี")
    press(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "general.first_name" not in draft.session.state.facts.answers and box.text() == ""
    press(box, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert box.text() == draft.session.state.facts.answers["general.first_name"] == "สมศรี"
    single = editor(workspace, "g1")
    click(single.buttons["yes"])
    workspace.undo()
    assert not single.buttons["yes"].isChecked()
    workspace.redo()
    assert single.buttons["yes"].isChecked()


def test_a_file_held_elsewhere_is_offered_read_only(
    desk: MainController, workspace: Workspace, path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_of_other = path.with_name("อีกไฟล์.dgdesk")
    workspace.bridge.draft.package.backup(draft_of_other)
    said: list[str] = []
    monkeypatch.setattr("dgdesk.ui.shell.opening.ask", lambda texts, message, *_: said.append(message) or 0)
    with open_draft(draft_of_other, clock=services.clock, who="สมชาย"):
        desk.open(draft_of_other)
        assert "สมชาย" in said[0]
        assert desk.workspace is not None and desk.workspace.bridge.read_only
        assert "อ่านอย่างเดียว" in desk.window.windowTitle()
        assert editor(desk.workspace, "general.first_name").input.isReadOnly()
        option = editor(desk.workspace, "g1").buttons["yes"]
        click(option)
        assert not option.isChecked() and "อ่าน" in option.accessibleDescription()
        assert not desk.actions["undo"].isEnabled()


def test_a_file_that_is_no_draft_is_refused_in_one_sentence(
    desk: MainController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def close(texts: object, message: str, buttons: tuple[str, ...], *_: object) -> int:
        said.append(message)
        return len(buttons) - 1

    monkeypatch.setattr("dgdesk.ui.backups.repair.tell", lambda texts, message, *_: said.append(message))
    monkeypatch.setattr("dgdesk.ui.backups.repair.ask", close)
    wrong = tmp_path / "a.dgdesk"
    wrong.write_bytes(b"no package at all" * 100)
    desk.open(wrong)
    desk.open(tmp_path / "missing.dgdesk")
    assert "ไม่ใช่ไฟล์แบบสำรวจ" in said[0] and "ไม่พบไฟล์" in said[1]
    assert desk.workspace is None
