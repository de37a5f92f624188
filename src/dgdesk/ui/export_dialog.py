"""Window, export dialog: from the draft to a signed bundle: is it ready, who signs, where it goes, what came out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPushButton, QWidget

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.identity import Identity
from dgdesk.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.submitting import check_exportable, export_draft
from dgdesk.ui.background import run_job
from dgdesk.ui.buttons import say_on
from dgdesk.ui.choice import CheckRow
from dgdesk.ui.dialogs import tell
from dgdesk.ui.fitting import FittedDialog
from dgdesk.ui.frames import Maker, load_frame
from dgdesk.ui.icons import put_icon
from dgdesk.ui.printing.signed import open_sheet, print_sheet
from dgdesk.ui.services import Services
from dgdesk.ui.signer_form import SignerForm
from dgdesk.ui.text import WrapLabel, copy_plain
from dgdesk.ui.wrapped import Run

_SUFFIX = ".zip"
_WITHOUT_WORD = frozenset({"bundle.cancelled"})
_MOST_FILES, _LONGEST = 5, 80


class ExportDialog(FittedDialog):
    """One dialog, top to bottom. ``problems_wanted``: the person would rather mend what is missing."""

    problems_wanted = Signal()

    def __init__(self, draft: Draft, services: Services, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._draft, self._services, self._texts = draft, services, services.texts
        self.report: ExportReport | None = None
        self._errors = sum(problem.severity == "error" for problem in draft.session.state.problems)
        say = self._texts.say
        makers: dict[str, Maker] = {
            "DraftRow": lambda owner: CheckRow(self._texts, (Run(say("ui.export.as_draft")),), owner),
            "SignerForm": lambda owner: SignerForm(services, draft.province or "", owner),
        }
        frame = load_frame("export", self, self._texts, makers)
        self.state = frame.get(WrapLabel, "state")
        self.as_draft: QCheckBox = frame.get(CheckRow, "as_draft")
        self.signer = frame.get(SignerForm, "signer")
        self.outcome = frame.get(WrapLabel, "outcome")
        self.mend, self.copy, self.go, self.close_button = (
            frame.get(QPushButton, name) for name in ("mend", "copy", "go", "close_button")
        )
        self.sheet_print, self.sheet_open = (frame.get(QPushButton, name) for name in ("sheet_print", "sheet_open"))
        put_icon(self.sheet_print, services.icons, "print")
        self.sheet_print.clicked.connect(self._print_sheet)
        self.sheet_open.clicked.connect(self._open_sheet)
        self.as_draft.toggled.connect(self._follow)
        self.mend.clicked.connect(self._mend)
        self.copy.clicked.connect(self._copy_digest)
        self.go.clicked.connect(self.export)
        self.close_button.clicked.connect(self.reject)
        for part in (self.mend, self.as_draft):
            part.setVisible(bool(self._errors))
        if self._errors > 0:
            self.state.set_role("error")
            self.state.set_text(say("ui.export.not_ready", count=self._errors))
        else:
            self.state.set_text(say("ui.export.ready"))
        self._follow()

    def export(self) -> None:
        """Ask where, sign, write, verify, show what came out."""
        target = self._ask_where()
        if target is None:
            return
        try:
            # before an identity is made for an export that cannot be
            check_exportable(self._draft, target, as_draft=self.as_draft.isChecked())
            identity = self.signer.identity()
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        self._write(identity, target)

    def _ask_where(self) -> Path | None:
        suggested = self._draft.path.with_suffix(_SUFFIX)
        say = self._texts.say
        name, _ = QFileDialog.getSaveFileName(self, say("ui.export.where"), str(suggested), say("ui.bundle_files"))
        if not name:
            return None
        return Path(name if name.endswith(_SUFFIX) else name + _SUFFIX)

    def _write(self, identity: Identity, target: Path) -> None:
        draft, now, as_draft = self._draft, self._services.clock(), self.as_draft.isChecked()
        try:
            # the file dialog has asked whether an existing file may go
            report = run_job(
                self._texts,
                self._texts.say("ui.export.working"),
                lambda progress, cancelled: export_draft(
                    draft,
                    target,
                    identity=identity,
                    claimed_time=now,
                    as_draft=as_draft,
                    replace=True,
                    progress=progress,
                    cancelled=cancelled,
                ),
                self,
            )
        except DgdeskError as error:
            if error.code not in _WITHOUT_WORD:
                tell(self._texts, self._texts.error(error), self, "warning")
            return
        self._show_report(report)

    def _show_report(self, report: ExportReport) -> None:
        self.report = report
        say = self._texts.say
        kind = say("ui.export.done_draft" if self._errors else "ui.export.done")
        # digests in groups of eight: to read out, and to break
        groups = " ".join(report.digest[at : at + 8] for at in range(0, len(report.digest), 8))
        certificate = self._services.profile.identity / "signer.pem"
        self.outcome.set_text(
            "\n".join(
                (
                    kind,
                    say("ui.export.result_path", path=report.path),
                    say("ui.export.result_digest", digest=groups),
                    say("ui.export.result_certificate", path=certificate),
                    *([say("ui.printing.signoff", path=report.signoff)] if report.signoff is not None else []),
                )
            )
        )
        if report.unmarked:
            self.outcome.set_text("\n".join((self.outcome.plain_text(), *self._unmarked(report))))
        self.outcome.setVisible(True)
        self.copy.setVisible(True)
        for button in (self.sheet_print, self.sheet_open):
            button.setVisible(report.signoff is not None)
        for part in (self.go, self.signer, self.as_draft, self.mend, self.state):
            part.setVisible(False)
        say_on(self.close_button, say("ui.close"), "C")
        self.adjustSize()
        self.fit()

    def _unmarked(self, report: ExportReport) -> list[str]:
        """Say which files have no copy that shows their marks, and why."""
        say = self._texts.say
        shown = report.unmarked[:_MOST_FILES]
        words = [
            say("export.unmarked", name=self._texts.cut(str(one.values["name"]), _LONGEST), reason=say(one.code))
            for one in shown
        ]
        more = len(report.unmarked) - len(shown)
        return [*words, *([say("ui.export.unmarked_more", count=more)] if more else [])]

    def _copy_digest(self) -> None:
        if self.report is not None:
            copy_plain(self.report.digest)

    def _print_sheet(self) -> None:
        if self.report is not None and self.report.signoff is not None:
            print_sheet(self.report.signoff, self._texts, self)

    def _open_sheet(self) -> None:
        if self.report is not None and self.report.signoff is not None:
            open_sheet(self.report.signoff, self._texts, self)

    def _mend(self) -> None:
        self.reject()
        self.problems_wanted.emit()

    def _follow(self) -> None:
        self.go.setEnabled(not self._errors or self.as_draft.isChecked())
