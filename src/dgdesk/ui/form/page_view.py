"""Shows one page of the form, built when it is opened; a change redraws only what it names."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from dgdesk.draft.changes import Changes
from dgdesk.survey.definition.form import WITHOUT_ANSWER
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
from dgdesk.ui.form.place import PagePlace, PlaceKeeper
from dgdesk.ui.form.wording import address_of, reason_words
from dgdesk.ui.widgets.context_menu import popup_menu
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import Stacked, column, laid_out_once
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import thin_bars
from dgdesk.ui.widgets.theme_file import SPACE

_NOTHING: tuple[tuple[str, ...], ProblemClass] = ((), "error")
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
        self.place = PlaceKeeper(self, lambda: self.parts)
        self.folds: dict[str, bool] = {}
        self._late: list[QWidget] = []
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
        self.parts.bring = self.place.show_whole
        self.parts.folds = self.folds
        self._late.clear()
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
        self.place.begin(content)
        if old is not None:
            old.hide()
            old.deleteLater()
        self.verticalScrollBar().setValue(0)
        self._say_reasons()
        self._say_problems()
        self.parts.appeared.clear()
        self._steps.start()

    def first_empty(self) -> str:
        """Return the address of the first field to fill in that has no answer; of the first field if all have one."""
        bridge, form = self._bridge, self._bridge.form
        shown = [
            form.nodes[at]
            for at in form.page_nodes[self.page]
            if bridge.state.shown[at] and form.nodes[at].kind not in WITHOUT_ANSWER
        ]
        empty = (one for one in shown if one.required and bridge.value(one.address) is None)
        return next((one.address for one in (*empty, *shown)), "")

    def enter(self) -> None:
        """Give the focus to the first field to fill in."""
        if address := self.first_empty():
            self.go_to(address)
        if self._focus() is None:
            self.focusNextChild()

    def restore(self, place: PagePlace, *, focus: bool = True) -> bool:
        """Return to a place on this page, which may have been built again; see `PlaceKeeper.restore`."""
        done = False

        def find() -> None:
            nonlocal done
            done = self.place.restore(place, focus=focus)

        find() if not self.parts.fold.waits else self._build(find)
        return done

    def finish(self) -> None:
        """Build the rest of the page now."""
        self._build(self.parts.fold.build)

    def follow(self, changes: Changes) -> None:
        """Redraw what a change names."""
        if self.page not in changes.pages and not changes.problems:
            return
        focus = self._focus()
        with laid_out_once(self.widget(), self.viewport().height()):
            self._redraw(changes)
        self._show_appeared(changes, focus)
        if focus is not None and self._focus() is None:
            self._focus_again(focus)

    def _redraw(self, changes: Changes) -> None:
        parts = self.parts
        parts.new_parts.clear()
        parts.appeared.clear()
        parts.fold.begin(self.viewport().height() / 2)
        changed = [parts.holders[one] for one in sorted(changes.shown) if one in parts.holders]
        for holder in reversed(changed):
            holder.show_inside()
        for position in sorted(changes.shown):  # those that this builds follow too
            if position in parts.holders:
                parts.holders[position].follow()
        for address in changes.answers:
            if (part := parts.by_address.get(address)) is not None:
                part.refresh()
            self._follow_table(address)
        for slot in changes.evidence:
            if (place := parts.places.get(slot)) is not None:
                place.refresh()
                if isinstance(place, QWidget):
                    parts.appear(place)
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

    def _show_appeared(self, changes: Changes, focus: QWidget | None) -> None:
        """Bring what has appeared into view: at what was changed, and in the question that has the focus."""
        parts, card = self.parts, self._card(focus)
        named: list[object] = [parts.by_address.get(one) for one in changes.answers]
        named += [parts.places.get(one) for one in changes.evidence]
        found = [one for one in parts.appeared if one in named or (card is not None and card.isAncestorOf(one))]
        parts.appeared.clear()
        if found:
            self._late = found if parts.fold.waits else []
            self.place.show_whole(*found)

    def _focus_again(self, lost: QWidget) -> None:
        """Give the focus to what is left of the question whose focused part has gone."""
        here = address_of(self.parts, lost) if isValid(lost) else None
        target = self._nearest(here[0]) if here is not None else None
        if target is not None:
            target.go_here()

    def _focus(self) -> QWidget | None:
        """Return the widget of this page that has the window's focus, while it is shown."""
        now: QWidget | None = self.window().focusWidget()
        return now if now is not None and self.isAncestorOf(now) and now.isVisibleTo(self) else None

    def _card(self, inner: QWidget | None) -> QWidget | None:
        """Return the outermost question that a widget belongs to."""
        while inner is not None and not (isinstance(inner, FieldView) and inner.node.parent < 0):
            inner = inner.parentWidget()
        return inner

    def go_to(self, address: str, slot: str | None = None, *, reveal: bool = False) -> None:
        """Scroll to a field (or evidence slot) of this page and focus it.

        ``reveal`` also shows there what is missing.
        """
        self._build(lambda: self.parts.build_until(slot or address, self.viewport().height()))
        if self.parts.fold.waits:
            self._steps.start()
        if reveal:
            self._revealed.add(address)
            self._say_problems()
        place = self.parts.places.get(slot) if slot is not None else None
        target: FieldWidget | SlotWidget | None = place or self._nearest(address)
        if target is None:
            return
        self.place.show_whole(target.go_here())

    def flag_line(self, address: str) -> FlagLine | None:
        """Return the flag of a question of this page; None if it has none."""
        self._build(lambda: self.parts.build_until(address))
        part = self.parts.by_address.get(address)
        return part.flag_line if isinstance(part, FieldView) else None

    def answer_no(self) -> None:
        """Answer "no" to what is left on the page, and bring into view what was said of it."""
        self.finish()
        if self.foot is not None and self.foot.answer():
            self.place.show_whole(self.foot)

    def _step(self) -> None:
        """Build a few more parts of the page; stop when all are built."""
        if self.parts.fold.waits:
            self._build(lambda: self.parts.fold.build(_STEP))
        if not self.parts.fold.waits:
            self._steps.stop()
            if self._late:
                self.place.show_whole(*self._late)
                self._late = []
            self.whole.emit()

    def _build(self, build: Callable[[], None]) -> None:
        if self.parts.fold.waits:
            with laid_out_once(self.widget(), self.viewport().height()):
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
            box = NotesBox(texts, section.notes, owner, texts.say("ui.section_notes"), folded=folded)
            box.remember(self.parts.folds, f"{self.page} section")
            layout.addWidget(box)
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
