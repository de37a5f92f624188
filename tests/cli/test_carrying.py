"""``attach`` of several files, ``evidence export`` and ``evidence import``."""

from __future__ import annotations

import json
import re

from cli.support import done, refused, run
from dgdesk.folders.full_index import FULL_INDEX

PDF = b"%PDF-1.7 nothing that opens"


def test_attach_takes_several_files_and_says_what_is_doubtful(draft, tmp_path):
    text, pdf = tmp_path / "ก.txt", tmp_path / "ข.pdf"
    text.write_text("หนึ่ง", encoding="utf-8")
    pdf.write_bytes(PDF)
    result = run("attach", draft, "g1/yes", text, pdf)
    assert result.code == 0 and result.out.count("แนบ “") == 2
    assert result.err.startswith("โปรดทราบ: ไฟล์ “ข.pdf” เสียหาย") and result.err.count("\n") == 1
    document = done("attach", draft, "g2/yes", text, pdf, "--json", "--lang", "en").json
    assert document["slot"] == "g2/yes"
    assert [one["name"] for one in document["attached"]] == ["ก.txt", "ข.pdf"]
    assert [one["code"] for one in document["attached"][1]["findings"]] == ["incoming.damaged"]
    assert "findings" not in document["attached"][0]


def test_attach_refuses_what_is_no_evidence(draft, tmp_path):
    program = tmp_path / "แผน.pdf"
    program.write_bytes(b"MZ\x90\0" + bytes(60))
    refused(2, "attach", draft, "g1/yes", program, says="is a program and cannot be attached", thai="เป็นโปรแกรม")
    program.write_bytes(b"Rar!\x1a\x07\x01\0")
    refused(2, "attach", draft, "g1/yes", program, says="is an archive", thai="ไฟล์บีบอัด")


def test_evidence_goes_out_and_comes_in(ready, draft, tmp_path):
    folder = tmp_path / "ออก"
    written = done("evidence", "export", ready, folder, "--json").json
    assert len(written["files"]) > 100 and all(one["whole"] for one in written["files"])
    assert (folder / written["files"][0]["path"]).is_file()
    refused(2, "evidence", "export", ready, folder, says="already", thai="อยู่แล้ว")
    # The items of repeats that the new draft lacks are asked about, and no item is guessed.
    asked = run("evidence", "import", draft, folder, "--dry-run", "--json")
    left = [one for one in asked.json["files"] if one["standing"] != "matched"]
    assert asked.code == 1 and left and {one["notices"][0]["code"] for one in left} == {"carry.no_item"}
    index = {one["path"]: one for one in json.loads((folder / FULL_INDEX).read_text("utf-8"))["files"]}
    for one in left:
        done("item", "add", draft, index[one["path"]]["item"]["repeat"])
    before = draft.read_bytes()
    preview = done("evidence", "import", draft, folder, "--dry-run", "--json").json
    assert preview["attached"] == len(written["files"]) and preview["left"] == 0 and preview["dry_run"]
    assert draft.read_bytes() == before
    brought = run("evidence", "import", draft, folder)
    assert brought.code == 0 and f"แนบแล้ว {len(written['files'])} ไฟล์" in brought.out
    assert "เชียงใหม่" in brought.err and "น่าน" in brought.err and brought.err.count("\n") == 1
    again = done("evidence", "import", draft, folder, "--json").json
    assert again["already"] == len(written["files"]) and again["attached"] == 0


def test_import_says_the_whole_file_only_when_told_to(draft, tmp_path):
    folder = tmp_path / "หลักฐาน"
    folder.mkdir()
    (folder / "G1 ประกาศ.txt").write_bytes(b"one")
    done("set", draft, "g1", "yes")
    preview = done("evidence", "import", draft, folder, "--dry-run")
    assert "ยังไม่ได้ทำเครื่องหมาย" in preview.out
    (file,) = done("evidence", "import", draft, folder, "--dry-run", "--json", "--whole").json["files"]
    assert file["marked"] is True
    done("evidence", "import", draft, folder, "--whole")
    assert "g1/yes" not in {one["slot"] for one in run("check", draft, "--json").json["problems"]}
    out = tmp_path / "ออก"
    (row,) = done("evidence", "export", draft, out, "--json").json["files"]
    assert row["whole_file"] is True and row["pages"] == ""


def test_import_says_what_it_left_out(draft, tmp_path):
    folder = tmp_path / "หลักฐาน"
    folder.mkdir()
    for name, content in {
        "G1 ประกาศ.txt": b"one",
        "P1.1a2 x.txt": b"two",
        "photo.txt": b"three",
        "G2.zip": b"PK\x05\x06",
        "G2 ปก.pdf": PDF,
    }.items():
        (folder / name).write_bytes(content)
    result = run("evidence", "import", draft, folder, "--lang", "en")
    assert result.code == 1
    assert re.search(r"^  at G1 จังหวัด.+ › มี: G1 ประกาศ\.txt$", result.out, re.MULTILINE)
    assert "  no code in its name: photo.txt" in result.out
    assert "  several places fit (P1.1a2-1, P1.1a2-2, P1.1a2-3, P1.1a2-4 …): P1.1a2 x.txt" in result.out
    assert "  refused: G2.zip (“G2.zip” is an archive" in result.out
    assert "\nAttached 2 files; 0 were attached before, 3 were not attached.\n" in result.out
    assert result.out.splitlines()[-1].startswith("2 of them are at places that are not asked")
    assert result.err.startswith("Please note: “G2 ปก.pdf” is damaged")
    document = json.loads(run("evidence", "import", draft, folder, "--json").out)
    standings = {one["path"]: one["standing"] for one in document["files"]}
    assert standings["G1 ประกาศ.txt"] == "already" and standings["photo.txt"] == "unmatched"
    assert document["left"] == 3


def test_import_and_export_refuse_what_is_not_there(draft, tmp_path):
    refused(3, "evidence", "import", draft, tmp_path / "ไม่มี", says="There is no folder", thai="ไม่พบโฟลเดอร์")
    refused(2, "evidence", "export", draft, tmp_path / "ออก", says="nothing to write", thai="ไม่มีไฟล์")
