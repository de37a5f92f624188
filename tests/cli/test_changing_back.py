"""``undo``, ``redo`` and ``history``, and the evidence and items that commands change: as the window does it."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from cli.support import done, refused, run
from dgdesk.draft.drafts import open_draft
from folders.conftest import NOW


@pytest.fixture
def two(draft: Path, evidence: Path, tmp_path: Path) -> Path:
    """A draft with two files at G1: the first with two highlights, the second as a whole."""
    other = tmp_path / "คำสั่ง 2.pdf"
    other.write_bytes(evidence.read_bytes() + b"\n")
    done("set", draft, "g1", "yes")
    marks = ("--mark", "1:0,0,1,.5 แรก", "--mark", "1:0,.5,1,1")
    done("attach", draft, "g1/yes", evidence, *marks, "--pages", "1")
    done("attach", draft, "g1/yes", other, "--whole")
    return draft


def files(draft: Path) -> list[dict]:
    return done("evidence", "list", draft, "--json").json["files"]


def test_every_change_is_undone_and_done_again_after_the_draft_was_closed(two):
    before = files(two)
    said = done("undo", two).out
    assert "เลิกทำแล้ว: แนบไฟล์" in said and "คำสั่ง 2.pdf" in said and "G1" in said
    assert [one["name"] for one in files(two)] == [before[0]["name"]]
    everything = done("undo", two, "--steps", "3", "--json").json
    assert [one["action"] for one in everything["undo"]] == ["attach", "answer", "answer"] and not everything["more"]
    nothing = run("undo", two)
    assert nothing.code == 1 and nothing.out.strip() == "ไม่มีการแก้ไขที่เลิกทำได้" and nothing.err == ""
    coming = done("redo", two, "--list", "--json").json["steps"]
    assert [one["action"] for one in coming] == ["answer", "answer", "attach", "attach"]
    assert "Only 4 could" in done("redo", two, "--steps", "9", "--lang", "en").out
    assert files(two) == before
    assert run("redo", two).code == 1


def test_the_list_of_what_can_be_undone_is_what_undo_takes_back(two):
    done("undo", two)
    done("evidence", "mark", two, "G1", "1", "--passages", "ย่อหน้า 2")  # a new change: nothing can be done again
    listed = done("undo", two, "--list", "--json").json["steps"]
    assert [one["action"] for one in listed] == ["mark", "attach", "answer", "answer"]
    assert done("redo", two, "--list", "--json").json["steps"] == []
    taken = [done("undo", two, "--json").json["undo"][0]["number"] for _ in listed]
    assert taken == [one["number"] for one in listed]


def test_history_is_of_the_draft_or_of_one_question_and_restores_a_value(two):
    done("set", two, "P1.3", "no")
    done("set", two, "P1.3", "yes")
    steps = done("history", two, "P1.3", "--json").json["steps"]
    assert [one["changes"][0]["old"] for one in steps] == ["ไม่มี", ""]
    assert {"number", "at", "who", "action", "origin", "words", "changes"} == steps[0].keys()
    assert len(done("history", two, "--json").json["steps"]) == 6
    assert len(done("history", two, "--limit", "2", "--json").json["steps"]) == 2
    assert done("history", two, "--before", "3", "--json").json["steps"][0]["number"] == 2
    done("history", two, "--restore", steps[0]["number"])
    assert done("history", two, "P1.3", "--json").json["steps"][0]["changes"][0]["new"] == "ไม่มี"
    refused(2, "history", two, "--restore", steps[0]["number"], says="value now")
    done("history", two, "--restore-after", steps[0]["number"])
    refused(2, "history", two, "--restore", "999", says="no change of number 999", thai="999")
    refused(2, "history", two, "P99", says="P99")
    refused(2, "history", two, "--restore", "1", "--restore-after", "1", says="--restore")


def test_a_file_is_removed_by_name_number_or_digest_and_undo_brings_all_of_it_back(two, evidence):
    before = files(two)
    for typed in (evidence.name, "1", "๑", before[0]["sha256"]):
        assert evidence.name in done("evidence", "remove", two, "G1", typed).out
        assert len(files(two)) == 1
        done("undo", two)
        assert files(two) == before
    refused(2, "evidence", "remove", two, "G1", "3", says="1 คำสั่งแต่งตั้ง.pdf; 2 คำสั่ง 2.pdf", thai="1 คำสั่งแต่งตั้ง.pdf")
    refused(2, "evidence", "remove", two, "P1.3/yes", "1", says="p1.3/yes")
    refused(2, "evidence", "remove", two, "p1.3/yes", "1", says="No file is attached")


def test_two_files_of_one_name_are_told_apart_by_number(two, evidence, tmp_path):
    (tmp_path / "อีก").mkdir()
    same = tmp_path / "อีก" / evidence.name
    same.write_bytes(evidence.read_bytes() + b"\n\n")
    done("attach", two, "G1", same)
    refused(2, "evidence", "remove", two, "G1", evidence.name, says=f"1 {evidence.name}; 3 {evidence.name}")
    done("evidence", "remove", two, "G1", "3")
    assert [one["number"] for one in files(two)] == [1, 2]


def test_whole_and_highlights_are_given_and_taken_back(two):
    done("evidence", "mark", two, "G1", "2", "--not-whole")
    assert [one["whole"] for one in files(two)] == [False, False] and not files(two)[1]["marked"]
    done(
        "evidence",
        "mark",
        two,
        "G1",
        "1",
        "--add-mark",
        "1:0.1,0.1,0.2,0.2 ใหม่",
        "--remove-mark",
        "2",
        "--note",
        "1 แก้",
    )
    assert [mark["note"] for mark in files(two)[0]["marks"]] == ["แก้", "ใหม่"]
    done("evidence", "mark", two, "G1", "1", "--pages", "", "--no-marks")
    assert (files(two)[0]["marks"], files(two)[0]["pages"]) == ([], "")
    refused(2, "evidence", "mark", two, "G1", "1", "--remove-mark", "1", says="has 0 highlights")
    refused(2, "evidence", "mark", two, "G1", "1", "--add-mark", "2:0,0,1,1", says="has 1 page")
    refused(2, "evidence", "mark", two, says="with a place, or --from")


def test_what_list_prints_is_accepted_again(two, tmp_path):
    before = done("evidence", "list", two, "--json").json
    listed = tmp_path / "รายการ.json"
    listed.write_text(json.dumps(before, ensure_ascii=False), "utf-8")
    done("evidence", "mark", two, "G1", "--no-marks", "--not-whole", "--pages", "", "--passages", "อื่น")
    done("evidence", "mark", two, "--from", listed)
    assert done("evidence", "list", two, "--json").json == before


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(slot="p99/yes"),
        lambda one: one.update(slot=7),
        lambda one: one.update(sha256="0" * 64),
        lambda one: one.update(sha256="x"),
        lambda one: one.update(whole="yes"),
        lambda one: one.update(pages=["1"]),
        lambda one: one.update(marks=[{"page": 1, "rects": [[0, 0, 2, 2]], "note": "", "text": ""}]),
        lambda one: one.update(marks="1:0,0,1,1"),
        lambda one: one["marks"][0].update(page=9),
    ],
)
def test_a_list_that_does_not_hold_changes_nothing(two, tmp_path, change):
    before = done("evidence", "list", two, "--json").json
    listed, given = tmp_path / "รายการ.json", json.loads(json.dumps(before))
    given["files"].reverse()  # a sound entry stands before the other one
    given["files"][0]["passages"] = "ใหม่"
    change(given["files"][1])
    listed.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    assert run("evidence", "mark", two, "--from", listed).refusal(2)
    assert done("evidence", "list", two, "--json").json == before


def test_a_file_that_the_draft_has_is_attached_elsewhere_without_its_passage(two, evidence):
    done("evidence", "remove", two, "G1", "1")
    (stored,) = done("evidence", "list", two, "--stored", "--json").json["stored"]
    assert stored["name"] == evidence.name
    done("evidence", "reuse", two, "p1.3/yes", evidence.name)
    (reused,) = done("evidence", "list", two, "P1", "--json").json["files"]
    assert (reused["name"], reused["marks"], reused["asked"]) == (evidence.name, [], False)
    assert "ยังไม่ต้องแนบหลักฐาน" in done("evidence", "list", two).out
    refused(2, "evidence", "reuse", two, "p1.3/yes", evidence.name, says="attached here already")
    refused(2, "evidence", "reuse", two, "p1.3/yes", "ไม่มี.pdf", says="has no file “ไม่มี.pdf”", thai="คำสั่ง 2.pdf")


def test_items_have_their_visible_numbers(two, evidence):
    done("set", two, "G3", "yes")
    assert "รายการที่ 2" in done("item", "add", two, "G3").out
    done("item", "add", two, "G3")
    done("attach", two, "g3.projects#3", evidence)
    done("item", "remove", two, "G3", "2")
    (file,) = done("evidence", "list", two, "G3", "--json").json["files"]
    assert file["slot"] == "g3.projects#3"
    assert done("item", "move", two, "G3", "๒", "1", "--json").json == {"field": "g3.projects", "number": 1, "items": 2}
    refused(2, "item", "remove", two, "G3", "3", says="The items are 1, 2", thai="1, 2")
    refused(2, "item", "add", two, "G1", says="G1")
    done("undo", two, "--steps", "5")
    assert done("evidence", "list", two, "G3", "--json").json["files"] == []


def test_points_that_only_dga_gives_are_shown_set_and_cleared(two):
    assert "3.3" in done("external-points", two).out
    assert done("external-points", two, "๓.๓", "๒.๕", "--json").json["points"] == {"3.3": 2.5}
    done("external-points", two, "3.3", "")
    assert done("external-points", two, "3.3", "--json").json["points"] == {"3.3": None}
    refused(2, "external-points", two, "9.9", "1", says="3.3, 4.2")
    refused(2, "external-points", two, "3.3", "มาก", says="no number of points")
    refused(2, "external-points", two, "3.3", "99", says="3.3")


def test_the_register_is_listed_and_says_when_there_is_nothing(two, exported):
    assert "ยังไม่เคยส่งออก" in done("register", two).out
    (line,) = done("register", exported / "draft.dgdesk", "--json").json["exports"]
    assert line["draft"] and len(line["digest"]) == 64 and line["receipts"] == []
    assert "first.zip" in done("register", exported / "draft.dgdesk").out
    refused(2, "register", two, "--save", "1", says="belong together")
    refused(2, "register", two, "--save", "1", "--out", "x.json", says="no line 1")


@pytest.mark.parametrize(
    "command",
    [("undo",), ("redo",), ("evidence", "remove"), ("item", "add"), ("evidence", "mark"), ("evidence", "reuse")],
)
def test_a_draft_that_a_window_has_open_is_left_alone_with_a_sentence(two, command):
    more = {"undo": (), "redo": (), "add": ("G3",), "mark": ("G1", "--whole")}.get(command[-1], ("G1", "1"))
    with open_draft(two, clock=lambda: NOW, who="หน้าต่าง"):
        refused(3, *command, two, *more, says="หน้าต่าง")
        assert run("history", two).code == 0 and run("evidence", "list", two).code == 0


def test_a_place_that_is_not_there_is_answered_with_those_that_are_likely(two):
    refused(2, "evidence", "list", two, "g1/yess", says="g1/yes (G1", thai="g1/yes (G1")
    refused(2, "evidence", "remove", two, "p1.3/yse", "1", says="p1.3/yes (P1.3")
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(two.with_name("ก.pdf"))
    refused(2, "attach", two, "p1.3/ye", two.with_name("ก.pdf"), says="p1.3/yes (P1.3")
