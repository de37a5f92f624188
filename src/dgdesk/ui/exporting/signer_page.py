"""Window, exporting, signer page: who signs, and the time that the signature will claim."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.bundle.signing.identity import Identity
from dgdesk.text.dates import THAILAND, time_text
from dgdesk.ui.exporting.choices import clock_warnings
from dgdesk.ui.exporting.page import Page, tell_on
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel


class SignerPage(Page):
    """The page. ``identity`` is open once the page was left by going on."""

    def __init__(self, services: Services, province: str, last_entry: datetime | None, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.signer"), parent)
        self._services, self._last_entry = services, last_entry
        self.identity: Identity | None = None
        say = self.texts.say
        self.add_text(say("ui.exporting.signer_intro"))
        self.picker = IdentityPicker(services, province, self.body)
        self.column.addWidget(self.picker)
        clock = Panel("card", self.body)
        inner = QVBoxLayout(clock)
        inner.setContentsMargins(16, 12, 16, 12)
        self.time = WrapLabel(self.texts, "", "question", clock)
        self.check = WrapLabel(self.texts, say("ui.exporting.check_clock"), "hint", clock)
        self.warning = WrapLabel(self.texts, "", "warning", clock)
        for label in (self.time, self.check, self.warning):
            inner.addWidget(label)
        self.column.addWidget(clock)
        self.column.addStretch(1)
        self.picker.changed.connect(self._forget)
        self.enter()

    def enter(self) -> None:
        """Tell the clock's time of now, and what speaks against it."""
        now = self._services.clock()
        card, language = self.picker.card, self.texts.catalogue.language
        valid_from = None if card is None else card.certificate.not_valid_before_utc
        words = time_text(now.astimezone(THAILAND), language)
        self.time.set_text(self.texts.say("ui.exporting.claimed", time=words))
        codes = clock_warnings(now, self._last_entry, valid_from)
        values = {
            "entry": "" if self._last_entry is None else time_text(self._last_entry.astimezone(THAILAND), language),
            "valid": "" if valid_from is None else time_text(valid_from.astimezone(THAILAND), language),
        }
        tell_on(self.warning, "warning", "\n".join(self.texts.say(code, **values) for code in codes))

    def first(self) -> QWidget | None:
        """Begin with the first box that is still empty, else with the passphrase."""
        boxes = (self.picker.passphrase, self.picker.person, self.picker.new.first)
        shown = [one for one in boxes if one.isVisibleTo(self.picker)]
        return next((one for one in shown if not one.text()), shown[-1] if shown else None)

    def may_go_on(self) -> bool:
        """Whether an identity can be opened or made."""
        return self.identity is not None or self.picker.ready()

    def settle(self) -> None:
        """Open the identity, or make it; once. Raises as `IdentityPicker.identity`."""
        if self.identity is None:
            self.identity = self.picker.identity()

    def _forget(self) -> None:
        self.identity = None
        self.enter()
        self.changed.emit()
