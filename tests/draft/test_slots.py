"""What a slot has follows any edits as if it were read anew; adding one file reads no other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft import slots
from dgdesk.draft.file.model import Edit, StateKey
from dgdesk.draft.slots import SlotRows, edited_rows, rows_of

SLOT = "g1/yes"


def value(number: int, rank: Any = 1000, **more: Any) -> dict[str, Any]:
    return {"sha256": f"{number:064x}", "name": f"{number}.pdf", "size": number, "rank": rank, **more}


VALUES = st.one_of(
    st.none(),
    st.builds(lambda rank: {"rank": rank}, st.integers(0, 5)),
    st.builds(lambda rank: {"rank": rank, "name": "?"}, st.none() | st.integers(0, 5)),
    st.builds(lambda rank, marks: {"rank": rank, "marks": marks}, st.integers(0, 5), st.sampled_from([[], ["?"], 3])),
    st.sampled_from(["?", 5]),
)


@given(st.lists(st.tuples(st.integers(0, 5), VALUES), max_size=30))
def test_any_edits_leave_what_a_fresh_reading_finds(edits: list[tuple[int, Any]]) -> None:
    stored: dict[StateKey, Any] = {}
    rows: dict[str, SlotRows] = {}
    for number, new in edits:
        full = {**value(number), **new} if isinstance(new, dict) and "name" not in new else new
        key = StateKey("attachment", SLOT, f"{number:064x}")
        edit = Edit("attachment", SLOT, stored.get(key), full, key.file)
        rows.update(edited_rows(rows, [edit]))
        stored[key] = full
        assert rows[SLOT] == rows_of(stored).get(SLOT, SlotRows())


def test_one_more_file_among_thousands_reads_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {StateKey("attachment", SLOT, f"{n:064x}"): value(n, 1000 * n) for n in range(1, 3001)}
    before = rows_of(many)
    read: list[Any] = []
    reading = slots.attachment_from_json

    def counted(stored: Any) -> Any:
        read.append(stored)
        return reading(stored)

    monkeypatch.setattr(slots, "attachment_from_json", counted)
    new = value(5000, 3_000_500)
    after = edited_rows(before, [Edit("attachment", SLOT, None, new, new["sha256"])])
    assert read == [new] and len(after[SLOT].files) == 3001 and after[SLOT].files[-1].name == "5000.pdf"
    assert before[SLOT].last_rank == 3_000_000 and after[SLOT].last_rank == 3_000_500
