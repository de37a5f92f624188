"""One line for each respondent on a ledger: states, search, what needs a person, and choices that are kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from bundle.support import NOW
from dgdesk.agency.choices import write_choices
from dgdesk.agency.intake import judging
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.bundle.chains import Choice
from dgdesk.system.private import make_private_folder
from dgdesk.ui.agency import ledger_dialog
from dgdesk.ui.agency.columns import RESPONDENTS
from dgdesk.ui.agency.ledger_dialog import LedgerDialog
from dgdesk.ui.agency.line_rows import RespondentLine
from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.identities import new_dialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services
from ui.agency.conftest import Choose
from ui.agency.parcels import Parcels, bundle
from ui.agency.test_inbox import choose_row, entry, pick, statuses, take_in
from ui.hands import click, press, settle, type_text
from ui.modals import Modals, until
from ui.whole import broken_texts


def names(window: AgencyWindow) -> list[str]:
    return [row.cells["name"] for row in window.lines.table.listed.rows]


def line(window: AgencyWindow, name: str) -> RespondentLine:
    return next(row.of for row in window.reception.view.lines if row.cells["name"] == name)


def choose_line(window: AgencyWindow, name: str) -> str:
    window.tabs.setCurrentWidget(window.lines)
    window.lines.table.go_to_row(names(window).index(name))
    settle(QApplication.instance())
    return "\n".join(part.plain_text() for part in (window.pane.verdict, window.pane.details, window.pane.technical))


def fork(parcels: Parcels) -> Path:
    return bundle(parcels.inbox / "น่าน แก้ไข.zip", parcels.nan_signer, "TH-55", answer="no")


def test_every_respondent_has_one_line_and_those_who_sent_nothing_too(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    take_in(receiving, choose, parcels)
    found = names(receiving)
    assert (
        len(found) == 76 and found[:3] == ["กระบี่", "กาญจนบุรี", "กาฬสินธุ์"] and found.index("เชียงใหม่") < found.index("ตาก")
    )
    assert receiving.reception.view.line_counts == {"all": 76, "current": 1, "fork": 0, "drafts": 1, "not_yet": 74}
    assert receiving.tabs.tabText(0).endswith("(76)") and receiving.tabs.tabText(1).endswith("(6)")
    said = choose_line(receiving, "น่าน")
    for words in ("ส่งแล้ว", "รหัส: TH-55", "ชุดที่ใช้", "ไฟล์: แบบสำรวจ น่าน 2569.zip", "ได้รับเมื่อ: 20 พ.ย. 2569", "สมชาย ใจดี"):
        assert words in said, words
    assert "มีเพียงฉบับร่าง" in choose_line(receiving, "เชียงใหม่")
    assert "ยังไม่ส่ง" in choose_line(receiving, "ตาก")  # its bundle is of a stranger
    assert list(broken_texts(receiving)) == []
    pick(receiving.lines.controls.wanted_box, "drafts")
    assert names(receiving) == ["เชียงใหม่"]


@pytest.mark.parametrize("typed", ["น่าน", "th-55", "สมชาย ใจดี", "แบบสำรวจ น่าน 2569.zip", "digest"])
def test_a_respondent_is_found_by_name_code_signer_file_and_digest(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, typed: str
) -> None:
    take_in(receiving, choose, parcels)
    current = line(receiving, "น่าน").line.current
    assert current is not None
    receiving.lines.controls.search.setText(current.digest[:12] if typed == "digest" else typed)
    until(lambda: names(receiving) == ["น่าน"])
    receiving.lines.controls.search.setText("ไม่มีผู้ใดชื่อนี้")
    until(lambda: names(receiving) == [])
    assert "ไม่มีรายการตามที่เลือก" in receiving.pane.verdict.plain_text()


def test_what_needs_a_person_is_counted_beside_the_respondents_and_one_press_away(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels
) -> None:
    (parcels.inbox / "มาไม่ครบ.zip.part").write_bytes(b"PK")
    assert receiving.buttons.attention.isHidden()
    take_in(receiving, choose, parcels)
    assert "(4)" in receiving.buttons.attention.text() and receiving.buttons.attention.isVisible()
    click(receiving.buttons.attention)
    assert receiving.tabs.currentWidget() is receiving.received
    shown = {row.of.place.name for row in receiving.received.table.listed.rows}
    assert shown == {"คัดลอกไม่ครบ.zip", "ตาก.zip", "ไม่ใช่ชุดส่ง.zip", "มาไม่ครบ.zip.part"}


def test_a_fork_is_resolved_in_the_report_kept_in_the_ledger_and_chosen_again(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, modals: Modals, services: Services, desk: MainController
) -> None:
    fork(parcels)
    take_in(receiving, choose, parcels)
    receiving.lines.table.sort_wanted.emit("state")
    assert names(receiving)[0] == "น่าน"  # what needs a person comes first
    assert "โปรดสอบถามผู้ตอบ" in choose_line(receiving, "น่าน") and receiving.pane.choose.isVisible()

    def take(file: str) -> Callable[[QDialog], None]:
        def act(dialog: QDialog) -> None:
            assert isinstance(dialog, ReportDialog)
            items = [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
            texts = [str(item.data(0, Qt.ItemDataRole.AccessibleTextRole)) for item in items]
            dialog.tree.setCurrentItem(items[next(at for at, text in enumerate(texts) if file in text)])
            click(dialog.buttons[0])

        return act

    for file, other in (("น่าน แก้ไข.zip", parcels.nan.name), (parcels.nan.name, "น่าน แก้ไข.zip")):
        modals.then(take(file))
        click(receiving.pane.choose)
        found = line(receiving, "น่าน").line
        assert found.state == "current" and found.file is not None and found.file.name == file
        assert "เลือกชุดอื่นแล้ว" in choose_row(receiving, other)
        tomorrow = AgencyWindow(services, desk.window)
        tomorrow.commands.read()
        assert line(tomorrow, "น่าน").line.file == found.file
        tomorrow.deleteLater()
        assert "ส่งแล้ว" in choose_line(receiving, "น่าน") and receiving.pane.choose.isVisible()


def test_copies_count_once_and_are_said(receiving: AgencyWindow, choose: Choose, parcels: Parcels) -> None:
    shutil.copy(parcels.nan, parcels.inbox / "น่าน สำเนา.zip")
    take_in(receiving, choose, parcels)
    said = choose_line(receiving, "น่าน")
    assert "มีไฟล์ซ้ำของชุดนี้อีก 1 ไฟล์" in said and line(receiving, "น่าน").line.state == "current"
    row = next(row for row in receiving.reception.view.lines if row.cells["name"] == "น่าน")
    assert "ไฟล์ซ้ำ 1 ไฟล์" in row.cells["remarks"]


def test_the_folder_of_yesterday_is_opened_without_opening_a_bundle(
    receiving: AgencyWindow,
    choose: Choose,
    parcels: Parcels,
    services: Services,
    desk: MainController,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(receiving, choose, parcels)
    found = statuses(receiving)
    monkeypatch.setattr(judging, "open_bundle", lambda path: pytest.fail(f"{path.name} was opened"))
    tomorrow = AgencyWindow(services, desk.window)
    tomorrow.show()
    until(lambda: tomorrow.reception.was_read)
    assert statuses(tomorrow) == found and names(tomorrow) == names(receiving)
    tomorrow.commands.add([parcels.inbox])
    entry(tomorrow.buttons.trust, 2)
    assert "verified" not in statuses(tomorrow).values()
    tomorrow.close()
    tomorrow.deleteLater()


def test_choices_of_a_version_without_a_ledger_are_taken_over(
    services: Services, desk: MainController, choose: Choose, parcels: Parcels, receiving: AgencyWindow
) -> None:
    fork(parcels)
    take_in(receiving, choose, parcels)
    chain = line(receiving, "น่าน").line.chain
    assert chain is not None
    first, second = (one.digest for one in chain.heads)
    kept = services.profile.choices
    make_private_folder(kept.parent)
    write_choices(kept, [Choice(chain.edition, chain.respondent, second, frozenset({first}))])
    services.profile.ledger.unlink()
    again = AgencyWindow(services, desk.window)
    take_in(again, choose, parcels)
    current = line(again, "น่าน").line.current
    assert current is not None and current.digest == second
    again.deleteLater()


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(new_dialog, "tell", lambda texts, message, *_: found.append(message))
    return found


def test_another_ledger_is_made_and_the_first_one_is_still_there(
    receiving: AgencyWindow,
    choose: Choose,
    parcels: Parcels,
    tmp_path: Path,
    modals: Modals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(receiving, choose, parcels)
    other = tmp_path / "ทะเบียน ปี 2569"
    asked: list[str] = []
    monkeypatch.setattr(ledger_dialog, "ask", lambda texts, words, *_: asked.append(words) or 0)

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, LedgerDialog) and not dialog.go.isEnabled() and list(broken_texts(dialog)) == []
        type_text(dialog.place.box, str(other))
        click(dialog.go)

    modals.then(fill)
    entry(receiving.buttons.ledger, 0)
    until(modals.done)
    assert "สร้างทะเบียนรับใหม่หรือไม่" in asked[0]
    assert other.with_suffix(".ledger").exists() and statuses(receiving) == {}
    assert "ทะเบียน ปี 2569.ledger" in receiving.ledger_said.plain_text() and receiving.ledger_said.isVisible()
    choose("getExistingDirectory", parcels.inbox)
    click(receiving.buttons.add_folder)
    assert len(statuses(receiving)) == 6
    entry(receiving.buttons.ledger, 1)
    assert len(statuses(receiving)) == 6 and receiving.ledger_said.isHidden()


def foreign(path: Path) -> None:
    path.write_bytes(b"nothing of the kind" * 99)


def newer(path: Path) -> None:
    open_ledger(path, make=True).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ledger SET version = 99")


def damaged(path: Path) -> None:
    open_ledger(path, make=True).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE files")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (foreign, "ไม่ใช่ทะเบียนรับ"),
        (newer, "โปรแกรมรุ่นใหม่กว่า"),
        (damaged, "เสียหาย"),
        (lambda path: path.mkdir(), "ไม่ใช่ทะเบียนรับ"),
    ],
)
def test_what_is_no_ledger_is_said_and_the_window_keeps_its_own(
    receiving: AgencyWindow,
    choose: Choose,
    parcels: Parcels,
    tmp_path: Path,
    modals: Modals,
    refusals: list[str],
    make: Callable[[Path], None],
    said: str,
) -> None:
    take_in(receiving, choose, parcels)
    path = tmp_path / "อื่น.ledger"
    make(path)

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, LedgerDialog)
        type_text(dialog.place.box, str(path))
        click(dialog.go)
        dialog.reject()

    modals.then(fill)
    entry(receiving.buttons.ledger, 0)
    assert said in refusals[0] and receiving.reception.is_own and len(statuses(receiving)) == 6


def test_a_ledger_that_is_damaged_locked_or_lost_is_said_in_a_sentence_and_the_files_stay(
    receiving: AgencyWindow,
    choose: Choose,
    parcels: Parcels,
    services: Services,
    modals: Modals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(receiving, choose, parcels)
    path, said = services.profile.ledger, list[str]()

    def read(dialog: QDialog) -> None:
        said.append(dialog.label.plain_text())
        dialog.reject()

    monkeypatch.setattr("dgdesk.ui.agency.reception._PATIENCE", 0.2)
    monkeypatch.setattr("dgdesk.ui.agency.reception._BUSY", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        modals.then(read)
        click(receiving.buttons.check)
        until(modals.done)
    assert "โปรแกรมอื่นใช้ทะเบียนรับ" in said[-1] and len(statuses(receiving)) == 6
    content = path.read_bytes()
    path.write_bytes(content[:2000] + b"\xff" * (len(content) - 2000))
    modals.then(read)
    click(receiving.buttons.check)
    until(modals.done)
    assert "เสียหาย" in said[-1] and len(statuses(receiving)) == 6
    path.write_bytes(content)
    click(receiving.buttons.check)
    assert len(statuses(receiving)) == 6 and all(one.exists() for one in parcels.inbox.iterdir())


def test_verdicts_by_other_certificates_are_not_taken_for_the_windows_own(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, services: Services, desk: MainController, modals: Modals
) -> None:
    take_in(receiving, choose, parcels)
    services.profile.trusted.unlink()
    other = AgencyWindow(services, desk.window)
    other.commands.read()
    assert "ตรวจตามใบรับรองชุดอื่น" in other.trust_said.plain_text()
    modals.then(lambda dialog: dialog.reject())
    other.commands.add([parcels.inbox])
    assert statuses(other)[parcels.nan.name] == "verified"  # nothing was done
    modals.then(lambda dialog: click(dialog.buttons[0]))
    other.commands.add([parcels.inbox])
    assert statuses(other)[parcels.nan.name] == "unchecked"
    assert "ชุดอื่น" not in other.trust_said.plain_text()
    other.deleteLater()


def test_a_check_that_is_stopped_keeps_what_it_found(
    receiving: AgencyWindow, choose: Choose, parcels: Parcels, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = judging.open_bundle, list[str]()

    def slow(path: Path) -> object:
        seen.append(path.name)
        return real(path)

    monkeypatch.setattr(judging, "open_bundle", slow)
    monkeypatch.setattr("dgdesk.ui.widgets.jobs._AT_ONCE", 0)
    monkeypatch.setattr("dgdesk.ui.widgets.jobs.ProgressDialog.showEvent", lambda dialog, event: dialog.reject())
    choose("getExistingDirectory", parcels.inbox)
    click(receiving.buttons.add_folder)
    monkeypatch.undo()
    left = receiving.reception.view.file_counts["waiting"]
    assert left == 0 or "กด “ตรวจสอบ” เพื่อตรวจต่อ" in receiving.said.plain_text()
    choose("getExistingDirectory", parcels.inbox)
    click(receiving.buttons.add_folder)
    assert len(statuses(receiving)) == 6 and "waiting" not in statuses(receiving).values()


def test_the_window_is_worked_by_the_keyboard_alone(receiving: AgencyWindow, choose: Choose, parcels: Parcels) -> None:
    take_in(receiving, choose, parcels)
    receiving.activateWindow()
    receiving.buttons.add_files.setFocus()
    until(receiving.buttons.add_files.hasFocus)
    visited = []
    for _ in range(40):
        press(QApplication.focusWidget() or receiving, Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
        if visited[-1] is receiving.buttons.add_files:
            break
    wanted = (
        receiving.buttons.check,
        receiving.tabs.tabBar(),
        receiving.buttons.attention,
        receiving.lines.controls.search,
        receiving.lines.table,
        receiving.pane,
        receiving.buttons.collate,
        receiving.buttons.close_button,
    )
    places = [visited.index(one) for one in wanted]
    assert places == sorted(places)
    press(receiving.lines.table, Qt.Key.Key_End)
    assert receiving.lines.table.currentIndex().row() == 75
    press(receiving.lines.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is receiving.pane


def test_no_column_is_empty_and_each_has_its_order(receiving: AgencyWindow, choose: Choose, parcels: Parcels) -> None:
    take_in(receiving, choose, parcels)
    shown = {key for column in receiving.lines.table.listed.columns for key in column}
    assert {"name", "state", "revision", "signer", "arrived"} <= shown and "edition" not in shown
    for key in RESPONDENTS.keys:
        receiving.lines.controls.descending.setChecked(False)
        receiving.lines.controls.order.setCurrentIndex(receiving.lines.controls.order.findData(key))
        ranks = [row.ranks[key] for row in receiving.lines.table.listed.rows]
        assert ranks == list(range(76)), key
    assert NOW.year == 2026
