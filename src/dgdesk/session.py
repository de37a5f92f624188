"""FormSession: a person's work on one draft. Every action is durable when it returns, and says what changed.

``session.answer(address, value)`` writes the change to the package in one transaction, evaluates the rules and returns
a frozen `Changes`; the window and the command line both work through it. Undo is the same way backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Protocol

from dgdesk.answers.evidence import Attachment, decode_evidence
from dgdesk.answers.incoming import check_mark, check_room, check_total, clean_name
from dgdesk.answers.inspecting import Incoming, look_at_file
from dgdesk.answers.limits import Gauge, gauge, used_bytes
from dgdesk.answers.marks import Mark, tidy_marks
from dgdesk.answers.reading import read_json, read_typed
from dgdesk.answers.stored import decode
from dgdesk.answers.values import Json, Unread, Value, as_decimal, encode, has, items_of
from dgdesk.changes import EXTERNAL, Changes, changes_between, facts_from, with_edits
from dgdesk.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.errors import UsageError
from dgdesk.package.model import Cancelled, ChangeRecord, Edit, EditKind, Progress, StoredFile
from dgdesk.rules.score import rounded
from dgdesk.rules.state import Rules, State


class Store(Protocol):
    """What a session needs of a package."""

    def answers(self) -> dict[str, Json]:
        """Every stored answer."""

    def evidence(self) -> dict[str, list[Json]]:
        """The attachments of every place."""

    def apply(self, edits: Sequence[Edit], action: str) -> ChangeRecord:
        """Carry out edits as one change."""

    def undo(self) -> ChangeRecord | None:
        """Take the last change back."""

    def redo(self) -> ChangeRecord | None:
        """Do the last undone change again."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""

    def attach_file(
        self,
        source: BinaryIO | Path,
        make_edit: Callable[[StoredFile], Edit],
        action: str,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> ChangeRecord:
        """Store a file and carry out the edit that refers to it."""


class FormSession:
    """One person at work on one draft. Not thread-safe: one thread at a time."""

    def __init__(self, rules: Rules, store: Store, today: Callable[[], date]) -> None:
        """Take up the work where ``store`` has it."""
        self._rules = rules
        self._store = store
        self._today = today
        # What is stored, as it is stored: an edit must name the old value exactly.
        self._stored: dict[tuple[str, str], Json] = {
            **{("answer", target): value for target, value in store.answers().items()},
            **{("evidence", target): value for target, value in store.evidence().items()},
        }
        self._state = rules.evaluate(facts_from(rules.form, self._stored), today())

    @property
    def form(self) -> Form:
        """The form that is filled."""
        return self._rules.form

    @property
    def rules(self) -> Rules:
        """The rules that apply."""
        return self._rules

    @property
    def state(self) -> State:
        """What the rules say about the facts now."""
        return self._state

    @property
    def stored(self) -> Mapping[tuple[str, str], Json]:
        """What is stored now, by kind of edit and target; None or an empty list where nothing is any more."""
        return self._stored

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._store.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._store.can_redo

    def answer(self, address: str, value: Json) -> Changes:
        """Set or (with None) clear an answer, given in its JSON form.

        Raises:
            UsageError: unknown field, or a value that does not fit it; nothing is changed.
            FileError: it could not be saved; nothing is changed.
        """
        return self.answer_all({address: value})

    def answer_all(self, values: Mapping[str, Json]) -> Changes:
        """Set many answers, given in their JSON form, in one durable step that one undo takes back.

        Raises:
            as `answer`; nothing is changed then.
        """
        read: dict[str, Value | None] = {}
        for address, value in values.items():
            node = self._answerable(address)
            try:
                read[address] = None if value is None else read_json(node, value)
            except ValueError as error:
                raise UsageError(str(error.args[0]), field=address, value=str(value)) from error
        return self._put(read)

    def type_in(self, address: str, typed: str, *, strict: bool = False) -> Changes:
        """Set an answer from what was typed. What cannot be read is kept as typed, and reported as a problem.

        Raises:
            UsageError: with ``strict``, what cannot be read is refused instead.
        """
        node = self._answerable(address)
        value: Value | None
        try:
            value = read_typed(node, typed)
        except ValueError as error:
            if strict:
                raise UsageError(str(error.args[0]), field=address, value=typed) from error
            value = Unread(typed.strip(), str(error.args[0]))
        return self._put({address: value})

    def toggle(self, address: str, option: str, on: bool) -> Changes:
        """Choose an option of a multiple field, or take it back. An exclusive option stands alone."""
        node = self._answerable(address)
        if node.kind != "multiple" or option not in node.options:
            raise UsageError("value.unknown_option", field=address, value=option)
        now = self._state.facts.answers.get(address)
        exclusive = {one.id for one in node.field.options if one.exclusive}
        chosen = {one for one in node.options if has(now, one)}
        if not on:
            chosen.discard(option)
        elif option in exclusive:
            chosen = {option}
        else:
            chosen = (chosen - exclusive) | {option}
        return self._put({address: tuple(one for one in node.options if one in chosen) or None})

    def add_item(self, address: str) -> Changes:
        """Add an item to a repeat.

        Raises:
            UsageError: the repeat is full, or it is no repeat.
        """
        node, items = self._items(address)
        free = [key for key in node.options if key not in items]
        if not free:
            raise UsageError("value.too_many_items", field=address, value=str(len(node.options)))
        return self._put({address: (*items, free[0])})

    def remove_item(self, address: str, key: str) -> Changes:
        """Remove an item with its answers and evidence; one step to undo."""
        _, items = self._items(address)
        if key not in items:
            raise UsageError("value.unknown_option", field=address, value=key)
        item = self.form.position[f"{address}#{key}"]
        inside = range(item, self.form.nodes[item].end)
        answers: dict[str, Value | None] = {
            self.form.nodes[at].address: None
            for at in inside
            if self.form.nodes[at].address in self._state.facts.answers
        }
        slots = [slot.id for at in inside for slot in self.form.nodes[at].slots]
        answers[address] = tuple(one for one in items if one != key) or None
        return self._put(answers, {slot: () for slot in slots if slot in self._state.facts.evidence}, "remove_item")

    def move_item(self, address: str, key: str, to: int) -> Changes:
        """Move an item of a repeat to the place ``to`` (0 is the first)."""
        _, items = self._items(address)
        if key not in items:
            raise UsageError("value.unknown_option", field=address, value=key)
        rest = [one for one in items if one != key]
        return self._put({address: (*rest[:to], key, *rest[to:])}, action="move_item")

    @property
    def evidence_gauge(self) -> Gauge:
        """How much evidence there is, against what the edition allows."""
        return gauge(used_bytes(self._state.facts.evidence), self.form.definition.evidence_limits)

    def look(self, source: Path) -> Incoming:
        """Look at a file before it is attached: what it is, what forbids it, what the person must be told first.

        Reads the edition's limits only, so that it may run in another thread.

        Raises:
            FileError: ``evidence.unreadable``.
        """
        return look_at_file(source, self.form.definition.evidence_limits)

    def attach(
        self,
        slot: str,
        source: Path,
        *,
        name: str | None = None,
        pages: str = "",
        passages: str = "",
        marks: Iterable[Mark] = (),
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Changes:
        """Attach a copy of a file at a place for evidence; ``name`` is what people know it by (default: its own).

        What `look` asks about is attached in spite of it: telling the person is the front end's.

        Raises:
            UsageError: no such place, the mark is too long or not sound, the file is already there, or what `look`
                refuses: empty, a program, an archive, larger than the edition's limits.
            FileError: the file cannot be read, or the draft cannot be written; nothing is changed.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        check_mark(slot, pages, passages)
        drawn = _sound(slot, marks)
        limits = self.form.definition.evidence_limits
        looked = look_at_file(source, limits, deep=False)
        looked.check()
        known_as = clean_name(name) if name else looked.name
        check_room(self._state.facts.evidence, looked.size, known_as, limits)
        there = self._state.facts.evidence.get(slot, ())

        def edit(stored: StoredFile) -> Edit:
            if any(one.sha256 == stored.sha256 for one in there):
                raise UsageError("evidence.already_there", name=known_as, slot=slot)
            check_total(self._state.facts.evidence, stored.sha256, stored.size, known_as, limits)
            new = Attachment(stored.sha256, known_as, stored.size, looked.media_type, pages, passages, drawn)
            return self._edit("evidence", slot, [one.as_json() for one in (*there, new)])

        record = self._store.attach_file(source, edit, "attach", progress=progress, cancelled=cancelled)
        return self._take(record)

    def detach(self, slot: str, sha256: str) -> Changes:
        """Take a file away from a place; the file itself stays in the draft until it is compacted."""
        there = self._attachments(slot, sha256)
        return self._put({}, {slot: tuple(one for one in there if one.sha256 != sha256)}, "detach")

    def mark(
        self,
        slot: str,
        sha256: str,
        *,
        pages: str | None = None,
        passages: str | None = None,
        marks: Iterable[Mark] | None = None,
    ) -> Changes:
        """Say where the key passage of a file is: in words, by marks on its pages, or both. None leaves as it is.

        Raises:
            UsageError: the file is not attached there, a text is too long, or the marks are not sound or too many.
        """
        check_mark(slot, pages or "", passages or "")
        drawn = None if marks is None else _sound(slot, marks)
        there = self._attachments(slot, sha256)

        def marked(one: Attachment) -> Attachment:
            return replace(
                one,
                pages=one.pages if pages is None else pages,
                passages=one.passages if passages is None else passages,
                marks=one.marks if drawn is None else drawn,
            )

        return self._put({}, {slot: tuple(marked(one) if one.sha256 == sha256 else one for one in there)}, "mark")

    def set_external(self, indicator: str, points: Decimal | None) -> Changes:
        """Enter the points of an external indicator, or (with None) take them back.

        Raises:
            UsageError: no such external indicator, or more points than it has. Full points that are no round figure
                may be entered as they are shown (6.67 of 20/3); they count as the full points.
        """
        full = self._rules.rubric.external_weights.get(indicator)
        if full is None:
            raise UsageError("score.unknown_external", indicator=indicator)
        # Fraction, since a Decimal and it do not compare for a type checker.
        if points is not None and not (
            points.is_finite() and points >= 0 and Fraction(points) <= max(Fraction(rounded(full)), full)
        ):
            raise UsageError("score.external_range", indicator=indicator, full=rounded(full))
        old = self._state.facts.external.get(indicator)
        if old == points:
            return Changes()
        edit = self._edit("answer", EXTERNAL + indicator, None if points is None else str(points))
        return self._take(self._store.apply([edit], "external"))

    def restore(self, values: Mapping[tuple[str, str], Json]) -> Changes:
        """Put back what was stored earlier, by kind of edit and target, as one ordinary change that undo takes back.

        Raises:
            UsageError: the form has no such field or place, or an attached file is no longer in the draft.
        """
        answers: dict[str, Value | None] = {}
        evidence: dict[str, tuple[Attachment, ...]] = {}
        for (kind, target), stored in values.items():
            if kind == "evidence":
                if target not in self.form.slots:
                    raise UsageError("evidence.unknown_slot", slot=target)
                evidence[target] = decode_evidence(self.form, {target: stored}).get(target, ())
            elif target.startswith(EXTERNAL):  # these points are entered alone
                return self.set_external(target.removeprefix(EXTERNAL), None if stored is None else as_decimal(stored))
            else:
                answers[target] = decode(self._answerable(target), stored)
        return self._put(answers, evidence, "restore")

    def undo(self) -> Changes:
        """Take the last change back; no changes when there is none."""
        record = self._store.undo()
        return self._take(record) if record is not None else Changes()

    def redo(self) -> Changes:
        """Make the last undone change again; no changes when there is none."""
        record = self._store.redo()
        return self._take(record) if record is not None else Changes()

    def _answerable(self, address: str) -> Node:
        at = self.form.position.get(address)
        if at is None:
            raise UsageError("field.unknown", field=address)
        if self.form.nodes[at].kind in WITHOUT_ANSWER:
            raise UsageError("value.no_answer_here", field=address)
        return self.form.nodes[at]

    def _items(self, address: str) -> tuple[Node, tuple[str, ...]]:
        node = self._answerable(address)
        if node.kind != "repeat":
            raise UsageError("value.no_items_here", field=address)
        return node, items_of(node, self._state.facts.answers.get(address))

    def _attachments(self, slot: str, sha256: str) -> tuple[Attachment, ...]:
        there = self._state.facts.evidence.get(slot, ())
        if all(one.sha256 != sha256 for one in there):
            raise UsageError("evidence.not_there", slot=slot)
        return there

    def _put(
        self,
        answers: Mapping[str, Value | None],
        evidence: Mapping[str, tuple[Attachment, ...]] | None = None,
        action: str = "answer",
    ) -> Changes:
        facts = self._state.facts
        edits = [
            self._edit("answer", address, encode(value))
            for address, value in answers.items()
            if facts.answers.get(address) != value
        ]
        edits += [
            self._edit("evidence", slot, [one.as_json() for one in after] or None)
            for slot, after in (evidence or {}).items()
            if facts.evidence.get(slot, ()) != after
        ]
        return self._take(self._store.apply(edits, action)) if edits else Changes()

    def _edit(self, kind: EditKind, target: str, new: Json) -> Edit:
        return Edit(kind, target, self._stored.get((kind, target)), new)

    def _take(self, record: ChangeRecord) -> Changes:
        """Bring the state up to what the journal's record says, and tell what that changed."""
        before = self._state
        for edit in record.edits:
            self._stored[edit.kind, edit.target] = edit.new
        self._state = self._rules.evaluate(with_edits(self.form, before.facts, record.edits), self._today(), before)
        return changes_between(self.form, before, self._state, record)


def _sound(slot: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    try:
        return tidy_marks(marks)
    except ValueError as error:
        raise UsageError(str(error.args[0]), field=slot) from error
