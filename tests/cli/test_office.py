"""``office-check`` and ``support`` from the command line."""

from __future__ import annotations

import zipfile

from cli.support import done, refused, run


def test_the_place_of_a_draft_is_looked_at(tmp_path):
    draft = tmp_path / "น่าน.dgdesk"
    done("new", draft, "--province", "น่าน")
    result = run("office-check", draft, "--json")
    found = {one["code"]: one for one in result.json}
    # tests run in the system's temporary folder, and that is told, with what to do
    assert "โฟลเดอร์เอกสาร" in found["office.from_temporary"]["text"]
    assert result.code == (1 if any(one["severity"] == "error" for one in found.values()) else 0)
    assert str(draft) in run("office-check", draft, "--lang", "en").out


def test_a_file_for_the_help_desk_is_written_without_the_drafts_content(tmp_path):
    draft = tmp_path / "ความลับ.dgdesk"
    done("new", draft, "--province", "น่าน")
    told = done("support", tmp_path / "help.zip", draft, "--json").json
    assert told["files"] == ["report.json"]
    with zipfile.ZipFile(tmp_path / "help.zip") as archive:
        text = archive.read("report.json").decode()
    assert '"answers": 1' in text and "น่าน" not in text and "ความลับ" not in text
    assert "help.zip" in done("support", tmp_path / "help.zip", "--replace").out


def test_what_is_no_draft_or_no_place_is_refused(tmp_path):
    refused(3, "office-check", tmp_path / "missing.dgdesk", says="was not found")
    refused(3, "support", tmp_path / "none" / "help.zip", says="does not exist")
