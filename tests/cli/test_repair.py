"""``repair`` from the command line: a new file, and a list of what is lost."""

from __future__ import annotations

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
    refused(3, "repair", draft, tmp_path / "x", says="already a file")
    refused(2, "repair", draft, draft, says="")
    refused(3, "repair", tmp_path / "none", tmp_path / "new.dgdesk", says="was not found")
