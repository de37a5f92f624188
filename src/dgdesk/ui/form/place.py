"""Keeps a person's place on a page: what is at which height of the view, the focused input, and the caret in it.

A layout that changes leaves where it is what the person looks at. What appears is brought into view whole, by as little
scrolling as possible, and the focused input stays in view. A `PagePlace` outlives its page: it finds the same place on
a page that was built again, in another theme, size or language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QScrollArea, QWidget
from shiboken6 import isValid

from dgdesk.ui.form.context import PageContext
from dgdesk.ui.form.wording import address_of
from dgdesk.ui.widgets.keyboard import in_order

_AIR = 12
"""Pixels between a block that is brought into view and the edge of the view."""
_REST = 250
"""Milliseconds in which the layouts of what has appeared come to rest."""
_LOOK = 24
"""Pixels between the places where the view is searched for something to hold on to."""


def least_scroll(value: int, view: int, block: tuple[int, int], kept: tuple[int, int] | None = None) -> int:
    """Return the scroll value nearest to ``value`` that shows a block whole, in a view of ``view`` pixels.

    ``block`` and ``kept`` are top and bottom. Of what is higher than the view, as much as possible is shown. ``kept``
    stays in view whatever the block needs.
    """
    moved = _between(value, block[0] - _AIR, block[1] + _AIR - view)
    return moved if kept is None else _between(moved, kept[0], kept[1] - view)


def _between(value: int, one: int, other: int) -> int:
    return min(max(value, min(one, other)), max(one, other))


@dataclass(frozen=True, slots=True)
class Spot:
    """One place on a page: the ``number``-th input of the field or evidence slot at an address, -1 for all of it.

    ``top`` is its distance from the top of the view, in pixels; ``caret`` are both ends of the selection in it.
    """

    address: str
    slot: str = ""
    number: int = -1
    top: int = 0
    caret: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a person is on a page: what the view holds on to, the focused input, and which notes are open.

    Without a ``view`` the page is scrolled to ``scrolled``, in pixels.
    """

    scrolled: int = 0
    view: Spot | None = None
    focus: Spot | None = None
    folds: Mapping[str, bool] = field(default_factory=dict)


def caret_of(widget: QWidget | None) -> tuple[int, int] | None:
    """Return anchor and position of the caret in a text input; None for other widgets."""
    if isinstance(widget, QComboBox):
        widget = widget.lineEdit()
    if isinstance(widget, QPlainTextEdit):
        cursor = widget.textCursor()
        return cursor.anchor(), cursor.position()
    if isinstance(widget, QLineEdit):
        at, start = widget.cursorPosition(), widget.selectionStart()
        if start < 0:
            return at, at
        end = start + widget.selectionLength()
        return (end, start) if at == start else (start, end)
    return None


def put_caret(widget: QWidget, caret: tuple[int, int] | None) -> None:
    """Put the caret of a text input where `caret_of` found it, as far as the text reaches."""
    if caret is None:
        return
    if isinstance(widget, QComboBox):
        box = widget.lineEdit()
        if box is not None:
            put_caret(box, caret)
    elif isinstance(widget, QPlainTextEdit):
        last = len(widget.toPlainText())
        cursor = widget.textCursor()
        cursor.setPosition(min(caret[0], last))
        cursor.setPosition(min(caret[1], last), QTextCursor.MoveMode.KeepAnchor)
        widget.setTextCursor(cursor)
    elif isinstance(widget, QLineEdit):
        anchor, position = (min(one, len(widget.text())) for one in caret)
        widget.setCursorPosition(position)
        if anchor != position:
            widget.setSelection(anchor, position - anchor)


def inputs_of(part: object) -> list[QWidget]:
    """Return the inputs of a field or evidence slot, in printed order; a row of a table names its own."""
    return list(in_order(part)) if isinstance(part, QWidget) else list(getattr(part, "inputs", ()))


