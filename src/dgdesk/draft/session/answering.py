"""The session's answers: set, typed, chosen; the items of repeats."""

from __future__ import annotations

from collections.abc import Mapping

from dgdesk.draft.changes import FLAG, Changes
from dgdesk.draft.file.model import StateKey
from dgdesk.draft.session.base import SessionBase
from dgdesk.errors import UsageError
from dgdesk.survey.answers.extensions import with_extensions_moved
from dgdesk.survey.answers.reading import read_json, read_typed
from dgdesk.survey.answers.values import Json, UnreadValue, Value, has, items_of
from dgdesk.survey.definition.form import Node
from dgdesk.system.bounds import without_surrogates
from dgdesk.text.refusals import values_of


class AnswerActions(SessionBase):
    """The part of a session that stores answers."""

    def answer(self, address: str, value: Json) -> Changes:
        """Set an answer, given in its JSON form, or clear it (None).

        Raises:
            UsageError: unknown field, or a value that does not fit it; nothing is changed.
            FileError: it could not be saved; nothing is changed.
        """
        return self.answer_all({address: value})

    def answer_all(self, values: Mapping[str, Json]) -> Changes:
        """Set many answers, given in their JSON form, in one durable step with one undo.

        Raises:
            as `answer`; then nothing is changed.
        """
        read: dict[str, Value | None] = {}
        for address, value in values.items():
            node = self._answerable(address)
            try:
                read[address] = None if value is None else read_json(node, value)
            except ValueError as error:
                raise UsageError(str(error.args[0]), field=address, value=str(value), **values_of(error)) from error
        return self._commit_edits(self._extensions_moved(read))

    def set_answer_from_text(self, address: str, typed: str, *, strict: bool = False) -> Changes:
        """Set an answer from typed text. Text that cannot be read is stored as typed and reported as a problem.

        The extension typed with a telephone number goes to the field for it, in the same change, if that is free.

        Raises:
            UsageError: with ``strict``, text that cannot be read is refused instead.
        """
        node = self._answerable(address)
        value: Value | None
        try:
            value = read_typed(node, typed)
        except ValueError as error:
            if strict:
                raise UsageError(str(error.args[0]), field=address, value=typed, **values_of(error)) from error
            value = UnreadValue(without_surrogates(typed.strip()), str(error.args[0]), values_of(error))
        return self._commit_edits(self._extensions_moved({address: value}))

    def toggle(self, address: str, option: str, on: bool) -> Changes:
        """Choose an option of a multiple field, or deselect it. An exclusive option deselects all others."""
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
        return self._commit_edits({address: tuple(one for one in node.options if one in chosen) or None})

    def add_item(self, address: str) -> Changes:
        """Add an item to a repeat.

        Raises:
            UsageError: the repeat is full, or the field is no repeat.
        """
        node, items = self._items(address)
        free = [key for key in node.options if key not in items]
        if not free:
            raise UsageError("value.too_many_items", field=address, value=str(len(node.options)))
        return self._commit_edits({address: (*items, free[0])})

    def remove_item(self, address: str, key: str) -> Changes:
        """Remove an item with its answers, evidence and flags, as one step with one undo."""
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
        attached = [
            StateKey("attachment", slot, file)
            for slot in slots
            if slot in self._state.facts.evidence
            for _, file in self._rows[slot].places
        ]
        flags = [FLAG + address for address in self._state.facts.flags if self.form.position[address] in inside]
        return self._commit_edits(answers, dict.fromkeys(attached), "remove_item", notes=dict.fromkeys(flags))

    def move_item(self, address: str, key: str, to: int) -> Changes:
        """Move an item of a repeat to the position ``to`` (0 is the first)."""
        _, items = self._items(address)
        if key not in items:
            raise UsageError("value.unknown_option", field=address, value=key)
        rest = [one for one in items if one != key]
        return self._commit_edits({address: (*rest[:to], key, *rest[to:])}, action="move_item")

    def _extensions_moved(self, read: Mapping[str, Value | None]) -> dict[str, Value | None]:
        return with_extensions_moved(self.form, read, self._state.facts.answers)

    def _items(self, address: str) -> tuple[Node, tuple[str, ...]]:
        node = self._answerable(address)
        if node.kind != "repeat":
            raise UsageError("value.no_items_here", field=address)
        return node, items_of(node, self._state.facts.answers.get(address))
