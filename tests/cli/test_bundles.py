"""``export``, ``verify`` and ``collate``: signed, checked and gathered, and never said to be good when it is not."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from cli.support import done, listing, refused, run

ME = ("--person", "สมชาย ใจดี", "--no-passphrase")
WORDS = "น้ำใส ปลาเห็นตัว"


def table(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads Thai only so
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def tamper(bundle: Path, target: Path, at: bytes = "สมหญิง".encode(), to: bytes = "สมหญ้ง".encode()) -> Path:
    """Change some bytes inside a bundle, all else in place."""
    content = bundle.read_bytes()
    assert at in content and len(at) == len(to)
    target.write_bytes(content.replace(at, to, 1))
    return target


@pytest.fixture
def stranger(draft, tmp_path) -> Path:
    """The certificate of somebody else."""
    folder = tmp_path / "stranger"
    done("export", draft, tmp_path / "x.zip", "--draft", *ME, "--identity", folder)
    return folder / "signer.pem"


# -- export ----------------------------------------------------------------------------------------------------------


def test_export_makes_an_identity_on_first_use_and_keeps_it(ready, tmp_path, home):
    first = done(
        "export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", *ME, "--certificate", tmp_path / "signer.pem", "--json"
    ).json
    assert first.keys() == {"path", "digest", "answers_digest", "size", "fingerprint", "signoff", "unmarked"} | {
        "encrypted",
        *("revision", "supersedes", "reason", "changed"),
        "since_last_export",
        "unsigned",
        "unsent",
    }
    assert first["size"] == (tmp_path / "a.zip").stat().st_size
    assert (tmp_path / "signer.pem").read_bytes() == (home / "profile/identity/signer.pem").read_bytes()
    assert first["unmarked"] == []
    second = done("export", "--reason", "แก้ไข", ready, tmp_path / "b.zip", "--json").json
    assert second["fingerprint"] == first["fingerprint"]
    verdict = done("verify", tmp_path / "b.zip", "--trust", tmp_path / "signer.pem", "--json").json
    assert verdict["ok"]
    assert (verdict["digest"], verdict["answers_digest"]) == (second["digest"], second["answers_digest"])
    assert (
        f"Bundle digest (SHA-256): {verdict['digest']}"
        in done("verify", tmp_path / "b.zip", "--trust", tmp_path / "signer.pem", "--lang", "en").out
    )


def test_export_needs_a_name_and_a_word_about_the_passphrase_once(ready, tmp_path, home):
    before = listing(tmp_path)
    refused(2, "export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", says="Give the signer's name with --person")
    refused(
        2,
        "export",
        "--reason",
        "แก้ไข",
        ready,
        tmp_path / "a.zip",
        "--person",
        "สมชาย",
        says="--passphrase-file",
        thai="รหัสผ่าน",
    )
    hidden = ("--person", "\u202e", "--no-passphrase")
    refused(2, "export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", *hidden, says="Please give the signer's name")
    assert listing(tmp_path) == before and not (home / "profile").exists()


def test_export_of_what_is_not_ready_is_refused_unless_as_a_draft(draft, tmp_path, home):
    refused(1, "export", draft, tmp_path / "a.zip", *ME, says="The form is not ready", thai="ยังไม่พร้อมส่ง")
    assert not (tmp_path / "a.zip").exists() and not (home / "profile").exists()
    out = done("export", draft, tmp_path / "a.zip", "--draft", *ME, "--certificate", tmp_path / "s.pem").out
    assert "รหัสตรวจสอบ (SHA-256)" in out
    assert done("verify", tmp_path / "a.zip", "--trust", tmp_path / "s.pem", "--json").json["draft"] is True


def test_export_without_a_province_says_what_to_do(draft, tmp_path, home):
    done("set", draft, "general.province", "")
    told = {"says": "has no answer yet", "thai": "ยังไม่ได้ตอบ"}
    refused(2, "export", draft, tmp_path / "a.zip", "--draft", *ME, **told)
    assert not (tmp_path / "a.zip").exists() and not (home / "profile").exists()


def test_export_replaces_only_when_told_and_never_the_draft(ready, tmp_path):
    done("export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", *ME)
    older = (tmp_path / "a.zip").read_bytes()
    refused(3, "export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", *ME, says="already exists")
    assert (tmp_path / "a.zip").read_bytes() == older
    done("export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", "--replace")
    assert zipfile.is_zipfile(tmp_path / "a.zip") and (tmp_path / "a.zip").read_bytes() != older
    before = ready.read_bytes()
    refused(
        2, "export", "--reason", "แก้ไข", ready, ready, "--replace", says="is read by the same command", thai="ไม่เขียนทับ"
    )
    assert ready.read_bytes() == before


def test_export_into_no_folder_is_told(ready, tmp_path):
    refused(
        3,
        "export",
        "--reason",
        "แก้ไข",
        ready,
        tmp_path / "ไม่มี" / "a.zip",
        *ME,
        says="nothing was written",
        thai="โฟลเดอร์",
    )
    refused(3, "export", "--reason", "แก้ไข", ready, ready / "a.zip", says="nothing was written", thai="โฟลเดอร์")
    refused(
        3,
        "export",
        "--reason",
        "แก้ไข",
        ready,
        tmp_path / "a.zip",
        "--certificate",
        ready / "s.pem",
        says="s.pem does not exist, so nothing was written",
    )


# -- passphrases -----------------------------------------------------------------------------------------------------


def test_a_passphrase_comes_from_a_file_or_the_environment(ready, tmp_path, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.touch(mode=0o600)
    secret.write_bytes(f"{WORDS}\r\nsecond line".encode())
    done("export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", "--person", "สมชาย", "--passphrase-file", secret)
    refused(
        2, "export", "--reason", "แก้ไข", ready, tmp_path / "b.zip", says="This signing key is protected", thai="มีรหัสผ่าน"
    )
    secret.write_bytes("\ufeffผิด".encode())
    refused(
        2,
        "export",
        "--reason",
        "แก้ไข",
        ready,
        tmp_path / "b.zip",
        "--passphrase-file",
        secret,
        says="The passphrase is wrong",
    )
    secret.write_bytes(f"\ufeff{WORDS}".encode())  # a Windows editor's mark is no part of it
    done("export", "--reason", "แก้ไข", ready, tmp_path / "b.zip", "--passphrase-file", secret)
    monkeypatch.setenv("DGDESK_PASSPHRASE", WORDS)
    done("export", "--reason", "แก้ไข", ready, tmp_path / "c.zip")
    monkeypatch.setenv("DGDESK_PASSPHRASE", "ผิด")
    refused(
        2, "export", "--reason", "แก้ไข", ready, tmp_path / "d.zip", says="The passphrase is wrong", thai="รหัสผ่านไม่ถูกต้อง"
    )
    done(
        "export", "--reason", "แก้ไข", ready, tmp_path / "d.zip", "--passphrase-file", secret
    )  # the file counts before the environment
    assert not (tmp_path / "e.zip").exists()


def test_a_passphrase_file_that_is_missing_empty_or_no_text_is_told(ready, tmp_path):
    secret = tmp_path / "secret.txt"
    command = ["export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", "--person", "ก", "--passphrase-file", secret]
    refused(3, *command, says="there is no such file")
    secret.touch(mode=0o600)
    refused(3, *command, says="“secret.txt” is empty")
    for content in (b"\xff\xfe\x00", "café".encode("cp1252"), bytes(range(256))):
        secret.write_bytes(content)
        refused(3, *command, says="“secret.txt” is no text in UTF-8, UTF-16 or the Thai code page")
    secret.write_bytes(b"x" * 20_000)
    refused(3, *command, says="“secret.txt” is too large")
    refused(3, *command[:-1], tmp_path, says="is a folder or a device")
    secret.write_bytes(b"\n")
    refused(2, *command, says="The passphrase is empty")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_a_passphrase_file_opens_the_key_whatever_program_saved_it(ready, tmp_path, encoding):
    secret = tmp_path / "secret.txt"
    secret.touch(mode=0o600)
    secret.write_bytes(f"{WORDS}\r\n".encode())
    done("export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", "--person", "สมชาย", "--passphrase-file", secret)
    secret.write_bytes(f"{WORDS}\r\nremarks".encode(encoding))
    done("export", "--reason", "แก้ไข", ready, tmp_path / "b.zip", "--passphrase-file", secret)


def test_the_passphrase_lies_nowhere(ready, tmp_path, home, monkeypatch):
    monkeypatch.setenv("DGDESK_PASSPHRASE", WORDS)
    result = done("export", "--reason", "แก้ไข", ready, tmp_path / "a.zip", "--person", "สมชาย", "--json")
    for content in [*listing(tmp_path).values(), *listing(home).values(), result.out.encode()]:
        assert WORDS.encode() not in content
    assert b"ENCRYPTED PRIVATE KEY" in (home / "profile/identity/signer.key").read_bytes()


# -- verify ----------------------------------------------------------------------------------------------------------


def test_verify_keeps_the_contract(bundle, certificate):
    verdict = done("verify", bundle, "--trust", certificate, "--json").json
    assert {"ok", "digest", "signer", "claimed_time", "problems"} <= verdict.keys()
    assert verdict["ok"] is True and verdict["problems"] == [] and verdict["draft"] is False
    assert verdict["signer"] == "สมหญิง ใจดี" and verdict["province"] == "TH-50"
    assert verdict["claimed_time"].startswith("2025-08-01T")
    assert len(verdict["digest"]) == len(verdict["answers_digest"]) == len(verdict["fingerprint"]) == 64
    words = done("verify", bundle, "--trust", certificate).out
    assert "สมหญิง ใจดี" in words and verdict["digest"] in words


def test_verify_without_trust_says_the_origin_is_unchecked(bundle):
    result = run("verify", bundle, "--json")
    assert result.code == 1
    verdict = result.json
    assert verdict["ok"] is False
    assert [problem["code"] for problem in verdict["problems"]] == ["verify.origin_unchecked"]
    assert len(verdict["digest"]) == 64
    words = run("verify", bundle, "--lang", "en")
    assert words.code == 1 and "Who signed this was not checked" in words.out and "is not verified" in words.out
    assert "ยังไม่ได้ตรวจสอบว่าผู้ใดเป็นผู้ลงนาม" in run("verify", bundle).out


def test_verify_against_another_certificate_fails(bundle, stranger, certificate):
    result = run("verify", bundle, "--trust", stranger, "--json")
    assert result.code == 1 and [problem["code"] for problem in result.json["problems"]] == ["signature.untrusted"]
    # One of several that are trusted is enough.
    done("verify", bundle, "--trust", stranger, "--trust", certificate)


def test_verify_of_a_tampered_bundle_fails_and_names_the_file(bundle, certificate, tmp_path):
    result = run("verify", tamper(bundle, tmp_path / "b.zip"), "--trust", certificate, "--json", "--lang", "en")
    assert result.code == 1 and result.json["ok"] is False
    assert any("data/submission.json" in problem["message"] for problem in result.json["problems"])
    words = run("verify", tmp_path / "b.zip", "--trust", certificate)
    assert words.code == 1 and words.err == "" and "ไม่ผ่านการตรวจสอบ" in words.out


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_verify_of_something_else_fails(certificate, tmp_path, content):
    (tmp_path / "b.zip").write_bytes(content)
    result = run("verify", tmp_path / "b.zip", "--trust", certificate, "--json")
    assert result.code == 1 and result.json["ok"] is False and result.json["problems"]


def test_verify_of_what_cannot_be_read_is_exit_code_3(bundle, certificate, tmp_path):
    refused(3, "verify", tmp_path / "ไม่มี.zip", "--trust", certificate, says="There is no file")
    (tmp_path / "empty").mkdir()
    refused(2, "verify", tmp_path / "empty", "--trust", certificate, says="holds no file")
    refused(3, "verify", bundle, "--trust", tmp_path / "ไม่มี.pem", says="“ไม่มี.pem” cannot be read")
    refused(3, "verify", bundle, "--trust", bundle, says="is not a signer's certificate")


def test_a_cut_bundle_never_verifies(bundle, certificate, tmp_path):
    content = bundle.read_bytes()
    for length in (len(content) // 2, len(content) - 1, len(content) - 22):
        (tmp_path / "b.zip").write_bytes(content[:length])
        assert run("verify", tmp_path / "b.zip", "--trust", certificate).code == 1


# -- collate ---------------------------------------------------------------------------------------------------------


def test_collate_lists_every_bundle_with_its_fate(bundle, certificate, draft, tmp_path, stranger):
    tampered = tamper(bundle, tmp_path / "ปลอม.zip")
    trust = ("--trust", certificate, "--trust", stranger)
    result = run("collate", tmp_path / "all.csv", bundle, tampered, tmp_path / "ไม่มี.zip", *trust)
    assert result.code == 1 and result.err == ""
    assert "ผ่าน 1 ไฟล์ (ในจำนวนนี้เป็นชุดซ้ำ 0) ไม่ผ่าน 1 ไฟล์ ยังไม่ได้ตรวจ 1 ไฟล์" in result.out
    good, bad, missing = table(tmp_path / "all.csv")
    assert (good["file"], good["accepted"], good["province"], good["draft"]) == ("เชียงใหม่.zip", "yes", "TH-50", "no")
    assert good["signer"] == "สมหญิง ใจดี" and len(good["digest"]) == 64 and good["problems"] == ""
    assert (bad["accepted"], missing["accepted"]) == ("no", "no")
    assert "submission.json" in bad["problems"] and "ไม่พบไฟล์" in missing["problems"]


def test_collate_of_good_bundles_is_done(bundle, certificate, tmp_path):
    again = Path(shutil.copyfile(bundle, tmp_path / "อีกชุด.zip"))
    document = done("collate", tmp_path / "all.csv", bundle, again, "--trust", certificate, "--json").json
    assert document["table"] == str(tmp_path / "all.csv")
    assert [row["accepted"] for row in document["bundles"]] == ["yes", "yes"]
    assert len(table(tmp_path / "all.csv")) == 2


def test_collate_never_writes_over_a_bundle(bundle, certificate, tmp_path):
    """Who forgets the table's name would lose the first bundle."""
    other = Path(shutil.copyfile(bundle, tmp_path / "b.zip"))
    plain = Path(shutil.copyfile(bundle, tmp_path / "bundle"))
    before = listing(tmp_path)
    refused(2, "collate", bundle, other, "--trust", certificate, says="ends in .xlsx, .csv", thai="ยังไม่ได้เขียน")
    refused(2, "collate", plain, plain, "--trust", certificate, says="is read by the same command")
    assert listing(tmp_path) == before


def test_collate_where_nothing_can_be_written_is_told(bundle, certificate, tmp_path):
    no_folder, no_place = tmp_path / "ไม่มี" / "all.csv", bundle / "all.csv"
    refused(3, "collate", no_folder, bundle, "--trust", certificate, says="all.csv does not exist")
    refused(3, "collate", no_place, bundle, "--trust", certificate, says="all.csv does not exist")


def test_a_strangers_name_is_no_formula_and_no_terminal_command(draft, tmp_path):
    formula = ("--person", "=HYPERLINK(1)", "--no-passphrase")
    done("export", draft, tmp_path / "a.zip", "--draft", *formula, "--certificate", tmp_path / "s.pem")
    done("collate", tmp_path / "all.csv", tmp_path / "a.zip", "--trust", tmp_path / "s.pem")
    assert table(tmp_path / "all.csv")[0]["signer"] == "'=HYPERLINK(1)"
    named = Path(shutil.copyfile(tmp_path / "a.zip", tmp_path / "=1+1.zip"))
    done("collate", tmp_path / "all.csv", named, "--replace", "--trust", tmp_path / "s.pem")
    assert table(tmp_path / "all.csv")[0]["file"] == "'=1+1.zip"
