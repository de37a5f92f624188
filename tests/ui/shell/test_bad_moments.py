"""The draft is damaged, moved or taken at a bad moment; too much is pasted; windows are closed in the middle."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.drafts import open_draft
from dgdesk.system.settings import FILE, SettingsFile
from dgdesk.ui.export.choices import Remembered, Stage
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.shell.app import furnish
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog, ask
from dgdesk.ui.widgets.services import Services
from ui.conftest import TODAY
from ui.hands import click, editor, settle, type_text
from ui.modals import Modals, until

FIRST = "general.first_name"


def go_to(workspace: Workspace, where: str) -> None:
    if where == "review":
        workspace.open_review()
    else:
        workspace.open_page(list(workspace.bridge.form.pages)[int(where)])


def press(words: str) -> Callable[[QDialog], object]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        next(one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "").startswith(words)).click()

    return act


# -- the draft --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["0", "3", "review"])
def test_another_program_changes_the_draft_while_a_page_is_open(
    desk: MainController, workspace: Workspace, path: Path, modals: Modals, where: str
) -> None:
    older = path.with_name("older.bin")
    shutil.copyfile(path, older)
    workspace.bridge.answer(FIRST, "สมศรี")
    go_to(workspace, where)
    modals.then(press("เปิดไฟล์ที่มีงานของฉัน"))
    with path.open("r+b") as stream:
        stream.write(older.read_bytes())
        stream.truncate()
    desk.underneath.look()
    until(modals.done)
    until(lambda: desk.draft is not None and ".kept-" in desk.draft.path.name)
    assert desk.draft is not None and desk.draft.session.state.facts.answers[FIRST] == "สมศรี"


def test_a_draft_is_moved_while_somebody_types_and_moved_back(
    desk: MainController, workspace: Workspace, path: Path
) -> None:
    workspace.bridge.answer(FIRST, "สมศรี")
    box = editor(workspace, "general.last_name").input
    moved = path.with_name("ย้าย.dgdesk")
    path.rename(moved)
    type_text(box, "ใจดี")
    assert not workspace.flush() and workspace.bar.status.objectName() == "statusfailed"
    assert box.text() == "ใจดี" and path.name in workspace.bar.status.plain_text()
    workspace.open_review()
    assert not workspace.on_review, "what is typed is not left behind"
    moved.rename(path)
    assert workspace.flush() and workspace.open_review()
    with open_draft(path, clock=lambda: TODAY, who="x", read_only=True) as draft:
        assert draft.package.answers()["general.last_name"] == "ใจดี"


def test_a_draft_is_moved_while_the_review_page_is_open(desk: MainController, workspace: Workspace, path: Path) -> None:
    workspace.bridge.answer(FIRST, "สมศรี")
    workspace.open_review()
    moved = path.with_name("ย้าย.dgdesk")
    path.rename(moved)
    workspace.since.read()
    workspace.journey.follow()
    workspace.review_page.enter()
    workspace.journey.enter_step("send", done=True)
    workspace.finding.changes()
    assert workspace.on_review and workspace.open_page(workspace.page)
    moved.rename(path)
    assert workspace.bridge.answer(FIRST, "สมหญิง") and workspace.bridge.value(FIRST) == "สมหญิง"


# -- the clipboard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [FIRST, "general.address"])
def test_fifty_megabytes_of_text_are_pasted_into_a_box(workspace: Workspace, address: str) -> None:
    box = editor(workspace, address).input
    box.setFocus()
    QGuiApplication.clipboard().setText("ก" * (50 << 20))
    try:
        began = time.process_time()
        QTest.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        settle(QApplication.instance())
        workspace.flush()
        assert time.process_time() - began < 8
        shown = box.toPlainText() if hasattr(box, "toPlainText") else box.text()
        assert 20_000 < len(shown) < 1 << 20
        box.selectAll()
        QTest.keyClick(box, Qt.Key.Key_Delete)
        workspace.flush()
        assert not workspace.bridge.value(address)
    finally:
        QGuiApplication.clipboard().clear()


def test_five_hundred_files_are_pasted_where_no_files_go(workspace: Workspace, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / f"ไฟล์ {number}.pdf")) for number in range(500)])
    QGuiApplication.clipboard().setMimeData(mime)
    try:
        for address in (FIRST, "general.address"):
            box = editor(workspace, address).input
            QTest.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            settle(QApplication.instance())
            workspace.flush()
            assert not workspace.bridge.value(address), "the addresses of files are no answer"
    finally:
        QGuiApplication.clipboard().clear()


# -- the export -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["ready", "signer", "place"])
@pytest.mark.parametrize("known", [False, True])
def test_the_wizard_is_closed_in_each_step_and_begun_anew(
    desk: MainController, workspace: Workspace, services: Services, stage: Stage, known: bool
) -> None:
    if known:
        create_identity(services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=services.clock())
    before = sorted(one.name for one in workspace.bridge.draft.path.parent.iterdir())
    for _ in range(2):
        wizard = ExportWizard(workspace.bridge, services, Remembered(), desk.window)
        wizard.show()
        wizard.ready_page.as_draft.setChecked(True)
        while wizard.stage != stage and wizard.stage in wizard.asked[:-2]:
            if wizard.stage == "signer":
                wizard.signer_page.picker.new.without.setChecked(True)
            wizard.go_on()
        wizard.close()
        wizard.close()
        assert not wizard.isVisible() and wizard.made is None
        wizard.deleteLater()
    assert sorted(one.name for one in workspace.bridge.draft.path.parent.iterdir()) == before
    assert workspace.bridge.draft.package.register() == () and workspace.bridge.answer(FIRST, "ยังทำงานได้")


def test_signing_is_pressed_twice_and_exports_once(
    desk: MainController, workspace: Workspace, services: Services, tmp_path: Path
) -> None:
    create_identity(services.profile.identity, person="สมศรี", province="น่าน", passphrase=None, now=services.clock())
    wizard = ExportWizard(workspace.bridge, services, Remembered(), desk.window)
    wizard.show()
    wizard.ready_page.as_draft.setChecked(True)
    wizard.go_on()
    wizard.place_page.path.setText(str(tmp_path / "ร่าง.zip"))
    wizard.go_on()
    wizard.go_on()
    until(lambda: not wizard.busy)
    wizard.go_on()
    assert wizard.stage == "done" and len(workspace.bridge.draft.package.register()) == 1
    wizard.close()
    wizard.deleteLater()


# -- dialogs and the profile ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "chosen"), [("first", 0), ("close", 1), ("twice", 0)])
def test_a_question_is_answered_dismissed_or_answered_twice(
    desk: MainController, modals: Modals, act: str, chosen: int
) -> None:
    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        if act == "close":
            dialog.close()
        for _ in range({"first": 1, "twice": 2}.get(act, 0)):
            dialog.buttons[0].click()

    modals.then(answer)
    assert ask(desk.texts, "ทำหรือไม่", ("ทำ", "ไม่ทำ"), desk.window) == chosen


def test_a_profile_that_cannot_be_written_keeps_the_work_and_the_place(
    qapp: QApplication, services: Services, workspace: Workspace, desk: MainController, path: Path, tmp_path: Path
) -> None:
    desk.let_go(closed=True)
    blocked = tmp_path / "ไฟล์แทนโฟลเดอร์"
    blocked.write_text("x")
    settings = SettingsFile(blocked / "settings.json")
    window = MainWindow(settings.now)
    second = MainController(window, replace(services, who="สมศรี"), settings)
    window.show()
    second.open(path)
    assert second.workspace is not None and second.workspace.bridge.answer(FIRST, "สมหญิง")
    page = list(second.workspace.bridge.form.pages)[2]
    second.workspace.open_page(page)
    settle(qapp)
    assert not settings.change(replace(settings.now, who="อื่น"))
    second.close_draft()
    hero = window.centralWidget().hero
    click(hero.open_button)
    assert second.workspace is not None and second.workspace.page == page
    assert second.workspace.bridge.value(FIRST) == "สมหญิง"
    second.workspace.page_view.parts.drop()
    window.close()
    window.deleteLater()


def test_the_profile_of_a_newer_program_is_told_on_the_start_page(qapp: QApplication, services: Services) -> None:
    path = services.profile.root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"version": "99.1", "who": "สมศรี"}', encoding="utf-8")
    window = MainWindow()
    made = furnish(qapp, window, services, SettingsFile(path))
    page = window.centralWidget()
    assert isinstance(page, StartPage) and "99.1" in page.notice.plain_text() and not page.notice.isHidden()
    window.close()
    made.let_go()
    window.deleteLater()
