"""The dialog that verifies one bundle against a certificate, table or folder of certificates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QWidget

from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.trust_files import load_trust
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.agency.report import report_lines, technical_lines, verdict_of
from dgdesk.ui.widgets.details import TechnicalDetails
from dgdesk.ui.widgets.file_dialogs import Purpose, choose_file
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.frames import Frame, load_frame
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts, WrapLabel


class CheckDialog(FittedDialog):
    """Asks for a bundle and certificates, verifies in a thread, and shows verdict and report."""

    def __init__(
        self,
        texts: Texts,
        parent: QWidget | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._texts, self._clock = texts, clock
        frame = load_frame("check", self, texts)
        self.bundle = self._place(frame, "bundle", "ui.check.bundle", "ui.bundle_files")
        self.certificate = self._place(frame, "certificate", "ui.check.certificate", "ui.check.certificate_files")
        self.verdict = frame.get(WrapLabel, "verdict")
        self.details = frame.get(WrapLabel, "details")
        self._area = frame.get(QScrollArea, "report")
        holder = self.details.parentWidget()
        self.technical = TechnicalDetails(texts, holder or self)
        inner = holder.layout() if holder is not None else None
        if isinstance(inner, QBoxLayout):
            inner.insertWidget(inner.indexOf(self.details) + 1, self.technical)
        self._area.setAccessibleName(texts.say("ui.check.title"))
        self.go = frame.get(QPushButton, "go")
        self.go.clicked.connect(self.check)
        frame.get(QPushButton, "close").clicked.connect(self.reject)
        self.bundle.setFocus()

    def check(self) -> None:
        """Verify the bundle named in the box."""
        bundle, certificate = self.bundle.text().strip(), self.certificate.text().strip()
        now = self._clock()
        if not bundle:
            self._show("error", self._texts.say("ui.check.choose_first"), ())
            return

        def job(progress: Progress) -> Verification:
            return verify_bundle(Path(bundle), trusted=read_trusted(certificate), progress=progress, now=now)

        try:
            found = run_modal(self._texts, self._texts.say("ui.check.working"), job, self)
        except Cancelled:
            return
        except DgdeskError as error:
            self._show("error", self._texts.error(error), ())
            return
        role, verdict = verdict_of(found, self._texts)
        lines = report_lines(found, self._texts)
        self._show(role, verdict, lines, technical_lines(found, self._texts))

    def _show(self, role: str, verdict: str, lines: tuple[str, ...], technical: tuple[str, ...] = ()) -> None:
        if self._area.isHidden():
            self._area.show()
            self.resize(self.width(), max(self.height(), self.sizeHint().height()) + 40)
        self.verdict.set_role(role)
        self.verdict.set_text(verdict)
        self.details.set_text("\n".join(lines))
        self.technical.set_text("\n".join(technical))
        self._area.verticalScrollBar().setValue(0)
        self.verdict.setFocus()

    def _place(self, frame: Frame, name: str, code: str, kinds: str) -> LineInput:
        say, box, choose = self._texts.say, frame.get(LineInput, name), frame.get(QPushButton, f"{name}_choose")
        choose.setAccessibleName(f"{say(code)}: {say('ui.check.browse')}")
        purpose: Purpose = "bundle" if name == "bundle" else "certificate"
        choose.clicked.connect(lambda: self._choose(box, purpose, say(code), say(kinds)))
        return box

    def _choose(self, box: LineInput, purpose: Purpose, title: str, kinds: str) -> None:
        chosen = choose_file(self, purpose, title, kinds, at=box.text())
        if chosen is not None:
            box.setText(str(chosen))


def read_trusted(certificate: str) -> TrustList | None:
    """Read the certificate, table or folder named, if any. Raises FileError: as `load_trust`."""
    return load_trust([Path(certificate)]) if certificate else None
