"""The session's base: what is stored, what the rules say of it, and the one path a change takes."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self

from dgdesk.draft.changes import EXTERNAL, FLAG, Changes, changes_between, facts_from, with_edits
from dgdesk.draft.file.model import ChangeRecord, Edit, StateKey, StoredFile
from dgdesk.draft.file.ranks import STEP, UNRANKED, free_rank, rank_of, ranked
from dgdesk.draft.signatories import SIGNING, fit_text
from dgdesk.draft.slots import SlotRows, edited_rows, rows_of
from dgdesk.draft.targets import targets_named
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.evidence.limits import Tally
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from dgdesk.survey.answers.reading import decode
from dgdesk.survey.answers.values import Json, Value, as_decimal, encode
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.rules.score import rounded
from dgdesk.survey.rules.state import Rules, State
from dgdesk.system.bounds import LONGEST_LINE, without_surrogates
from dgdesk.system.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from dgdesk.evidence.documents import Documents


class Store(Protocol):
    """What a session needs of a draft file."""

    def stored(self) -> dict[StateKey, Json]:
        """Every stored answer and attachment."""

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Apply edits as one change."""

    def undo(self) -> ChangeRecord | None:
        """Undo the last change."""

    def redo(self) -> ChangeRecord | None:
        """Redo the change that was undone last."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""

    def attach_files(
        self,
        sources: Sequence[BinaryIO | Path],
        make_edits: Callable[[Sequence[StoredFile | DgdeskError]], Sequence[Edit]],
        action: str,
        *,
        progress: Progress = NO_PROGRESS,
    ) -> ChangeRecord | None:
        """Store files and apply the edits that refer to them."""


class Unwritten:
    """A store that accepts changes and stores nothing."""

    can_undo = can_redo = False

    def stored(self) -> dict[StateKey, Json]:
        """Nothing is stored."""
        return {}

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Return a record of the edits without storing it."""
        return ChangeRecord(0, datetime.min.replace(tzinfo=UTC), "", action, tuple(edits), None, None)

    def undo(self) -> ChangeRecord | None:
        """Return None: there is nothing to undo."""
        return None

    def redo(self) -> ChangeRecord | None:
        """Return None: there is nothing to redo."""
        return None

    def attach_files(self, *_: object, **__: object) -> ChangeRecord | None:
        """Refuse: files cannot be stored. Raises UsageError ``package.no_edits``."""
        raise UsageError("package.no_edits")


