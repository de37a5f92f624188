"""The panel that asks who signs: an identity on this PC, one imported from a CA, or a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from dgdesk.bundle.signing.identity import CERTIFICATE_FILE, Identity, IdentityCard, create_identity, load_identity
from dgdesk.bundle.signing.identity_store import IdentityStore, Kept
from dgdesk.ui.identities.import_dialog import ImportDialog
from dgdesk.ui.identities.secret import NewSecret, SecretInput, ShowLetters, labelled
from dgdesk.ui.identities.wording import (
    LONG_NAME,
    distinct_names,
    elsewhere_words,
    lock_words,
    name_fault,
    name_words,
    origin_words,
    usable,
    usual,
    validity_words,
)
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.jobs import derive
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_LEAST_LETTERS = 20
LETTERS = frozenset("WNPAI")
"""Its Alt letters; a dialog that contains it must not use them."""


class IdentityPicker(Panel):
    """Asks for identity and passphrase; `identity` opens it, or creates the new one."""

    changed = Signal()
    """Emitted when another identity is chosen, created or imported, and when a passphrase is typed."""

    def __init__(self, services: Services, province: str, parent: QWidget) -> None:
        super().__init__("card", parent)
        self._services, self._texts, self._province = services, services.texts, province
        self._store = IdentityStore(services.profile.identity, services.profile.identities)
        self._kept: tuple[Kept, ...] = ()
        say = self._texts.say
        self.who = CalmCombo(self)
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.who.setMinimumContentsLength(_LEAST_LETTERS)
        self.facts = WrapLabel(self._texts, "", "text", self)
        self.warning = WrapLabel(self._texts, "", "warning", self)
        self.passphrase = SecretInput(self)
        self.person = LineInput(self)
        self.person.setText(services.who)
        self.too_long = WrapLabel(self._texts, "", "error", self)
        self.new = NewSecret(self._texts, lambda: (self.person.text(), self._province), self)
        self.bring = QPushButton(say("ui.identities.import"), self)
        give_keys((self.bring, "I"))
        self.bring.setAutoDefault(False)
        self._known_part, self._new_part, self._choice = QWidget(self), QWidget(self), QWidget(self)
        self._lay_out()
        self.who.currentIndexChanged.connect(lambda _: self._follow())
        for box in (self.passphrase, self.person):
            box.textChanged.connect(lambda _: self.changed.emit())
        self.person.textChanged.connect(lambda _: self._follow_name())
        self.new.changed.connect(self.changed)
        self.bring.clicked.connect(self._bring)
        self.fill()

    @property
    def card(self) -> IdentityCard | None:
        """The selected identity; None if a new one is to be created."""
        chosen = self._chosen()
        return chosen.card if chosen is not None else None

    @property
    def certificate_path(self) -> Path | None:
        """The file of the selected identity's public certificate."""
        chosen = self._chosen()
        return chosen.folder / CERTIFICATE_FILE if chosen is not None else None

    @property
    def name_fault(self) -> str:
        """What is wrong with the typed name of a new signer; empty if nothing is."""
        return name_fault(self._texts, self.person.text()) if self.card is None else ""

    def ready(self) -> bool:
        """Whether the fields are filled in, and the certificate is valid today."""
        card = self.card
        if card is None:
            return bool(self.person.text().strip()) and not self.name_fault and self.new.filled()
        return usable(card, self._services.clock()) and (not card.protected or bool(self.passphrase.text()))

    def identity(self) -> Identity:
        """Open or create the identity, then clear the boxes.

        Raises:
            UsageError: ``ui.signer_differs`` (the two passphrases), ``ui.signer_no_passphrase``; as `load_identity`.
            FileError: as `load_identity` and `create_identity`.
        """
        chosen = self._chosen()
        work, name = self._opens(chosen) if chosen is not None else self._makes()
        found = derive(self._texts, work, self)
        self.passphrase.clear()
        self.new.clear()
        if chosen is None:
            self.fill(name)
        return found

    def fill(self, name: str | None = None) -> None:
        """Read the identity store and select one by its name in the store."""
        self._kept = tuple(one for one in self._store.kept() if one.card is not None)
        self.who.blockSignals(True)
        self.who.clear()
        names = distinct_names(self._texts, [one.card for one in self._kept if one.card is not None])
        for one, words in zip(self._kept, names, strict=True):
            self.who.addItem(words, one.name)
        self.who.addItem(self._texts.say("ui.identities.make_new"), None)
        name = name if name is not None else usual(self._kept, self._province, self._services.clock())
        self.who.setCurrentIndex(max(0, self.who.findData(name)))
        self.who.blockSignals(False)
        self._choice.setVisible(bool(self._kept))
        self._follow()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 3 * SPACE // 2, 2 * SPACE, 3 * SPACE // 2)
        layout.setSpacing(SPACE)
        for part, boxes in (
            (self._choice, (("ui.identities.who", "W", self.who),)),
            (self._known_part, (("ui.signer.passphrase", "P", self.passphrase),)),
            (self._new_part, (("ui.signer.person", "N", self.person),)),
        ):
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE)
            for code, letter, box in boxes:
                column.addLayout(labelled(self._texts, code, letter, box, part))
            layout.addWidget(part)
            if part is self._choice:
                layout.addWidget(self.facts)
                layout.addWidget(self.warning)
            elif part is self._known_part:
                column.addWidget(ShowLetters(self._texts, (self.passphrase,), part))
            else:
                column.addWidget(self.too_long)
                column.addWidget(self.new)
        layout.addWidget(self.bring, 0, Qt.AlignmentFlag.AlignLeft)

    def _chosen(self) -> Kept | None:
        at = self.who.currentIndex()
        return self._kept[at] if 0 <= at < len(self._kept) else None

    def _opens(self, chosen: Kept) -> tuple[Callable[[], Identity], str]:
        passphrase = self.passphrase.text() or None
        return lambda: load_identity(chosen.folder, passphrase), chosen.name

    def _makes(self) -> tuple[Callable[[], Identity], str]:
        passphrase, name = self.new.value(), self._store.free_name()
        folder, person, now = self._store.folder(name), self.person.text(), self._services.clock()
        return (
            lambda: create_identity(folder, person=person, province=self._province, passphrase=passphrase, now=now),
            name,
        )

    def _bring(self) -> None:
        """Import a PKCS#12 file and select its identity."""
        dialog = ImportDialog("pkcs12", self._store, self._services, self)
        if dialog.exec():
            self.fill(dialog.made)
            self.passphrase.setFocus()
        dialog.deleteLater()

    def _follow(self) -> None:
        card, now = self.card, self._services.clock()
        self._known_part.setVisible(card is not None and card.protected)
        self._new_part.setVisible(card is None)
        self.passphrase.clear()
        role = "text"
        if card is None:
            facts, warning = [self._texts.say("ui.identities.new_about" if self._kept else "ui.signer.new")], ""
        else:
            role, words = validity_words(self._texts, card, now)
            name = name_words(self._texts, card)
            whole = [name] if len(name) > LONG_NAME else []
            facts = [*whole, origin_words(self._texts, card), *([words] if role == "text" else [])]
            warning = "\n".join(
                part
                for part in (
                    words if role != "text" else "",
                    elsewhere_words(self._texts, card, self._province),
                    "" if card.protected else lock_words(self._texts, card),
                )
                if part
            )
        self.facts.set_text("\n".join(facts))
        self.warning.set_role("error" if role == "error" else "warning")
        self.warning.set_text(warning)
        self.warning.setVisible(bool(warning))
        self._follow_name()
        self.changed.emit()

    def _follow_name(self) -> None:
        """Say at the box itself that the name is too long."""
        fault = self.name_fault
        self.too_long.set_text(fault)
        self.too_long.setVisible(bool(fault))
        self.person.setAccessibleDescription(fault)
