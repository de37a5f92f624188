"""The bridge between window and session: the only caller of the session, it turns changes into signals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.draft.changes import Changes
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import StateKey
from dgdesk.draft.file.underneath import CHANGED
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError, FileError
from dgdesk.evidence.limits import AttachmentRequest, AttachmentResult
from dgdesk.survey.answers.attachments import Attachment, Uses
from dgdesk.survey.answers.marks import Mark
from dgdesk.survey.answers.values import Json, Value
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.evidence_overview import OverviewRow, place_rows
from dgdesk.survey.rules.problems import satisfied
from dgdesk.survey.rules.state import Rules, State
from dgdesk.ui.form.pending import AGAIN
from dgdesk.ui.widgets.jobs import Job, JobQueue
from dgdesk.ui.widgets.label import Texts

Action = Callable[[FormSession], Changes]
_DAY_CHECK = 60_000
"""Milliseconds between two checks of the date."""


class Bridge(QObject):
    """An open draft, for the window. Actions return whether they are saved; their changes come as one signal.

    ``changed`` carries `Changes`, ``saved`` the time, ``failed`` a plain sentence; ``pending`` means that typed text is
    not saved yet. Code that adds to the register of exports emits ``registered``.

    While a job of `jobs` uses the draft, actions are queued: their effect is shown at once, from an optimistic copy of
    the session, and they are performed in order and saved as soon as the job ends. Actions that could not be saved stay
    in the queue and are tried again. Undo and redo are shown only when they are performed.

    ``underneath``: another program has changed the draft's file, so that nothing more is saved in it. Later actions
    stay in the queue, for `take_queued`.
    """

    changed = Signal(object)
    saved = Signal(object)
    failed = Signal(str)
    pending = Signal()
    damage_changed = Signal()
    registered = Signal()
    underneath = Signal()

    def __init__(self, draft: Draft, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self._texts = texts
        self._last_saved: datetime | None = None
        self.damaged: frozenset[str] = frozenset()
        """SHA-256 of the files that are known to be damaged in the draft."""
        self._rows: tuple[State, frozenset[str], tuple[OverviewRow, ...]] | None = None
        self._uses = Uses()
        self._satisfied: tuple[State, dict[str, bool]] | None = None
        self._optimistic: FormSession | None = None
        self._queued: list[tuple[Action, Changes]] = []  # with the changes that are already shown
        self._unpublished: list[Changes] = []
        self._blocked_by: FileError | None = None
        self._refused: DgdeskError | None = None
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(AGAIN)
        self._retry.timeout.connect(self.flush)
        self.jobs = JobQueue(self, self._perform_queued)
        self.jobs.started.connect(self._release_session)
        self.jobs.released.connect(self._acquire_session)
        self.jobs.ended.connect(self._publish_performed)
        self.jobs.ended.connect(self.follow_day)
        self.day = QTimer(self)
        """Checks the date. A single timer until midnight would end late if the PC sleeps or its clock is set."""
        self.day.setInterval(_DAY_CHECK)
        self.day.timeout.connect(self.follow_day)
        self.day.start()

    @property
    def session(self) -> FormSession:
        """The session, for reading only; while `jobs` is busy, only `state` may be read."""
        return self.draft.session

    @property
    def form(self) -> Form:
        """The form of the draft."""
        return self.session.form

    @property
    def rules(self) -> Rules:
        """The rules of the form."""
        return self.session.rules

    @property
    def state(self) -> State:
        """The state by the rules, including queued actions."""
        return self.session.state if self._optimistic is None else self._optimistic.state

    @property
    def place_rows(self) -> tuple[OverviewRow, ...]:
        """The evidence slots in their present state, without points; computed once for each state."""
        state = self.state
        if self._rows is None or self._rows[0] is not state or self._rows[1] != self.damaged:
            self._rows = state, self.damaged, place_rows(self.form, state, self.damaged)
        return self._rows[2]

    def uses(self, sha256: str) -> tuple[str, ...]:
        """Return the slots where a file is attached now; of all slots, only those that changed are read again."""
        self._uses.follow(self.state.facts.evidence)
        return self._uses.of(sha256)

    def is_satisfied(self, slot: str) -> bool:
        """Return whether an evidence slot is complete; computed once for each state."""
        state = self.state
        if self._satisfied is None or self._satisfied[0] is not state:
            self._satisfied = state, {}
        known = self._satisfied[1]
        if slot not in known:
            facts = state.facts
            known[slot] = satisfied(self.form, self.form.slots[slot], facts.answers, facts.evidence)
        return known[slot]

    @property
    def read_only(self) -> bool:
        """Whether the draft is read-only."""
        return self.draft.package.read_only

    def value(self, address: str) -> Value | None:
        """Return the answer at an address."""
        return self.state.facts.answers.get(address)

    def answer(self, address: str, value: Json) -> bool:
        """Set or clear an answer."""
        return self._perform(lambda session: session.answer(address, value))

    def answer_all(self, values: Mapping[str, Json]) -> bool:
        """Set many answers in one step, which one undo takes back."""
        return self._perform(lambda session: session.answer_all(values))

    def set_answer_from_text(self, address: str, typed: str) -> bool:
        """Set an answer from what was typed."""
        return self._perform(lambda session: session.set_answer_from_text(address, typed))

    def toggle(self, address: str, option: str, on: bool) -> bool:
        """Choose an option or deselect it."""
        return self._perform(lambda session: session.toggle(address, option, on))

    def add_item(self, address: str) -> bool:
        """Add an item to a repeat."""
        return self._perform(lambda session: session.add_item(address))

    def remove_item(self, address: str, key: str) -> bool:
        """Remove an item of a repeat."""
        return self._perform(lambda session: session.remove_item(address, key))

    def move_item(self, address: str, key: str, to: int) -> bool:
        """Move an item of a repeat."""
        return self._perform(lambda session: session.move_item(address, key, to))

    def detach(self, slot: str, sha256: str) -> bool:
        """Remove a file from a slot."""
        return self._perform(lambda session: session.detach(slot, sha256))

    def mark(
        self,
        slot: str,
        sha256: str,
        *,
        pages: str | None = None,
        passages: str | None = None,
        marks: Iterable[Mark] | None = None,
        whole: bool | None = None,
    ) -> bool:
        """Set where a file's key passage is: in words, by marks, as the whole file; None changes nothing."""
        drawn = None if marks is None else tuple(marks)
        return self._perform(
            lambda session: session.mark(slot, sha256, pages=pages, passages=passages, marks=drawn, whole=whole)
        )

    def mark_whole(self, files: Mapping[str, Collection[str]]) -> bool:
        """Say of several files (their SHA-256 by slot) that the whole file is the key passage, in one step."""
        return self._perform(lambda session: session.mark_whole(files))

    def attach_again(self, slot: str, files: Iterable[Attachment]) -> bool:
        """Attach files that the draft already has to a further slot."""
        chosen = tuple(files)
        return self._perform(lambda session: session.attach_again(slot, chosen))

    def set_external(self, indicator: str, points: Decimal | None) -> bool:
        """Set or clear the points of an external indicator."""
        return self._perform(lambda session: session.set_external(indicator, points))

    def flag(self, address: str, note: str | None) -> bool:
        """Flag a question, with a note that may be empty; None takes the flag away."""
        return self._perform(lambda session: session.flag(address, note))

    def set_signing(self, values: Mapping[str, str | None]) -> bool:
        """Set texts of the signing set, in one step."""
        return self._perform(lambda session: session.set_signing(values))

    def restore(self, values: Mapping[StateKey, Json]) -> bool:
        """Restore earlier values."""
        return self._perform(lambda session: session.restore(values))

    def undo(self) -> bool:
        """Undo the last change."""
        return self._perform(FormSession.undo)

    def redo(self) -> bool:
        """Redo the change that was undone last."""
        return self._perform(FormSession.redo)

    def attach_job(
        self, slot: str, requests: Sequence[AttachmentRequest]
    ) -> Job[tuple[Changes, tuple[AttachmentResult, ...]]]:
        """Return the job that attaches files, for `jobs`; pass the changes of what it returns to `publish`."""
        session = self.session
        return lambda progress: session.attach_files(slot, requests, progress=progress)

    def publish(self, changes: Changes) -> None:
        """Emit the signals for changes."""
        if changes:
            self._last_saved = changes.at
            self.changed.emit(changes)
        if self._last_saved is not None and not self._queued:
            self.saved.emit(self._last_saved)

    def follow_day(self) -> None:
        """Recompute the state when a new day has begun in Thailand; while a job runs, wait for its end."""
        if self.jobs.busy:
            return
        changes = self.session.follow_day()
        if self._optimistic is not None:
            changes = self._optimistic.follow_day()
        if changes != Changes():
            self.changed.emit(changes)

    def set_damaged(self, damaged: frozenset[str]) -> None:
        """Set which files are known to be damaged."""
        if damaged != self.damaged:
            self.damaged = damaged
            self.damage_changed.emit()

    @property
    def has_queued(self) -> bool:
        """Whether actions are queued."""
        return bool(self._queued)

    def flush(self) -> bool:
        """Perform the queued actions, unless a job runs (its end does it). Return False if they could not be saved."""
        if self.jobs.busy or not self._queued:
            return True
        self._acquire_session()
        self._publish_performed()
        return not self._queued

    def _perform(self, action: Action) -> bool:
        if self.jobs.busy or not self.flush():
            return self._perform_optimistically(action)
        try:
            changes = action(self.session)
        except DgdeskError as error:
            if error.code in CHANGED:
                self._release_session()
                self._perform_optimistically(action)
                self.underneath.emit()
                return True
            self.failed.emit(self._texts.error(error))
            return False
        self.publish(changes)
        return True

    def take_queued(self) -> list[Action]:
        """Hand over the queued actions, for another draft; they are no longer tried here."""
        queued, self._queued = self._queued, []
        self._retry.stop()
        return [action for action, _ in queued]

    def _perform_optimistically(self, action: Action) -> bool:
        assert self._optimistic is not None
        try:
            changes = action(self._optimistic)
        except DgdeskError as error:
            self.failed.emit(self._texts.error(error))
            return False
        self._queued.append((action, changes))
        if changes:
            self.changed.emit(changes)
        if self.jobs.busy:
            self.pending.emit()
        return True

    def _release_session(self) -> None:
        """When a job begins, stop using the session."""
        if self._optimistic is None:
            self._optimistic = self.session.optimistic_copy()

    def _perform_queued(self) -> None:
        """Perform the queued actions in order; in the job's thread, since each action waits for the disk."""
        while self._queued and self._blocked_by is None:
            action, shown = self._queued[0]
            try:
                changes = action(self.session)
            except FileError as error:
                self._blocked_by = error
                return
            except DgdeskError as error:  # it can never succeed: the window must show what is stored
                self._refused = error
                changes = shown
            else:
                self._last_saved = changes.at or self._last_saved
            self._queued.pop(0)
            self._unpublished.append(changes)

    def _acquire_session(self) -> None:
        """Use the session again. Its changes are published later, so that `state` never goes back to an older value."""
        self._retry.stop()
        self._perform_queued()  # actions queued since the thread ended
        if self._blocked_by is None:
            self._optimistic = None
        else:
            self._rebuild_optimistic()
            self._retry.start()

    def _rebuild_optimistic(self) -> None:
        self._optimistic = self.session.optimistic_copy()
        for action, _ in self._queued:
            with suppress(DgdeskError):
                action(self._optimistic)

    def _publish_performed(self) -> None:
        late, error = self._unpublished, self._blocked_by or self._refused
        self._unpublished, self._blocked_by, self._refused = [], None, None
        for changes in late:
            if changes:
                self.changed.emit(changes)
        if error is not None:
            self.failed.emit(self._texts.error(error))
            if error.code in CHANGED:
                self.underneath.emit()
        elif self._last_saved is not None and not self._queued:
            self.saved.emit(self._last_saved)
