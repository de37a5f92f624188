"""Window, new identity: makes a key and its certificate for a person of a province or office."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.ui.form.editors.choices import SearchCombo
from dgdesk.ui.identities.form import FormDialog
from dgdesk.ui.identities.labelled import labelled
from dgdesk.ui.identities.secret import NewSecret
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import derive
from dgdesk.ui.widgets.services import Services

_CODES = ("ui.identities.new_title", "ui.identities.new_about", "ui.identities.new_go", "ui.what.identities_new")


class NewDialog(FormDialog):
    """Asks for name, province and passphrase. ``made``: the new identity's name in the store, once there is one."""

    def __init__(
        self, store: IdentityStore, services: Services, provinces: Sequence[str], parent: QWidget | None
    ) -> None:
        super().__init__(services, _CODES, parent)
        self._store = store
        self.made: str | None = None
        self.person = LineInput(self)
        self.person.setText(services.who)
        self.province = SearchCombo(list(provinces), self)
        self.province.box.setPlaceholderText(services.texts.say("ui.identities.province_hint"))
        self.new = NewSecret(services.texts, lambda: (self.person.text(), self.province.currentText()), self)
        self.body.addLayout(labelled(services.texts, "ui.signer.person", "N", self.person, self))
        self.body.addLayout(labelled(services.texts, "ui.identities.province", "R", self.province, self))
        self.province.box.setAccessibleName(self.province.accessibleName())
        self.body.addWidget(self.new)
        self.person.textChanged.connect(lambda _: self._follow())
        self.province.currentTextChanged.connect(lambda _: self._follow())
        self.new.changed.connect(self._follow)
        self._in_order(self.person, self.province, *self.new.parts())
        self._follow()

    def act(self) -> bool:
        """Make it."""
        passphrase, name = self.new.value(), self._store.free_name()
        folder, person, province = self._store.folder(name), self.person.text(), self.province.currentText()
        now = self._services.clock()
        derive(
            self._texts,
            lambda: create_identity(folder, person=person, province=province, passphrase=passphrase, now=now),
            self,
        )
        self.made = name
        return True

    def _follow(self) -> None:
        named = self.person.text().strip() and self.province.currentText().strip()
        self.go.setEnabled(bool(named) and self.new.filled())
        self.follow()
