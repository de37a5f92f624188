"""The dialogs that change an identity's passphrase and write its backup."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.bundle.signing.identity import IdentityCard, change_passphrase, load_identity
from dgdesk.bundle.signing.identity_store import write_backup
from dgdesk.folders.index import disk_name
from dgdesk.ui.identities.new_dialog import FormDialog
from dgdesk.ui.identities.secret import NewSecret, SecretInput, ShowLetters, labelled
from dgdesk.ui.identities.wording import name_words
from dgdesk.ui.widgets.jobs import derive
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services

BACKUP_SUFFIX = ".dgdesk-identity.pem"

_CHANGE = (
    "ui.identities.change_title",
    "ui.identities.change_about",
    "ui.identities.change_go",
    "ui.what.identities_change",
)
_BACKUP = (
    "ui.identities.backup_title",
    "ui.identities.backup_about",
    "ui.identities.backup_go",
    "ui.what.identities_backup",
)


class ChangeDialog(FormDialog):
    """Asks for the old passphrase, if there is one, and the new one."""

    def __init__(self, folder: Path, card: IdentityCard, services: Services, parent: QWidget | None) -> None:
        super().__init__(services, _CHANGE, parent)
        self._folder, self._protected = folder, card.protected
        self.body.addWidget(WrapLabel(self._texts, name_words(self._texts, card), "question", self))
        self.old = SecretInput(self)
        self.new = NewSecret(self._texts, lambda: (card.person, card.province), self, others=(self.old,))
        if card.protected:
            self.body.addLayout(labelled(self._texts, "ui.identities.change_old", "O", self.old, self))
        self.old.setVisible(card.protected)
        self.body.addWidget(self.new)
        self.old.textChanged.connect(lambda _: self._follow())
        self.new.changed.connect(self._follow)
        self._in_order(*((self.old,) if card.protected else ()), *self.new.parts())
        self._follow()

    def act(self) -> bool:
        """Change the passphrase."""
        folder, old, new = self._folder, self.old.text() or None, self.new.value()
        derive(self._texts, lambda: change_passphrase(folder, old, new), self)
        return True

    def _follow(self) -> None:
        self.go.setEnabled(self.new.filled() and (not self._protected or bool(self.old.text())))
        self.follow()


class BackupDialog(FormDialog):
    """Asks for passphrase and file, and writes the backup. ``written``: its file."""

    def __init__(self, folder: Path, card: IdentityCard, services: Services, parent: QWidget | None) -> None:
        super().__init__(services, _BACKUP, parent)
        self._folder, self._card = folder, card
        self.written: Path | None = None
        self.body.addWidget(WrapLabel(self._texts, name_words(self._texts, card), "question", self))
        self.passphrase = SecretInput(self)
        self.shown = ShowLetters(self._texts, (self.passphrase,), self)
        self.body.addLayout(labelled(self._texts, "ui.signer.passphrase", "P", self.passphrase, self))
        self.body.addWidget(self.shown)
        self.passphrase.textChanged.connect(lambda typed: self.go.setEnabled(bool(typed)))
        self._in_order(self.passphrase, self.shown)
        self.go.setEnabled(False)

    def act(self) -> bool:
        """Write the backup. An existing file of this kind holds a key, so none is replaced."""
        folder, passphrase = self._folder, self.passphrase.text()
        # a wrong passphrase is reported before the file dialog opens
        derive(self._texts, lambda: load_identity(folder, passphrase), self)
        target = self._ask_where()
        if target is None:
            return False
        derive(self._texts, lambda: write_backup(folder, target, passphrase), self)
        self.written = target
        return True

    def _ask_where(self) -> Path | None:
        suggested = disk_name(self._card.person or "identity") + BACKUP_SUFFIX
        say = self._texts.say
        kinds, title = say("ui.identities.backup_files"), self.windowTitle()
        chosen = choose_target(self._texts, self, "key", title, suggested, kinds, "key", ending=BACKUP_SUFFIX, new=True)
        return None if chosen is None else chosen.path
