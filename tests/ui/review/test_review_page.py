"""The journey has an end: the review page, the primary button, and the checklist after an export."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from dgdesk.draft.file.register import RECEIPT, SCAN
from dgdesk.survey.rules.review import by_kind
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import click, editor, press, settle
from ui.whole import broken_texts

EXPORT = {"digest": "ab" * 32, "file": "เชียงใหม่-2568.zip", "draft": False}


@pytest.fixture
def full(desk: MainController, full_draft: Path, tmp_path: Path) -> Workspace:
    """A survey that is ready, at work in the window."""
    mine = tmp_path / "เต็ม.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    return desk.workspace


def registered(workspace: Workspace, **more: object) -> None:
    """Enter an export into the register, as the wizard does."""
    workspace.bridge.draft.package.register_export({**EXPORT, **more})
    workspace.bridge.registered.emit()


def test_after_the_last_page_next_leads_to_the_review_and_back_leads_home(workspace: Workspace) -> None:
    workspace.open_page("p8.page1")
    assert "ตรวจทานและส่งออก" in workspace.bar.next_button.text()
    click(workspace.bar.next_button)
    assert workspace.on_review
    click(workspace.bar.back_button)
    assert not workspace.on_review and workspace.page == "p8.page1"


def test_it_is_the_last_entry_of_the_outline(workspace: Workspace) -> None:
    last = workspace.outline.topLevelItem(workspace.outline.topLevelItemCount() - 1)
    assert last is not None
    workspace.outline.setCurrentItem(last)
    assert workspace.on_review
    workspace.open_page("g.page1")
    assert not workspace.on_review and workspace.outline.currentItem() is not last


def test_it_counts_what_is_left_and_leads_there_and_back(workspace: Workspace) -> None:
    workspace.open_review()
    left = [one for one in workspace.bridge.state.problems if one.severity == "error"]
    assert str(len(left)) in workspace.review_page.verdict.plain_text()
    click(workspace.review_page.primary)
    settle(QApplication.instance())
    assert not workspace.on_review and workspace.bar.review_button.isVisible()
    click(workspace.bar.review_button)
    assert workspace.on_review and workspace.bar.review_button.isHidden()


def test_going_elsewhere_oneself_takes_the_button_back(workspace: Workspace) -> None:
    workspace.open_review()
    click(workspace.review_page.primary)
    settle(QApplication.instance())
    click(workspace.bar.next_button)
    assert workspace.bar.review_button.isHidden()


def test_the_next_thing_to_do_goes_across_pages_and_counts_all(workspace: Workspace) -> None:
    button = workspace.bar.todo_button
    count = sum(one.severity == "error" for one in workspace.bridge.state.problems)
    assert f"({count})" in button.text()
    workspace.open_page("general.page1")
    pages = set()
    for _ in range(12):
        click(button)
        settle(QApplication.instance())
        pages.add(workspace.page)
    assert len(pages) > 2
    click(editor(workspace, "p1.1").buttons["no"]) if workspace.page == "p1.page1" else None
    settle(QApplication.instance())
    assert f"({sum(one.severity == 'error' for one in workspace.bridge.state.problems)})" in button.text()


def test_each_section_shows_how_far_it_is_and_opens(workspace: Workspace) -> None:
    workspace.open_review()
    bars = workspace.review_page.bars.bars
    assert list(bars) == [section.id for section in workspace.bridge.form.definition.sections]
    assert "0/4" in bars["p8"].accessibleName()
    click(bars["p8"])
    assert (workspace.page, workspace.on_review) == ("p8.page1", False)


def test_what_is_typed_is_saved_before_the_review_shows_it(desk: MainController, workspace: Workspace) -> None:
    box = editor(workspace, "general.first_name").focus_target()
    box.setFocus()
    box.insert("สมศรี")
    box.textEdited.emit(box.text())
    press(desk.window, Qt.Key.Key_F8, Qt.KeyboardModifier.ControlModifier)
    assert workspace.on_review
    assert workspace.bridge.value("general.first_name") == "สมศรี"


def test_input_that_cannot_be_saved_keeps_its_page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as unsaved:
        unsaved.setattr(workspace, "flush", lambda: False)
        assert not workspace.open_review()
    assert not workspace.on_review and workspace.outline.currentItem() is not None


def test_a_complete_survey_says_so_and_every_page_offers_the_export(full: Workspace) -> None:
    asked: list[str] = []
    full.journey.asked.disconnect()
    full.journey.asked.connect(asked.append)
    assert "ส่งออกและลงนาม" in full.bar.act_button.text() and not full.bar.act_button.isHidden()
    assert full.bar.todo_button.isHidden()
    assert not full.bar.next_button.isHidden(), "the pages can still be walked"
    click(full.bar.act_button)
    full.open_review()
    assert full.review_page.list.isHidden() == (not by_kind(full.bridge.state.problems))
    click(full.review_page.primary)
    assert asked == ["export", "export"]


def test_a_draft_export_does_not_count_as_the_export(full: Workspace) -> None:
    registered(full, draft=True)
    assert full.journey.act == "export"
    full.open_review()
    assert full.review_page.checklist.isHidden()


def test_after_the_export_the_checklist_stays_until_the_receipt_is_there(full: Workspace) -> None:
    registered(full)
    full.open_review()
    page, package = full.review_page, full.bridge.draft.package
    assert page.checklist.isVisible() and full.journey.act == "print"
    page.checklist.rows["print"].setChecked(True)
    assert full.journey.act == "scan"
    package.register_reply(SCAN, {"digest": EXPORT["digest"], "sha256": "cd" * 32})
    full.bridge.registered.emit()
    assert full.journey.act == "wait" and page.checklist.rows["sign"].isChecked()
    package.register_reply(RECEIPT, {"digest": EXPORT["digest"], "office": "สพร."})
    full.bridge.registered.emit()
    assert full.journey.act == "done" and page.primary.isHidden()
    assert not any(row.isEnabled() for row in page.checklist.rows.values())


def test_a_tick_is_kept_in_the_draft_and_can_be_taken_back(full: Workspace, desk: MainController) -> None:
    registered(full)
    full.open_review()
    full.review_page.checklist.rows["send"].setChecked(True)
    path = full.bridge.draft.path
    desk.close_draft()
    desk.open(path)
    assert desk.workspace is not None
    again = desk.workspace
    again.open_review()
    box = again.review_page.checklist.rows["send"]
    assert box.isChecked()
    box.setChecked(False)
    assert again.since.checklist is not None and "send" not in again.since.checklist.done


def test_a_change_after_the_export_asks_for_a_new_one_and_says_which_the_steps_are_of(full: Workspace) -> None:
    registered(full)
    full.bridge.answer("general.first_name", "สมหญิง")
    full.since.read()
    full.open_review()
    assert full.journey.act == "export"
    assert "มีการแก้ไข" in full.review_page.checklist.head.plain_text()


def test_the_name_of_an_exported_file_is_shown_as_it_is(full: Workspace) -> None:
    registered(full, file="<b>ก\u202e.zip")
    full.open_review()
    assert "\u202e" not in full.review_page.checklist.head.plain_text()


@pytest.mark.parametrize("step", ["send", "scan", "receipt"])
def test_each_step_has_a_button_that_helps(full: Workspace, step: str) -> None:
    asked: list[str] = []
    full.journey.asked.disconnect()
    full.journey.asked.connect(asked.append)
    registered(full)
    full.open_review()
    click(full.review_page.checklist.buttons[step])
    click(full.review_page.checklist.buttons[step])
    assert asked == [step, step]


@pytest.mark.parametrize(("width", "stacked"), [(1366, False), (1024, False), (700, True)])
def test_it_fits_every_width(desk: MainController, workspace: Workspace, width: int, stacked: bool) -> None:
    desk.window.resize(width, 700)
    workspace.show_side(False)
    workspace.open_review()
    settle(QApplication.instance())
    page = workspace.review_page
    assert (page.list.y() > page.area.y()) == stacked
    assert page.rect().contains(page.list.geometry())


def test_a_read_only_draft_can_be_reviewed_but_not_ticked(
    desk: MainController, full_draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "อ่าน.dgdesk"
    shutil.copy(full_draft, mine)
    desk.open(mine)
    assert desk.workspace is not None
    registered(desk.workspace)
    desk.close_draft()
    desk.open_to_read(mine)
    assert desk.workspace is not None
    desk.workspace.open_review()
    rows = desk.workspace.review_page.checklist.rows
    assert not any(row.isEnabled() for row in rows.values())


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("ready", [False, True])
def test_no_text_is_cut_at_any_width_height_and_text_size(
    desk: MainController, full: Workspace, percent: int, ready: bool
) -> None:
    full.bridge.answer("general.address", "ศาลากลางจังหวัด" if ready else None)
    if not ready:
        full.bridge.answer("g1", None)
    desk.appearance.apply(replace(desk.settings.now, text_percent=percent))
    workspace = desk.workspace
    assert workspace is not None
    workspace.open_review()
    page = workspace.review_page
    workspace.page_view.finish()
    for width, height in ((1366, 768), (1180, 700), (1024, 700), (1500, 500), (700, 900), (400, 300)):
        desk.window.resize(width, height)
        settle(QApplication.instance())
        assert list(broken_texts(page)) == [], (width, height, percent)
        for one in (page.list.kind, page.list.box):
            assert not one.isVisible() or one.height() >= one.fontMetrics().height() + 4, (width, height, percent)
    assert page.list.isVisible() is not ready
