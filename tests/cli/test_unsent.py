"""What is kept and not sent is named by every command that a person meets it with."""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest

from cli.support import done, run
from printing.extracting import by_pdfium

ME = ("--person", "ก", "--no-passphrase")


@pytest.fixture
def kept(draft, evidence):
    """A draft with a file at P1.3, which is not answered."""
    done("attach", draft, "p1.3/yes", evidence, "--whole")
    return draft


def test_attach_names_the_answer_that_the_file_needs(draft, evidence):
    out = done("attach", draft, "p1.3/yes", evidence, "--whole", "--lang", "en").out
    assert out.splitlines()[-1].startswith("  It is kept, but not sent: P1.3 ") and "not answered “มี”" in out
    done("set", draft, "p1.4", "yes")
    asked = done("attach", draft, "p1.4/yes", evidence, "--whole", "--json").json
    assert "unsent" not in asked
    document = done("attach", draft, "g1/yes", evidence, "--whole", "--json", "--lang", "en").json
    assert document["unsent"].startswith("It is kept, but not sent: G1 ")


def test_set_names_what_the_answers_leave_out(kept):
    done("set", kept, "p1.3", "yes")
    out = done("set", kept, "p1.3", "no", "--lang", "en").out
    assert "Kept and not sent, since “มี” is not chosen here: 1 file (คำสั่งแต่งตั้ง.pdf" in out
    quiet = done("set", kept, "p1.4", "no", "--json").json
    assert quiet["unsent"]["places"] == []  # what was left out before is not repeated
    # an answer that is not asked itself
    value = done("set", kept, "p1.4.1", "10/2568", "--json").json["unsent"]
    assert (value["answers"], [one["field"] for one in value["places"]]) == (1, ["p1.4.1"])
    assert value["places"][0]["why"]["option"] == "doing"


def test_import_names_it_before_and_after(draft, tmp_path):
    folder = tmp_path / "หลักฐาน"
    folder.mkdir()
    (folder / "P1.3 ระเบียบ.txt").write_text("หนึ่ง", encoding="utf-8")
    (folder / "P1.4 แผน.txt").write_text("สอง", encoding="utf-8")
    done("set", draft, "p1.4", "yes")
    for options in (("--dry-run",), (), ()):  # a preview, the import, and once more
        result = run("evidence", "import", draft, folder, "--lang", "en", *options)
        assert result.out.count("It is kept, but not sent: P1.3 ") == 1
        assert result.out.splitlines()[-1].startswith("1 of them are at places that are not asked")
    files = json.loads(run("evidence", "import", draft, folder, "--json").out)["files"]
    assert {one["path"]: one["unsent"] is None for one in files} == {"P1.3 ระเบียบ.txt": False, "P1.4 แผน.txt": True}


def test_check_has_a_notice_and_the_list(kept):
    out = run("check", kept, "--lang", "en").out
    assert "\n· P1.3 " in out and "1 file (537 B) is kept in the draft and not sent" in out
    report = run("check", kept, "--json").json
    (notice,) = report["notices"]
    assert (notice["id"], notice["field"], notice["file"]) == ("unsent.needs.files", "p1.3", None)
    (place,) = report["unsent"]["places"]
    assert (place["slot"], place["why"]["how"]) == ("p1.3/yes", "needs")
    assert [one["name"] for one in place["files"]] == ["คำสั่งแต่งตั้ง.pdf"]


def test_export_and_verify_say_how_much_was_not_sent_and_the_bundle_holds_no_name_of_it(kept, tmp_path):
    target, signer = tmp_path / "ร่าง.zip", tmp_path / "signer.pem"
    out = done("export", kept, target, "--draft", *ME, "--certificate", signer, "--lang", "en").out
    assert out.startswith("Exported and verified") and "1 file (537 B) is kept in the draft and not sent" in out
    assert "\n· P1.3 " in out
    report = done("export", kept, tmp_path / "b.zip", "--draft", "--json").json["unsent"]
    assert (report["files"], report["answers"]) == (1, 0) and report["places"][0]["slot"] == "p1.3/yes"
    verdict = run("verify", target, "--trust", signer, "--json").json
    assert (verdict["ok"], verdict["unsent_files"], verdict["unsent_answers"]) == (True, 1, 0)
    assert "The sender has kept 1 file and 0 answers" in run("verify", target, "--trust", signer, "--lang", "en").out
    with zipfile.ZipFile(target) as bundle:
        written = [bundle.read(name) for name in bundle.namelist() if not name.endswith(".pdf")]
    assert not any("คำสั่งแต่งตั้ง".encode() in content for content in written)


def test_the_printed_list_of_problems_names_it(kept, tmp_path):
    target = tmp_path / "รายการ.pdf"
    done("print", kept, "--variant", "problems", "--out", target)
    assert "เก็บไว้แต่ไม่ส่งออก" in by_pdfium(target.read_bytes())


def test_where_everything_is_sent_nothing_is_said(draft, tmp_path):
    copy = shutil.copyfile(draft, tmp_path / "ว่าง.dgdesk")
    report = run("check", copy, "--json").json
    assert report["unsent"] == {"files": 0, "size": 0, "answers": 0, "places": []} and report["notices"] == []
    out = done("export", copy, tmp_path / "a.zip", "--draft", *ME).out
    assert "ไม่ส่งออก" not in out
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        (info,) = [name for name in bundle.namelist() if name.endswith("bag-info.txt")]
        assert b"Unsent" not in bundle.read(info)
