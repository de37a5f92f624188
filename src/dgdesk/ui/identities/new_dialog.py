"""The dialog that creates an identity, and the base of such dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.errors import DgdeskError
from dgdesk.ui.form.editors.choices import STYLED_INDENT, SearchCombo
from dgdesk.ui.identities.secret import NewSecret, SecretInput, labelled
from dgdesk.ui.identities.wording import name_fault
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.clock import may_date
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.jobs import derive
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

_LEAST_WIDTH = 560


class FormDialog(ScrollingDialog):
    """Base of dialogs that ask and then do one thing, in `act`. They stay open after a failure.

    ``codes``: texts for the title, the explanation, the button, and the "?".
    """

    def __init__(self, services: Services, codes: tuple[str, str, str, str], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._services, self._texts = services, services.texts
        say = self._texts.say
        title, about, go, what = codes
        self.setWindowTitle(say(title))
        self.setStyleSheet(sheet())
        self.setMinimumWidth(_LEAST_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.body = self.area.column
        self.body.addWidget(WrapLabel(self._texts, say(about), "text", self))
        layout.addWidget(self.area, 1)
        row = QHBoxLayout()
        self.go, self.cancel = QPushButton(say(go), self), QPushButton(say("ui.cancel"), self)
        give_keys((self.go, "S"), (self.cancel, "C"))
        self.go.setObjectName("primary")
        self.go.setDefault(True)
        self.cancel.setAutoDefault(False)
        self.about = what_this_is(self, self._texts, what)
        row.addWidget(self.about)
        row.addStretch(1)
        row.addWidget(self.go)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self.go.clicked.connect(self._go)
        self.cancel.clicked.connect(self.reject)

    def act(self) -> bool:
        """Do it and return whether it is done. A `DgdeskError` is shown, and the dialog stays open."""
        raise NotImplementedError

    def follow(self) -> None:
        """Resize to the parts that are shown now."""
        if self.isVisible():
            self.fit()

    def done(self, result: int) -> None:
        """Clear all passphrases."""
        for box in self.findChildren(SecretInput):
            box.clear()
        super().done(result)

    def _in_order(self, *parts: QWidget) -> None:
        """Set the Tab order: the parts, then the buttons."""
        self.body.addStretch(1)
        whole = (*parts, self.about, self.go, self.cancel)
        for one, other in pairwise(whole):
            self.setTabOrder(one, other)
        parts[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        try:
            is_done = self.act()
        except DgdeskError as error:
            # the core's own sentence speaks of signing
            is_wrong = error.code == "identity.wrong_passphrase"
            words = self._texts.say("ui.secret.wrong") if is_wrong else self._texts.error(error)
            tell(self._texts, words, self, "warning")
            return
        if is_done:
            self.accept()


_CODES = ("ui.identities.new_title", "ui.identities.new_about", "ui.identities.new_go", "ui.what.identities_new")


class NewDialog(FormDialog):
    """Asks for name, office and passphrase. ``made``: the new identity's name in the store."""

    def __init__(
        self, store: IdentityStore, services: Services, offices: Sequence[str], parent: QWidget | None
    ) -> None:
        super().__init__(services, _CODES, parent)
        self._store = store
        self.made: str | None = None
        self.person = LineInput(self)
        self.person.setText(services.who)
        self.province = SearchCombo(list(offices), self, STYLED_INDENT)
        self.province.box.setPlaceholderText(services.texts.say("ui.identities.province_hint"))
        self.new = NewSecret(services.texts, lambda: (self.person.text(), self.province.currentText()), self)
        self.body.addLayout(labelled(services.texts, "ui.signer.person", "N", self.person, self))
        self.too_long = WrapLabel(services.texts, "", "error", self)
        self.body.addWidget(self.too_long)
        self.body.addLayout(labelled(services.texts, "ui.identities.province", "R", self.province, self))
        self.province.box.setAccessibleName(self.province.accessibleName())
        self.body.addWidget(self.new)
        self.person.textChanged.connect(lambda _: self._follow())
        self.province.currentTextChanged.connect(lambda _: self._follow())
        self.new.changed.connect(self._follow)
        self._in_order(self.person, self.province, *self.new.parts())
        self._follow()

    def act(self) -> bool:
        """Create the identity."""
        if not may_date(self._services, self):
            return False
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
        fault = name_fault(self._texts, self.person.text())
        self.too_long.set_text(fault)
        self.too_long.setVisible(bool(fault))
        self.person.setAccessibleDescription(fault)
        self.go.setEnabled(bool(named) and not fault and self.new.filled())
        self.follow()
