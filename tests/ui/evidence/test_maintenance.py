"""Evidence is checked in the background; what is damaged is named and mended; space is freed; copies are made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.draft.file.model import Spare
from dgdesk.ui.evidence.damage_check import DamageStrip
from dgdesk.ui.evidence.safe_copies import CompactDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import TEXT
from ui.hands import click
from ui.modals import Modals, until


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "คำสั่ง P1.3.txt"
    made.write_bytes(b"order " * 50_000)
    return made


@pytest.fixture
def hurt(desk: MainController, path: Path, services: Services, source: Path) -> Workspace:
    """A draft in the window whose one evidence file has a byte that is not as it was."""
    with new_draft(path, clock=services.clock, who="สมศรี", respondent="TH-55") as draft:
        draft.session.answer("p1.3", "yes")
        draft.session.attach("p1.3/yes", source, pages="3", passages="ข้อ 2")
    flip(path)
    desk.open(path)
    assert desk.workspace is not None
    return desk.workspace


def flip(path: Path) -> None:
    """Change a byte of evidence behind the package's back."""
    with closing(sqlite3.connect(path)) as raw:
        row, data = raw.execute("SELECT rowid, data FROM chunk").fetchone()
        raw.execute("UPDATE chunk SET data = ? WHERE rowid = ?", (b"X" + data[1:], row))
        raw.commit()


def strip_of(workspace: Workspace) -> DamageStrip:
    found = workspace.bar.findChild(DamageStrip)
    assert isinstance(found, DamageStrip)
    return found


