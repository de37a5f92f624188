"""The dialog that imports an identity from a CA's PKCS#12 file or from a backup of this program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.identity import Identity, write_identity
from dgdesk.bundle.signing.identity_store import IdentityStore, read_backup
from dgdesk.bundle.signing.pkcs12 import LARGEST, read_pkcs12
from dgdesk.bundle.signing.selection import missing_above
from dgdesk.errors import UsageError
from dgdesk.ui.identities.new_dialog import FormDialog
from dgdesk.ui.identities.secret import NewSecret, SecretInput, ShowLetters, labelled
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.clock import may_date
from dgdesk.ui.widgets.file_dialogs import choose_file
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import derive
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme_file import SPACE

ImportKind = Literal["pkcs12", "backup"]

_CODES: dict[ImportKind, tuple[str, str, str, str]] = {
    "pkcs12": (
        "ui.identities.import_title",
        "ui.identities.import_about",
        "ui.identities.import_go",
        "ui.what.identities_import",
    ),
    "backup": (
        "ui.identities.restore_title",
        "ui.identities.restore_about",
        "ui.identities.restore_go",
        "ui.what.identities_restore",
    ),
}
_FILES: dict[ImportKind, str] = {"pkcs12": "ui.identities.import_files", "backup": "ui.identities.backup_files"}


class ImportDialog(FormDialog):
    """Asks for file and passphrase. ``made``: the identity's name in the store, once it is imported.

    ``note`` says which CA's certificate is missing in the file; empty if none is.

    The key is encrypted with the file's passphrase; for a CA's file the user may choose another.
    """

    def __init__(self, kind: ImportKind, store: IdentityStore, services: Services, parent: QWidget | None) -> None:
        super().__init__(services, _CODES[kind], parent)
        self._kind, self._store = kind, store
        self.made: str | None = None
        self.note = ""
        say = self._texts.say
        self.file, self.choose = LineInput(self), QPushButton(say("ui.check.browse"), self)
        give_keys((self.choose, "B"))
        self.choose.setAutoDefault(False)
        self.choose.setAccessibleName(f"{say('ui.identities.file')}: {say('ui.check.browse')}")
        self.passphrase = SecretInput(self)
        self.other: CheckRow = CheckRow(self._texts, (Run(say("ui.identities.import_other")),), self)
        self.new = NewSecret(self._texts, lambda: (), self)
        self.shown = ShowLetters(self._texts, (self.passphrase, self.new.first, self.new.again), self)
        self.new.without.hide()
        self.new.show_row.hide()
        self.new.hide()
        self.other.setVisible(kind == "pkcs12")
        line = labelled(self._texts, "ui.identities.file", "F", self.file, self)
        beside = QHBoxLayout()
        beside.setSpacing(SPACE)
        line.removeWidget(self.file)
        beside.addWidget(self.file, 1)
        beside.addWidget(self.choose)
        line.addLayout(beside)
        self.body.addLayout(line)
        self.body.addLayout(labelled(self._texts, "ui.identities.file_passphrase", "T", self.passphrase, self))
        for part in (self.shown, self.other, self.new):
            self.body.addWidget(part)
        self.choose.clicked.connect(self._choose)
        self.other.toggled.connect(lambda _: self._follow())
        self.new.changed.connect(self._follow)
        for box in (self.file, self.passphrase):
            box.textChanged.connect(lambda _: self._follow())
        self._in_order(self.file, self.choose, self.passphrase, self.shown, self.other, *self.new.parts())
        self._follow()

    def act(self) -> bool:
        """Read the file and store its identity."""
        if not may_date(self._services, self):
            return False
        path, passphrase = Path(self.file.text().strip()), self.passphrase.text()
        lock = self.new.value() if self.other.isChecked() else passphrase
        if lock is None or not lock.strip():
            raise UsageError("identity.empty_passphrase")
        name = self._store.free_name()
        folder, opens, store = self._store.folder(name), self._opens(path, passphrase), self._store

        def work() -> str | None:
            identity = opens()
            if any(one.card is not None and one.card.fingerprint == identity.fingerprint for one in store.kept()):
                raise UsageError("ui.identities.already")
            write_identity(folder, identity, lock)
            return missing_above(identity.certificate, identity.chain)

        missing = derive(self._texts, work, self)
        self.note = "" if missing is None else self._texts.say("ui.identities.chain_open", issuer=missing)
        self.made = name
        return True

    def _opens(self, path: Path, passphrase: str) -> Callable[[], Identity]:
        now = self._services.clock()
        if self._kind == "backup":
            return lambda: read_backup(path, passphrase)
        return lambda: read_pkcs12(_read(path), passphrase, now, name=path.name)

    def _choose(self) -> None:
        say = self._texts.say
        chosen = choose_file(self, "key", self.windowTitle(), say(_FILES[self._kind]), at=self.file.text())
        if chosen is not None:
            self.file.setText(str(chosen))
            self.passphrase.setFocus()

    def _follow(self) -> None:
        self.new.setVisible(self.other.isChecked())
        filled = self.new.filled() if self.other.isChecked() else bool(self.passphrase.text())
        self.go.setEnabled(bool(self.file.text().strip()) and filled)
        self.follow()


def _read(path: Path) -> bytes:
    return read_small(path, LARGEST)
