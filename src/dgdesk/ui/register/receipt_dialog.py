"""The receipt dialog: checks a receipt against the agency's certificate and adds it to the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from dgdesk.bundle.signed_text import MOST_BYTES
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.submission.receipts import Entered, enter_receipt
from dgdesk.system.settings import SettingsFile
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.register.busy_dialog import BusyDialog
from dgdesk.ui.widgets.file_dialogs import choose_file, choose_files
from dgdesk.ui.widgets.frames import load_frame
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel

_BETWEEN = "; "
_MOST_CERTIFICATE = 1 << 20


class ReceiptDialog(BusyDialog):
    """Asks for the receipt and the agency's certificates. Accepted once the receipt is in the register (``entered``).

    Certificates that verified a receipt are remembered on this PC; if there are any, ``file`` is checked at once.
    """

    def __init__(
        self, bridge: Bridge, texts: Texts, settings: SettingsFile, file: Path | None, parent: QWidget | None
    ) -> None:
        super().__init__(bridge, texts, parent)
        self._settings = settings
        self.entered: Entered | None = None
        frame = load_frame("receipt", self, texts)
        self.receipt = frame.get(LineInput, "receipt")
        self.certificates = frame.get(LineInput, "certificates")
        self.go, self.close_button = (frame.get(QPushButton, name) for name in ("go", "close"))
        for box, name, code in (
            (self.receipt, "receipt", "ui.receipt.file"),
            (self.certificates, "certificates", "ui.receipt.certificates"),
        ):
            choose = frame.get(QPushButton, f"{name}_choose")
            choose.setAccessibleName(f"{texts.say(code)}: {texts.say('ui.check.browse')}")
            choose.clicked.connect(self._choose_receipt if box is self.receipt else self._choose_certificates)
            box.setAccessibleDescription(texts.say("ui.receipt.why"))
        result = self.findChild(QLayout, "result")
        assert result is not None
        result.addWidget(self.outcome)
        result.addWidget(self.strip)
        known = settings.now.office_certificates
        self.certificates.setText(_BETWEEN.join(known))
        remembered = frame.get(WrapLabel, "remembered")
        remembered.set_text(texts.say("ui.receipt.remembered" if known else "ui.receipt.several"))
        self.go.clicked.connect(self.enter)
        self.close_button.clicked.connect(self.reject)
        self.receipt.setFocus()
        if file is not None:
            self.receipt.setText(str(file))
            self.go.setFocus()
            if known:
                self.enter()

    def enter(self) -> None:
        """Check the receipt and add it to the register."""
        receipt, named = self.receipt.text().strip(), paths_in(self.certificates.text())
        if not receipt or not named:
            self.tell("error", self._texts.say("ui.receipt.choose_file" if not receipt else "ui.receipt.choose_trust"))
            (self.receipt if not receipt else self.certificates).setFocus()
            return
        package = self._bridge.draft.package

        def job(*_: object) -> Entered:
            content = read_some(Path(receipt), MOST_BYTES, "ui.receipt.file_unreadable")
            return enter_receipt(package, content, read_trusted(named))

        self.work(self._texts.say("ui.receipt.working"), job, lambda entered: self._entered(entered, named))

    def follow_work(self) -> None:
        """Disable the button while a job runs."""
        self.go.setEnabled(not self.at_work)

    def tell_failure(self, error: DgdeskError) -> None:
        """Show why the receipt was not added."""
        code = {"identity.not_certificate": "ui.receipt.not_certificate"}.get(error.code)
        self.tell("error", self._texts.say(code) if code else self._texts.error(error))

    def _entered(self, entered: Entered, named: Sequence[Path]) -> None:
        self.entered = entered
        certificates = tuple(str(path) for path in named)
        self._settings.change(replace(self._settings.now, office_certificates=certificates))
        self.accept()

    def _choose_receipt(self) -> None:
        say = self._texts.say
        title, kinds = say("ui.receipt.file"), say("ui.receipt.files")
        chosen = choose_file(self, "receipt", title, kinds, at=self.receipt.text())
        if chosen is not None:
            self.receipt.setText(str(chosen))

    def _choose_certificates(self) -> None:
        say = self._texts.say
        known = paths_in(self.certificates.text())
        title, kinds = say("ui.receipt.certificates"), say("ui.check.certificate_files")
        chosen = choose_files(self, "certificate", title, kinds, at=str(known[0]) if known else "")
        if chosen:
            self.certificates.setText(_BETWEEN.join(map(str, chosen)))


def paths_in(typed: str) -> tuple[Path, ...]:
    """Return the paths typed in a box, separated by semicolons; an existing file may have one in its name."""
    whole = typed.strip()
    try:
        if whole and Path(whole).is_file():
            return (Path(whole),)
    except (OSError, ValueError):
        return ()
    return tuple(Path(part.strip()) for part in whole.split(_BETWEEN.strip()) if part.strip())


def read_trusted(paths: Sequence[Path]) -> list[bytes]:
    """Read the certificates of an agency.

    Raises:
        UsageError: ``ui.receipt.choose_trust`` if there is none.
        FileError: ``ui.receipt.certificate_unreadable``.
    """
    if not paths:
        raise UsageError("ui.receipt.choose_trust")
    return [read_some(path, _MOST_CERTIFICATE, "ui.receipt.certificate_unreadable") for path in paths]


def read_some(path: Path, most: int, code: str) -> bytes:
    """Read a file of at most ``most`` bytes.

    Raises:
        FileError: ``code`` with the file's name.
    """
    try:
        return read_small(path, most)
    except FileError as error:
        raise FileError(code, name=path.name) from error
