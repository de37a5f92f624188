"""Window, signer form: who signs: the identity on this PC, or a new one, with a passphrase or plainly without."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from dgdesk.bundle.identity import Identity, IdentityCard, create_identity, load_identity, read_card
from dgdesk.errors import FileError, UsageError
from dgdesk.ui.choice import CheckRow
from dgdesk.ui.looks import Panel
from dgdesk.ui.mnemonic import with_key
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel
from dgdesk.ui.wrapped import Run


class SignerForm(Panel):
    """Shows the identity there is and asks for its passphrase; makes one on first use."""

    def __init__(self, services: Services, province: str, parent: QWidget) -> None:
        super().__init__("card", parent)
        self._services = services
        self._texts = services.texts
        self._folder = services.profile.identity
        self._province = province
        self.card = self._read_card()
        self._form = QFormLayout(self)
        self._form.setContentsMargins(16, 12, 16, 12)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.person = QLineEdit(services.who, self)
        self.passphrase, self.again = self._secret(), self._secret()
        say = self._texts.say
        self.without: CheckRow = CheckRow(self._texts, (Run(say("ui.signer.without")),), self)
        if self.card is None:
            self._form.addRow(WrapLabel(self._texts, say("ui.signer.new"), "text", self))
            self._row("ui.signer.person", self.person, "N")
            self._row("ui.signer.passphrase", self.passphrase, "P")
            self._row("ui.signer.again", self.again, "A")
            self._form.addRow(self.without)
            self.without.toggled.connect(self._follow)
        else:
            words = say("ui.signer.known", person=self.card.person, province=self.card.province)
            self._form.addRow(WrapLabel(self._texts, words, "text", self))
            if self.card.protected:
                self._row("ui.signer.passphrase", self.passphrase, "P")
        shown = (self.passphrase, self.again, self.person, self.without)
        for box in shown:
            box.setVisible(self._form.indexOf(box) >= 0)

    def identity(self) -> Identity:
        """Open the identity, or make it.

        Raises:
            UsageError: ``ui.signer_differs`` (the two passphrases), ``ui.signer_no_passphrase``; as `load_identity`.
            FileError: as `load_identity` and `create_identity`.
        """
        if self.card is not None:
            return load_identity(self._folder, self.passphrase.text() or None)
        passphrase = None if self.without.isChecked() else self.passphrase.text()
        if passphrase is not None and not passphrase.strip():
            raise UsageError("ui.signer_no_passphrase")
        if passphrase is not None and passphrase != self.again.text():
            raise UsageError("ui.signer_differs")
        identity = create_identity(
            self._folder,
            person=self.person.text(),
            province=self._province,
            passphrase=passphrase,
            now=self._services.clock(),
        )
        self.card = identity
        return identity

    def _read_card(self) -> IdentityCard | None:
        try:
            return read_card(self._folder)
        except FileError as error:
            if error.code != "identity.missing":
                raise
            return None

    def _secret(self) -> QLineEdit:
        box = QLineEdit(self)
        box.setEchoMode(QLineEdit.EchoMode.Password)
        return box

    def _row(self, code: str, box: QLineEdit, letter: str) -> None:
        words = self._texts.say(code)
        box.setAccessibleName(words)
        label = QLabel(with_key(words, letter), self)
        label.setBuddy(box)
        self._form.addRow(label, box)

    def _follow(self, without: bool) -> None:
        self.passphrase.setEnabled(not without)
        self.again.setEnabled(not without)
