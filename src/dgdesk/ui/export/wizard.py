"""The export wizard: is the survey ready, who signs, which file, and the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.report import ExportStep
from dgdesk.bundle.signing.identity_store import IdentityStore
from dgdesk.draft.newest import newest_moment
from dgdesk.draft.unsent import notice_lines
from dgdesk.errors import DgdeskError
from dgdesk.submission.since_export import status_since
from dgdesk.ui.evidence.viewer.tools import make_button
from dgdesk.ui.export.choices import ASKED, Remembered, Stage, steps_of_work
from dgdesk.ui.export.done_page import DonePage, Exported
from dgdesk.ui.export.folder_page import FolderPage
from dgdesk.ui.export.job import STOPPED, ExportJob, ExportOrder
from dgdesk.ui.export.pages import ReadyPage, SignerPage, WizardPage, announce, tell_on
from dgdesk.ui.export.work_page import WorkPage
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog, largest_on
from dgdesk.ui.widgets.keyboard import chain, in_order
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

_LETTERS_WIDE, _LINES_HIGH = 96, 36
_Page = TypeVar("_Page", bound=WizardPage)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _knows_signers(services: Services) -> bool:
    store = IdentityStore(services.profile.identity, services.profile.identities)
    try:
        return any(one.card is not None for one in store.kept())
    except DgdeskError:  # the page that asks for the signer reports it
        return False


class ExportWizard(FittedDialog):
    """The wizard. ``wanted`` carries the address and evidence slot (or "") of a problem to fix.

    ``register_wanted`` asks for the register of exports, ``signing_wanted`` for the signing set, ``send_wanted`` to
    send the bundle of a digest, with its file's name. ``made`` is the result of the export, ``remembered`` the choices
    for the next one. Choices are kept while the wizard is open, even after a failure.
    """

    wanted = Signal(str, str)
    register_wanted = Signal()
    signing_wanted = Signal()
    send_wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, remembered: Remembered, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self.remembered = remembered
        self.made: Exported | None = None
        self._ended: Literal["", "failed", "stopped"] = ""
        self.stage: Stage = "ready"
        self._pages: dict[Stage, WizardPage] = {}
        self._exporting = ExportJob(bridge, self._texts.say("ui.exporting.title_of_work"), services.profile, self)
        self._order: ExportOrder | None = None
        self._merged = _knows_signers(services)
        """Whether signer and place are asked on one page: a known signer is asked only for the passphrase."""
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setStyleSheet(sheet())
        self.setWindowTitle(self._texts.say("ui.export.title"))
        self.head = WrapLabel(self._texts, "", "sectiontitle", self)
        self.stack = QStackedWidget(self)
        self.fault = WrapLabel(self._texts, "", "error", self)
        self.fault.hide()
        self._lay_out()
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.leave.clicked.connect(self.reject)
        self._exporting.stepped.connect(self._step)
        self._exporting.progressed.connect(self._advance)
        self._exporting.done.connect(self._take_report)
        self._exporting.failed.connect(self._take_failure)
        self._show("ready")

    @property
    def ready_page(self) -> ReadyPage:
        """The first page."""
        return self._page("ready", ReadyPage, self._make_ready)

    @property
    def signer_page(self) -> SignerPage:
        """The second page. Raises as `IdentityPicker` if this PC's identities cannot be read."""
        return self._page("signer", SignerPage, self._make_signer)

    @property
    def place_page(self) -> FolderPage:
        """The third page."""
        return self._page("place", FolderPage, self._make_place)

    @property
    def work_page(self) -> WorkPage:
        """The fourth page."""
        return self._page("work", WorkPage, lambda: WorkPage(self._services, self.stack))

    @property
    def done_page(self) -> DonePage:
        """The last page; it exists once there is a bundle."""
        return self._page("done", DonePage, self._make_done)

    @property
    def asked(self) -> tuple[Stage, ...]:
        """The numbered pages of this export, in order."""
        return tuple(stage for stage in ASKED if not (self._merged and stage == "place"))

    @property
    def _is_draft(self) -> bool:
        return self.ready_page.errors > 0 and self.ready_page.as_draft.isChecked()

    @property
    def busy(self) -> bool:
        """Whether the export is running."""
        return self._exporting.busy

    def go_on(self) -> None:
        """Accept this page's choices and show the next page, or show the error."""
        if self.busy or self.stage == "done":
            return
        try:
            if self.stage == "work":  # a retry: the disk may have changed
                self.place_page.settle()
            self._pages[self.stage].settle()
            self._follow_choices()
            if self.stage in self.asked[-2:]:
                self._begin()
            else:
                self._show(self.asked[self.asked.index(self.stage) + 1])
        except DgdeskError as error:
            self._say_fault(error)

    def go_back(self) -> None:
        """Show the previous page; this page's choices are kept."""
        if not self.busy and self.stage in self.asked[1:]:
            self._show(self.asked[self.asked.index(self.stage) - 1])

    def reject(self) -> None:
        """Close; while the export runs, cancel it instead and say so."""
        if self.busy:
            self._exporting.stop()
            self.work_page.say_stopping()
            self.leave.setEnabled(False)
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.busy:
            self.reject()
            event.ignore()
        else:
            super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = QApplication.focusWidget()
        listed = "ready" in self._pages and focus is not None and self.ready_page.list.isAncestorOf(focus)
        if event.key() in _ENTER and (listed or not self.isVisible()):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        say = self._texts.say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE + SPACE // 2, 2 * SPACE, 2 * SPACE + SPACE // 2, SPACE + SPACE // 2)
        layout.setSpacing(SPACE)
        layout.addWidget(self.head)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.fault)
        row = QHBoxLayout()
        self._about = what_this_is(self, self._texts, "ui.what.export")
        row.addWidget(self._about)
        row.addStretch(1)
        self.back = make_button(say("ui.exporting.back"), self)
        self.next = QPushButton(say("ui.exporting.next_page"), self)
        self.next.setObjectName("primary")
        self.next.setDefault(True)
        self.leave = make_button(say("ui.cancel"), self)
        for button in (self.back, self.next, self.leave):
            row.addWidget(button)
        layout.addLayout(row)
        give_keys((self.back, "B"), (self.next, "X"), (self.leave, "C"))
        metrics = self.fontMetrics()
        wanted = QSize(_LETTERS_WIDE * metrics.averageCharWidth(), _LINES_HIGH * metrics.height())
        self.resize(wanted.boundedTo(largest_on(self.screen())))

    def _show(self, stage: Stage) -> None:
        pages: dict[Stage, Callable[[], WizardPage]] = {
            "ready": lambda: self.ready_page,
            "signer": lambda: self.signer_page,
            "place": lambda: self.place_page,
            "work": lambda: self.work_page,
            "done": lambda: self.done_page,
        }
        page = pages[stage]()
        self.stage = stage
        self.fault.hide()
        self._ended = ""
        page.enter()
        self.stack.setCurrentWidget(page)
        page.verticalScrollBar().setValue(0)
        self._say_head()
        self._follow()
        chain((page, *in_order(page.body), self._about, self.back, self.next, self.leave))
        self._put_focus()

    def _put_focus(self) -> None:
        on = self.leave if self.next.isHidden() or not self.next.isEnabled() else self.next
        first = self._pages[self.stage].first() or on
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def _say_head(self) -> None:
        say = self._texts.say
        words = say(f"ui.exporting.head.{self._ended or self.stage}")
        if self.stage in self.asked:
            at = self.asked.index(self.stage) + 1
            if self._merged and self.stage == "signer":
                words = say("ui.exporting.head.sign")
            words = say("ui.exporting.numbered", at=at, count=len(self.asked), words=words)
        elif self.made is not None and self.made.draft:
            words = say("ui.exporting.head.done_draft")
        self.head.set_text(words)

    def _follow(self) -> None:
        """Update the buttons and their texts."""
        say, stage, busy = self._texts.say, self.stage, self.busy
        self.back.setVisible(stage != "done" and not busy)
        self.back.setEnabled(stage != "ready")
        self.next.setVisible(stage != "done" and not busy)
        self.next.setEnabled(stage in self._pages and self._pages[stage].may_go_on())
        sign = "ui.exporting.sign_draft" if self._is_draft else "ui.exporting.sign"
        last = self.asked[-2]
        words = {last: sign, "work": "ui.exporting.again"}.get(stage, "ui.exporting.next_page")
        set_lettered_text(self.next, say(words), "X")
        leave = "ui.close" if stage == "done" else "ui.exporting.stop" if busy else "ui.cancel"
        set_lettered_text(self.leave, say(leave), "C")
        self.leave.setEnabled(True)
        self.leave.setDefault(stage == "done")

    def _follow_choices(self) -> None:
        """Pass the choices of one page to the others."""
        if "place" in self._pages:
            self.place_page.suggest(as_draft=self._is_draft)

    def _say_fault(self, error: DgdeskError) -> None:
        tell_on(self.fault, "error", self._texts.error(error))
        self._follow()
        self._put_focus()
        announce(self.fault)

    def _begin(self) -> None:
        """Start the export."""
        place, identity = self.place_page.place, self.signer_page.identity
        assert place is not None and identity is not None
        self.remembered = self.place_page.remembered()
        self._order = ExportOrder(
            place,
            identity,
            self._services.clock(),
            self._is_draft,
            self.ready_page.correction.words,
            self.ready_page.correction.never_sent.isChecked(),
        )
        evidence = self._bridge.state.facts.evidence.values()
        marked = any(one.marks for some in evidence for one in some)
        self.work_page.begin(steps_of_work(marked=marked, sealed=bool(place.recipients)), str(place.target))
        self._exporting.begin(self._order)
        self._show("work")

    def _step(self, step: ExportStep) -> None:
        self.work_page.step(step)

    def _advance(self, done: int, total: int) -> None:
        self.work_page.advance(done, total)

    def _take_report(self, report: ExportReport) -> None:
        order, bridge = self._order, self._bridge
        assert order is not None
        unsent = notice_lines(bridge.form, bridge.state.facts.answers, report.unsent, self._texts.say)
        self.made = Exported(
            report,
            order.identity,
            self.signer_page.picker.certificate_path,
            order.claimed,
            draft=self.ready_page.errors > 0,
            receivers=len(order.place.recipients),
            registered=not bridge.read_only,
            unsent=unsent,
        )
        self._show("done")

    def _take_failure(self, error: DgdeskError) -> None:
        stopped = error.code == STOPPED
        self.work_page.end(self._texts.error(error), stopped=stopped)
        self._ended = "stopped" if stopped else "failed"
        self._say_head()
        self._follow()
        self._put_focus()
        announce(self.work_page.state)

    def _page(self, stage: Stage, kind: type[_Page], make: Callable[[], _Page]) -> _Page:
        found = self._pages.get(stage)
        if not isinstance(found, kind):
            found = make()
            self._pages[stage] = found
            self.stack.addWidget(found)
            found.changed.connect(self._take_change)
        return found

    def _take_change(self) -> None:
        self.fault.hide()
        self._follow()

    def _make_ready(self) -> ReadyPage:
        page = ReadyPage(self._bridge, self._services, status_since(self._bridge.draft.package), self.stack)
        page.list.wanted.connect(self._lead)
        return page

    def _make_signer(self) -> SignerPage:
        draft = self._bridge.draft
        page = SignerPage(self._services, draft.respondent_name, newest_moment(draft), self.stack)
        if self._merged:
            page.join(self.place_page)
        return page

    def _make_place(self) -> FolderPage:
        page = FolderPage(self._bridge.draft, self._services, self.remembered, self.stack)
        page.suggest(as_draft=self._is_draft)
        return page

    def _make_done(self) -> DonePage:
        assert self.made is not None
        page = DonePage(self._services, self.made, self.stack)
        page.register_wanted.connect(self._lead_to_register)
        page.signing_wanted.connect(self._lead_to_signing)
        page.send_wanted.connect(self._lead_to_sending)
        return page

    def _lead_to_register(self) -> None:
        self.reject()
        self.register_wanted.emit()

    def _lead_to_signing(self) -> None:
        self.reject()
        self.signing_wanted.emit()

    def _lead_to_sending(self, digest: str, name: str) -> None:
        self.reject()
        self.send_wanted.emit(digest, name)

    def _lead(self, address: str, slot: str) -> None:
        self.reject()
        self.wanted.emit(address, slot)
