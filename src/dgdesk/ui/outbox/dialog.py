"""The window of the outbox: one card for each bundle, with progress, pause, retry and log."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dgdesk.errors import DgdeskError
from dgdesk.outbox.entries import OPEN, Entry
from dgdesk.text.dates import iso_time_text
from dgdesk.text.shown import plain_name
from dgdesk.ui.outbox.watcher import OutboxWatcher
from dgdesk.ui.outbox.wording import Pace, log_lines, progress_words, state_words
from dgdesk.ui.widgets.buttons import PageButton, give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import choose_file
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_SHOWN = 30
_STEPS = 1000
_ABOVE = 3
"""What stands above the cards: buttons, what went wrong, a hint."""


class EntryCard(Panel):
    """One bundle: its file, state, progress, buttons and log."""

    def __init__(self, entry: Entry, outbox: OutboxWatcher, services: Services, parent: QWidget) -> None:
        super().__init__("card", parent)
        self._outbox, self._texts = outbox, services.texts
        self.number = entry.number
        self._pace = Pace()
        say = self._texts.say
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE // 2)
        self.head = WrapLabel(self._texts, plain_name(entry.name, 120), "question", self)
        self.state = WrapLabel(self._texts, "", "text", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(12)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(say("ui.working.progress"))
        self.far = WrapLabel(self._texts, "", "hint", self)
        self.log = WrapLabel(self._texts, "", "hint", self)
        self.log.hide()
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.send_now, self.pause_entry = (
            PageButton(say("ui.outbox.go"), self),
            PageButton(say("ui.outbox.pause"), self),
        )
        self.find_file, self.drop_entry = (
            PageButton(say("ui.outbox.find"), self),
            PageButton(say("ui.outbox.drop"), self),
        )
        self.more = PageButton(say("ui.outbox.log"), self)
        for button in (self.send_now, self.pause_entry, self.find_file, self.drop_entry, self.more):
            button.setAutoDefault(False)
            button.setAccessibleDescription(plain_name(entry.name, 120))
            row.addWidget(button)
        row.addStretch(1)
        for part in (self.head, self.state, self.bar, self.far):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self.log)
        self.send_now.clicked.connect(self._send)
        self.pause_entry.clicked.connect(lambda: outbox.pause(self.number))
        self.drop_entry.clicked.connect(lambda: outbox.drop(self.number))
        self.find_file.clicked.connect(self._find)
        self.more.clicked.connect(lambda: self.log.setVisible(self.log.isHidden()))
        self.show_entry(entry)

    def show_entry(self, entry: Entry) -> None:
        """Show what is known of the entry now."""
        self._entry = entry
        waits = entry.status in OPEN
        self.state.set_role("warning" if entry.status == "returned" or (waits and entry.hold) else "text")
        self.state.set_text(state_words(self._texts, entry))
        language = self._texts.catalogue.language
        self.log.set_text("\n".join(log_lines(self._texts, entry, lambda at: iso_time_text(at, language))))
        for part in (self.bar, self.far):
            part.setVisible(waits)
        running = self._outbox.sending and entry.status == "sending"
        self.send_now.setVisible(waits and not running)
        self.pause_entry.setVisible(waits and not entry.paused)
        self.find_file.setVisible(waits and entry.reason is not None and entry.reason.code == "outbox.file_missing")
        self.drop_entry.setEnabled(True)
        self.show_progress(entry.confirmed)

    def show_progress(self, done: int) -> None:
        """Show how much has left, and about how long the rest takes."""
        size = self._entry.size
        self.bar.setValue(_STEPS * min(done, size) // size)
        left = self._pace.left(done, size, time.monotonic()) if self._outbox.sending else None
        self.far.set_text(progress_words(self._texts, done, size, left))

    def _send(self) -> None:
        """Send it now; first ask, if its correction is in the outbox."""
        say, other = self._texts.say, self._outbox.correction_of(self.number)
        if other is not None:
            question = say("ui.outbox.superseded", number=other.number, name=plain_name(other.name, 120))
            if ask(self._texts, question, (say("ui.outbox.send_both"), say("ui.cancel")), self, default=1) != 0:
                return
        self._outbox.send(self.number, superseded=other is not None)

    def _find(self) -> None:
        say = self._texts.say
        chosen = choose_file(self, "bundle", say("ui.outbox.choose"), say("ui.outbox.files"))
        if chosen is not None:
            self._outbox.add(chosen)


class OutboxDialog(ScrollingDialog):
    """All bundles on their way and the latest that arrived; newest first."""

    def __init__(self, outbox: OutboxWatcher, services: Services, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._outbox, self._services, self._texts = outbox, services, services.texts
        say = self._texts.say
        self.setWindowTitle(say("ui.outbox.title"))
        self.setStyleSheet(sheet())
        self.setMinimumWidth(640)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.hint = WrapLabel(self._texts, "", "text", self.area.inner)
        self.outcome = WrapLabel(self._texts, "", "error", self.area.inner)
        self.outcome.hide()
        self.area.column.addWidget(self.outcome)
        self.area.column.addWidget(self.hint)
        self.area.column.addStretch(1)
        layout.addWidget(self.area, 1)
        self.cards: dict[int, EntryCard] = {}
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.add, self.agency = PageButton(say("ui.outbox.add"), self), PageButton(say("ui.outbox.agency"), self)
        self.ask, self.close_button = QPushButton(say("ui.outbox.ask"), self), QPushButton(say("ui.close"), self)
        for button in (self.add, self.agency):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.area.column.insertLayout(0, row)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(what_this_is(self, self._texts, "ui.outbox.what"))
        self.ask.setAutoDefault(False)
        row.addWidget(self.ask)
        row.addStretch(1)
        row.addWidget(self.close_button)
        layout.addLayout(row)
        give_keys((self.add, "A"), (self.agency, "G"), (self.ask, "K"), (self.close_button, "C"))
        self.add.clicked.connect(self._add)
        self.agency.clicked.connect(self._take_agency)
        self.ask.clicked.connect(outbox.go_round)
        self.close_button.clicked.connect(self.accept)
        outbox.changed.connect(self.follow)
        outbox.advanced.connect(self._advance)
        outbox.failed.connect(self._say_failed)
        outbox.read()

    def follow(self) -> None:
        """Show the entries as they are now."""
        known = self._outbox.has_agency()
        shown = _chosen(self._outbox.entries)
        self.hint.set_text(
            self._texts.say("outbox.no_agency") if not known else self._texts.say("ui.outbox.none") if not shown else ""
        )
        self.hint.setVisible(not known or not shown)
        self.add.setEnabled(known)
        self.ask.setEnabled(known and not self._outbox.sending)
        numbers = [one.number for one in shown]
        for number in [one for one in self.cards if one not in numbers]:
            card = self.cards.pop(number)
            self.area.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for at, entry in enumerate(shown):
            if (found := self.cards.get(entry.number)) is not None:
                found.show_entry(entry)
            else:
                card = self.cards[entry.number] = EntryCard(entry, self._outbox, self._services, self.area.inner)
                self.area.column.insertWidget(at + _ABOVE, card, 0, Qt.AlignmentFlag.AlignTop)
        self.fit()

    def _advance(self, number: int, done: object) -> None:
        if number in self.cards and isinstance(done, int):
            self.cards[number].show_progress(done)

    def _add(self) -> None:
        say = self._texts.say
        chosen = choose_file(self, "bundle", say("ui.outbox.choose"), say("ui.outbox.files"))
        if chosen is not None:
            self.outcome.hide()
            self._outbox.add(chosen)

    def _take_agency(self) -> None:
        say = self._texts.say
        chosen = choose_file(self, "agency", say("ui.outbox.agency_choose"), say("ui.outbox.agency_files"))
        if chosen is None:
            return
        try:
            try:
                agency = self._outbox.take_agency(chosen, None)
            except DgdeskError as error:
                if error.code != "agency.untrusted":
                    raise
                signer = choose_file(self, "certificate", say("ui.outbox.signer_choose"), say("ui.outbox.signer_files"))
                if signer is None:
                    raise
                agency = self._outbox.take_agency(chosen, signer)
        except DgdeskError as error:
            self._say_failed(error)
            return
        office = agency.called(self._texts.catalogue.language)
        tell(self._texts, say("agency.taken", office=office, url=agency.url), self)
        self.follow()

    def _say_failed(self, error: object) -> None:
        if isinstance(error, DgdeskError):
            self.outcome.set_text(self._texts.error(error))
            self.outcome.show()
            self.fit()
            self.outcome.setFocus()


def _chosen(found: tuple[Entry, ...]) -> list[Entry]:
    """Return what is shown: all that waits and the latest of the rest, newest first."""
    waits = [one for one in found if one.status in OPEN]
    rest = [one for one in found if one.status not in OPEN][-_MOST_SHOWN:]
    return sorted((*waits, *rest), key=lambda one: -one.number)
