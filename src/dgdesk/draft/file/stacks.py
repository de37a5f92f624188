"""What undo and redo would do next: the two stacks of the journal, from their tops."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from dgdesk.draft.file import journal
from dgdesk.draft.file.model import ChangeRecord

Below = Callable[[Connection, int], int | None]


def undo_stack(connection: Connection, limit: int) -> tuple[ChangeRecord, ...]:
    """Return up to ``limit`` changes that undo would take back, the next one first."""
    return _stack(connection, journal.top(connection).undo, journal.undo_below, limit)


def redo_stack(connection: Connection, limit: int) -> tuple[ChangeRecord, ...]:
    """Return up to ``limit`` changes that redo would do again, the next one first."""
    return _stack(connection, journal.top(connection).redo, journal.redo_below, limit)


def _stack(connection: Connection, first: int | None, below: Below, limit: int) -> tuple[ChangeRecord, ...]:
    found: list[ChangeRecord] = []
    number, seen = first, set[int]()
    while number is not None and number not in seen and len(found) < limit:  # a damaged chain may be a loop
        seen.add(number)
        found += [one for one in journal.history(connection, 1, number + 1) if one.number == number]
        number = below(connection, number)
    return tuple(found)
