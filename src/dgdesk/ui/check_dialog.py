"""Window, check dialog: is this bundle whole, and from the signer whose certificate is at hand? A report in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dgdesk.bundle.report import Verification
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError, FileError
from dgdesk.ui.background import run_job
from dgdesk.ui.inputs import LineInput
from dgdesk.ui.looks import sheet
from dgdesk.ui.moments import moment_words
from dgdesk.ui.text import Texts, WrapLabel

_MOST_CERTIFICATE = 1 << 20
_LIST_MOST = 30


class _Stopped(Exception):
    """The person stopped the check."""


class CheckDialog(QDialog):
    """Asks for bundle and certificate, checks off the window's thread, says what came out."""

    def __init__(self, provinces: Mapping[str, str], texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._provinces, self._texts = provinces, texts
        say = texts.say
        self.setWindowTitle(say("ui.check.title"))
        self.setStyleSheet(sheet())
        self.setMinimumWidth(620)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(WrapLabel(texts, say("ui.check.why"), "text", self))
        self.bundle = self._place(layout, "ui.check.bundle", "ui.bundle_files")
        self.certificate = self._place(layout, "ui.check.certificate", "ui.check.certificate_files")
        self.verdict = WrapLabel(texts, "", "question", self)
        self.details = WrapLabel(texts, "", "text", self)
        area = self._area = QScrollArea(self)
        area.setWidgetResizable(True)
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.addWidget(self.verdict)
        lines.addWidget(self.details)
        lines.addStretch(1)
        area.setWidget(inner)
        area.setMinimumHeight(220)
        area.hide()
        layout.addWidget(area, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.go = QPushButton(say("ui.check.go"), self)
        self.go.setObjectName("primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.check)
        close = QPushButton(say("ui.close"), self)
        close.clicked.connect(self.reject)
        row.addWidget(self.go)
        row.addWidget(close)
        layout.addLayout(row)

    def check(self) -> None:
        """Check what the boxes name."""
        bundle, certificate = self.bundle.text().strip(), self.certificate.text().strip()
        if not bundle:
            self._show("error", self._texts.say("ui.check.choose_first"), ())
            return

        def job(progress: object, cancelled: object) -> Verification:
            assert callable(progress) and callable(cancelled)

            def follow(done: int, total: int) -> None:
                if cancelled():
                    raise _Stopped
                progress(done, total)

            return verify_bundle(Path(bundle), trusted=read_trusted(certificate), progress=follow)

        try:
            found = run_job(self._texts, self._texts.say("ui.check.working"), job, self)
        except DgdeskError as error:
            self._show("error", self._texts.error(error), ())
            return
        except _Stopped:
            return
        role, verdict = verdict_of(found)
        self._show(role, self._texts.say(verdict), report_lines(found, self._provinces, self._texts))

    def _show(self, role: str, verdict: str, lines: tuple[str, ...]) -> None:
        if self._area.isHidden():
            self._area.show()
            self.resize(self.width(), max(self.height(), self.sizeHint().height()) + 40)
        self.verdict.set_role(role)
        self.verdict.set_text(verdict)
        self.details.set_text("\n".join(lines))
        self._area.verticalScrollBar().setValue(0)
        self.verdict.setFocus()

    def _place(self, layout: QVBoxLayout, code: str, kinds: str) -> LineInput:
        say = self._texts.say
        layout.addWidget(WrapLabel(self._texts, say(code), "text", self))
        row = QHBoxLayout()
        box = LineInput(self)
        box.setAccessibleName(say(code))
        choose = QPushButton(say("ui.check.browse"), self)
        choose.setAccessibleName(f"{say(code)}: {say('ui.check.browse')}")
        choose.clicked.connect(lambda: self._choose(box, say(code), say(kinds)))
        row.addWidget(box, 1)
        row.addWidget(choose)
        layout.addLayout(row)
        return box

    def _choose(self, box: LineInput, title: str, kinds: str) -> None:
        name, _ = QFileDialog.getOpenFileName(self, title, box.text(), kinds)
        if name:
            box.setText(name)


def read_trusted(certificate: str) -> list[bytes] | None:
    """Read the certificate file that a person named, if any.

    Raises:
        FileError: ``ui.check.certificate_unreadable``.
    """
    if not certificate:
        return None
    path = Path(certificate)
    try:
        if not path.is_file():
            raise FileError("ui.check.certificate_unreadable", name=path.name)
        with path.open("rb") as stream:
            return [stream.read(_MOST_CERTIFICATE)]
    except (OSError, ValueError) as error:
        raise FileError("ui.check.certificate_unreadable", name=path.name) from error


def verdict_of(found: Verification) -> tuple[str, str]:
    """Return the role and the code of the sentence that says it all."""
    if found.ok:
        return ("warning", "ui.check.ok_draft") if found.draft else ("status", "ui.check.ok")
    codes = {problem.code for problem in found.problems}
    if codes == {"verify.origin_unchecked"}:
        return "warning", "ui.check.no_origin"
    return "error", "ui.check.other_signer" if codes == {"signature.untrusted"} else "ui.check.bad"


def report_lines(found: Verification, provinces: Mapping[str, str], texts: Texts) -> tuple[str, ...]:
    """Return the report, a line a fact, the problems first."""
    say = texts.say
    lines = [f"• {say(problem.code, **problem.values)}" for problem in found.problems[:_LIST_MOST]]
    if len(found.problems) > _LIST_MOST:
        lines.append(say("ui.check.more", count=len(found.problems) - _LIST_MOST))
    for code, value in (
        ("ui.check.province", provinces.get(found.province or "", found.province or "")),
        ("ui.check.edition", found.edition),
        ("ui.check.signer", found.signer),
        ("ui.check.fingerprint", found.fingerprint),
        ("ui.check.digest", found.digest),
        ("ui.check.answers_digest", found.answers_digest),
    ):
        if value:
            lines.append(say(code, value=value))
    if found.claimed_time is not None:
        words = moment_words(found.claimed_time.astimezone(), texts.catalogue.language)
        lines.append(say("ui.check.time", value=words))
    return tuple(lines)
