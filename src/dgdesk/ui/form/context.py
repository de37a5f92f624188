"""The context of a page: its fields and slots by address, so that a change redraws only what it must."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.survey.definition.form import Form, Node
from dgdesk.survey.definition.models import EvidenceRequest
from dgdesk.survey.rules.problems import Problem
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.fold import Fold, options_below, rough_height
from dgdesk.ui.form.pending import Pending
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import Stacked, column, show_if
from dgdesk.ui.widgets.services import Services

_HEIGHT, _FILE_HEIGHT = 90, 150
"""About the height of a place, and of a file in it, in pixels."""


class EvidenceHolder(Stacked):
    """Holds the place's room. A place is among the dearest things on a page: below the fold it waits its turn."""

    def __init__(
        self, parts: PageContext, slot: str, request: EvidenceRequest, parent: QWidget, *, printed: bool
    ) -> None:
        """``printed`` says that the request's words stand nearby already."""
        super().__init__(parent)
        self._parts, self._slot, self._request, self._printed = parts, slot, request, printed
        self._layout = column(self)
        height = _HEIGHT + _FILE_HEIGHT * len(parts.bridge.state.facts.evidence.get(slot, ()))
        if parts.fold.put_off(height, self._build, above=options_below(parts.form, parts.form.slots[slot])):
            self.setMinimumHeight(height)
        else:
            self._build()

    def _build(self) -> None:
        if self.minimumHeight():
            self.setMinimumHeight(0)
        place = self._parts.make_slot(self._parts, self._slot, self._request, self, self._printed)
        self._layout.addWidget(place)
        show_if(place, True)


class FieldWidget(Protocol):
    """Something on a page that shows an answer, at one address."""

    def refresh(self) -> None:
        """Show what is stored."""

    def show_problems(self, problems: tuple[str, ...], severity: str) -> None:
        """Show what is wrong, in words; nothing when empty."""

    def go_here(self) -> QWidget:
        """Take the focus; return the widget to bring into view."""


class PageSpot(Protocol):
    """A place for evidence."""

    def refresh(self) -> None:
        """Show what is attached."""

    def go_here(self) -> QWidget:
        """Take the focus; return the widget to bring into view."""


class PageContext:
    """The parts of the page that is shown. ``make_field`` builds the field at a position, ``make_slot`` a slot
    (its id, what is asked, its parent, whether the request's words are printed nearby).
    """

    def __init__(
        self,
        bridge: Bridge,
        services: Services,
        make_field: Callable[[PageContext, int, QWidget], QWidget],
        make_slot: Callable[[PageContext, str, EvidenceRequest, QWidget, bool], QWidget],
    ) -> None:
        self.bridge = bridge
        self.services = services
        self.texts = services.texts
        self.make_field = make_field
        self.make_slot = make_slot
        self.by_address: dict[str, FieldWidget] = {}
        self.places: dict[str, PageSpot] = {}
        self.holders: dict[int, LazySlot] = {}
        self.waiting: list[Pending] = []
        self.new_parts: list[str] = []
        self.fold = Fold()

    @property
    def form(self) -> Form:
        """The form."""
        return self.bridge.form

    def node(self, position: int) -> Node:
        """The node at a position."""
        return self.form.nodes[position]

    def add(self, address: str, part: FieldWidget) -> None:
        """Enter a part."""
        self.by_address[address] = part
        self.new_parts.append(address)

    def pending(self, write: Callable[[], bool], owner: QWidget) -> Pending:
        """Make the waiting room for what is typed in ``owner``."""
        made = Pending(write, self.bridge.pending.emit, owner)
        self.waiting.append(made)
        return made

    def flush(self) -> bool:
        """Write everything that waits. False: something could not be saved."""
        return all([waiting.flush() for waiting in self.waiting])

    def drop(self) -> None:
        """Forget everything that waits."""
        for waiting in self.waiting:
            waiting.drop()
        self.fold.forget()

    def build_until(self, address: str) -> None:
        """Build the page down to an address, if it is not there yet; all of it if it has no such part."""
        while self.fold.waits and address not in self.by_address and address not in self.places:
            self.fold.build_next()


class LazySlot(Stacked):
    """The place of a node among its siblings: empty until the node shows for the first time, or is above the fold."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts = parts
        self._position = position
        self._begun = False
        self.shown = False
        self._field: QWidget | None = None
        self._why: WrapLabel | None = None
        self._layout = column(self)
        parts.holders[position] = self
        self.follow()

    def follow(self) -> None:
        """Show or hide, as the rules say now."""
        shown = self._parts.bridge.state.shown[self._position]
        self.shown = shown
        if shown and not self._begun:
            self._begun = True
            height = rough_height(self._parts.node(self._position))
            if self._parts.fold.put_off(height, self._build):
                self.setMinimumHeight(height)
            else:
                self._build()
        show_if(self, shown)

    def _build(self) -> None:
        if self.minimumHeight():
            self.setMinimumHeight(0)
        self._field = self._parts.make_field(self._parts, self._position, self)
        self._layout.addWidget(self._field)
        show_if(self._field, self.shown)

    def say_why(self, words: str) -> None:
        """Say in a slim line why the node is asked, or in its place why it is not; no line when empty."""
        if self._why is None:
            if not words:
                return
            self._why = WrapLabel(self._parts.texts, "", "note", self)
            self._layout.insertWidget(0, self._why)
        if self._why.plain_text() != words:
            self._why.set_text(words)
        show_if(self._why, bool(words))
        if self._field is not None:
            show_if(self._field, self.shown)
        show_if(self, self.shown or bool(words))


def hold(parts: PageContext, positions: Iterable[int], owner: QWidget, layout: QVBoxLayout) -> Iterator[LazySlot]:
    """Add a holder for each position to a layout of ``owner``."""
    for position in positions:
        holder = LazySlot(parts, position, owner)
        layout.addWidget(holder)
        yield holder


def to_words(parts: PageContext, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Word problems, each sentence once."""
    return tuple(dict.fromkeys(parts.texts.say(problem.code) for problem in problems))
