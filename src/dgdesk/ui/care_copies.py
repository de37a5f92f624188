"""Window, care, copies: a checked copy of the draft, and room given back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from dgdesk.draft.drafts import SUFFIX
from dgdesk.draft.file.model import Compacted, Damage, Spare
from dgdesk.errors import DgdeskError
from dgdesk.evidence.limits import in_units
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.chore import Chore
from dgdesk.ui.widgets.dialogs import tell


class Copies(Chore):
    """Copies, and unused space."""

    def save_copy(self) -> None:
        """Write a checked copy of the draft, where the person says."""
        say, draft = self.texts.say, self.bridge.draft
        if not self.flush():
            return
        suggested = draft.path.with_name(say("ui.care.copy_name", name=draft.path.stem) + SUFFIX)
        name, _ = QFileDialog.getSaveFileName(
            self.owner.window(), say("ui.care.copy_choose"), str(suggested), say("ui.draft_files")
        )
        if not name:
            return
        target = Path(name if name.endswith(SUFFIX) else name + SUFFIX)
        # the file dialog asked about the name that was typed, not about one with an ending put to it
        replace = str(target) == name

        def done(damages: tuple[Damage, ...]) -> None:
            self.later(lambda: self._tell_copied(target, damages))

        self.bridge.working.run(
            say("ui.care.copying", name=target.name),
            lambda progress: draft.package.backup(target, replace=replace, progress=progress),
            done,
            self.failed,
        )

    def _tell_copied(self, target: Path, damages: tuple[Damage, ...]) -> None:
        from dgdesk.ui.widgets.report_dialog import report

        say, words = self.texts.say, self.texts.catalogue.text
        rows = [(words(one.code, subject=one.subject, detail=one.detail),) for one in damages]
        said = say("ui.care.copied_damaged" if rows else "ui.care.copied", path=target)
        title, what = say("ui.care.copy_title"), "ui.care.what_copy"
        report(self.services, title, said, rows, (say("ui.close"),), what, self.owner.window())

    def compact(self) -> None:
        """Say what giving back unused space would give, and do it if wanted."""
        package = self.bridge.draft.package
        if self.bridge.read_only or not self.flush():
            return
        self.bridge.working.run(
            self.texts.say("ui.care.compact_looking"),
            lambda progress: package.spare(),
            lambda spare: self.later(lambda: self._ask_compact(spare)),
            self.failed,
        )

    def _ask_compact(self, spare: Spare) -> None:
        from dgdesk.ui.care_compact import CompactDialog

        dialog = CompactDialog(spare, self.texts, self.owner.window())
        wanted, forget = bool(dialog.exec()), dialog.forget
        dialog.deleteLater()
        if not wanted:
            return
        package = self.bridge.draft.package

        def done(result: Compacted) -> None:
            words = self.texts.say(
                "ui.care.compacted",
                files=result.files,
                freed=in_units(result.freed),
                before=in_units(result.before),
                after=in_units(result.after),
            )
            self.later(lambda: tell(self.texts, words, self.owner.window()))

        def stopped(error: DgdeskError) -> None:
            self.later(lambda: tell(self.texts, self.texts.error(error), self.owner.window()))

        def job(progress: Progress) -> Compacted:
            try:
                return package.compact(keep_undo=not forget, progress=progress)
            except Cancelled as error:
                if error.code == "package.compact_cancelled":  # stopped, but something was done: that is told
                    raise DgdeskError(error.code) from error
                raise

        self.bridge.working.run(self.texts.say("ui.care.compacting"), job, done, stopped)
