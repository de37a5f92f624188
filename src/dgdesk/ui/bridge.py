"""Window, bridge: the only caller of the session. Turns what it returns into signals, and its errors into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.incoming import AttachmentRequest, AttachmentResult
from dgdesk.answers.marks import Mark
from dgdesk.answers.values import Json, Value
from dgdesk.changes import Changes
from dgdesk.definition.form import Form
from dgdesk.drafts import Draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.rules.state import Rules, State
from dgdesk.session import FormSession
from dgdesk.ui.jobs import Job, JobQueue
from dgdesk.ui.pending import AGAIN
from dgdesk.ui.text import Texts

Action = Callable[[FormSession], Changes]
_DAY_CHECK = 60_000
"""Milliseconds between two looks at the date."""


class Bridge(QObject):
    """A draft for the window. Actions return whether they are saved; what they changed comes as one signal.

    ``changed`` carries `Changes`, ``saved`` the moment, ``failed`` a plain sentence, ``pending`` says that something
    typed waits to be saved. Whoever adds to the register of exports emits ``registered``.

    While `working` has the draft, actions wait: what they change shows at once, worked out by a session ahead of the
    real one, and is carried out in order and saved as soon as the work ends. What could not be saved then still waits,
    and is tried again. Undo and redo show when they are carried out.
    """

    changed = Signal(object)
    saved = Signal(object)
    failed = Signal(str)
    pending = Signal()
    damage_changed = Signal()
    registered = Signal()

    def __init__(self, draft: Draft, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self._texts = texts
        self._last_saved: datetime | None = None
        self.damaged: frozenset[str] = frozenset()
        """SHA-256 of the files whose content in the draft is damaged, as far as is known."""
        self._ahead: FormSession | None = None
        self._waiting: list[tuple[Action, Changes]] = []  # with what shows of each already
        self._late: list[Changes] = []
        self._stuck: FileError | None = None
        self._refused: DgdeskError | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self.flush)
        self.working = JobQueue(self, self._carry_out)
        self.working.started.connect(self._hand_over)
        self.working.released.connect(self._take_back)
        self.working.ended.connect(self._tell_late)
        self.working.ended.connect(self.follow_day)
        self.day = QTimer(self)
        """Looks at the date. A single wait until midnight would end late where the PC sleeps or its clock is set."""
        self.day.setInterval(_DAY_CHECK)
        self.day.timeout.connect(self.follow_day)
        self.day.start()

    @property
    def session(self) -> FormSession:
        """The session itself, for reading; while `working` is busy, `state` alone may be read."""
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
        """What the rules say now, with what waits to be saved."""
        return self.session.state if self._ahead is None else self._ahead.state

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self.draft.package.read_only

    def value(self, address: str) -> Value | None:
        """Return the answer at an address."""
        return self.state.facts.answers.get(address)

    def answer(self, address: str, value: Json) -> bool:
        """Set or clear an answer."""
        return self._do(lambda session: session.answer(address, value))

    def answer_all(self, values: Mapping[str, Json]) -> bool:
        """Set many answers in one step, which one undo takes back."""
        return self._do(lambda session: session.answer_all(values))

    def type_in(self, address: str, typed: str) -> bool:
        """Set an answer from what was typed."""
        return self._do(lambda session: session.type_in(address, typed))

    def toggle(self, address: str, option: str, on: bool) -> bool:
        """Choose an option or take it back."""
        return self._do(lambda session: session.toggle(address, option, on))

    def add_item(self, address: str) -> bool:
        """Add an item to a repeat."""
        return self._do(lambda session: session.add_item(address))

    def remove_item(self, address: str, key: str) -> bool:
        """Remove an item of a repeat."""
        return self._do(lambda session: session.remove_item(address, key))

    def move_item(self, address: str, key: str, to: int) -> bool:
        """Move an item of a repeat."""
        return self._do(lambda session: session.move_item(address, key, to))

    def detach(self, slot: str, sha256: str) -> bool:
        """Take a file away."""
        return self._do(lambda session: session.detach(slot, sha256))

    def mark(
        self,
        slot: str,
        sha256: str,
        *,
        pages: str | None = None,
        passages: str | None = None,
        marks: Iterable[Mark] | None = None,
    ) -> bool:
        """Say where a file's key passage is, in words, by marks, or both; None leaves as it is."""
        drawn = None if marks is None else tuple(marks)
        return self._do(lambda session: session.mark(slot, sha256, pages=pages, passages=passages, marks=drawn))

    def attach_again(self, slot: str, files: Iterable[Attachment]) -> bool:
        """Attach files that the draft has already at a further place."""
        chosen = tuple(files)
        return self._do(lambda session: session.attach_again(slot, chosen))

    def set_external(self, indicator: str, points: Decimal | None) -> bool:
        """Enter the points of an external indicator, or take them back."""
        return self._do(lambda session: session.set_external(indicator, points))

    def restore(self, values: Mapping[tuple[str, str], Json]) -> bool:
        """Put back what was stored earlier."""
        return self._do(lambda session: session.restore(values))

    def undo(self) -> bool:
        """Take the last change back."""
        return self._do(FormSession.undo)

    def redo(self) -> bool:
        """Make the last undone change again."""
        return self._do(FormSession.redo)

    def attaching(
        self, slot: str, requests: Sequence[AttachmentRequest]
    ) -> Job[tuple[Changes, tuple[AttachmentResult, ...]]]:
        """Return the job that attaches files, for `working`; pass the changes of what it returns to `deliver`."""
        session = self.session
        return lambda progress: session.attach_files(slot, requests, progress=progress)

    def deliver(self, changes: Changes) -> None:
        """Tell what has changed."""
        if changes:
            self._last_saved = changes.at
            self.changed.emit(changes)
        if self._last_saved is not None and not self._waiting:
            self.saved.emit(self._last_saved)

    def follow_day(self) -> None:
        """Show what the rules say once another day has begun in Thailand; while work is under way, at its end."""
        if self.working.busy:
            return
        changes = self.session.follow_day()
        if self._ahead is not None:
            changes = self._ahead.follow_day()
        if changes != Changes():
            self.changed.emit(changes)

    def know_damage(self, damaged: frozenset[str]) -> None:
        """Take what is known of damaged files."""
        if damaged != self.damaged:
            self.damaged = damaged
            self.damage_changed.emit()

    @property
    def waits(self) -> bool:
        """Whether actions wait to be carried out."""
        return bool(self._waiting)

    def flush(self) -> bool:
        """Carry out what waits, unless work is under way: that does it at its end. False: it could not be saved."""
        if self.working.busy or not self._waiting:
            return True
        self._take_back()
        self._tell_late()
        return not self._waiting

    def _do(self, action: Action) -> bool:
        if self.working.busy or not self.flush():
            return self._do_ahead(action)
        try:
            changes = action(self.session)
        except DgdeskError as error:
            self.failed.emit(self._texts.error(error))
            return False
        self.deliver(changes)
        return True

    def _do_ahead(self, action: Action) -> bool:
        assert self._ahead is not None
        try:
            changes = action(self._ahead)
        except DgdeskError as error:
            self.failed.emit(self._texts.error(error))
            return False
        self._waiting.append((action, changes))
        if changes:
            self.changed.emit(changes)
        if self.working.busy:
            self.pending.emit()
        return True

    def _hand_over(self) -> None:
        """Work begins: from here on nothing touches the session."""
        if self._ahead is None:
            self._ahead = self.session.ahead()

    def _carry_out(self) -> None:
        """Carry out what waits, in order; in the thread of the work, since every action waits for the disk."""
        while self._waiting and self._stuck is None:
            action, shown = self._waiting[0]
            try:
                changes = action(self.session)
            except FileError as error:
                self._stuck = error
                return
            except DgdeskError as error:  # it can never be done: what shows must be what is stored
                self._refused = error
                changes = shown
            else:
                self._last_saved = changes.at or self._last_saved
            self._waiting.pop(0)
            self._late.append(changes)

    def _take_back(self) -> None:
        """Take the session back; tell later what was done: `state` must not go back to what was, not for a moment."""
        self._again.stop()
        self._carry_out()  # what was given since the thread was done
        if self._stuck is None:
            self._ahead = None
        else:
            self._go_ahead_again()
            self._again.start()

    def _go_ahead_again(self) -> None:
        self._ahead = self.session.ahead()
        for action, _ in self._waiting:
            with suppress(DgdeskError):
                action(self._ahead)

    def _tell_late(self) -> None:
        late, error = self._late, self._stuck or self._refused
        self._late, self._stuck, self._refused = [], None, None
        for changes in late:
            if changes:
                self.changed.emit(changes)
        if error is not None:
            self.failed.emit(self._texts.error(error))
        elif self._last_saved is not None and not self._waiting:
            self.saved.emit(self._last_saved)
