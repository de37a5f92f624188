"""A folder that was saved from the window comes back in the window: highlights and order, and what does not is said."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from PySide6.QtWidgets import QDialog

from dgdesk.draft.drafts import Draft
from dgdesk.folders.export_folder import export_folder
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.ui.evidence.folder_dialog import FolderDialog
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.report_dialog import ReportDialog
from ui.hands import click
from ui.modals import Modals, until

MARK = Mark(1, (Rect(0.1, 0.2, 0.5, 0.3),), "ดูตรงนี้")


def test_what_was_saved_and_removed_comes_back_and_what_is_lost_is_said(
    workspace: Workspace, draft: Draft, tmp_path: Path, modals: Modals
) -> None:
    session, folder = draft.session, tmp_path / "ออก"
    workspace.bridge.answer("g1", "yes")
    for name in ("ค.pdf", "ก.pdf", "ข.pdf"):
        with pikepdf.new() as document:
            document.add_blank_page()
            document.docinfo["/Title"] = name
            document.save(tmp_path / name)
        session.attach("g1/yes", tmp_path / name, marks=[MARK])
    before = session.state.facts.evidence["g1/yes"]
    export_folder(session.form, session.state, draft.package.read_file, folder)
    next(folder.rglob("*ข.pdf")).unlink()
    for one in (before[0], before[2]):
        session.detach("g1/yes", one.sha256)
    said: list[str] = []

    def confirm(dialog: QDialog) -> None:
        assert isinstance(dialog, FolderDialog)
        said.append(dialog.about.plain_text())
        click(dialog.go)

    def result(dialog: QDialog) -> None:
        assert isinstance(dialog, ReportDialog)
        click(dialog.buttons[-1])

    modals.then(confirm, result)
    workspace.maintenance.import_folder(folder)
    until(modals.done)
    assert "“ข.pdf”" in said[0] and "ไม่มีไฟล์ในโฟลเดอร์" in said[0]
    assert session.state.facts.evidence["g1/yes"] == before[:2]
