"""A draft of version 2, with lists of attachments: it holds the same afterwards, and every step can be undone."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.file.opening import open_draft_file
from dgdesk.draft.file.repair import repair_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.history import steps
from dgdesk.text.messages import load_catalogue
from draft.file.second_version import FIXTURE, ListDraft
from scenario import real_rules

HELD: dict[str, Any] = json.loads(FIXTURE.with_suffix(".json").read_text(encoding="utf-8"))
"""What version 2 itself read in the fixture."""
CONTENTS = [b"a", b"bb", b"ccc", b"dddd", b"eeeee"]
SLOTS = ["g1/yes", "g3.projects#1"]


@pytest.fixture
def old(desk):
    """Somebody's file of version 2: six files at a place, put in another order, renamed, marked, undone."""
    shutil.copy(FIXTURE, desk.path)
    return desk.path


@pytest.fixture
def lists(tmp_path):
    """A file of version 2 that a story writes itself."""
    draft = ListDraft(tmp_path / "survey.dgdesk", CONTENTS)
    yield draft
    draft.close()


def content(package: DraftFile) -> dict[str, Any]:
    return {"answers": package.answers(), "evidence": package.evidence()}


def item(draft: ListDraft, number: int, **more: Any) -> dict[str, Any]:
    return {"sha256": draft.digests[number], "name": f"{number}.pdf", "size": number + 1, **more}


def names(package: DraftFile, slot: str = "g1/yes") -> list[str]:
    return [one["name"] for one in package.evidence().get(slot, [])]


def test_the_file_of_version_2_holds_the_same(desk, old):
    package = desk.open()
    assert content(package) == {key: HELD[key] for key in ("answers", "evidence")}
    assert [[one.sha256, one.size] for one in package.files()] == HELD["files"]
    assert [dict(one.record) for one in package.exports()] == HELD["exports"]
    assert package.meta == {"a": "b"} and package.check() == ()
    package = desk.reopen()
    assert content(package) == {key: HELD[key] for key in ("answers", "evidence")}


def test_it_is_undone_to_the_first_state_and_redone_to_the_last(desk, old):
    package = desk.open()
    for state in HELD["undone"]:
        assert package.undo() is not None and content(package) == state
    assert package.undo() is None and len(HELD["undone"]) > 10
    for state in HELD["redone"]:
        assert package.redo() is not None and content(package) == state
    assert package.redo() is None and package.check() == ()


def test_a_reader_needs_no_right_to_write_and_sees_the_same(desk, old):
    before = old.read_bytes()
    with desk.open(read_only=True) as reader:
        assert content(reader) == {key: HELD[key] for key in ("answers", "evidence")}
    assert old.read_bytes() == before and [one.name for one in old.parent.iterdir()] == [old.name]


def test_the_history_says_what_each_step_changed(desk, old):
    """Version 2 named all files of the place before and after each step; now a step names those that it changed."""
    said = steps(real_rules().form, {}, desk.open().history(1000), load_catalogue("th").text)
    assert [[one.number, one.at.isoformat(), one.who, one.action, one.origin] for one in said] == HELD["history"]
    for step, before in zip(said, HELD["words"], strict=True):
        for line, (_, old_words, new_words) in zip(step.lines, before, strict=True):
            old_words, new_words = unnumbered(old_words), unnumbered(new_words)
            old, new = unnumbered(line.old), unnumbered(line.new)
            assert changed(old, new) == changed(old_words, new_words), step
            assert changed(new, old) == changed(new_words, old_words), step


def unnumbered(words: str) -> str:
    """Without the numbers of items: today they are those that the items have now."""
    return re.sub(r" \(ที่ [^)]*\)", "", words)


def changed(words: str, others: str) -> list[str]:
    """The words that are not among the others; what version 2 and this one both have to say."""
    return sorted(set(words.split(" · ")) - set(others.split(" · ")) - {""})


def test_repair_reads_it_too(tmp_path, old, clock):
    """A damaged draft of an earlier version is saved as one of today's, with its history."""
    done = repair_draft_file(old, tmp_path / "new.dgdesk", editions={}, clock=clock, who="-")
    assert done.losses == ()
    with open_draft_file(done.path, clock=clock, who="-") as package:
        assert content(package) == {key: HELD[key] for key in ("answers", "evidence")}
        assert all(package.undo() is not None and content(package) == state for state in HELD["undone"])


