"""What the window tells of this PC and of the place of a draft, and what a person does about it."""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from shiboken6 import isValid

from dgdesk.system.check.clock import CheckResult
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.check_dialog import OfficeDialog
from dgdesk.ui.support.support_dialog import SupportDialog
from dgdesk.ui.widgets.dialogs import MessageDialog
from ui.hands import click, settle
from ui.modals import Modals, until
from ui.support_dialogs import findings
from ui.whole import broken_texts

SYNCED = CheckResult("office.synced", "warning", {"path": "C:/x.dgdesk", "service": "OneDrive"})
MARKED = CheckResult("office.from_internet", "note", {"path": "C:/x.dgdesk"})
FULL = CheckResult("office.disk_full", "error", {"path": "C:/x.dgdesk", "free": 9})
ORIGIN = CheckResult("office.from_temporary", "warning", {"path": "C:/x.dgdesk"})
STICK = CheckResult("office.removable", "note", {"path": "C:/x.dgdesk"})


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> list[CheckResult]:
    """What every look finds."""
    found: list[CheckResult] = []
    monkeypatch.setattr("dgdesk.support.gather.look", lambda *_, **__: ((), (), tuple(found)))
    return found


def looked(desk: MainController) -> None:
    """Wait for the look that was begun."""
    seen: list[object] = []
    desk.office.looked.connect(lambda: seen.append(1))
    until(lambda: seen)
    settle(QApplication.instance())


# -- notices --------------------------------------------------------------------------------------------------------


def test_nothing_is_told_of_a_pc_that_suits(desk: MainController, place: list[CheckResult]) -> None:
    place.append(STICK)
    desk.office.begin(after=0)
    looked(desk)
    assert desk.office.notices == [] and desk.office.findings == (STICK,)


def test_a_draft_in_a_synced_folder_is_told_below_the_page_which_does_not_move(
    workspace: Workspace, desk: MainController, place: list[CheckResult]
) -> None:
    place += [SYNCED, STICK]
    desk.office.begin(after=0)
    looked(desk)
    (notice,) = desk.office.notices
    assert notice.isVisible() and "OneDrive" in notice.label.plain_text() and "อีก" not in notice.label.plain_text()
    assert notice.parentWidget() is workspace and notice.geometry().bottom() + 1 == workspace.bar.y()
    assert list(broken_texts(desk.window)) == []


def test_what_is_put_away_is_not_told_of_this_draft_again(
    workspace: Workspace, desk: MainController, place: list[CheckResult], full_draft: Path, tmp_path: Path
) -> None:
    place.append(SYNCED)
    desk.office.begin(after=0)
    looked(desk)
    click(desk.office.notices[0].buttons[-1])
    here = workspace.bridge.draft.path
    desk.close_draft()
    desk.open(here)
    looked(desk)
    assert desk.office.notices == []
    other = tmp_path / "b.dgdesk"
    shutil.copy(full_draft, other)
    desk.open(other)
    looked(desk)
    assert len(desk.office.notices) == 1


def test_an_error_can_be_hidden_but_comes_again(
    workspace: Workspace, desk: MainController, place: list[CheckResult]
) -> None:
    place += [FULL, SYNCED]
    desk.office.begin(after=0)
    looked(desk)
    (notice,) = desk.office.notices
    assert "9 MB" in notice.label.plain_text() and "อีก 1 เรื่อง" in notice.label.plain_text()
    click(notice.buttons[-1])
    desk.actions["language"].trigger()
    looked(desk)
    assert "9 MB" in desk.office.notices[0].label.plain_text() and "more" in desk.office.notices[0].label.plain_text()


def test_a_mark_of_the_internet_is_told_once(
    workspace: Workspace, desk: MainController, place: list[CheckResult]
) -> None:
    place.append(MARKED)
    desk.office.begin(after=0)
    looked(desk)
    assert len(desk.office.notices) == 1
    here = workspace.bridge.draft.path
    desk.close_draft()
    desk.open(here)
    looked(desk)
    assert desk.office.notices == []


def test_a_window_that_was_never_closed_is_told_until_it_is_put_away(
    desk: MainController, place: list[CheckResult]
) -> None:
    desk.office.begin(broken_off="ui.office.broken_off", after=0)
    looked(desk)
    (notice,) = desk.office.notices
    assert isinstance(desk.window.centralWidget(), StartPage) and notice.isVisible()
    click(notice.buttons[-1])
    desk.rebuild()
    looked(desk)
    assert desk.office.notices == []


