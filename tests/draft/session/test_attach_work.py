"""What attaching one more file costs does not grow with the files that are there: counted, not timed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event


@contextmanager
def counting() -> Iterator[list[int]]:
    """Give the bytes of the values of each SQL statement meanwhile."""
    found: list[int] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        values = parameters if isinstance(parameters, tuple) else tuple(parameters.values())
        found.append(sum(len(one) for one in values if isinstance(one, str | bytes)))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("places", [1, 7, 40])
def test_the_hundredth_file_takes_as_many_statements_and_bytes_as_the_tenth(desk, places):
    slots = sorted(desk.session.form.slots)[:places]
    work = {}
    for number in range(150):
        source = desk.file(f"{number:03}.txt", b"%03d" % number)
        with counting() as found:
            desk.session.attach(slots[number % places], source)
        work[number] = len(found), sum(found)
    tenth, last = work[10], work[149]
    assert last[0] <= tenth[0]
    assert last[1] <= tenth[1] + 100  # the slots have names of different lengths


def test_what_is_stored_is_read_in_one_reading_and_is_all_there_is(desk):
    desk.session.answer("g1", "yes")
    desk.session.attach("g1/yes", desk.file("a.txt", b"one"))
    package = desk.draft.package
    with counting() as found:
        stored = package.stored()
    assert len(found) <= 2  # BEGIN and one SELECT
    answers = {key.target: value for key, value in stored.items() if key.kind == "answer"}
    assert answers == package.answers()
    assert {key: value for key, value in stored.items() if key.kind == "attachment"} == package.attachments()