def test_repair_of_a_damaged_one_loses_no_attachment_that_is_still_somewhere(tmp_path, old, clock):
    """The list in the state is gone; the history has it."""
    data = old.read_bytes()
    text = json.dumps(HELD["evidence"]["g1/yes"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    at = data.rindex(text.encode())
    with closing(sqlite3.connect(old)) as base:
        (root,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'state'").fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
    at = data.index(text.encode(), (root - 1) * size)
    assert at < root * size
    old.write_bytes(data[:at] + b"{" + data[at + 1 :])
    done = repair_draft_file(old, tmp_path / "new.dgdesk", editions={}, clock=clock, who="-")
    assert {loss.code for loss in done.losses} <= {"repair.value_from_history", "repair.history"}
    with open_draft_file(done.path, clock=clock, who="-") as package:
        assert package.evidence() == HELD["evidence"] and package.answers() == HELD["answers"]


# -- what no program of ours wrote -----------------------------------------------------------------------------------


def test_items_that_are_no_attachments_stay_as_they_are(desk, lists):
    """Strange items, and a file twice, are kept whole, in their places; the rest of the list is as it was."""
    strange = ["?", {"sha256": 3}, item(lists, 0), 5, item(lists, 0, name="again.pdf"), None, item(lists, 1)]
    lists.apply({("evidence", "g1/yes"): strange})
    lists.apply({("evidence", "g2/yes"): {"no": "list"}})
    lists.close()
    package = desk.open()
    assert plain(package) == {"g1/yes": strange, "g2/yes": [{"no": "list"}]} and package.check() == ()
    package.undo()
    package.undo()
    assert package.evidence() == {}
    package.redo()
    assert plain(package) == {"g1/yes": strange}


def plain(package: DraftFile) -> dict[str, list[Any]]:
    """The attachments with the strange ones as they were in the list."""
    return {
        slot: [one.get("value", one) if len(one) == 1 else one for one in ones] for slot, ones in everything(package)
    }


def everything(package: DraftFile) -> Any:
    return package.evidence().items()


def test_a_list_in_the_history_that_cannot_be_read_does_not_stop_it(desk, lists):
    lists.apply({("evidence", "g1/yes"): [item(lists, 0)]})
    lists.apply({("evidence", "g1/yes"): [item(lists, 0), item(lists, 1)]})
    lists.execute("UPDATE change_edit SET new = '[{' WHERE change = 1")
    lists.close()
    package = desk.open()
    assert names(package) == ["0.pdf", "1.pdf"] and len(package.history()) == 2
    assert package.check() != (), "it was damaged, and is called so"


def test_a_list_in_the_state_that_cannot_be_read_is_left_to_repair(desk, lists, refused, tmp_path, clock):
    lists.apply({("evidence", "g1/yes"): [item(lists, 0)]})
    lists.execute("UPDATE state SET value = '[{'")
    lists.close()
    with refused("package.value_damaged"):
        desk.open()
    with closing(sqlite3.connect(desk.path)) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (2,)
    done = repair_draft_file(desk.path, tmp_path / "new.dgdesk", editions={}, clock=clock, who="-")
    assert [loss.code for loss in done.losses] == ["repair.value_from_history", "repair.history"]
    with open_draft_file(done.path, clock=clock, who="-") as package:
        assert names(package) == ["0.pdf"]


def test_a_state_that_the_history_does_not_give_is_kept(desk, lists):
    lists.apply({("evidence", "g1/yes"): [item(lists, 0), item(lists, 1)]})
    lists.execute("UPDATE state SET value = ?", json.dumps([item(lists, 1), item(lists, 0), item(lists, 2)]))
    lists.close()
    package = desk.open()
    assert names(package) == ["1.pdf", "0.pdf", "2.pdf"]
    assert {one.code for one in package.check()} == {"package.check_value"}, "as version 2 said"


# -- any work at all ----------------------------------------------------------------------------------------------


ITEMS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "๒"])), max_size=6, unique_by=lambda one: one[0])
ODD = st.sampled_from(["?", 7, {"sha256": "x"}, {}, [1]])
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(SLOTS), st.integers(0, 4)),
    st.tuples(st.just("remove"), st.sampled_from(SLOTS), st.integers(0, 5)),
    st.tuples(st.just("list"), st.sampled_from(SLOTS), ITEMS),
    st.tuples(st.just("odd"), st.sampled_from(SLOTS), ODD),
    st.tuples(st.just("both"), ITEMS, ITEMS),
    st.tuples(st.just("answer"), st.sampled_from(["g1", "g2"]), st.sampled_from(["yes", "no", None])),
    st.tuples(st.sampled_from(["undo", "undo", "redo", "forget"]), st.none(), st.none()),
)


def carry_out(draft: ListDraft, name: str, where: Any, what: Any) -> None:
    there = draft.evidence()
    match name:
        case "add":
            known = {one.get("sha256") for one in there.get(where, []) if isinstance(one, dict)}
            if draft.digests[what] not in known:
                draft.apply({("evidence", where): [*there.get(where, []), item(draft, what)]})
        case "remove":
            now = there.get(where, [])
            draft.apply({("evidence", where): [*now[:what], *now[what + 1 :]]})
        case "list":
            draft.apply({("evidence", where): [item(draft, number, pages=pages) for number, pages in what]})
        case "odd":
            draft.apply({("evidence", where): [*there.get(where, [])[:1], what, *there.get(where, [])[1:]]})
        case "both":
            listed = [[item(draft, number, pages=pages) for number, pages in items] for items in (where, what)]
            draft.apply({("evidence", slot): items for slot, items in zip(SLOTS, listed, strict=True)})
        case "answer":
            draft.apply({("answer", where): what})
        case "undo":
            draft.undo()
        case "redo":
            draft.redo()
        case "forget":
            draft.forget()


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_any_work_in_version_2_is_the_same_work_afterwards(work):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dgdesk"
        old = ListDraft(path, CONTENTS)
        for step in work:
            carry_out(old, *step)
        copy = Path(shutil.copy(path, Path(folder) / "b.dgdesk"))
        with open_draft_file(copy, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="-") as package:
            assert plain(package) == old.evidence() and package.check() == ()
            while old.undo():
                assert package.undo() is not None and plain(package) == old.evidence()
            assert package.undo() is None
            while old.redo():
                assert package.redo() is not None and plain(package) == old.evidence()
            assert package.redo() is None and package.check() == ()
        old.close()
