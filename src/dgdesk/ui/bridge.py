"""Window, bridge: the only caller of the session. Turns what it returns into signals, and its errors into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dgdesk.answers.values import Json, Value
from dgdesk.changes import Changes
from dgdesk.definition.form import Form
from dgdesk.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.package.model import Cancelled, Progress
from dgdesk.rules.state import Rules, State
from dgdesk.session import FormSession
from dgdesk.ui.text import Texts


class Bridge(QObject):
    """A draft for the window. Actions return whether they are saved; what they changed comes as one signal.

    ``changed`` carries `Changes`, ``saved`` the moment, ``failed`` a plain sentence, ``pending`` says that something
    typed waits to be saved.
    """

    changed = Signal(object)
    saved = Signal(object)
    failed = Signal(str)
    pending = Signal()

    def __init__(self, draft: Draft, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self._texts = texts
        self._last_saved: datetime | None = None

    @property
    def session(self) -> FormSession:
        """The session, for reading."""
        return self.draft.session

    @property
    def form(self) -> Form:
        """The form that is filled."""
        return self.session.form

    @property
    def rules(self) -> Rules:
        """The rules that apply."""
        return self.session.rules

    @property
    def state(self) -> State:
        """What the rules say now."""
        return self.session.state

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self.draft.package.read_only

    def value(self, address: str) -> Value | None:
        """Return the answer at an address."""
        return self.state.facts.answers.get(address)

    def answer(self, address: str, value: Json) -> bool:
        """Set or clear an answer."""
        return self._do(lambda: self.session.answer(address, value))

    def answer_all(self, values: Mapping[str, Json]) -> bool:
        """Set many answers in one step, which one undo takes back."""
        return self._do(lambda: self.session.answer_all(values))

    def type_in(self, address: str, typed: str) -> bool:
        """Set an answer from what was typed."""
        return self._do(lambda: self.session.type_in(address, typed))

    def toggle(self, address: str, option: str, on: bool) -> bool:
        """Choose an option or take it back."""
        return self._do(lambda: self.session.toggle(address, option, on))

    def add_item(self, address: str) -> bool:
        """Add an item to a repeat."""
        return self._do(lambda: self.session.add_item(address))

    def remove_item(self, address: str, key: str) -> bool:
        """Remove an item of a repeat."""
        return self._do(lambda: self.session.remove_item(address, key))

    def move_item(self, address: str, key: str, to: int) -> bool:
        """Move an item of a repeat."""
        return self._do(lambda: self.session.move_item(address, key, to))

    def detach(self, slot: str, sha256: str) -> bool:
        """Take a file away."""
        return self._do(lambda: self.session.detach(slot, sha256))

    def mark(self, slot: str, sha256: str, *, pages: str, passages: str) -> bool:
        """Say where a file's key passage is."""
        return self._do(lambda: self.session.mark(slot, sha256, pages=pages, passages=passages))

    def set_external(self, indicator: str, points: Decimal | None) -> bool:
        """Enter the points of an external indicator, or take them back."""
        return self._do(lambda: self.session.set_external(indicator, points))

    def restore(self, values: Mapping[tuple[str, str], Json]) -> bool:
        """Put back what was stored earlier."""
        return self._do(lambda: self.session.restore(values))

    def undo(self) -> bool:
        """Take the last change back."""
        return self._do(self.session.undo)

    def redo(self) -> bool:
        """Make the last undone change again."""
        return self._do(self.session.redo)

    def attaching(self, slot: str, source: Path) -> Callable[[Progress, Cancelled], Changes]:
        """Return the job that attaches a file, for another thread; pass what it returns to `deliver`.

        The session is one thread's at a time: nothing else may be done meanwhile (the progress dialog is modal).
        """
        session = self.session
        return lambda progress, cancelled: session.attach(slot, source, progress=progress, cancelled=cancelled)

    def deliver(self, changes: Changes) -> None:
        """Tell what has changed."""
        if changes:
            self._last_saved = changes.at
            self.changed.emit(changes)
        if self._last_saved is not None:
            self.saved.emit(self._last_saved)

    def _do(self, action: Callable[[], Changes]) -> bool:
        try:
            changes = action()
        except DgdeskError as error:
            self.failed.emit(self._texts.error(error))
            return False
        self.deliver(changes)
        return True
