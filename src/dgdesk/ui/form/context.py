"""The context of a page: its fields and evidence slots by address, so that a change redraws only what it must."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal, Protocol

from PySide6.QtCore import QMimeData
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

_HEIGHT, _FILE_HEIGHT = 90, 64
"""Estimated height of an evidence slot, and of a file in it, in pixels."""
FILES_SHOWN: Final = 20
"""Of a slot with more files, so many are shown at once."""


class EvidenceHolder(Stacked):
    """Holds an evidence slot, which is costly to build: far down the page it is built later."""

    def __init__(
        self, parts: PageContext, slot: str, request: EvidenceRequest, parent: QWidget, *, printed: bool
    ) -> None:
        """``printed`` says that the request is already printed nearby."""
        super().__init__(parent)
        self._parts, self._slot, self._request, self._printed = parts, slot, request, printed
        self._layout = column(self)
        count = len(parts.bridge.state.facts.evidence.get(slot, ()))
        height = _HEIGHT + _FILE_HEIGHT * min(count, FILES_SHOWN)
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


ProblemClass = Literal["error", "missing", "warning"]
"""Something wrong, something not there yet, something to check."""
PROBLEM_ROLES: Final[Mapping[ProblemClass, str]] = {"error": "error", "missing": "hint", "warning": "warning"}
"""The text role of each class: only what is wrong is red."""


class FieldWidget(Protocol):
    """A widget on a page that shows the answer at one address."""

    def refresh(self) -> None:
        """Show the stored answer."""

    def show_problems(self, problems: tuple[str, ...], severity: ProblemClass) -> None:
        """Show problems as sentences; hide them if there are none."""

    def go_here(self) -> QWidget:
        """Take the focus; return the widget to scroll to."""


class SlotWidget(Protocol):
    """An evidence slot on the page; a widget."""

    def refresh(self) -> None:
        """Show the attached files."""

    def paste(self) -> None:
        """Attach the files, or the picture, on the clipboard; say so if there are none."""

    def takes(self, mime: QMimeData) -> bool:
        """Return whether dragged data can be attached here."""

    def hold(self, on: bool) -> None:
        """Show that what is dragged would be attached here."""

    def take(self, mime: QMimeData) -> None:
        """Attach dropped data."""

    def go_here(self) -> QWidget:
        """Take the focus; return the widget to scroll to."""


class PageContext:
    """The widgets of the page shown.

    ``make_field`` builds the field at a position; ``make_slot`` an evidence slot (its id, the request, its parent,
    whether the request is printed nearby).
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
        self.places: dict[str, SlotWidget] = {}
        self.holders: dict[int, LazyNode] = {}
        self.waiting: list[Pending] = []
        self.new_parts: list[str] = []
        self.appeared: list[QWidget] = []
        self.folds: dict[str, bool] = {}
        self.is_laying_out = False
        self.fold = Fold()
        self.target = ""
        """The evidence slot that was opened last: of several around the focus, files that are pasted go there."""
        self.bring: Callable[[QWidget], None] = lambda _: None
        """Brings a widget of the page into view, whole if it fits there."""

    @property
    def form(self) -> Form:
        """The form of the draft."""
        return self.bridge.form

    def node(self, position: int) -> Node:
        """The node at a position."""
        return self.form.nodes[position]

    def add(self, address: str, part: FieldWidget) -> None:
        """Register the widget of an address."""
        self.by_address[address] = part
        self.new_parts.append(address)

    @contextmanager
    def laying_out(self) -> Iterator[None]:
        """While it lasts, a focus that moves is the same place in another layout: the page does not scroll to it."""
        self.is_laying_out = True
        try:
            yield
        finally:
            self.is_laying_out = False

    def appear(self, widget: QWidget) -> None:
        """Note that something has appeared on the page, which is then brought into view."""
        self.appeared.append(widget)

    def pending(self, write: Callable[[], bool], owner: QWidget) -> Pending:
        """Create the buffer for text typed in ``owner``."""
        made = Pending(write, self.bridge.pending.emit, owner)
        self.waiting.append(made)
        return made

    def flush(self) -> bool:
        """Write all buffered text. Return False if something could not be saved."""
        # A copy: a row that is no longer shown goes with its buffer once its text is saved.
        return all([waiting.flush() for waiting in tuple(self.waiting)])

    def drop(self) -> None:
        """Discard all buffered text."""
        for waiting in self.waiting:
            waiting.drop()
        self.fold.forget()

    def open_slot(self, slot: str) -> None:
        """Bring a slot that an answer has just opened into view; what is pasted goes there. Unknown slots are none."""
        if slot in self.form.slots:
            self.target = slot
            self.build_until(slot)
            if isinstance(place := self.places.get(slot), QWidget):
                self.bring(place)

    def slot_near(self, at: QWidget, within: QWidget) -> SlotWidget | None:
        """Return the visible slot that is nearest around a widget inside ``within``; None if several are as near.

        Of several that one counts which was opened last.
        """
        shown = {slot: place for slot, place in self.places.items() if isinstance(place, QWidget) and place.isVisible()}
        owner: QWidget | None = at
        while owner is not None:
            near = {slot: place for slot, place in shown.items() if owner is place or owner.isAncestorOf(place)}
            if near:
                found = next(iter(near)) if len(near) == 1 else self.target
                return self.places[found] if found in near else None
            owner = owner.parentWidget() if owner is not within else None
        return None

    def build_until(self, address: str, height: float = math.inf) -> None:
        """Build the page down to an address, if that part is not built yet; the whole page if there is no such part.

        Of a part that is higher than ``height``, a long table, what is below is put off again.
        """
        while self.fold.waits and address not in self.by_address and address not in self.places:
            self.fold.begin(height)
            self.fold.build_next()
        self.fold.end()


class LazyNode(Stacked):
    """Holds the place of a node: empty until the node is relevant for the first time and not too far down the page."""

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
        """Show or hide the node, by the rules."""
        shown = self._parts.bridge.state.shown[self._position]
        if shown and not self.shown:
            self._parts.appear(self)
        self.shown = shown
        if shown and not self._begun:
            self._begun = True
            height = rough_height(self._parts.node(self._position))
            if self._parts.fold.put_off(height, self._build):
                self.setMinimumHeight(height)
            else:
                self._build()
        show_if(self, shown)

    def show_inside(self) -> None:
        """Show the node again if the node around it is still hidden: there it costs no layout of the page."""
        parent = self.parentWidget()
        if self._begun and parent is not None and not parent.isVisible():
            show_if(self, self._parts.bridge.state.shown[self._position])

    def _build(self) -> None:
        if self.minimumHeight():
            self.setMinimumHeight(0)
        self._field = self._parts.make_field(self._parts, self._position, self)
        self._layout.addWidget(self._field)
        show_if(self._field, self.shown)

    def say_why(self, words: str) -> None:
        """Show in a thin line why the node is asked, or, in its place, why it is not; empty hides the line."""
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


def add_nodes(parts: PageContext, positions: Iterable[int], owner: QWidget, layout: QVBoxLayout) -> Iterator[LazyNode]:
    """Add a holder for each position to a layout of ``owner``."""
    for position in positions:
        holder = LazyNode(parts, position, owner)
        layout.addWidget(holder)
        yield holder


def to_words(parts: PageContext, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return the problems as sentences, each once."""
    return tuple(dict.fromkeys(parts.texts.say(problem.code, **problem.values) for problem in problems))
