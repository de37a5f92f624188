"""The workspace of an open draft: outline, page, side panel and bottom bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.draft.drafts import Draft
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.pages import next_page, previous_page
from dgdesk.survey.rules.relevance import Shown
from dgdesk.ui.evidence.damage_check import DamageStrip
from dgdesk.ui.evidence.evidence_tab import EvidenceTab
from dgdesk.ui.evidence.maintenance import MaintenanceActions
from dgdesk.ui.evidence.overview.controller import OverviewController
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.evidence.viewers import flush_viewers, open_viewer, prepare_soon
from dgdesk.ui.form.bottom_bar import BottomBar
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.outline import Outline, OutlinePanel
from dgdesk.ui.form.page_view import PageView
from dgdesk.ui.form.wording import why_left_out
from dgdesk.ui.register.since_line import SinceLine
from dgdesk.ui.review.finder import Finder
from dgdesk.ui.review.navigator import Navigator
from dgdesk.ui.review.next_tab import NextTab
from dgdesk.ui.review.problem_list import ProblemsPanel
from dgdesk.ui.review.review_page import ReviewPage
from dgdesk.ui.review.undoing import Undoing
from dgdesk.ui.score.score_panel import ScorePanel
from dgdesk.ui.shell.journey import JourneyController
from dgdesk.ui.shell.panels import PanelSplitter, SideTabs
from dgdesk.ui.shell.read_only import ReadOnlyStrip, TriesToChange, WhyReadOnly, show_read_only
from dgdesk.ui.shell.side_rail import SideRail
from dgdesk.ui.shell.top_bar import TopBar
from dgdesk.ui.widgets.collector import settle_soon
from dgdesk.ui.widgets.echo import Echo, Offer
from dgdesk.ui.widgets.keyboard import FocusOrder, has_focus
from dgdesk.ui.widgets.services import Services


class Workspace(QWidget):
    """The widget of an open draft. ``page_opened`` carries a page's id.

    On a read-only draft ``edit_wanted`` asks to try to edit it, ``other_window_wanted`` for the window that does.
    """

    page_opened = Signal(str)
    edit_wanted = Signal()
    other_window_wanted = Signal()

    def __init__(self, draft: Draft, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.bridge = Bridge(draft, services.texts, self)
        self.read_only_strip: ReadOnlyStrip | None = None
        self.page_view = PageView(self.bridge, services, EvidenceSlot, self)
        self.page_view.explain_empty(self._why_empty)
        self.review_page = ReviewPage(self.bridge, services, self)
        self.centre = QStackedWidget(self)
        self.centre.addWidget(self.page_view)
        self.centre.addWidget(self.review_page)
        self.outline = Outline(self.bridge, services, self)
        self.score = ScorePanel(self.bridge, services, self)
        self.problems = ProblemsPanel(self.bridge, services, self)
        self.bar = BottomBar(services.texts, self)
        self.echoes = Echo(services.texts, self.centre)
        self.undoing = Undoing(self.bridge, services.texts, self.echo, self)
        finder = Finder(self.bridge, services, lambda: self.finding.index(), self)
        self.top = TopBar(finder, self.undoing, services, self)
        self.side = SideTabs(self)
        self.side.addTab(self.score, services.texts.say("ui.score"))
        self.next = NextTab(self.bridge, services, self.problems, self)
        self.evidence = EvidenceTab(self.bridge, services, self)
        self.side.addTab(self.next, "")
        self.side.addTab(self.evidence, services.texts.say("ui.places"))
        headed_outline = OutlinePanel(services.texts, self.outline, self)
        self.splitter = PanelSplitter(headed_outline, self.centre, self.side, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.rail = SideRail(self.bridge, services, self)
        self.rail.hide()
        self.rail.wanted.connect(self._unfold)
        self.splitter.folded.connect(self.rail.setVisible)
        layout.addWidget(self.top)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.splitter, 1)
        row.addWidget(self.rail)
        layout.addLayout(row, 1)
        layout.addWidget(self.bar)
        parts = (headed_outline, self.page_view, self.review_page, self.bar, self.side, self.top)
        self._focus_order = FocusOrder(parts, self)
        say = services.texts.say
        self.top.offer_help(
            (
                (say("ui.about.top"), lambda: self.top),
                (say("ui.outline"), lambda: self.outline),
                (say("ui.page"), lambda: self.page_view),
                (say("ui.side"), self._tab),
                (say("ui.bar"), lambda: self.bar),
            )
        )
        self.page_view.whole.connect(self._focus_order.ask)
        self.finding = Navigator(self, self)
        self.overview = OverviewController(self, self.finding.index, self.finding.place, self)
        self.maintenance = MaintenanceActions(self.bridge, services, self.flush, self)
        self._connect()
        self._count_problems(sum(one.severity == "error" for one in self.bridge.state.problems))
        self.open_page(next(iter(self.bridge.form.pages)))
        settle_soon(self)
        prepare_soon(self.bridge, services)

    @property
    def page(self) -> str:
        """The id of the form page that is shown, or was shown before the review page."""
        return self.page_view.page

    @property
    def on_review(self) -> bool:
        """Whether the review page is shown."""
        return self.centre.currentWidget() is self.review_page

    def open_page(self, page: str) -> bool:
        """Show a page. False: some input could not be saved, and the old page stays."""
        if page != self.page and not self.flush():
            self._mark_place()
            return False
        held = has_focus(self.centre)
        self.bar.offer_review(False)
        self.page_view.show_page(page)
        self.centre.setCurrentWidget(self.page_view)
        if held:
            self._focus_order.follow()
            self.page_view.enter()
        self._focus_order.ask()
        self.outline.mark_page(page)
        self.problems.open_page(page)
        self._follow_page()
        self.page_opened.emit(page)
        return True

    def enter(self) -> None:
        """Give the focus to the page: to its first field to fill in."""
        if self.on_review:
            self.review_page.enter()
        else:
            self.page_view.enter()

    def open_review(self) -> bool:
        """Show the review page. False: some input could not be saved, and the form page stays."""
        if not self.on_review and not self.flush():
            self._mark_place()
            return False
        self.bar.offer_review(False)
        self.centre.setCurrentWidget(self.review_page)
        self.outline.mark_review()
        self.review_page.enter()
        self._focus_order.ask()
        self.journey.follow()
        return True

    def go_to(self, address: str, slot: str = "") -> None:
        """Go to a question or an evidence slot on any page."""
        page, led = self.bridge.form.node(address).page, self.on_review
        if (page == self.page and not led) or self.open_page(page):
            self.page_view.go_to(address, slot or None, reveal=True)
            if led:
                self.bar.offer_review(True)

    def go_back(self) -> None:
        """Go to the previous relevant page; from the review page to the form page before it."""
        if self.on_review:
            self.open_page(self.page)
        else:
            self._step(previous_page)

    def go_on(self) -> None:
        """Go to the next relevant page; after the last one to the review page."""
        if not self._step(next_page) and not self.on_review:
            self.open_review()

    def undo(self) -> None:
        """Undo the last change."""
        if self.flush():
            self.undoing.go("undo")

    def redo(self) -> None:
        """Redo the last undone change."""
        if self.flush():
            self.undoing.go("redo")

    def flush(self) -> bool:
        """Save all typed input. False: something could not be saved."""
        flush_viewers(self.bridge)
        return all([self.page_view.flush(), self.score.flush(), self.bridge.flush()])

    def show_side(self, wanted: bool) -> None:
        """Show or hide the side panel, whatever the window's width."""
        held = has_focus(self.side)
        self.splitter.side_wanted = wanted
        self.splitter.fit(self.width())
        if held and self.side.isHidden():
            self.enter()

    def _unfold(self, tab: int) -> None:
        self.side.setCurrentIndex(tab)
        self.show_side(True)

    def show_notice(self, strip: QWidget) -> None:
        """Show a notice above the bar at the bottom: one that comes late moves nothing of the page."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.bar), strip)

    def echo(self, words: str, offer: Offer | None = None) -> None:
        """Say for some seconds what has just been done; ``offer`` is a button beside it."""
        self.echoes.say(words, offer)

    def say_read_only(self, why: WhyReadOnly, *, still: bool = False) -> None:
        """Show in the strip why the draft cannot be edited; ``still``: after a try to edit that failed."""
        if self.read_only_strip is None:
            strip = self.read_only_strip = ReadOnlyStrip(self.services, why, self)
            strip.again.connect(self.edit_wanted)
            strip.other.connect(self.other_window_wanted)
            self._tries = TriesToChange(self.page_view, strip.pulse, self)
            show_read_only(self.page_view)
            layout = self.layout()
            if isinstance(layout, QVBoxLayout):
                layout.insertWidget(1, strip)
        self.read_only_strip.say_why(why, still=still)
        if still:
            self.read_only_strip.pulse()

    def toggle_side(self) -> None:
        """Show or hide the side panel."""
        self.show_side(self.side.isHidden())

    def toggle_flag(self) -> None:
        """Flag the current question as not sure, or take its flag away."""
        if not self.on_review:
            self.finding.toggle_flag()

    def answer_no(self) -> None:
        """Answer "no" to everything that is left on the page."""
        if not self.on_review:
            self.page_view.answer_no()

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add the actions of the question that contains widget ``at`` to a menu."""
        if self.page_view.isAncestorOf(at):
            self.finding.add_actions(menu, at)

    def save_copy(self) -> None:
        """Save a copy of the draft where the user chooses."""
        self.maintenance.save_copy()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.bridge.follow_day()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.splitter.fit(event.size().width())

    def _tab(self) -> QWidget:
        return self.side.currentWidget()

    def _connect(self) -> None:
        bridge, bar = self.bridge, self.bar
        self.outline.page_wanted.connect(self.open_page)
        self.outline.review_wanted.connect(self.open_review)
        self.review_page.wanted.connect(self.go_to)
        self.review_page.page_wanted.connect(self.open_page)
        self.review_page.changes_wanted.connect(self.finding.changes)
        self.score.wanted.connect(self.go_to)
        self.problems.wanted.connect(self.go_to)
        self.next.wanted.connect(self.go_to)
        self.evidence.wanted.connect(self.go_to)
        self.evidence.next_wanted.connect(self.overview.go_to_missing)
        self.evidence.overview_wanted.connect(self.overview.show)
        self.evidence.opened.connect(lambda slot, sha: open_viewer(bridge, self.services, slot, sha, self))
        self.problems.counted.connect(self._count_problems)
        self.top.finder.wanted.connect(self.finding.lead)
        bar.back.connect(self.go_back)
        bar.next.connect(self.go_on)
        bar.todo.connect(self.finding.go_to_error)
        bar.review.connect(self.open_review)
        bridge.pending.connect(bar.say_pending)
        bridge.saved.connect(bar.say_saved)
        bridge.failed.connect(bar.say_failed)
        bridge.changed.connect(self._changed)
        bar.show_work(bridge.jobs)
        damage = DamageStrip(bridge, self.services.texts, bar)
        damage.wanted.connect(self.maintenance.show_damage)
        bar.show_above(damage)
        self.since = SinceLine(bridge, self.services.texts, bar)
        self.journey = JourneyController(self)
        if bridge.read_only:
            bar.say_read_only()
        else:
            bar.say_nothing_waits()

    def _changed(self, changes: Changes) -> None:
        if changes.shown or changes.evidence or changes.flags:
            self._focus_order.ask()
        else:
            self._focus_order.ask_later()
        if changes.shown or changes.problems:
            self._follow_page()

    def _follow_page(self) -> None:
        self.journey.follow()

    def _mark_place(self) -> None:
        """Mark in the outline what is shown, after another entry was chosen in vain."""
        if self.on_review:
            self.outline.mark_review()
        else:
            self.outline.mark_page(self.page)

    def _step(self, neighbour: Callable[[Form, Shown, str], str | None]) -> bool:
        """Go to a neighbouring page; False: there is none, and all input is saved."""
        if not self.flush():
            return True
        page = neighbour(self.bridge.form, self.bridge.state.shown, self.page)
        if page is not None:
            self.open_page(page)
        return page is not None

    def _count_problems(self, count: int) -> None:
        say = self.services.texts.say
        self.side.name_tab(1, say("ui.next_tab", count=count), say("ui.next_tab.brief"))
        self.splitter.refit()

    def _why_empty(self, page: str) -> str:
        return why_left_out(self.bridge.form, self.bridge.state, page, self.services.texts)
