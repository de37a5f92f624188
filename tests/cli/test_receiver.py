"""``verify`` of many bundles and of folders, ``--extract``, and ``collate`` into a workbook."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from cli.support import done, refused, run
from dgdesk.text.dates import THAILAND


@pytest.fixture
def inbox(bundle: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "เหนือ").mkdir(parents=True)
    shutil.copy(bundle, folder / "เหนือ" / "ดี.zip")
    (folder / "ขาด.zip").write_bytes(bundle.read_bytes()[:-1])
    return folder


def test_a_folder_gives_a_table_with_a_line_for_each_bundle(inbox, certificate):
    result = run("verify", inbox, "--trust", certificate, "--lang", "en")
    assert result.code == 1 and result.err == ""
    header, bad, good, summary, warned = result.out.splitlines()
    assert header.split(" | ")[:2] == ["result", "file"]
    assert bad.startswith("refused | ขาด.zip") and "cut short" in bad
    assert good.startswith("ok | ดี.zip | TH-50 | สมหญิง ใจดี | 1 Aug 2025 10:")
    assert summary == "2 files: ok 1; refused 1."
    assert "Nothing says that the signer may sign for TH-50" in good and warned.startswith("Accepted with warnings: 1")
    assert "ไม่ผ่าน 1" in run("verify", inbox, "--trust", certificate).out


def test_system_files_and_mails_have_their_line_too(inbox, certificate):
    (inbox / "Thumbs.db").write_bytes(b"x")
    (inbox / "ส่ง.eml").write_bytes(b"From: a@b.go.th\r\nMIME-Version: 1.0\r\n\r\n")
    told = run("verify", inbox, "--trust", certificate, "--lang", "en").out.splitlines()
    assert {line.split(" | ")[1] for line in told[1:5]} == {"ขาด.zip", "ส่ง.eml", "ดี.zip", "Thumbs.db"}
    assert "4 files: ok 1; refused 1; another archive 1; system file 1." in told


def test_several_bundles_give_a_json_list(inbox, bundle, certificate, tmp_path):
    result = run("verify", inbox, tmp_path / "ไม่มี.zip", "--trust", certificate, "--json")
    assert result.code == 1
    assert [one["ok"] for one in result.json] == [False, True, False]
    codes = [[problem["code"] for problem in one["problems"]] for one in result.json]
    assert codes == [["zip.cut_short"], [], ["bundle.missing"]]
    assert len(done("verify", bundle, bundle, "--trust", certificate, "--json").json) == 1


def test_the_report_says_who_with_what_when_and_whether_complete(bundle, certificate):
    found = done("verify", bundle, "--trust", certificate, "--json").json
    assert found["complete"] is True and found["files"] > found["evidence"] > 0
    assert (found["signed_by"]["trust"], found["signed_by"]["method"]) == ("enrolled", "ECDSA secp256r1")
    words = done("verify", bundle, "--trust", certificate, "--lang", "en").out
    for part in ("Signer: สมหญิง ใจดี", "ECDSA secp256r1", "enrolled", "Claimed time", "Complete: "):
        assert part in words
    claimed, until = (
        datetime.fromisoformat(found["claimed_time"]),
        date.fromisoformat(found["signed_by"]["valid_until"]),
    )
    thai = done("verify", bundle, "--trust", certificate).out
    assert f"{claimed.year + 543} {claimed.astimezone(THAILAND):%H:%M} น." in thai, "a Buddhist year in Thai"
    assert str(until.year + 543) in thai and until.isoformat() not in thai + words
    assert "Nothing gives reason to trust" in run("verify", bundle, "--lang", "en").out


def test_extract_unpacks_only_what_holds(inbox, bundle, certificate, tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    extract = ("--trust", certificate, "--extract", target)
    result = run("verify", inbox / "ขาด.zip", *extract)
    assert result.code == 1 and "ไม่ได้แตกไฟล์" in result.out and not list(target.iterdir())
    place = Path(done("verify", bundle, *extract, "--json").json["extracted"])
    assert (place / "data" / "submission.json").is_file()
    refused(3, "verify", bundle, *extract, says="already exists", thai="มีโฟลเดอร์")
    refused(2, "verify", bundle, bundle, *extract, says="Only one bundle", thai="ครั้งละหนึ่งชุด")


def test_collate_writes_a_workbook_of_a_folder(inbox, certificate, tmp_path):
    result = run("collate", tmp_path / "a.xlsx", inbox, "--trust", certificate, "--json")
    assert result.code == 1 and [one["accepted"] for one in result.json["bundles"]] == ["no", "yes"]
    assert result.json["totals"] == {"accepted": 1, "refused": 1} and result.json["files"] == result.json["bundles"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert book.sheetnames == ["files", "submissions", "answers", "scores", "evidence", "rejected", "fields"]
    rows = list(book["rejected"].values)
    assert rows[1][2] == "zip.cut_short" and "ขาดตอนท้าย" in rows[1][3]
    book.close()


def test_two_exports_of_one_draft_differ_in_their_signature_alone(ready, tmp_path):
    both = []
    for name in ("a.zip", "b.zip"):  # each from a copy: one export after the other would be a correction
        copy = tmp_path / f"{name}.dgdesk"
        shutil.copy(ready, copy)
        done("export", "--reason", "แก้ไข", copy, tmp_path / name, "--person", "สมชาย", "--no-passphrase")
        with zipfile.ZipFile(tmp_path / name) as archive:
            both.append([(one, archive.read(one)) for one in archive.namelist() if not one.endswith(".p7s")])
    assert both[0] == both[1] and len(both[0]) > 100


def test_copies_and_corrections_of_a_province_are_told_and_only_the_last_counts(ready, certificate, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    done(
        "export",
        "--reason",
        "แก้ไข",
        ready,
        inbox / "ก.zip",
        "--person",
        "สมชาย",
        "--no-passphrase",
        "--certificate",
        tmp_path / "s.pem",
    )
    shutil.copy(inbox / "ก.zip", inbox / "ข.zip")
    done("set", ready, "general.extension", "42")
    done("export", "--reason", "แก้ไข", ready, inbox / "ค.zip")
    (inbox / ".DS_Store").touch()
    for sheet in inbox.glob("*.pdf"):
        sheet.unlink()
    trust = ("--trust", tmp_path / "s.pem")
    said = done("verify", inbox, *trust, "--lang", "en").out
    assert "4 files: ok, one of several 2; ok, a copy 1; system file 1." in said
    assert "“ข.zip” is the same bundle as “ก.zip”" in said and "has more than one bundle: ก.zip (" in said
    found = {Path(one["file"]).name: one for one in done("verify", inbox, *trust, "--json").json}
    assert {name: one["verdict"] for name, one in found.items()} == {
        ".DS_Store": "litter",
        "ก.zip": "several",
        "ข.zip": "copy",
        "ค.zip": "several",
    }
    assert [Path(path).name for path in found["ก.zip"]["same_as"]] == ["ข.zip"]
    (other,) = found["ก.zip"]["same_respondent"]
    assert Path(other["file"]).name == "ค.zip" and other["claimed_time"]
    told = done("collate", tmp_path / "t.csv", inbox, *trust, "--lang", "en").out
    assert "Of 4 files, 3 verified (copies among them: 1), 0 refused, 0 not checked, 1 of" in told
    assert "Current: 1; to be chosen: 0" in told and "| ค.zip |" in told and "revision 3, reason: แก้ไข" in told
    assert "is the same bundle" in told and "one apostrophe in front" in told
    twice = done("collate", tmp_path / "u.csv", inbox / "ก.zip", f"{inbox}/../inbox/ก.zip", *trust, "--lang", "en").out
    assert "Of 1 file, 1 verified" in twice and "is the same bundle" not in twice
    sums = done("collate", tmp_path / "v.csv", inbox, *trust, "--json").json["sums"]
    assert sums == {"accepted": 3, "copies": 1, "refused": 0, "unchecked": 0, "others": 1}
    rows = (tmp_path / "t.csv").read_text("utf-8-sig")
    assert (
        "several,ข.zip,ค.zip (" in rows
        and (tmp_path / "t-answers.csv").read_text("utf-8-sig").count("\nค.zip,") == 1
        and "ก.zip" not in (tmp_path / "t-answers.csv").read_text("utf-8-sig")
    )
    done("collate", tmp_path / "w.csv", inbox, *trust, "--all")
    assert len((tmp_path / "w-answers.csv").read_text("utf-8-sig").split("TH-50,")) > 3
    (line,) = (
        one
        for one in done("collate", tmp_path / "x.csv", inbox, *trust, "--json").json["submissions"]
        if one["state"] != "not_yet"
    )
    assert (line["state"], line["revision"], line["copies"], [one["outcome"] for one in line["bundles"]]) == (
        "current",
        3,
        1,
        ["superseded", "current"],
    )


def test_encrypted_bundles_are_counted_and_opened_with_the_key(bundle, certificate, tmp_path):
    from dgdesk.bundle.encryption.encrypt import encrypt_file

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    key, public = tmp_path / "key.txt", tmp_path / "public.txt"
    done("sealing-key", key, "--recipients", public)
    recipients = [line for line in public.read_text("utf-8").split() if line.startswith("age1")]
    encrypt_file(bundle, inbox / "ก.zip.age", recipients)
    result = run("verify", inbox, "--trust", certificate, "--lang", "en")
    assert result.code == 1 and "1 file: encrypted, not opened 1." in result.out and "--key" in result.out
    assert (
        "“ก.zip.age” is whole and right"
        in done("verify", inbox / "ก.zip.age", "--trust", certificate, "--key", key, "--lang", "en").out
    )
    (one,) = done("verify", inbox, "--trust", certificate, "--key", key, "--json").json
    assert one["verdict"] == "accepted" and one["file"].endswith("ก.zip.age")
    found = done("collate", tmp_path / "t.xlsx", inbox, "--trust", certificate, "--key", key, "--json").json
    assert found["totals"] == {"accepted": 1} and found["bundles"][0]["file"] == "ก.zip.age"
    assert [path.name for path in inbox.iterdir()] == ["ก.zip.age"]
