"""A copy takes the draft's place, from the menu and from the start page; what was there is never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from dgdesk.draft.backups.copies import Policy, make_copy
from dgdesk.draft.backups.names import all_copies, folder_for
from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.system.settings import Recent, SettingsFile
from dgdesk.ui.backups.dialogs import BackupChoiceDialog, RestoreDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.settings_dialog import SettingsDialog
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.widgets.dialogs import MessageDialog
from ui.hands import click, settle
from ui.modals import Modals, until
from ui.whole import broken_texts

PROVINCE = "general.province"

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def copied(path: Path) -> Path:
    """A draft of Chiang Mai; of its three copies the oldest is of Nan."""
    path = path.resolve()
    with new_draft(path, clock=lambda: START, who="สมศรี", respondent="TH-55") as draft:
        for hour, province in enumerate((None, "TH-50", "TH-50")):
            if province:
                draft.session.answer(PROVINCE, province)
            make_copy(draft.package, folder_for(path), START + timedelta(hours=hour), Policy())
    return path


def province_in(path: Path) -> object:
    with open_draft(path, clock=lambda: START, who="ก", read_only=True) as draft:
        return draft.session.state.facts.answers.get(PROVINCE)


def kept(path: Path) -> list[Path]:
    return [one for one in path.parent.glob("*.dgdesk") if "before-restore" in one.name]


def choose(row: int, said: list[str], button: int = 0):
    """Choose a copy in the dialog, having read what it says."""

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, RestoreDialog)
        said.append(dialog.said.plain_text())
        dialog.tree.setCurrentItem(dialog.tree.topLevelItem(row))
        assert not list(broken_texts(dialog))
        dialog.buttons[button].click()

    return act


def read(said: list[str], button: int = 0):
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.buttons[button].click()

    return act


def test_a_copy_of_the_open_draft_takes_its_place_and_is_opened(
    desk: MainController, copied: Path, modals: Modals
) -> None:
    desk.open(copied)
    said: list[str] = []
    modals.then(choose(2, said), read(said))
    desk.actions["restore"].trigger()
    assert desk.workspace is not None and desk.workspace.bridge.value(PROVINCE) == "TH-55"
    (left,) = kept(copied)
    assert left.name in said[0] and left.name in said[1], "it was said before and after what the draft is called now"
    assert province_in(left) == "TH-50"
    assert len(all_copies(copied)) == 3
    assert sorted(one.name for one in copied.parent.iterdir() if one.suffix == ".part") == []


def test_the_copies_stand_there_by_their_thai_times_and_sizes(desk: MainController, copied: Path) -> None:
    desk.open(copied)
    dialog = RestoreDialog(desk.services, all_copies(copied), copied, copied.with_name("เดิม.dgdesk"), desk.window)
    dialog.show()
    settle(QApplication.instance())
    first, last = dialog.tree.topLevelItem(0), dialog.tree.topLevelItem(2)
    assert first is not None and last is not None
    spoken = [one.data(0, 11) for one in (first, last)]  # Qt.ItemDataRole.AccessibleTextRole
    assert all("22 พ.ย. 2569" in one and "KB" in one for one in spoken) and "ล่าสุด" in spoken[0]
    assert "ล่าสุด" not in spoken[1] and dialog.row == 0
    dialog.done(0)
    assert dialog.copy is None
    dialog.deleteLater()


def test_who_would_rather_not_leaves_everything_as_it_is(desk: MainController, copied: Path, modals: Modals) -> None:
    desk.open(copied)
    before = copied.read_bytes()
    modals.then(choose(2, [], button=1))
    desk.actions["restore"].trigger()
    assert desk.draft is not None and copied.read_bytes() == before and kept(copied) == []


def test_a_damaged_copy_is_told_and_the_draft_opens_as_it_was(
    desk: MainController, copied: Path, modals: Modals
) -> None:
    oldest = all_copies(copied)[2].path
    oldest.write_bytes(oldest.read_bytes()[:5000])
    desk.open(copied)
    said: list[str] = []
    modals.then(choose(2, said), read(said))
    desk.actions["restore"].trigger()
    until(lambda: modals.done())
    assert kept(copied) == [] and province_in(copied) == "TH-50"
    assert isinstance(desk.window.centralWidget(), StartPage) or desk.workspace is not None


def test_a_draft_without_copies_is_told_so(desk: MainController, path: Path, modals: Modals) -> None:
    new_draft(path, clock=lambda: START, who="x", respondent="TH-55").close()
    desk.open(path)
    said: list[str] = []
    modals.then(read(said))
    desk.actions["restore"].trigger()
    assert "ยังไม่มีสำเนาสำรอง" in said[0] and desk.draft is not None


def test_there_is_nothing_to_restore_without_a_draft_or_in_one_that_is_only_read(
    desk: MainController, copied: Path
) -> None:
    assert not desk.actions["restore"].isEnabled()
    desk.opening.take(lambda: open_draft(copied, clock=lambda: START, who="ก", read_only=True))
    assert not desk.actions["restore"].isEnabled()


def start_page(desk: MainController, path: Path) -> StartPage:
    desk.settings.change(desk.settings.now.with_recent(Recent(str(path), respondent="น่าน")))
    desk.show_start()
    page = desk.window.centralWidget()
    assert isinstance(page, StartPage)
    return page


def test_a_draft_that_was_deleted_comes_back_from_the_start_page(
    desk: MainController, copied: Path, modals: Modals
) -> None:
    copied.unlink()
    row = start_page(desk, copied).recents.rows[str(copied)]
    until(lambda: row.missing)
    said: list[str] = []
    modals.then(choose(0, said), read(said))
    assert row.restore_button.isEnabled() and not row.open_button.isEnabled()
    click(row.restore_button)
    assert desk.workspace is not None and desk.workspace.bridge.value(PROVINCE) == "TH-50"
    assert "ไม่พบ" in said[0] and kept(copied) == []


def test_a_draft_that_cannot_be_opened_offers_its_copies(desk: MainController, copied: Path, modals: Modals) -> None:
    copied.write_bytes(b"this was a draft")
    said: list[str] = []
    modals.then(read(said), choose(0, said), read(said))
    desk.open(copied)
    assert "3 ฉบับ" in said[0]
    assert desk.workspace is not None and desk.workspace.bridge.value(PROVINCE) == "TH-50"
    (left,) = kept(copied)
    assert left.read_bytes() == b"this was a draft"


def test_a_draft_that_somebody_works_in_is_left_alone(desk: MainController, copied: Path, modals: Modals) -> None:
    row = start_page(desk, copied).recents.rows[str(copied)]
    said: list[str] = []
    modals.then(choose(2, []), read(said))
    with open_draft(copied, clock=lambda: START, who="สมปอง"):
        click(row.restore_button)
        assert isinstance(desk.window.centralWidget(), StartPage)
    assert "สมปอง" in said[0] and province_in(copied) == "TH-50" and kept(copied) == []


def test_the_settings_are_chosen_in_a_dialog_of_their_own(
    desk: MainController, tmp_path: Path, modals: Modals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dgdesk.ui.widgets.file_dialogs.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "สำเนา")
    )

    def choose_all(dialog: QDialog) -> None:
        assert isinstance(dialog, BackupChoiceDialog)
        assert not dialog.beside.isEnabled() and "ข้างไฟล์" in dialog.place.plain_text()
        click(dialog.choose)
        assert "สำเนา" in dialog.place.plain_text() and dialog.beside.isEnabled()
        dialog.most.setCurrentIndex(0)
        dialog.days.setCurrentIndex(1)
        dialog.wanted_box.click()
        assert not dialog.choose.isEnabled() and not dialog.most.isEnabled()
        click(dialog.ok)

    def open_it(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        QTimer.singleShot(0, dialog.backups, dialog.backups.click)

    def accept(dialog: QDialog) -> None:
        assert isinstance(dialog, SettingsDialog)
        click(next(one for one in dialog.findChildren(QPushButton) if one.objectName() == "primary"))

    modals.then(open_it, choose_all, accept)
    desk.actions["settings"].trigger()
    now = SettingsFile(desk.services.profile.root / "settings.json").now
    assert (now.backups, now.backup_most, now.backup_days) == (False, 3, 30)
    assert now.backup_folder == str(tmp_path / "สำเนา")
