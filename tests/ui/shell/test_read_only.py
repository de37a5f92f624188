"""A draft that is open read-only says so across the page, and leads to where it can be edited."""

from __future__ import annotations

import os
import platform
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.errors import FileError
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.read_only import ReadOnlyStrip, why_read_only
from dgdesk.ui.widgets.services import Services
from ui.hands import click, editor, settle, type_text


@pytest.fixture
def elsewhere(tmp_path: Path, services: Services) -> Draft:
    """A draft that another window edits."""
    return new_draft(tmp_path / "น่าน.dgdesk", clock=services.clock, who="วิชัย", respondent="TH-55")


def opened(desk: MainController, path: Path, monkeypatch: pytest.MonkeyPatch) -> ReadOnlyStrip:
    """Open it read-only, as the question offers."""
    monkeypatch.setattr("dgdesk.ui.shell.opening.ask", lambda *_: 0)
    desk.open(path)
    desk.window.show()
    settle(QApplication.instance())
    assert desk.workspace is not None and desk.workspace.read_only_strip is not None
    return desk.workspace.read_only_strip


def test_the_strip_says_where_it_is_edited_and_no_process_number(
    desk: MainController, elsewhere: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = opened(desk, elsewhere.path, monkeypatch)
    said = strip.label.plain_text()
    assert "อีกหน้าต่างหนึ่งในเครื่องนี้" in said and str(os.getpid()) not in said
    assert strip.isVisible() and strip.again_button.isVisible() and strip.other_button.isVisible()
    elsewhere.close()


def test_a_try_to_type_or_click_makes_the_strip_flash_and_changes_nothing(
    desk: MainController, elsewhere: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = opened(desk, elsewhere.path, monkeypatch)
    workspace = desk.workspace
    assert workspace is not None
    box = editor(workspace, "general.address").input
    before = box.toPlainText() if hasattr(box, "toPlainText") else box.text()
    assert not strip.flashing
    type_text(box, "ก")
    assert strip.flashing
    assert (box.toPlainText() if hasattr(box, "toPlainText") else box.text()) == before
    elsewhere.close()


def test_trying_again_tells_that_it_is_still_held_and_then_edits_at_the_same_page(
    desk: MainController, elsewhere: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = opened(desk, elsewhere.path, monkeypatch)
    workspace = desk.workspace
    assert workspace is not None
    page = list(workspace.bridge.form.pages)[2]
    workspace.open_page(page)
    for _ in range(2):
        click(strip.again_button)
        assert "ยังเปิดแก้ไขไม่ได้" in strip.label.plain_text() and strip.flashing
        assert desk.workspace is workspace
    elsewhere.close()
    click(strip.again_button)
    assert desk.workspace is not None and desk.workspace is not workspace
    assert not desk.workspace.bridge.read_only and desk.workspace.page == page
    assert desk.workspace.read_only_strip is None


def test_the_draft_is_gone_when_it_is_tried_again(
    desk: MainController, elsewhere: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = opened(desk, elsewhere.path, monkeypatch)
    told: list[str] = []
    monkeypatch.setattr("dgdesk.ui.shell.opening.tell", lambda texts, words, *_: told.append(words))
    path = elsewhere.path
    elsewhere.close()
    path.rename(path.with_name("ย้าย.dgdesk"))
    click(strip.again_button)
    assert len(told) == 1 and desk.workspace is not None and desk.workspace.bridge.read_only


@pytest.mark.parametrize(
    ("code", "host", "wanted", "holder"),
    [
        ("package.held", platform.node(), "ui.read_only.other_window", 77),
        ("package.held", "เครื่องอื่น", "ui.read_only.other_pc", 0),
        ("package.read_only_place", "", "ui.read_only.place", 0),
    ],
)
def test_why_it_is_read_only(code: str, host: str, wanted: str, holder: int) -> None:
    since = datetime(2026, 11, 20, 2, 30).isoformat() + "+00:00"
    why = why_read_only(FileError(code, user="วิชัย", host=host, pid=77, since=since))
    assert (why.code, why.holder) == (wanted, holder)
    assert why_read_only(None).code == "ui.read_only.as_asked" and why_read_only(None).holder == 0
