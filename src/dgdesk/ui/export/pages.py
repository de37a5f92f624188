"""The base of the wizard's pages, and the first two: is the survey ready, and who signs."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import require_respondent
from dgdesk.draft.unsent import unsent_summary
from dgdesk.errors import CheckFailed
from dgdesk.submission.export import count_errors
from dgdesk.submission.since_export import SinceExport
from dgdesk.system.bounds import as_text
from dgdesk.system.check.clock import clock_fault
from dgdesk.text.dates import time_text
from dgdesk.text.shown import plain_name
from dgdesk.ui.export.correction_panel import CorrectionPanel
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.review.problem_list import ProblemList
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.clock import may_date
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE


class WizardPage(QScrollArea):
    """A page of the wizard. ``changed``: the result of `may_go_on` may have changed."""

    changed = Signal()

    def __init__(self, texts: Texts, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts = texts
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(SPACE // 2, SPACE // 2, SPACE, SPACE // 2)
        self.column.setSpacing(SPACE)
        self.setWidget(self.body)

    def enter(self) -> None:
        """Update the page; called whenever it is shown."""

    def first(self) -> QWidget | None:
        """Return the widget to focus when the page is shown; None for the continue button."""
        return None

    def may_go_on(self) -> bool:
        """Whether the user can continue."""
        return True

    def settle(self) -> None:
        """Check and store the choices when the user continues.

        Raises:
            DgdeskError: why the user cannot continue; the page stays.
        """

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        focus = cast("QWidget | None", self.window().focusWidget())  # the stubs say it is never None, but it can be
        if focus is not None and self.body.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def add_text(self, words: str = "", role: str = "text") -> WrapLabel:
        """Add a text at the end; an empty text is hidden."""
        label = WrapLabel(self.texts, words, role, self.body)
        label.setVisible(bool(words))
        self.column.addWidget(label)
        return label


def announce(label: WrapLabel) -> None:
    """Make screen readers read a label, wherever the focus is."""
    QAccessible.updateAccessibility(QAccessibleEvent(label, QAccessible.Event.Alert))


def tell_on(label: WrapLabel, role: str, words: str) -> None:
    """Show words on a label; hide it if they are empty."""
    label.set_role(role)
    label.set_text(words)
    label.setVisible(bool(words))


_LIST_LINES = 9
_TICK = 5_000
"""Milliseconds between two readings of the clock: the page may stand for minutes before it is signed."""


class ReadyPage(WizardPage):
    """Shows whether the survey is ready. The problem list's ``wanted`` goes to a question."""

    def __init__(self, bridge: Bridge, services: Services, since: SinceExport, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.ready"), parent)
        say = self.texts.say
        self._bridge = bridge
        bridge.follow_day()
        problems = bridge.state.problems
        self.errors = count_errors(bridge.state)
        self.state = self.add_text()
        self.as_draft: QCheckBox = CheckRow(self.texts, (Run(say("ui.exporting.as_draft")),), self.body)
        self.as_draft.setVisible(self.errors > 0)
        self.column.addWidget(self.as_draft)
        self.means = self.add_text(say("ui.exporting.draft_means") if self.errors else "", "hint")
        self.since = self.add_text(since_words(since, services))
        self.correction = CorrectionPanel(bridge.draft, self.texts, self.body)
        self.column.addWidget(self.correction)
        self.unsent = self.add_text(unsent_summary(bridge.state.unsent, say), "warning")
        self.list = ProblemList(bridge, services, self.body, unfolded=True)
        listed = bool(problems or bridge.state.unsent)
        self.list.setVisible(listed)
        self.list.setMinimumHeight(_LIST_LINES * self.fontMetrics().lineSpacing())
        self.column.addWidget(self.list, 1 if listed else 0)
        if not listed:
            self.column.addStretch(1)
        else:
            self.list.kind.setCurrentIndex(self.list.kind.findData("errors" if self.errors else "all"))
            self.list.fill()
        self.as_draft.toggled.connect(self.changed)
        self.correction.changed.connect(self.changed)
        self.correction.setVisible(self.corrects)
        if self.errors:
            tell_on(self.state, "error", say("ui.exporting.not_ready", count=self.errors))
        elif problems:
            tell_on(self.state, "status", say("ui.exporting.ready_warnings", count=len(problems)))
        else:
            tell_on(self.state, "status", say("ui.exporting.ready"))

    @property
    def corrects(self) -> bool:
        """Whether this export is a correction, or may be one; an export marked as a draft replaces nothing."""
        return self.correction.asked and not self.errors

    def first(self) -> QWidget | None:
        """Focus the choice, or the reason, if one is asked for."""
        if self.errors:
            return self.as_draft
        return self.correction.reason if self.corrects and not self.correction.asks.isHidden() else None

    def may_go_on(self) -> bool:
        """Whether the survey is ready and a correction has its reason, or the user chose to export a draft."""
        if self.errors:
            return self.as_draft.isChecked()
        return not self.corrects or self.correction.may_go_on()

    def settle(self) -> None:
        """See `WizardPage.settle`.

        Raises:
            CheckFailed: ``export.not_ready``.
            UsageError: as `require_respondent` and `CorrectionPanel.settle`.
        """
        if self.errors and not self.as_draft.isChecked():
            raise CheckFailed("export.not_ready", count=self.errors)
        if self.corrects:
            self.correction.settle()
        session = self._bridge.draft.session
        require_respondent(session.form, session.state.facts.answers)


def since_words(since: SinceExport, services: Services) -> str:
    """Return a sentence: was the survey changed since its last export?"""
    say, language = services.texts.say, services.texts.catalogue.language
    if since.last is None:
        return say("ui.exporting.since_never")
    values = {
        "file": plain_name(as_text(since.last.record.get("file", "-"))),
        "when": time_text(since.last.at, language),
        "changes": since.changes,
    }
    return say(f"ui.exporting.since_{since.kind}", **values)


class SignerPage(WizardPage):
    """Asks for the signer. ``identity`` is opened when the user continues."""

    def __init__(self, services: Services, respondent: str, newest: datetime | None, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.signer"), parent)
        self._services, self._newest = services, newest
        self._joined: WizardPage | None = None
        self.identity: Identity | None = None
        say = self.texts.say
        self.add_text(say("ui.exporting.signer_intro"))
        self.picker = IdentityPicker(services, respondent, self.body)
        self.column.addWidget(self.picker)
        clock = Panel("card", self.body)
        inner = QVBoxLayout(clock)
        inner.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        self.time = WrapLabel(self.texts, "", "question", clock)
        self.check = WrapLabel(self.texts, say("ui.exporting.check_clock"), "hint", clock)
        self.warning = WrapLabel(self.texts, "", "warning", clock)
        for label in (self.time, self.check, self.warning):
            inner.addWidget(label)
        self.column.addWidget(clock)
        self.column.addStretch(1)
        self.picker.changed.connect(self._forget)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK)
        self._ticking.timeout.connect(self._say_time)
        self._ticking.start()
        self._say_time()

    def join(self, other: WizardPage) -> None:
        """Show the questions of another page below this one's; both are then answered together."""
        self._joined = other
        other.column.setContentsMargins(0, 0, 0, 0)
        self.column.insertWidget(self.column.count() - 1, other.takeWidget())
        other.changed.connect(self.changed)

    def enter(self) -> None:
        """Show the time of this PC's clock, and warnings about it."""
        self._say_time()
        if self._joined is not None:
            self._joined.enter()

    def _say_time(self) -> None:
        now = self._services.clock()
        card, language = self.picker.card, self.texts.catalogue.language
        valid_from = None if card is None else card.certificate.not_valid_before_utc
        words = time_text(now, language)
        self.time.set_text(self.texts.say("ui.exporting.claimed", time=words))
        fault = clock_fault(now, latest=self._newest, profile=self._services.profile.root)
        warnings = [] if fault is None else [self.texts.error(CheckFailed(fault.code, **fault.values))]
        if valid_from is not None and now < valid_from:
            since = time_text(valid_from, language)
            warnings.append(self.texts.say("ui.exporting.clock_before_certificate", valid=since))
        tell_on(self.warning, "warning", "\n".join(warnings))

    def first(self) -> QWidget | None:
        """Focus a name that is too long, else the first empty box, else the passphrase."""
        if self.picker.name_fault:
            return self.picker.person
        boxes = (self.picker.passphrase, self.picker.person, self.picker.new.first)
        shown = [one for one in boxes if one.isVisibleTo(self.picker)]
        return next((one for one in shown if not one.text()), shown[-1] if shown else None)

    def may_go_on(self) -> bool:
        """Whether an identity can be opened or created."""
        ready = self.identity is not None or self.picker.ready()
        return ready and (self._joined is None or self._joined.may_go_on())

    def settle(self) -> None:
        """Open or create the identity, once; under a clock that cannot be right only if the user says so.

        Raises:
            CheckFailed: ``ui.exporting.clock_first``; as `IdentityPicker.identity`, and as the page that was joined.
        """
        fault = clock_fault(self._services.clock(), profile=self._services.profile.root)
        # What is only doubtful about the clock already stands on the page.
        if fault is not None and fault.severity == "error" and not may_date(self._services, self.window()):
            raise CheckFailed("ui.exporting.clock_first")
        if self.identity is None:
            self.identity = self.picker.identity()
        if self._joined is not None:
            self._joined.settle()

    def _forget(self) -> None:
        self.identity = None
        self._say_time()
        self.changed.emit()
