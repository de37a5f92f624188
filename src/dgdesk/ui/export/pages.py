"""What every page of the wizard shares, and its first two: is the survey ready, and who signs."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import PROVINCE
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.submission.export import count_errors
from dgdesk.submission.since_export import SinceExport
from dgdesk.text.dates import THAILAND, time_text
from dgdesk.ui.export.choices import clock_warnings
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.identities.picker import IdentityPicker
from dgdesk.ui.review.problem_list import ProblemList
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel


class WizardPage(QScrollArea):
    """A page. ``changed``: whether one may go on from here may be another matter now."""

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
        self.column.setContentsMargins(4, 4, 10, 4)
        self.column.setSpacing(10)
        self.setWidget(self.body)

    def enter(self) -> None:
        """Show what is so now; called whenever the page comes up."""

    def first(self) -> QWidget | None:
        """Return what has the focus when the page comes up; None: what leads on."""
        return None

    def may_go_on(self) -> bool:
        """Whether enough is chosen to try to go on."""
        return True

    def settle(self) -> None:
        """Take what was chosen, as the person goes on.

        Raises:
            DgdeskError: what stands against it; the page stays.
        """

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        focus = cast("QWidget | None", self.window().focusWidget())  # which is said never to be missing, and may be
        if focus is not None and self.body.isAncestorOf(focus):
            self.ensureWidgetVisible(focus)

    def add_text(self, words: str = "", role: str = "text") -> WrapLabel:
        """Add a text at the end; an empty one is hidden."""
        label = WrapLabel(self.texts, words, role, self.body)
        label.setVisible(bool(words))
        self.column.addWidget(label)
        return label


def announce(label: WrapLabel) -> None:
    """Have a screen reader read a label out, wherever the focus is."""
    QAccessible.updateAccessibility(QAccessibleEvent(label, QAccessible.Event.Alert))


def tell_on(label: WrapLabel, role: str, words: str) -> None:
    """Show words on a label, or nothing when empty."""
    label.set_role(role)
    label.set_text(words)
    label.setVisible(bool(words))


_LIST_LINES = 9


class ReadyPage(WizardPage):
    """The page. Its problem list's ``wanted`` leads to a question."""

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
        self.list = ProblemList(bridge, services, self.body, unfolded=True)
        self.list.setVisible(bool(problems))
        self.list.setMinimumHeight(_LIST_LINES * self.fontMetrics().lineSpacing())
        self.column.addWidget(self.list, 1 if problems else 0)
        if not problems:
            self.column.addStretch(1)
        else:
            self.list.kind.setCurrentIndex(self.list.kind.findData("errors" if self.errors else "all"))
            self.list.fill()
        self.as_draft.toggled.connect(self.changed)
        if self.errors:
            tell_on(self.state, "error", say("ui.exporting.not_ready", count=self.errors))
        elif problems:
            tell_on(self.state, "status", say("ui.exporting.ready_warnings", count=len(problems)))
        else:
            tell_on(self.state, "status", say("ui.exporting.ready"))

    def first(self) -> QWidget | None:
        """Begin with the choice, where there is one."""
        return self.as_draft if self.errors else None

    def may_go_on(self) -> bool:
        """Ready, or a draft on the person's word."""
        return not self.errors or self.as_draft.isChecked()

    def settle(self) -> None:
        """See `WizardPage.settle`.

        Raises:
            CheckFailed: ``export.not_ready``.
            UsageError: ``export.no_province``.
        """
        if not self.may_go_on():
            raise CheckFailed("export.not_ready", count=self.errors)
        if not isinstance(self._bridge.value(PROVINCE), str):
            raise UsageError("export.no_province")


def since_words(since: SinceExport, services: Services) -> str:
    """Say whether the survey was changed since its last export."""
    say, language = services.texts.say, services.texts.catalogue.language
    if since.last is None:
        return say("ui.exporting.since_never")
    values = {
        "file": str(since.last.record.get("file", "-")),
        "when": time_text(since.last.at.astimezone(THAILAND), language),
        "changes": since.changes,
    }
    return say(f"ui.exporting.since_{since.state}", **values)


class SignerPage(WizardPage):
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
