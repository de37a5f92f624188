"""Makes a checked copy of the draft, and compacts it.

Long work runs as a job of `Bridge.jobs`; its result is shown when the job no longer uses the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.drafts import SUFFIX, named_damage
from dgdesk.draft.file.model import Compacted, Damage, Spare
from dgdesk.errors import DgdeskError
from dgdesk.evidence.limits import in_units
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE


class MaintenanceTask(QObject):
    """A maintenance action of an open draft. ``flush`` writes typed text and returns whether that succeeded."""

    def __init__(self, bridge: Bridge, services: Services, flush: Callable[[], bool], owner: QWidget) -> None:
        super().__init__(owner)
        self.bridge, self.services, self.texts = bridge, services, services.texts
        self.flush, self.owner = flush, owner

    def failed(self, error: DgdeskError) -> None:
        """Show an error."""
        self.later(lambda: tell(self.texts, self.texts.error(error), self.owner.window(), "warning"))

    def later(self, act: Callable[[], None]) -> None:
        """Call ``act`` after the job's callback: a dialog inside the callback would make the next job wait."""
        QTimer.singleShot(0, self, act)


class SafeCopies(MaintenanceTask):
    """Checked copies, and compaction."""

    def save_copy(self) -> None:
        """Write a checked copy of the draft to a file that the user chooses."""
        say, draft = self.texts.say, self.bridge.draft
        if not self.flush():
            return
        suggested = draft.path.with_name(say("ui.care.copy_name", name=draft.path.stem) + SUFFIX)
        title, kinds = say("ui.care.copy_choose"), say("ui.draft_files")
        owner = self.owner.window()
        chosen = choose_target(self.texts, owner, "copy", title, suggested, kinds, "draft", inputs=[draft.path])
        if chosen is None:
            return
        target, replace = chosen.path, bool(chosen.replace)

        def done(damages: tuple[Damage, ...]) -> None:
            self.later(lambda: self._report_copied(target, damages))

        self.bridge.jobs.run(
            say("ui.care.copying", name=target.name),
            lambda progress: draft.package.backup(target, replace=replace, progress=progress),
            done,
            self.failed,
        )

    def _report_copied(self, target: Path, damages: tuple[Damage, ...]) -> None:
        from dgdesk.ui.widgets.report_dialog import report

        say, package = self.texts.say, self.bridge.draft.package
        rows = [(one.sentence(say),) for one in named_damage(damages, package)]
        said = say("ui.care.copied_damaged" if rows else "ui.care.copied", path=target)
        title, what = say("ui.care.copy_title"), "ui.care.what_copy"
        report(self.services, title, said, rows, (say("ui.close"),), what, self.owner.window())

    def compact(self) -> None:
        """Show what compacting would free, and do it if wanted."""
        package = self.bridge.draft.package
        if self.bridge.read_only or not self.flush():
            return
        self.bridge.jobs.run(
            self.texts.say("ui.care.compact_looking"),
            lambda progress: package.spare(),
            lambda spare: self.later(lambda: self._ask_compact(spare)),
            self.failed,
        )

    def _ask_compact(self, spare: Spare) -> None:
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
                if error.code == "package.compact_cancelled":  # stopped, but some space was freed: report it
                    raise DgdeskError(error.code) from error
                raise

        self.bridge.jobs.run(self.texts.say("ui.care.compacting"), job, done, stopped)


class CompactDialog(FittedDialog):
    """The dialog before compacting. When it is accepted, ``forget`` says whether undo ends for removed files."""

    def __init__(self, spare: Spare, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._spare, self._texts = spare, texts
        say = texts.say
        self.setWindowTitle(say("ui.care.compact_title"))
        self.setStyleSheet(sheet())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(3 * SPACE // 2)
        self.said = WrapLabel(texts, "", "text", self)
        self.said.setMinimumWidth(480)
        layout.addWidget(self.said)
        words = say("ui.care.compact_forget", size=in_units(spare.undoable))
        self.box: QCheckBox = CheckRow(texts, (Run(words),), self)
        self.box.setVisible(bool(spare.undoable))
        layout.addWidget(self.box)
        layout.addWidget(WrapLabel(texts, say("ui.care.compact_needs"), "hint", self))
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, texts, "ui.care.what_compact"))
        row.addStretch(1)
        self.go = QPushButton(say("ui.care.compact_go"), self)
        self.go.setObjectName("primary")
        self.cancel = QPushButton(say("ui.cancel"), self)
        give_keys((self.go, "G"), (self.cancel, "C"))
        self.go.setAutoDefault(False)
        self.cancel.setAutoDefault(False)
        row.addWidget(self.go)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.box.toggled.connect(self._follow)
        self._follow()
        (self.go if self.go.isEnabled() else self.box if spare.undoable else self.cancel).setFocus()

    @property
    def forget(self) -> bool:
        """Whether undo ends for removed files."""
        return self.box.isChecked()

    def _follow(self) -> None:
        gain = self._spare.unneeded + self._spare.free + (self._spare.undoable if self.forget else 0)
        code = "ui.care.compact_gain" if gain else "ui.care.compact_nothing"
        self.said.set_text(self._texts.say(code, size=in_units(gain)))
        self.go.setEnabled(bool(gain))
