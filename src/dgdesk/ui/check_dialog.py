"""Window, check dialog: is this bundle whole, and from the signer whose certificate is at hand? A report in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QScrollArea, QWidget

from dgdesk.bundle.report import Verification
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError, FileError
from dgdesk.ui.background import run_job
from dgdesk.ui.fitting import FittedDialog
from dgdesk.ui.frames import Frame, load_frame
from dgdesk.ui.inputs import LineInput
from dgdesk.ui.moments import moment_words
from dgdesk.ui.text import Texts, WrapLabel

_MOST_CERTIFICATE = 1 << 20
_LIST_MOST = 30


class _Stopped(Exception):
    """The person stopped the check."""


class CheckDialog(FittedDialog):
    """Asks for bundle and certificate, checks off the window's thread, says what came out."""

    def __init__(self, provinces: Mapping[str, str], texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._provinces, self._texts = provinces, texts
        frame = load_frame("check", self, texts)
        self.bundle = self._place(frame, "bundle", "ui.check.bundle", "ui.bundle_files")
        self.certificate = self._place(frame, "certificate", "ui.check.certificate", "ui.check.certificate_files")
        self.verdict = frame.get(WrapLabel, "verdict")
        self.details = frame.get(WrapLabel, "details")
        self._area = frame.get(QScrollArea, "report")
        self._area.setAccessibleName(texts.say("ui.check.title"))
        self.go = frame.get(QPushButton, "go")
        self.go.clicked.connect(self.check)
        frame.get(QPushButton, "close").clicked.connect(self.reject)
        self.bundle.setFocus()

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

    def _place(self, frame: Frame, name: str, code: str, kinds: str) -> LineInput:
        say, box, choose = self._texts.say, frame.get(LineInput, name), frame.get(QPushButton, f"{name}_choose")
        choose.setAccessibleName(f"{say(code)}: {say('ui.check.browse')}")
        choose.clicked.connect(lambda: self._choose(box, say(code), say(kinds)))
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
