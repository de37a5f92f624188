"""The actions and dialogs to attach a whole folder, and to write all evidence as folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.draft.file.model import StateKey
from dgdesk.draft.unsent import why_unsent
from dgdesk.errors import DgdeskError
from dgdesk.folders.export_folder import ExportedFolder
from dgdesk.folders.index import disk_name
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.system.zone import stamp_like
from dgdesk.ui.evidence.safe_copies import MaintenanceTask
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.file_dialogs import choose_folder
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.services import Services

if TYPE_CHECKING:
    from dgdesk.folders.export_folder import ExportedFolder
    from dgdesk.folders.import_folder import ImportedFolder
    from dgdesk.folders.plan import ImportPlan


class FolderActions(MaintenanceTask):
    """Import and export of evidence folders."""

    def attach_folder(self) -> None:
        """Let the user choose a folder, and attach the files in it."""
        folder = choose_folder(self.owner.window(), "evidence_folder", self.texts.say("ui.folder.in_choose"))
        if folder is not None:
            self.import_folder(folder)

    def import_folder(self, folder: Path) -> None:
        """Show what attaching a folder would do, and attach what the user confirms."""
        from dgdesk.folders.import_folder import plan_folder

        session = self.bridge.session
        self._import(folder, folder.name, lambda progress: plan_folder(session, folder, progress=progress))

    def import_dropped(self, sources: Sequence[Path]) -> None:
        """Propose a place for each of the files that were dropped together, by the codes in their names."""
        from dgdesk.folders.import_folder import plan_dropped

        session = self.bridge.session
        name = sources[0].name if len(sources) == 1 else self.texts.say("ui.folder.dropped", count=len(sources))
        self._import(sources[0].parent, name, lambda progress: plan_dropped(session, sources, progress=progress))

    def _import(self, folder: Path, name: str, make_plan: Callable[[Progress], ImportPlan]) -> None:
        if self.bridge.read_only or not self.flush():
            return
        from dgdesk.ui.evidence.folder_dialog import FolderDialog

        window = self.owner.window()
        try:
            plan = run_modal(self.texts, self.texts.say("ui.folder.reading", name=name), make_plan, window)
        except Cancelled:
            return
        except DgdeskError as error:
            self.failed(error)
            return
        dialog = FolderDialog(self.bridge, self.services, name, plan, window)
        if dialog.exec():
            self._attach(folder, name, dialog.wanted)
        dialog.deleteLater()

    def _attach(self, folder: Path, name: str, plan: ImportPlan) -> None:
        from dgdesk.folders.import_folder import import_files
        from dgdesk.ui.evidence.damage_check import new_files

        bridge = self.bridge
        session = bridge.session
        before = bridge.state.facts.evidence

        def done(result: ImportedFolder) -> None:
            bridge.publish(result.changes)
            new = new_files(result, before, session.state.facts.evidence)
            self.later(lambda: self._report_imported(result, new, plan))

        bridge.jobs.run(
            self.texts.say("ui.folder.attaching", name=name),
            lambda progress: import_files(session, folder, plan, progress=progress),
            done,
            self.failed,
        )

    def _report_imported(self, result: ImportedFolder, new: frozenset[tuple[str, str]], plan: ImportPlan) -> None:
        from dgdesk.folders.labels import labels_of
        from dgdesk.ui.evidence.damage_check import lost_rows, result_rows
        from dgdesk.ui.widgets.report_dialog import report

        say = self.texts.say
        words = [say("ui.folder.in_done", attached=len(result.attached))]
        if result.already:
            words.append(say("ui.folder.in_already", count=len(result.already)))
        if result.failed:
            words.append(say("ui.folder.in_failed", count=len(result.failed)))
        if result.stopped:
            words.append(say("ui.folder.in_stopped"))
        state = self.bridge.state
        unsent = sum(bool(why_unsent(self.bridge.form, state, slot, say)) for slot, _ in new)
        if unsent:
            words.append(say("ui.folder.in_unsent", count=unsent))
        rows = result_rows(self.texts, labels_of(self.bridge.form, state.facts.answers), result) + lost_rows(
            self.texts, plan, result
        )
        buttons = (say("ui.folder.take_back"), say("ui.close")) if new else (say("ui.close"),)
        title, what = say("ui.folder.in_result"), "ui.folder.what_result"
        chosen, _ = report(self.services, title, " ".join(words), rows, buttons, what, self.owner.window())
        if new and chosen == 0:
            self._take_back(new)

    def _take_back(self, new: frozenset[tuple[str, str]]) -> None:
        self.bridge.restore(dict.fromkeys(StateKey("attachment", slot, sha256) for slot, sha256 in new))

    def save_folders(self) -> None:
        """Write all evidence as folders into a folder that the user chooses."""
        from dgdesk.folders.export_folder import export_folder

        say, bridge = self.texts.say, self.bridge
        if not self.flush():
            return
        if not any(bridge.state.facts.evidence.values()):
            tell(self.texts, say("carry.nothing"), self.owner.window())
            return
        folder = choose_folder(self.owner.window(), "evidence_folder", say("ui.folder.out_choose"))
        if folder is None:
            return
        draft = bridge.draft
        target = free_folder(folder, say("ui.folder.out_name", name=draft.path.stem))

        def done(result: ExportedFolder) -> None:
            self.later(lambda: say_exported(self.services, result, target, self.owner.window()))

        def write(progress: Progress) -> ExportedFolder:
            draft.package.require_sound()
            return export_folder(
                draft.session.form,
                draft.session.state,
                draft.package.read_file,
                target,
                progress=progress,
                stamp=stamp_like(draft.path),
            )

        bridge.jobs.run(
            say("ui.folder.writing", name=target.name),
            write,
            done,
            self.failed,
        )


def free_folder(parent: Path, name: str) -> Path:
    """Return the path of a new folder in ``parent``: ``name`` as file systems allow it, numbered if it exists."""
    wanted = parent / disk_name(name)
    number = 1
    while os.path.lexists(wanted):
        number += 1
        wanted = parent / disk_name(f"{name} ({number})")
    return wanted


def say_exported(services: Services, result: ExportedFolder, target: Path, owner: QWidget) -> None:
    """Report what was written and what is damaged, and open the folder if wanted."""
    say = services.texts.say
    rows = [
        (say("ui.folder.damaged_file", name=row.name), say("ui.folder.at", place=row.label)) for row in result.damaged
    ]
    words = say("ui.folder.out_done", count=result.written, path=target)
    if rows:
        words += " " + say("ui.folder.out_damaged", count=len(rows))
    title = say("ui.folder.out_title")
    buttons = (say("ui.folder.open"), say("ui.close"))
    if report(services, title, words, rows, buttons, "ui.folder.what_out", owner)[0] == 0:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