class PlaceKeeper(QObject):
    """Keeps the place on the pages that a scroll area shows. ``parts`` returns the context of the present page."""

    def __init__(self, area: QScrollArea, parts: Callable[[], PageContext]) -> None:
        super().__init__(area)
        self._area, self._parts = area, parts
        self._content: QWidget = area.viewport()
        self._held: tuple[QWidget, int] | None = None
        self._focus: QWidget | None = None
        self._wanted: list[QWidget] = []
        self._moving = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._forget)
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self.hold)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def begin(self, content: QWidget) -> None:
        """Begin at the top of a new page."""
        self._content = content
        self._held, self._focus = None, None
        self._wanted.clear()
        content.installEventFilter(self)

    def hold(self, *_: object) -> None:
        """Scroll so that what the person looks at is where it was, and what has just appeared is in view."""
        if self._moving:
            return
        if self._held is not None and not self._is_there(self._held[0]):
            self._held = None
        if self._held is not None:
            widget, top = self._held
            value = self._span(widget)[0] - top
            if widget is self._focus:
                value = least_scroll(value, self._area.viewport().height(), self._free_span(widget))
            self._scroll_to(value)
        self._show(self._wanted)

    def note(self) -> None:
        """Hold on to what is in view now: the focused input, or else what is at the top."""
        focus = self._kept()
        widget = self._focus if focus is not None else self._at_top()
        self._held = None if widget is None else (widget, self._span(widget)[0] - self._value)

    def show_whole(self, *blocks: QWidget) -> None:
        """Bring what has appeared into view whole; the focused input stays in view."""
        self._wanted = list(blocks)
        self._show(blocks)
        self._rest.start()  # until then once more after every change of the layout

    def focus_on(self, widget: QWidget) -> None:
        """Give the focus to an input, and show what it belongs to."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus = widget
        self.show_whole(self._block(widget))

    def place(self) -> PagePlace:
        """Return the present place, for a page that will be built again."""
        self._activate()
        focus = self._inside(self._area.window().focusWidget())
        self._focus = focus or self._focus
        seen = focus if focus is not None and self._kept() is not None else self._first_input()
        found = None if focus is None else self._spot(focus)
        return PagePlace(self._value, None if seen is None else self._spot(seen), found, dict(self._parts().folds))

    def restore(self, place: PagePlace, *, focus: bool = True) -> bool:
        """Find a place again on the page that is shown; with ``focus``, give its input the focus.

        Return whether there was an input for the focus.
        """
        found = self.find(place.focus) if place.focus is not None else None
        anchor = self.find(place.view) if place.view is not None else None
        self._activate()
        if found is not None and focus:
            found.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus = found
            put_caret(found, place.focus.caret if place.focus is not None else None)
        self._wanted.clear()
        if anchor is not None and place.view is not None:
            self._held = (anchor, place.view.top)
            self.hold()
        else:
            self._scroll_to(place.scrolled)
        return found is not None

    def find(self, spot: Spot) -> QWidget | None:
        """Return the widget at a spot, built if necessary: or what is left of the field; None if that is not shown."""
        parts = self._parts()
        parts.build_until(spot.slot or spot.address)
        part: object = parts.places.get(spot.slot) if spot.slot else parts.by_address.get(spot.address)
        if part is None:
            return None
        content, inputs = self._content, inputs_of(part)
        if spot.number < 0 and isinstance(part, QWidget):
            return part if part.isVisibleTo(content) else None
        exact = inputs[spot.number : spot.number + 1] if spot.number >= 0 else []
        return next((one for one in (*exact, *inputs) if one.isVisibleTo(content)), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # before this filter is asked, Qt has given the children their new places
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and watched is self._content:
            self.hold()
        return False

    @property
    def _value(self) -> int:
        return self._area.verticalScrollBar().value()

    def _scrolled(self) -> None:
        if not self._moving:
            self._forget()
            self.note()

    def _scroll_to(self, value: int) -> None:
        self._moving = True
        try:
            self._area.verticalScrollBar().setValue(value)
        finally:
            self._moving = False

    def _focus_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self) or not isValid(self._area) or now is None or self._inside(now) is None:
            return
        self._focus = now
        if self._parts().is_laying_out:
            if self._held is not None and self._held[0] is old:
                self._held = (now, self._held[1])
            return
        # never between the press and the release of a mouse button: the click would miss
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.show_whole(self._block(now))
        self.note()

    def _forget(self) -> None:
        """What has appeared was seen: from now on it is treated like everything else."""
        self._wanted = []

    def _show(self, blocks: Iterable[QWidget]) -> None:
        spans = [self._free_span(one) for one in blocks if self._is_there(one)]
        if not spans:
            return
        block = min(top for top, _ in spans), max(bottom for _, bottom in spans)
        before = self._value
        self._scroll_to(least_scroll(before, self._area.viewport().height(), block, self._kept()))
        if self._value != before:
            self.note()

    def _block(self, widget: QWidget) -> QWidget:
        """Return the field or slot that an input belongs to; the input itself if that is higher than the view."""
        found = address_of(self._parts(), widget)
        if found is None:
            return widget
        parts = self._parts()
        part: object = parts.places.get(found[1]) if found[1] is not None else parts.by_address.get(found[0])
        whole = part if isinstance(part, QWidget) else getattr(part, "row", None)
        fits = isinstance(whole, QWidget) and whole.height() + 2 * _AIR <= self._area.viewport().height()
        return whole if isinstance(whole, QWidget) and fits else widget

    def _spot(self, widget: QWidget) -> Spot | None:
        parts = self._parts()
        found = address_of(parts, widget)
        if found is None:
            return None
        address, slot = found
        part: object = parts.places.get(slot) if slot is not None else parts.by_address.get(address)
        inputs = inputs_of(part)
        number = inputs.index(widget) if widget in inputs else -1
        whole = part if number < 0 and isinstance(part, QWidget) else widget
        # of a part that is no widget, a row of a table, the first input stands for all of it
        return Spot(address, slot or "", number, self._span(whole)[0] - self._value, caret_of(widget))

    def _kept(self) -> tuple[int, int] | None:
        """Return top and bottom of the focused input, if it is in view."""
        focus = self._focus
        if focus is None or not self._is_there(focus) or self._area.window().focusWidget() is not focus:
            return None
        top, bottom = self._free_span(focus)
        return (top, bottom) if top < self._value + self._area.viewport().height() and bottom > self._value else None

    def _span(self, widget: QWidget) -> tuple[int, int]:
        """Return top and bottom of a widget on the page."""
        top = widget.mapTo(self._content, QPoint(0, 0)).y()
        return top, top + widget.height()

    def _free_span(self, widget: QWidget) -> tuple[int, int]:
        """Return top and bottom of a widget on the page, with the height that a floating head covers above it."""
        top, bottom = self._span(widget)
        above, cover = widget.parentWidget(), 0
        while above is not None and above is not self._content and not cover:
            cover = getattr(above, "covered", 0)
            above = above.parentWidget()
        return top - cover, bottom

    def _at_top(self) -> QWidget | None:
        """Return the uppermost small part of the page that is in view."""
        content, high = self._content, self._area.viewport().height()
        for below in range(_AIR, high, _LOOK):
            found = content.childAt(content.width() // 2, self._value + below)
            if found is not None and found.height() < high // 2:
                return found
        return None

    def _first_input(self) -> QWidget | None:
        """Return the first input that begins in view."""
        content, parts = self._content, self._parts()
        low, high = self._value, self._value + self._area.viewport().height()
        seen = (one for one in in_order(content) if one.isVisibleTo(content) and low <= self._span(one)[0] < high)
        return next((one for one in seen if address_of(parts, one) is not None), None)

    def _inside(self, widget: QWidget | None) -> QWidget | None:
        return widget if widget is not None and self._content.isAncestorOf(widget) else None

    def _is_there(self, widget: QWidget) -> bool:
        return isValid(widget) and self._inside(widget) is not None and widget.isVisibleTo(self._content)

    def _activate(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            layout.activate()