class SessionBase:
    """One person's edits of one draft: state, undo and redo, and how changes get into the draft file."""

    def __init__(
        self, rules: Rules, store: Store, today: Callable[[], date], documents: Documents | None = None
    ) -> None:
        """Start from the content of ``store``; without ``documents`` the process's own is used."""
        self._documents = documents
        self._rules = rules
        self._store = store
        self._today = today
        # The stored values unchanged: an edit must name the old value exactly.
        self._stored: dict[StateKey, Json] = store.stored()
        answers = {key.target: value for key, value in self._stored.items() if key.kind == "answer"}
        self._rows = rows_of({key: value for key, value in self._stored.items() if key.kind == "attachment"})
        self._state = rules.evaluate(facts_from(rules.form, answers, self._rows), today())
        self._tally = Tally(self._state.facts.evidence)

    @property
    def form(self) -> Form:
        """The form that is filled."""
        return self._rules.form

    @property
    def documents(self) -> Documents:
        """The reader of foreign formats."""
        if self._documents is None:
            # Most commands inspect nothing.
            from dgdesk.evidence.documents import own_documents

            self._documents = own_documents()
        return self._documents

    @property
    def rules(self) -> Rules:
        """The rules that apply."""
        return self._rules

    @property
    def state(self) -> State:
        """What the rules say about the facts, for the day of the last change or `follow_day`."""
        return self._state

    def state_today(self) -> State:
        """Return what the rules say for today. It stores nothing, so that any thread may ask."""
        state, today = self._state, self._today()
        return state if state.today == today else self._rules.evaluate(state.facts, today)

    def follow_day(self) -> Changes:
        """Evaluate `state` for today, for a draft that stays open over midnight; return what changed."""
        before, self._state = self._state, self.state_today()
        return Changes() if before is self._state else changes_between(self.form, before, self._state)

    @property
    def stored(self) -> Mapping[StateKey, Json]:
        """The stored values; None after a value was cleared."""
        return self._stored

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._store.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._store.can_redo

    def set_external(self, indicator: str, points: Decimal | None) -> Changes:
        """Set the points of an external indicator, or clear them (None).

        Raises:
            UsageError: no such external indicator, or more points than it has. Full points that are no round number may
                be entered rounded as they are shown (6.67 of 20/3); they count as the full points.
        """
        full = self._rules.rubric.external_weights.get(indicator)
        if full is None:
            raise UsageError("score.unknown_external", indicator=indicator)
        # Fraction, since the type checker does not compare it with a Decimal.
        if points is not None and not (
            points.is_finite() and points >= 0 and Fraction(points) <= max(Fraction(rounded(full)), full)
        ):
            raise UsageError("score.external_range", indicator=indicator, full=rounded(full))
        old = self._state.facts.external.get(indicator)
        if old == points:
            return Changes()
        edit = self._answer_edit(EXTERNAL + indicator, None if points is None else str(points))
        return self._apply_record(self._stored_edits([edit], "external"))

    def flag(self, address: str, note: str | None) -> Changes:
        """Flag a question as not sure, with a note that may be empty; None takes the flag away.

        A flag is the office's own remark: no rule reads it, and it is in no submission.

        Raises:
            UsageError: ``field.unknown``; ``flag.too_long``.
        """
        if address not in self.form.position:
            raise UsageError("field.unknown", field=address)
        if note is not None:
            note = without_surrogates(" ".join(note.split()))
            if len(note) > LONGEST_LINE:
                raise UsageError("flag.too_long", most=LONGEST_LINE)
        return self._commit_edits({}, action="flag", notes={FLAG + address: note})

    def set_signing(self, values: Mapping[str, str | None]) -> Changes:
        """Set texts of the signing set by their keys, in one step with one undo; None brings the suggestion back.

        No rule reads them, and they are in no submission.

        Raises:
            UsageError: as `fit_text`; nothing is changed.
        """
        notes = {SIGNING + key: None if text is None else fit_text(key, text) for key, text in values.items()}
        return self._commit_edits({}, action="signing", notes=notes)

    def restore(self, values: Mapping[StateKey, Json]) -> Changes:
        """Restore earlier values as one ordinary change with one undo.

        An attachment comes back where it was among those that are there now; the others stay as they are.

        Raises:
            UsageError: the form has no such field or slot, or an attached file is no longer in the draft.
        """
        answers: dict[str, Value | None] = {}
        files: dict[StateKey, Attachment | None] = {}
        ranks: dict[StateKey, int] = {}
        notes: dict[str, str | None] = {}
        for key, stored in values.items():
            kind, target, _ = key
            if kind == "attachment":
                if target not in self.form.slots:
                    raise UsageError("evidence.unknown_slot", slot=target)
                one = attachment_from_json(stored)
                if one is not None or stored is None:  # what cannot be read cannot be restored
                    files[StateKey(*key)], ranks[StateKey(*key)] = one, rank_of(stored)
            elif target.startswith(EXTERNAL):  # these points are entered alone
                return self.set_external(target.removeprefix(EXTERNAL), None if stored is None else as_decimal(stored))
            elif target.startswith((FLAG, SIGNING)):
                notes[target] = stored if isinstance(stored, str) else None
            else:
                answers[target] = decode(self._answerable(target), stored)
        return self._commit_edits(answers, files, "restore", ranks, notes)

    def undo(self) -> Changes:
        """Undo the last change; return no changes if there is none."""
        with targets_named(self.form, self._state.facts.answers):
            record = self._store.undo()
        return self._apply_record(record) if record is not None else Changes()

    def redo(self) -> Changes:
        """Redo the change that was undone last; return no changes if there is none."""
        with targets_named(self.form, self._state.facts.answers):
            record = self._store.redo()
        return self._apply_record(record) if record is not None else Changes()

    def optimistic_copy(self) -> Self:
        """Return a copy of this session that stores nothing, to show the effect of actions before they are saved.

        Undo and redo do nothing in it, and no file can be attached.
        """
        made = copy(self)
        made._stored = dict(self._stored)
        made._rows = dict(self._rows)
        made._tally = self._tally.copied()
        made._store = Unwritten()
        return made

    def _answerable(self, address: str) -> Node:
        at = self.form.position.get(address)
        if at is None:
            raise UsageError("field.unknown", field=address)
        if self.form.nodes[at].kind in WITHOUT_ANSWER:
            raise UsageError("value.no_answer_here", field=address)
        return self.form.nodes[at]

    def _commit_edits(
        self,
        answers: Mapping[str, Value | None],
        files: Mapping[StateKey, Attachment | None] | None = None,
        action: str = "answer",
        ranks: Mapping[StateKey, int] | None = None,
        notes: Mapping[str, str | None] | None = None,
    ) -> Changes:
        facts = self._state.facts
        edits = [
            self._answer_edit(address, encode(value))
            for address, value in answers.items()
            if facts.answers.get(address) != value
        ]
        edits += self._attachment_edits(files or {}, ranks or {})
        edits += self._note_edits(notes or {})
        return self._apply_record(self._stored_edits(edits, action)) if edits else Changes()

    def _note_edits(self, notes: Mapping[str, str | None]) -> list[Edit]:
        """Return the edits that set flags and texts to be signed, or remove them (None); others need none."""
        edits = [self._answer_edit(target, note) for target, note in notes.items()]
        return [edit for edit in edits if edit.old != edit.new]

    def _answer_edit(self, target: str, new: Json) -> Edit:
        return Edit("answer", target, self._stored.get(StateKey("answer", target)), new)

    def _attachment_edits(
        self, files: Mapping[StateKey, Attachment | None], ranks: Mapping[StateKey, int] | None = None
    ) -> list[Edit]:
        """Return the edits that set attachments or remove them (None). What is set already needs none.

        A new one comes behind the others of its slot, or where ``ranks`` says. What cannot be read at an edited slot
        is left out of it from now on, as its problem says; the journal keeps it.
        """
        edits: list[Edit] = []
        last: dict[str, int] = {}
        taken = {slot: [rank for rank, _ in self._at(slot).places] for slot in {key.target for key in ranks or {}}}
        for key, new in files.items():
            old = self._stored.get(key)
            if new == (None if old is None else attachment_from_json(old)) and (new is None) == (old is None):
                continue
            value: Json = None
            if new is not None and old is not None:
                value = ranked(new.as_json(), rank_of(old))
            elif new is not None:
                if key.target in taken:
                    rank = free_rank(taken[key.target], (ranks or {}).get(key, UNRANKED))
                    insort(taken[key.target], rank)
                else:
                    rank = last.get(key.target, self._at(key.target).last_rank) + STEP
                    last[key.target] = rank
                value = ranked(new.as_json(), rank)
            edits.append(Edit("attachment", key.target, old, value, key.file))
        for slot in dict.fromkeys(edit.target for edit in edits):
            for file in sorted(self._at(slot).unreadable):
                if (key := StateKey("attachment", slot, file)) not in files:
                    edits.append(self._mended(key))
        return edits

    def _at(self, slot: str) -> SlotRows:
        return self._rows.get(slot, SlotRows())

    def _mended(self, key: StateKey) -> Edit:
        old = self._stored[key]
        read = attachment_from_json(old)
        new = None if read is None else ranked(read.as_json(), rank_of(old))
        return Edit("attachment", key.target, old, new, key.file)

    def _stored_edits(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        with targets_named(self.form, self._state.facts.answers):
            return self._store.apply(edits, action)

    def _apply_record(self, record: ChangeRecord) -> Changes:
        """Update the state by the journal's record, which is the truth, and return what changed."""
        before = self._state
        for edit in record.edits:
            self._stored[edit.key] = edit.new
            self._count(edit)
        rows = edited_rows(self._rows, record.edits)
        self._rows.update(rows)
        facts = with_edits(self.form, before.facts, record.edits, rows)
        self._state = self._rules.evaluate(facts, self._today(), before)
        return changes_between(self.form, before, self._state, record)

    def _count(self, edit: Edit) -> None:
        if edit.kind != "attachment" or edit.target not in self.form.slots:
            return
        if one := attachment_from_json(edit.old):
            self._tally.remove(one.sha256)
        if one := attachment_from_json(edit.new):
            self._tally.add(one.sha256, one.size)
