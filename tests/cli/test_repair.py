"""``repair`` from the command line: a new file, and a list of what is lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from cli.support import done, refused, run
from dgdesk.draft.drafts import open_draft


def test_a_sound_draft_gives_its_like(draft, tmp_path):
    done("set", draft, "g1", "yes")
    said = done("repair", draft, tmp_path / "new.dgdesk", "--json").json
    assert said["losses"] == [] and said["answers"] == 2 and said["path"] == str(tmp_path / "new.dgdesk")
    assert "ไม่มีข้อมูลใดสูญหาย" in done("repair", draft, tmp_path / "other.dgdesk").out


def test_a_draft_without_its_first_page_is_saved_and_the_loss_told(draft, tmp_path, clock):
    done("set", draft, "g1", "yes")
    data = draft.read_bytes()
    draft.write_bytes(b"\xff" * 16384 + data[16384:])
    refused(3, "check", draft, says="is not a survey file")
    said = run("repair", draft, tmp_path / "new.dgdesk", "--json")
    assert said.code == 1 and [loss["code"] for loss in said.json["losses"]] == ["repair.pages"]
    with open_draft(tmp_path / "new.dgdesk", clock=clock, who="-") as new:
        assert new.package.answers() == {"general.province": "TH-55", "g1": "yes"} and new.package.check() == ()
    plain = run("repair", draft, tmp_path / "again.dgdesk", "--lang", "en")
    assert plain.code == 1 and "could not be read" in plain.out and "The old file was not changed" in plain.out


def test_repair_of_what_is_no_draft_or_onto_a_file_is_refused(draft, tmp_path):
    (tmp_path / "x").write_bytes(b"no draft" * 9000)
    refused(3, "repair", tmp_path / "x", tmp_path / "new.dgdesk", says="is not a survey file")
    (tmp_path / "y.dgdesk").write_bytes(b"x")
    refused(3, "repair", draft, tmp_path / "y.dgdesk", says="already a file")
    refused(2, "repair", draft, draft, says="")
    refused(3, "repair", tmp_path / "none", tmp_path / "new.dgdesk", says="was not found")


def test_a_loss_is_told_by_the_file_s_name_and_the_printed_place(draft, tmp_path, clock):
    """The content of two files is lost, and that of one that no place uses any more."""
    names = ("คำสั่งแต่งตั้ง.txt", "รายงาน ปี 2568.txt", "เลิกใช้แล้ว.txt")
    with open_draft(draft, clock=clock, who="-") as open_one:
        open_one.session.answer("g1", "yes")
        for name in names:
            source = tmp_path / name
            source.write_bytes(os.urandom(300_000))
            open_one.session.attach("g1/yes", source)
        gone = open_one.session.state.facts.evidence["g1/yes"][2]
        open_one.session.detach("g1/yes", gone.sha256)
    with closing(sqlite3.connect(draft)) as raw, raw:
        raw.execute("UPDATE chunk SET data = zeroblob(length(data))")
    said = run("repair", draft, tmp_path / "new.dgdesk", "--lang", "en")
    assert said.code == 1
    for name in names[:2]:
        line = next(one for one in said.out.splitlines() if name in one)
        assert line.startswith(f"The content of the evidence file “{name}” at G1 ") and "is lost" in line
    assert names[2] in said.out and "no question uses it" in said.out
    assert gone.sha256[:13] not in said.out and "g1/yes" not in said.out
    thai = run("repair", draft, tmp_path / "again.dgdesk").out
    assert names[0] in thai and "g1/yes" not in thai
    assert run("backup", tmp_path / "new.dgdesk", tmp_path / "copy.dgdesk").out.count(names[0]) == 1


def test_the_sentence_of_damage_names_repair(draft, tmp_path):
    done("set", draft, "g1", "yes")
    data = bytearray(draft.read_bytes())
    for page in range(2, len(data) // 16384):
        data[page * 16384 : page * 16384 + 200] = bytes(200)
    draft.write_bytes(bytes(data))
    for language in ("th", "en"):
        said = run("check", draft, "--lang", language)
        assert said.code == 3 and "dgdesk repair" in said.err