def read_into(said: list[str]):
    def read(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.reject()

    return read


def look_now(workspace: Workspace, qtbot: QtBot) -> None:
    with qtbot.waitSignal(workspace.maintenance.watch.found):
        workspace.maintenance.watch.look()


def test_a_sound_draft_is_checked_and_nothing_is_said(workspace: Workspace, qtbot: QtBot) -> None:
    look_now(workspace, qtbot)
    assert workspace.bridge.damaged == frozenset() and strip_of(workspace).isHidden()


def test_a_damaged_file_is_told_named_and_mended(
    hurt: Workspace, source: Path, modals: Modals, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_now(hurt, qtbot)
    strip = strip_of(hurt)
    assert strip.isVisible() and "เสียหาย 1 ไฟล์" in strip.words.plain_text()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(source), ""))
    said: list[str] = []

    def mend(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        row = dialog.tree.topLevelItem(0)
        assert row is not None
        words = row.data(0, TEXT)
        assert "คำสั่ง P1.3.txt" in words and "ข้อ P1.3" in words
        click(dialog.buttons[0])

    modals.then(mend, read_into(said))
    click(strip.button)
    until(lambda: bool(said) and modals.done())
    assert "กู้คืนไฟล์เรียบร้อยแล้ว" in said[0]
    assert hurt.bridge.damaged == frozenset() and strip.isHidden()
    package = hurt.bridge.draft.package
    (one,) = hurt.bridge.state.facts.evidence["p1.3/yes"]
    assert b"".join(package.read_file(one.sha256)) == source.read_bytes()
    assert (one.pages, one.passages) == ("3", "ข้อ 2")
    look_now(hurt, qtbot)
    assert hurt.bridge.damaged == frozenset()


def test_another_file_mends_nothing_and_that_is_said(
    hurt: Workspace, tmp_path: Path, modals: Modals, qtbot: QtBot
) -> None:
    look_now(hurt, qtbot)
    (sha256,) = hurt.bridge.damaged
    other = tmp_path / "อีกไฟล์.txt"
    other.write_bytes(b"other")
    before = hurt.bridge.draft.package.files()
    said: list[str] = []
    modals.then(read_into(said), lambda dialog: dialog.reject())
    hurt.maintenance.replace_damaged(sha256, other)
    until(lambda: bool(said) and modals.seen == ["MessageDialog", "ReportDialog"] and modals.done())
    assert "คนละไฟล์" in said[0] and hurt.bridge.damaged == {sha256}
    assert hurt.bridge.draft.package.files() == before


def test_closing_ends_a_check_at_once(hurt: Workspace, desk: MainController, monkeypatch: pytest.MonkeyPatch) -> None:
    package = hurt.bridge.draft.package

    def endless(*, progress):
        while not progress.cancelled:
            pass
        return ("x",)

    monkeypatch.setattr(package, "damaged_files", endless)
    told: list[object] = []
    hurt.maintenance.watch.found.connect(told.append)
    hurt.maintenance.watch.look()
    assert hurt.maintenance.watch.at_work
    watch = hurt.maintenance.watch
    desk.close_draft()
    assert not watch.at_work and told == []
    watch.look()
    assert not watch.at_work


def test_in_a_read_only_draft_damage_is_named_and_nothing_is_offered(
    desk: MainController, hurt: Workspace, path: Path, modals: Modals, qtbot: QtBot
) -> None:
    desk.close_draft()
    desk.opening.take(lambda: open_draft(path, clock=desk.services.clock, who="x", read_only=True))
    workspace = desk.workspace
    assert workspace is not None
    look_now(workspace, qtbot)
    count: list[int] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        count.append(len(dialog.buttons))
        assert "อ่านอย่างเดียว" in dialog.said.plain_text()
        dialog.reject()

    modals.then(look)
    workspace.maintenance.show_damage()
    assert modals.done() and count == [1]


def test_room_of_removed_evidence_is_given_back_and_told(
    workspace: Workspace, draft: Draft, source: Path, modals: Modals, qtbot: QtBot
) -> None:
    draft.session.answer("p1.3", "yes")
    draft.session.attach("p1.3/yes", source)
    (one,) = draft.session.state.facts.evidence["p1.3/yes"]
    workspace.bridge.detach("p1.3/yes", one.sha256)
    before = draft.path.stat().st_size
    said: list[str] = []

    def agree(dialog: QDialog) -> None:
        assert isinstance(dialog, CompactDialog) and not dialog.forget
        dialog.box.setChecked(True)
        assert "293 KB" in dialog.said.plain_text().replace("\u00a0", " ")
        click(dialog.go)

    modals.then(agree, read_into(said))
    workspace.maintenance.compact()
    until(lambda: bool(said) and modals.done())
    assert "ลดขนาดไฟล์แล้ว" in said[0] and "1 ไฟล์" in said[0]
    assert draft.path.stat().st_size < before - 250_000
    assert draft.package.files() == () and not draft.package.can_undo


def test_nothing_to_give_back_is_said_before(workspace: Workspace, services: Services) -> None:
    dialog = CompactDialog(Spare(0, 0, 0), services.texts, workspace.window())
    assert not dialog.go.isEnabled() and dialog.box.isHidden()
    other = CompactDialog(Spare(0, 5 << 20, 0), services.texts, workspace.window())
    assert not other.go.isEnabled()
    other.box.setChecked(True)
    assert other.go.isEnabled() and "5 MB" in other.said.plain_text().replace("\u00a0", " ")
    for one in (dialog, other):
        one.deleteLater()


def test_a_copy_is_saved_checked_and_whole(
    workspace: Workspace,
    draft: Draft,
    source: Path,
    tmp_path: Path,
    modals: Modals,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft.session.answer("p1.3", "yes")
    draft.session.attach("p1.3/yes", source)
    target = tmp_path / "สำเนา.dgdesk"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    said: list[str] = []

    def read(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        said.append(dialog.said.plain_text())
        dialog.reject()

    modals.then(read)
    workspace.maintenance.save_copy()
    until(lambda: bool(said) and modals.done())
    assert "ตรวจสอบสำเนาแล้ว" in said[0]
    with open_draft(target, clock=workspace.services.clock, who="x") as copy:
        (one,) = copy.session.state.facts.evidence["p1.3/yes"]
        assert b"".join(copy.package.read_file(one.sha256)) == source.read_bytes()
