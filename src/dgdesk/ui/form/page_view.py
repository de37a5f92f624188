"""Shows one page of the form, built when it is opened; a change redraws only what it names."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.definition.models import EvidenceRequest
from dgdesk.survey.definition.notes import is_repeat
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.relevance import reasons
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.context import FieldWidget, LazyNode, PageContext, ProblemClass, SlotWidget, add_nodes, to_words
from dgdesk.ui.form.field_parts import NotesBox
from dgdesk.ui.form.field_view import FieldView, make_field
from dgdesk.ui.form.flag_line import FlagLine
from dgdesk.ui.form.page_foot import PageFoot
from dgdesk.ui.form.wording import reason_words
from dgdesk.ui.widgets.context_menu import popup_menu
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import Stacked, column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import thin_bars
from dgdesk.ui.widgets.theme_file import SPACE

_NOTHING: tuple[tuple[str, ...], ProblemClass] = ((), "error")
_AIR = 8
"""Pixels that are seen above and below what is brought into view."""
_STEP = 240
"""Pixels of a page to build in one turn of the event loop, which takes a few milliseconds."""


class PageView(QScrollArea):
    """Shows one page at a time. ``whole`` is emitted when all of it is built."""

    whole = Signal()

    def __init__(
        self,
        bridge: Bridge,
        services: Services,
        make_slot: Callable[[PageContext, str, EvidenceRequest, QWidget, bool], QWidget],
        parent: QWidget | None = None,
    ) -> None:
        """``make_slot`` builds an evidence slot, as in `PageContext`."""
        super().__init__(parent)
        self.setObjectName("page")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        thin_bars(self)
        self._bridge, self._services, self._make_slot = bridge, services, make_slot
        self.page = ""
        self.parts = PageContext(bridge, services, make_field, make_slot)
        self._revealed: set[str] = set()
        self._said: dict[str, tuple[tuple[str, ...], ProblemClass]] = {}
        self._why_empty: Callable[[str], str] = lambda page: ""
        self.foot: PageFoot | None = None
        self._steps = QTimer(self)
        self._steps.setInterval(0)
        self._steps.timeout.connect(self._step)
        bridge.changed.connect(self.follow)

    def explain_empty(self, why: Callable[[str], str]) -> None:
        """Set the function that says why a page has no relevant questions."""
        self._why_empty = why

    def flush(self) -> bool:
        """Write all typed text. Return False if something could not be saved; that text stays in its box."""
        return self.parts.flush()

    def show_page(self, page: str) -> None:
        """Build and show a page. Typed text of the previous page must have been flushed."""
        self.parts.drop()
        self.page = page
        self.parts = PageContext(self._bridge, self._services, make_field, self._make_slot)
        self.parts.bring = self.bring
        self._revealed.clear()
        self._said = {}
        content = Stacked()
        content.setObjectName("pagecontent")
        layout = column(content, 2 * SPACE)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 3 * SPACE)
        self._titles(layout, content)
        self.parts.fold.begin(self.viewport().height())
        holders = self._questions(content, layout)
        if not any(holder.shown for holder in holders):
            layout.addWidget(WrapLabel(self._services.texts, self._why_empty(page), "hint", content))
        self.parts.fold.end()
        self.foot = PageFoot(self.parts, page, self.flush, content)
        layout.addWidget(self.foot)
        layout.addStretch(1)
        old = self.takeWidget()
        self.setWidget(content)
        if old is not None:
            old.hide()
            old.deleteLater()
        self.verticalScrollBar().setValue(0)
        self._say_reasons()
        self._say_problems()
        self._steps.start()

    def finish(self) -> None:
        """Build the rest of the page now."""
        self._build(self.parts.fold.build)

    def follow(self, changes: Changes) -> None:
        """Redraw what a change names."""
        if self.page not in changes.pages and not changes.problems:
            return
        parts = self.parts
        parts.new_parts.clear()
        parts.fold.begin(self.viewport().height() / 2)
        for position in sorted(changes.shown):
            if position in parts.holders:
                parts.holders[position].follow()
        for address in changes.answers:
            if (part := parts.by_address.get(address)) is not None:
                part.refresh()
            self._follow_table(address)
        for slot in changes.evidence:
            if (place := parts.places.get(slot)) is not None:
                place.refresh()
        for address in changes.flags:
            part = parts.by_address.get(address)
            if isinstance(part, FieldView):
                part.show_flag()
        parts.fold.end()
        if self.foot is not None:
            self.foot.follow()
        if parts.fold.waits:
            self._steps.start()
        if changes.shown:
            self._say_reasons()
        if changes.problems or parts.new_parts:
            self._say_problems()

    def go_to(self, address: str, slot: str | None = None, *, reveal: bool = False) -> None:
        """Scroll to a field (or evidence slot) of this page and focus it.

        ``reveal`` also shows there what is missing.
        """
        self._build(lambda: self.parts.build_until(slot or address))
        if reveal:
            self._revealed.add(address)
            self._say_problems()
        place = self.parts.places.get(slot) if slot is not None else None
        target: FieldWidget | SlotWidget | None = place or self._nearest(address)
        if target is None:
            return
        content = self.widget()
        if content is not None and (layout := content.layout()) is not None:
            layout.activate()
        widget = target.go_here()
        self.ensureWidgetVisible(widget, 0, 90)
        if place is not None:
            self.bring(widget)

    def bring(self, widget: QWidget) -> None:
        """Bring a widget of the page into view, as soon as it has its place: whole, or else its top."""
        QTimer.singleShot(0, widget, lambda: self._bring(widget))

    def _bring(self, widget: QWidget) -> None:
        content = self.widget()
        if content is None or not content.isAncestorOf(widget) or not widget.isVisible():
            return
        if (layout := content.layout()) is not None:
            layout.activate()
        QApplication.sendPostedEvents(content, QEvent.Type.LayoutRequest)
        bar, high = self.verticalScrollBar(), self.viewport().height()
        top = widget.mapTo(content, widget.rect().topLeft()).y() - _AIR
        bottom = top + widget.height() + 2 * _AIR
        if top < bar.value() or bottom - top > high:
            bar.setValue(top)
        elif bottom > bar.value() + high:
            bar.setValue(bottom - high)

    def flag_line(self, address: str) -> FlagLine | None:
        """Return the flag of a question of this page; None if it has none."""
        self._build(lambda: self.parts.build_until(address))
        part = self.parts.by_address.get(address)
        return part.flag_line if isinstance(part, FieldView) else None

    def answer_no(self) -> None:
        """Answer "no" to what is left on the page, and bring into view what was said of it."""
        self.finish()
        if self.foot is not None and self.foot.answer():
            content = self.widget()
            if content is not None and (layout := content.layout()) is not None:
                layout.activate()
            self.ensureWidgetVisible(self.foot, 0, 16)

    def _step(self) -> None:
        """Build a few more parts of the page; stop when all are built."""
        if self.parts.fold.waits:
            self._build(lambda: self.parts.fold.build(_STEP))
        if not self.parts.fold.waits:
            self._steps.stop()
            self.whole.emit()

    def _build(self, build: Callable[[], None]) -> None:
        if self.parts.fold.waits:
            build()
            self._say_reasons()
            self._say_problems()

    def _nearest(self, address: str) -> FieldWidget | None:
        form = self._bridge.form
        at = form.position.get(address, -1)
        while at >= 0:
            part = self.parts.by_address.get(form.nodes[at].address)
            if part is not None and self._bridge.state.shown[at]:
                return part
            at = form.nodes[at].parent
        return None

    def _top_level(self) -> list[int]:
        form = self._bridge.form
        return [at for at in form.page_nodes[self.page] if form.nodes[at].parent < 0]

    def _questions(self, owner: QWidget, layout: QVBoxLayout) -> list[LazyNode]:
        """Add the questions and the printed headings between them."""
        form, holders = self._bridge.form, list[LazyNode]()
        for position in self._top_level():
            if heading := form.nodes[position].field.heading:
                layout.addWidget(WrapLabel(self._services.texts, heading, "pagetitle", owner))
            holders.extend(add_nodes(self.parts, (position,), owner, layout))
        return holders

    def _titles(self, layout: QVBoxLayout, owner: QWidget) -> None:
        texts, form = self._services.texts, self._bridge.form
        section, page = form.pages[self.page]
        layout.addWidget(WrapLabel(texts, section.title, "sectiontitle", owner))
        if section.notes:
            folded = section.pages[0].id != self.page or is_repeat(section.notes, section.id, form.note_owners)
            layout.addWidget(NotesBox(texts, section.notes, owner, texts.say("ui.section_notes"), folded=folded))
        if page.title:
            layout.addWidget(WrapLabel(texts, page.title, "pagetitle", owner))

    def _follow_table(self, address: str) -> None:
        """Update the card of a table when an answer in its rows changes."""
        form = self._bridge.form
        at = form.position.get(address, -1)
        if at >= 0 and form.nodes[at].kind == "row":
            card = self.parts.by_address.get(form.nodes[form.nodes[at].parent].address)
            if isinstance(card, FieldView):
                card.follow_answer()

    def _say_reasons(self) -> None:
        bridge = self._bridge
        state = bridge.state
        said = {one.first: one for one in reasons(bridge.form, state.facts.answers, state.shown, self.page)}
        for position, holder in self.parts.holders.items():
            reason = said.get(position)
            holder.say_why(reason_words(bridge.form, self._services.texts, reason) if reason is not None else "")

    def _say_problems(self) -> None:
        found: dict[str, list[Problem]] = {}
        for problem in self._bridge.state.problems:
            if problem.slot is None and problem.address in self.parts.by_address and self._is_said(problem):
                found.setdefault(problem.address, []).append(problem)
        now = {address: (to_words(self.parts, problems), _worst(problems)) for address, problems in found.items()}
        for address in self._said.keys() | now.keys() | set(self.parts.new_parts):
            said = now.get(address, _NOTHING)
            part = self.parts.by_address.get(address)
            if part is not None and (address in self.parts.new_parts or self._said.get(address) != said):
                part.show_problems(*said)
        self.parts.new_parts.clear()
        self._said = now

    def _is_said(self, problem: Problem) -> bool:
        """Return whether a problem is shown.

        Missing answers show only after the user was led to them, not on a new page.
        """
        return not problem.is_missing or problem.address in self._revealed

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        focus = QApplication.focusWidget()
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard and focus is not None
        content = self.widget()
        under = content.childAt(content.mapFromGlobal(event.globalPos())) if content is not None else None
        at = focus if by_keys else under
        if at is not None and self.isAncestorOf(at):
            popup_menu(self, at, event.globalPos())
            event.accept()

    def sizeHint(self) -> QSize:
        return QSize(700, 500)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 200)


def _worst(problems: list[Problem]) -> ProblemClass:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return "warning"
    return "missing" if all(problem.is_missing for problem in errors) else "error"