# -- before an export -----------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_before_the_export_and_the_person_decides(
    workspace: Workspace,
    desk: MainController,
    place: list[CheckResult],
    modals: Modals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exported: list[bool] = []
    monkeypatch.setattr("dgdesk.ui.support.controller.BEFORE_EXPORT", 20)  # a busy PC is no dead drive
    monkeypatch.setattr(desk.dialogs, "export", lambda **_: exported.append(True))
    place.append(SYNCED)
    desk.office.begin(after=10_000)
    desk.actions["export"].trigger()
    assert exported == [True]  # what only may go wrong does not stand in the way
    place.append(FULL)
    modals.then(lambda dialog: dialog.buttons[1].click())
    desk.actions["export"].trigger()
    assert exported == [True]
    modals.then(lambda dialog: dialog.buttons[0].click())
    desk.actions["export"].trigger()
    until(modals.done)
    assert exported == [True, True] and modals.seen == ["MessageDialog"] * 2


def test_a_drive_that_hangs_does_not_hold_up_the_export(
    workspace: Workspace, desk: MainController, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()
    monkeypatch.setattr("dgdesk.support.gather.look", lambda *_, **__: (hanging.wait(60), (), (FULL,)))
    exported: list[bool] = []
    monkeypatch.setattr(desk.dialogs, "export", lambda **_: exported.append(True))
    desk.office.begin(after=10_000)
    desk.actions["export"].trigger()
    assert exported == [True]
    hanging.set()
    looked(desk)
    assert "9 MB" in desk.office.notices[0].label.plain_text()


def test_what_was_found_before_a_drive_went_away_still_counts(
    workspace: Workspace,
    desk: MainController,
    place: list[CheckResult],
    modals: Modals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exported: list[bool] = []
    monkeypatch.setattr(desk.dialogs, "export", lambda **_: exported.append(True))
    place.append(FULL)
    desk.office.begin(after=0)
    looked(desk)
    hanging = threading.Event()
    monkeypatch.setattr("dgdesk.support.gather.look", lambda *_, **__: (hanging.wait(60), (), ()))
    modals.then(lambda dialog: dialog.buttons[1].click())
    desk.actions["export"].trigger()
    assert exported == [] and modals.done()
    hanging.set()


# -- the dialog -----------------------------------------------------------------------------------------------------


def test_this_pc_is_looked_at_again_and_again_and_copied_as_text(
    desk: MainController, place: list[CheckResult], modals: Modals
) -> None:
    texts: list[str] = []

    def read(dialog: OfficeDialog) -> None:
        until(lambda: dialog.findings is not None)
        assert "พร้อมใช้งาน" in dialog.said.plain_text()
        place.extend(findings())
        click(dialog.again)
        until(lambda: dialog.findings)
        assert dialog.tree.topLevelItemCount() == len(findings()) >= 8
        click(dialog.copy)
        texts.append(QGuiApplication.clipboard().text())
        dialog.reject()

    modals.then(read)
    desk.actions["office"].trigger()
    until(modals.done)
    assert texts[0].startswith("ผลการตรวจเครื่อง เมื่อ 20 พ.ย. 2569") and "\u200b" not in texts[0]
    order = [texts[0].index(one) for one in ("ต้องแก้ไข:", "ควรระวัง:", "เพื่อทราบ:")]
    assert order == sorted(order) and "OneDrive" in texts[0]


def test_the_real_pc_is_looked_at(desk: MainController, modals: Modals) -> None:
    found: list[object] = []

    def read(dialog: OfficeDialog) -> None:
        until(lambda: dialog.findings is not None)
        found.append(dialog.findings)
        dialog.reject()

    modals.then(read)
    desk.actions["office"].trigger()
    until(modals.done)
    assert "office.parts_missing" not in str(found) and "office.unwritable" not in str(found)


# -- drafts that came by mail ---------------------------------------------------------------------------------------


@pytest.fixture
def mailed(full_draft: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "INetCache" / "Content.Outlook" / "AB12"
    folder.mkdir(parents=True)
    return Path(shutil.copy(full_draft, folder / "แบบสำรวจ เชียงใหม่.dgdesk"))


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's Documents folder."""
    folder = tmp_path / "เอกสาร"
    folder.mkdir()
    monkeypatch.setattr("dgdesk.ui.widgets.file_dialogs.documents", lambda: folder)
    return folder


def choose(number: int) -> Callable[[MessageDialog], None]:
    return lambda dialog: dialog.buttons[number].click()


def test_a_draft_from_a_mail_is_copied_and_the_copy_opened(
    desk: MainController, mailed: Path, papers: Path, modals: Modals
) -> None:
    for number, name in enumerate(("แบบสำรวจ เชียงใหม่.dgdesk", "แบบสำรวจ เชียงใหม่ (2).dgdesk"), start=1):
        modals.then(choose(0), choose(0))
        desk.open(mailed)
        until(modals.done)
        assert desk.draft is not None and desk.draft.path == papers / name and not desk.draft.package.read_only
        assert len(list(papers.glob("*.dgdesk"))) == number
    assert desk.workspace is not None and desk.workspace.bridge.answer("general.address", "แก้ไขได้")


def test_or_it_is_read_where_it_lies_or_not_opened_at_all(
    desk: MainController, mailed: Path, papers: Path, modals: Modals
) -> None:
    before = mailed.read_bytes()
    modals.then(choose(2))
    desk.open(mailed)
    assert desk.draft is None
    modals.then(choose(1))
    desk.open(mailed)
    until(modals.done)
    assert desk.draft is not None and desk.draft.path == mailed and desk.draft.package.read_only
    assert mailed.read_bytes() == before and not list(papers.iterdir())


def test_a_copy_goes_to_the_home_folder_where_there_are_no_documents(
    desk: MainController, mailed: Path, papers: Path, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A OneDrive folder that is not there: none is made."""
    papers.rmdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    modals.then(choose(0), choose(0))
    desk.open(mailed)
    until(modals.done)
    assert desk.draft is not None and desk.draft.path.parent == tmp_path and not papers.exists()


def test_a_copy_that_cannot_be_made_is_told(
    desk: MainController, mailed: Path, papers: Path, modals: Modals, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.rmdir()
    papers.write_bytes(b"a file in the folder's place")
    monkeypatch.setattr("dgdesk.ui.support.temporary_draft.first_there", lambda _: papers)
    modals.then(choose(0), choose(0))
    desk.open(mailed)
    until(modals.done)
    assert desk.draft is None and modals.seen == ["MessageDialog"] * 2


# -- the file for the help desk -------------------------------------------------------------------------------------


def test_the_file_is_shown_to_the_last_line_and_saved(
    workspace: Workspace, desk: MainController, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace.bridge.answer("general.address", "ความลับของจังหวัด")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "ช่วยเหลือ"), ""))
    shown: list[str] = []

    def save(dialog: SupportDialog) -> None:
        shown.append(dialog.text.toPlainText())
        click(dialog.save_button)

    modals.then(save, choose(0))
    desk.actions["support"].trigger()
    until(lambda: shown and modals.done())
    with zipfile.ZipFile(tmp_path / "ช่วยเหลือ.zip") as archive:
        written = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(written) == {"report.json"}
    assert "\n\n".join(f"── {name} ──\n{text}" for name, text in written.items()) == shown[0]
    assert '"answers": 2' in shown[0] and "ลับ" not in shown[0] and "น่าน" not in shown[0]


def test_without_a_draft_it_tells_of_the_pc_alone(desk: MainController, modals: Modals) -> None:
    shown: list[str] = []

    def read(dialog: SupportDialog) -> None:
        shown.append(dialog.text.toPlainText())
        dialog.reject()

    modals.then(read)
    desk.actions["support"].trigger()
    until(lambda: shown and modals.done())
    assert '"draft": null' in shown[0]


def test_a_place_that_cannot_be_written_is_told_and_the_dialog_stays(
    desk: MainController, modals: Modals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "a.zip"), ""))
    left: list[bool] = []

    def save(dialog: SupportDialog) -> None:
        # after this act: the next is done in the dialog that the click opens
        QTimer.singleShot(0, dialog, lambda: (dialog.save(), left.append(dialog.isVisible()), dialog.reject()))

    modals.then(save, choose(0))
    desk.actions["support"].trigger()
    until(lambda: left and modals.done())
    assert left == [True] and modals.seen == ["SupportDialog", "MessageDialog"]


def test_times_are_the_clocks(desk: MainController, clock: Callable[[], datetime]) -> None:
    assert SupportDialog({}, desk.services, None)._name() == "dgdesk-support-20261120-0930.zip"


def test_a_strip_that_was_dismissed_is_asked_nothing_by_the_next_look_or_export(
    workspace: Workspace, desk: MainController, place: list[CheckResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: list[str] = []
    monkeypatch.setattr(desk.dialogs, "export", lambda **_: exported.append("export"))
    place.append(SYNCED)
    desk.office.begin(after=0)
    looked(desk)
    (notice,) = desk.office.notices
    click(notice.buttons[-1])
    notice.go()  # a second dismissal does nothing
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert desk.office.notices == [] and not isValid(notice)
    place.append(ORIGIN)
    for _ in range(2):
        desk.office.export()
    settle(QApplication.instance())
    assert len(exported) == 2 and len(desk.office.notices) == 1 and desk.office.notices[0].isVisible()
