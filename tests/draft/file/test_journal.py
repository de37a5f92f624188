"""Changes, undo, redo and history, told as stories; `test_journal_model` has them at random."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from sqlalchemy.dialects import sqlite

from dgdesk.draft.file.database import Database
from dgdesk.draft.file.journal import _LAST, _LATEST_UNDO, _ONE, _TOPS
from dgdesk.draft.file.model import Edit


def answer(target: str, old: object, new: object) -> list[Edit]:
    return [Edit("answer", target, old, new)]


def test_a_change_is_recorded_with_who_when_old_and_new(desk, clock):
    package = desk.create()
    package.apply(answer("g1", None, "ใช่"), "answer")
    record = package.apply(
        [Edit("answer", "g1", "ใช่", None), Edit("answer", "g2", None, [1, 2.5, {"ก": None}])], "clear"
    )
    assert (record.number, record.who, record.action) == (2, "สมชาย", "clear")
    assert record.at == clock() and record.at.tzinfo is UTC
    assert record.edits == (Edit("answer", "g1", "ใช่", None), Edit("answer", "g2", None, [1, 2.5, {"ก": None}]))
    assert (record.undoes, record.redoes) == (None, None)
    assert package.answers() == {"g2": [1, 2.5, {"ก": None}]}
    package = desk.reopen()
    assert package.history()[0] == record
    assert package.state_counter == 2


def test_undo_and_redo_append_entries_and_survive_reopening(desk):
    package = desk.create()
    for number in range(1, 4):
        package.apply(answer("q", number - 1 or None, number), "answer")
    undone = package.undo()
    assert (undone.number, undone.undoes, undone.redoes, undone.action) == (4, 3, None, "answer")
    assert undone.edits == (Edit("answer", "q", 3, 2),)
    package = desk.reopen()
    assert package.undo().undoes == 2
    assert package.answers() == {"q": 1}
    package = desk.reopen()
    assert package.can_undo and package.can_redo
    redone = package.redo()
    assert (redone.number, redone.redoes, redone.edits) == (6, 2, (Edit("answer", "q", 1, 2),))
    package = desk.reopen()
    assert package.undo().undoes == 2, "a change done again can be undone again"
    assert package.undo().undoes == 1
    assert package.undo() is None and not package.can_undo
    assert package.answers() == {}
    package = desk.reopen()
    assert [package.redo().redoes for _ in range(3)] == [1, 2, 3]
    assert package.redo() is None
    assert package.answers() == {"q": 3}
    assert package.state_counter == 11
    assert [record.number for record in package.history()] == list(range(11, 0, -1))


def test_a_fresh_change_after_undo_ends_redo(desk):
    package = desk.create()
    package.apply(answer("q", None, 1), "answer")
    package.undo()
    package.apply(answer("q", None, 2), "answer")
    assert not package.can_redo and package.redo() is None
    package = desk.reopen()
    assert package.redo() is None
    assert package.undo().undoes == 3 and package.undo() is None


def test_a_change_of_many_edits_is_undone_as_one_in_reverse(desk):
    package = desk.create()
    package.apply([Edit("answer", "q", None, 1), Edit("answer", "q", 1, 2), Edit("answer", "r", None, 5)], "paste")
    assert package.undo().edits == (
        Edit("answer", "r", 5, None),
        Edit("answer", "q", 2, 1),
        Edit("answer", "q", 1, None),
    )
    assert package.answers() == {}
    package.redo()
    assert package.answers() == {"q": 2, "r": 5}


def test_a_change_that_starts_from_another_state_is_refused_whole(desk, refused):
    package = desk.create()
    package.apply(answer("q", None, 1), "answer")
    for stale in (
        answer("q", None, 2),
        answer("q", 2, 3),
        answer("q", True, 3),
        answer("q", 1.0, 3),
        answer("p", 1, 2),
    ):
        with refused("package.stale"):
            package.apply([*answer("r", None, 1), *stale], "answer")
    assert package.answers() == {"q": 1}
    assert package.state_counter == 1


def test_equal_objects_are_equal_whatever_their_order_or_type(desk):
    package = desk.create()
    package.apply(answer("q", None, MappingProxyType({"b": (1, 2), "a": "น้ำ"})), "answer")
    package.apply(answer("q", {"a": "น้ำ", "b": [1, 2]}, {"a": 1}), "answer")
    assert package.answers() == {"q": {"a": 1}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1, 2}, b"x", object(), [object()]])
def test_what_is_no_json_is_refused(desk, refused, value):
    package = desk.create()
    with refused("package.not_json"):
        package.apply(answer("q", None, value), "answer")
    with refused("package.no_edits"):
        package.apply([], "answer")
    with refused("package.not_json"):
        package.apply(answer("\ud800", None, 1), "answer")
    assert package.state_counter == 0


def test_a_value_without_end_is_refused(desk, refused):
    package = desk.create()
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with refused("package.not_json"):
        package.apply(answer("q", None, deep), "answer")
    with refused("package.too_big"):
        package.apply(answer("q", None, "x" * (65 << 20)), "answer")
    assert package.check() == ()


def test_history_by_page_and_by_target(desk):
    package = desk.create()
    for number in range(1, 11):
        package.apply(answer("odd" if number % 2 else "even", number - 2 if number > 2 else None, number), "answer")
    assert [record.number for record in package.history(limit=3)] == [10, 9, 8]
    assert [record.number for record in package.history(limit=3, before=8)] == [7, 6, 5]
    assert [record.number for record in package.history(target="even", limit=2, before=9)] == [8, 6]
    assert package.history(target="none") == () and package.history(limit=0) == () and package.history(before=1) == ()


@pytest.mark.parametrize("statement", ["UPDATE change SET who = 'x'", "DELETE FROM change_edit", "DELETE FROM change"])
def test_the_journal_cannot_be_rewritten_by_sql(desk, statement):
    package = desk.create()
    package.apply(answer("q", None, 1), "answer")
    package.close()
    with closing(sqlite3.connect(desk.path)) as database, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        database.execute(statement)


def test_a_clock_with_any_zone_is_kept_as_the_same_moment(desk):
    desk.clock = lambda: datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert desk.create().apply(answer("q", None, 1), "answer").at == datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_end_of_the_journal_is_found_by_key_however_long_it_is(desk):
    """100,000 entries must not make opening or undo slow: every look-up is a search, never a scan of the table."""
    desk.create().close()
    with closing(Database(desk.path, "ro")) as database, database.reading() as connection:
        for query in (_TOPS, _ONE, _LATEST_UNDO):
            text = str(query.compile(dialect=sqlite.dialect()))
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (1,))]
            assert all(step.startswith("SEARCH") for step in plan), (text, plan)
        text = str(_LAST.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
        assert plan == ["SCAN change"], "from the end, by the key, one row"
        assert "ORDER BY" in text and "LIMIT 1" in text


def test_a_long_journal_opens_undoes_and_checks(desk):
    desk.create().close()
    count = 100_000
    with closing(sqlite3.connect(desk.path)) as database, database:
        changes = (
            (n, "2026-01-01T00:00:00.000000+00:00", "a", "answer", None, None, n, None) for n in range(1, count + 1)
        )
        database.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)", changes)
        edits = ((n, 0, "answer", "q", "", None if n == 1 else str(n - 1), str(n)) for n in range(1, count + 1))
        database.executemany("INSERT INTO change_edit VALUES (?, ?, ?, ?, ?, ?, ?)", edits)
        database.execute("INSERT INTO state VALUES ('answer', 'q', '', ?)", (str(count),))
    package = desk.open()
    assert package.undo().undoes == count
    assert package.undo().undoes == count - 1
    assert package.redo().redoes == count - 1
    assert package.answers() == {"q": count - 1}
    assert package.check() == ()
