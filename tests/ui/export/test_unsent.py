"""From attaching at a place that is not asked to the last page of the export: what is kept and not sent is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.ui.evidence.folder_dialog import FolderDialog
from dgdesk.ui.evidence.folder_list import rows_of
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.review.problem_list import ProblemList
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.report_dialog import ReportDialog
from ui.attach import file as make_file
from ui.export.acts import export_to, sign_with
from ui.export.conftest import MakeWizard
from ui.hands import click
from ui.modals import Modals, until

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def sent(full: Workspace) -> Workspace:
    """A complete form in the window of which everything is sent."""
    for one in full.bridge.state.unsent:
        for file in one.files:
            assert one.slot is not None and full.bridge.detach(one.slot, file.sha256)
    assert full.bridge.state.unsent == ()
    return full


def notices(problems: ProblemList) -> list[str]:
    """Return the notices that a list of problems shows, in words."""
    problems.kind.setCurrentIndex(problems.kind.findData("notices"))
    problems.fill()
    return [str(group.child(at).data(0, SPOKEN)) for _, group in problems.groups() for at in range(group.childCount())]


def test_a_folder_for_a_place_that_is_not_asked_is_named_from_the_preview_to_the_last_page(
    sent: Workspace, signer: Identity, tmp_path: Path, make_wizard: MakeWizard, modals: Modals
) -> None:
    sent.bridge.answer("p1.3", "no")
    folder = tmp_path / "มาจากอำเภอ"
    folder.mkdir()
    make_file(folder, "P1.3 ระเบียบ.pdf")
    said: list[str] = []

    def confirm(dialog: QDialog) -> None:
        assert isinstance(dialog, FolderDialog)
        said.extend(str(row.data(0, SPOKEN)) for row in rows_of(dialog.tree))
        click(dialog.go)

    def close(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        said.append(dialog.said.plain_text())
        dialog.reject()

    modals.then(confirm, close)
    sent.maintenance.import_folder(folder)
    until(lambda: modals.done() and len(said) == 2)
    assert "จะไม่ส่งออกไฟล์นี้ เพราะ P1.3" in said[0] and "ไม่ได้ตอบว่า “มี”" in said[0]
    assert "1 ไฟล์เก็บไว้แต่ไม่ส่งออก" in said[1]

    (notice,) = [one for one in notices(sent.problems.list) if "ระเบียบ.pdf" in one]
    assert notice.startswith("P1.3 ") and "ไม่ส่งออก เพราะข้อนี้ไม่ได้ตอบว่า “มี”" in notice

    wizard = make_wizard()
    assert "เก็บไว้ในไฟล์แบบสำรวจแต่ไม่ส่งออก" in wizard.ready_page.unsent.plain_text()
    assert any("ระเบียบ.pdf" in one for one in notices(wizard.ready_page.list))
    if wizard.ready_page.errors:
        click(wizard.ready_page.as_draft)
    sign_with(wizard)
    target = tmp_path / "ส่ง.zip"
    export_to(wizard, target)
    assert wizard.made is not None
    last = wizard.done_page.unsent.plain_text()
    assert "เก็บไว้ในไฟล์แบบสำรวจแต่ไม่ส่งออก" in last and "ระเบียบ.pdf" in last
    verdict = verify_bundle(target, trusted=[signer.certificate_pem])
    kept = wizard.made.report.unsent
    assert verdict.unsent_files == sum(len(one.files) for one in kept) >= 1


def test_nothing_is_said_where_everything_is_sent(sent: Workspace, make_wizard: MakeWizard) -> None:
    assert make_wizard().ready_page.unsent.isHidden()
    assert notices(sent.problems.list) == []


def test_a_notice_leads_to_the_question_that_decides(sent: Workspace) -> None:
    sent.bridge.answer("p1.3", "no")
    problems = sent.problems.list
    notices(problems)
    wanted: list[tuple[str, str]] = []
    problems.wanted.connect(lambda address, slot: wanted.append((address, slot)))
    (group,) = [group for _, group in problems.groups()]
    problems.tree.itemActivated.emit(group.child(0), 0)
    assert wanted == [("p1.3", "")]


def test_a_file_that_arrives_after_the_answer_changed_is_named_in_a_dialog(
    sent: Workspace, tmp_path: Path, modals: Modals
) -> None:
    sent.go_to("p1.3", "p1.3/yes")
    slot = sent.page_view.parts.places["p1.3/yes"]
    assert isinstance(slot, EvidenceSlot)
    sent.bridge.answer("p1.3", "no")
    said: list[str] = []

    def close(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.label.plain_text())
        dialog.reject()

    modals.then(close)
    slot.attach(make_file(tmp_path, "ระเบียบ.pdf"))
    until(lambda: modals.done() and said)
    assert "แนบแล้ว 1 ไฟล์" in said[0] and "จะไม่ส่งออกไฟล์นี้ เพราะ P1.3" in said[0]
