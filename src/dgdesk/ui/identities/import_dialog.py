"""The dialog that imports an identity from a CA's PKCS#12 file or from a backup of this program."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dgdesk.bundle.signing.certificates import read_certificate_file, read_small
from dgdesk.bundle.signing.identity import Identity, complete_chain, write_identity
from dgdesk.bundle.signing.identity_store import IdentityStore, read_backup
from dgdesk.bundle.signing.pkcs12 import LARGEST, read_pkcs12
from dgdesk.bundle.signing.selection import SeveralSigners, missing_above
from dgdesk.errors import UsageError
from dgdesk.ui.identities.import_questions import ask_above, ask_which
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

    What the file leaves open is asked: which of several signers, and files with the CA's own certificates. ``note``
    says which of these is still missing; empty if none is.

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
        """Read the file, ask what it leaves open, and store its identity."""
        if not may_date(self._services, self):
            return False
        passphrase = self.passphrase.text()
        lock = self.new.value() if self.other.isChecked() else passphrase
        if lock is None or not lock.strip():
            raise UsageError("identity.empty_passphrase")
        identity = self._read(passphrase)
        if identity is None:
            return False
        missing = missing_above(identity.certificate, identity.chain)
        self.note = "" if missing is None else self._texts.say("ui.identities.chain_open", issuer=missing)
        self.made = derive(self._texts, lambda: self._stored(identity, lock), self)
        return True

    def _read(self, passphrase: str) -> Identity | None:
        """Return the identity in the file, its chain from further files too; None if the person stopped."""
        path = Path(self.file.text().strip())
        if self._kind == "backup":
            return derive(self._texts, lambda: read_backup(path, passphrase), self)
        now, wanted, files, is_asked = self._services.clock(), "", tuple[Path, ...](), False

        def work() -> Identity:
            above = [one for file in files for one in read_certificate_file(file)]
            return read_pkcs12(read_small(path, LARGEST), passphrase, now, name=path.name, above=above, wanted=wanted)

        while True:
            try:
                identity = derive(self._texts, work, self)
            except SeveralSigners as several:
                wanted = ask_which(self._services, several.choices, self)
                if not wanted:
                    return None
                continue
            missing = missing_above(identity.certificate, identity.chain)
            if missing is None or is_asked:
                return identity
            chosen = ask_above(self._services, missing, self)
            if not chosen:
                return None if chosen is None else identity
            files, is_asked = chosen, True

    def _stored(self, identity: Identity, lock: str) -> str:
        """Store an identity, or the chain that one here lacked; return its name in the store."""
        store = self._store
        for one in store.kept():
            if one.card is not None and one.card.fingerprint == identity.fingerprint:
                if not set(identity.chain) > set(one.card.chain):
                    raise UsageError("ui.identities.already")
                complete_chain(one.folder, identity)
                return one.name
        name = store.free_name()
        write_identity(store.folder(name), identity, lock)
        return name

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
