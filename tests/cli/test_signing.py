"""``identity``, ``receipt``, ``addendum``, ``decrypt``: as a province and an office type them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bundle.authority import make_authority
from cli.support import done, listing, refused, run

WORD = "น้ำใส ปลาเห็นตัว 77"
ME = ("identity", "new", "--person", "สมชาย ใจดี", "--province", "น่าน")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.touch(mode=0o600)
    path.write_text(WORD, encoding="utf-8")
    return path


def test_an_identity_from_its_making_to_its_backup(secret, tmp_path, home):
    made = done(*ME, "--passphrase-file", secret, "--json").json
    assert (made["name"], made["validity"], made["chain"], made["protected"]) == ("default", "valid", 0, True)
    assert made["strength"] == {"level": "good", "reasons": []} and made["qr"].startswith("TSF1:")
    done(*ME, "--name", "สอง", "--no-passphrase")
    assert [one["name"] for one in done("identity", "list", "--json").json] == ["default", "สอง"]
    done("identity", "export", tmp_path / "signer.pem")
    assert (tmp_path / "signer.pem").read_bytes() == (home / "profile/identity/signer.pem").read_bytes()
    refused(3, "identity", "export", tmp_path / "signer.pem", says="already exists")
    fresh = tmp_path / "new.txt"
    fresh.touch(mode=0o600)
    fresh.write_text("ตะกร้าหมึกสะพานร่ม", encoding="utf-8")
    done("identity", "passwd", "--passphrase-file", secret, "--new-passphrase-file", fresh)
    refused(2, "identity", "backup", tmp_path / "b.pem", "--passphrase-file", secret, says="passphrase is wrong")
    done("identity", "backup", tmp_path / "b.pem", "--passphrase-file", fresh)
    back = done("identity", "restore", tmp_path / "b.pem", "--name", "กลับ", "--passphrase-file", fresh, "--json").json
    assert back["fingerprint"] == made["fingerprint"]
    refused(2, "identity", "backup", tmp_path / "c.pem", "--name", "สอง", says="has no passphrase")
    for content in listing(home).values():
        assert WORD.encode() not in content


def test_a_weak_passphrase_is_called_so(tmp_path):
    word = tmp_path / "w"
    word.touch(mode=0o600)
    word.write_text("password2569", encoding="utf-8")
    out = done(*ME, "--passphrase-file", word, "--lang", "en").out
    assert "This passphrase is easy to guess" in out and "many people use" in out and "password" not in out


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes")
def test_a_passphrase_file_that_others_can_read_is_not_used(secret, home):
    secret.chmod(0o644)
    refused(2, *ME, "--passphrase-file", secret, says="chmod 600", thai="เจ้าของ")
    assert not (home / "profile").exists()


def test_without_a_way_to_a_passphrase_nothing_is_made(home):
    refused(2, *ME, says="--passphrase-file")
    refused(2, "identity", "export", "x.pem", says="no identity on this computer")
    assert done("identity", "list", "--json").json == [] and not (home / "profile").exists()


def test_what_is_no_pkcs12_is_told(secret, home):
    refused(3, "identity", "import", secret, "--passphrase-file", secret, says="not a sound PKCS#12")
    assert not (home / "profile").exists()


def test_a_bundle_goes_encrypted_to_the_office_and_its_receipt_comes_back(ready, tmp_path):
    done(*ME, "--no-passphrase")
    done("identity", "new", "--person", "ผู้รับ", "--province", "สพร.", "--name", "office", "--no-passphrase")
    done("identity", "export", tmp_path / "me.pem")
    done("identity", "export", tmp_path / "office.pem", "--name", "office")
    key, recipients = tmp_path / "key.txt", tmp_path / "recipients.txt"
    done("sealing-key", key, "--recipients", recipients)
    refused(3, "sealing-key", key, says="already exists")
    refused(2, "export", ready, tmp_path / "a.zip", "--encrypt-to", recipients, says="ends in .age")
    refused(2, "export", ready, tmp_path / "a.zip.age", "--encrypt-to", key, says="secret key")
    sealed = tmp_path / "a.zip.age"
    exported = done("export", ready, sealed, "--encrypt-to", recipients, "--json").json
    assert exported["encrypted"] and exported["path"] == str(sealed) and not (tmp_path / "a.zip").exists()
    assert done("check", ready, "--json").json["since_export"] == {"state": "unchanged", "changes": 0}
    assert done("decrypt", sealed, "--key", key, "--json").json["path"] == str(tmp_path / "a.zip")
    issue = ("receipt", "issue", tmp_path / "a.zip", "--identity", "office")
    refused(1, *issue, says="not verified")
    done(*issue, "--trust", tmp_path / "me.pem", "--office", "สำนักงาน")
    enter = ("receipt", "import", ready, tmp_path / "a.zip.receipt.json")
    refused(2, *enter, says="--trust")
    refused(1, *enter, "--trust", tmp_path / "me.pem", says="not signed by the office")
    entered = done(*enter, "--trust", tmp_path / "office.pem", "--json").json
    assert (entered["digest"], entered["office"], entered["new"]) == (exported["digest"], "สำนักงาน", True)
    done("set", ready, "general.province", "TH-55")
    assert "Changed 1 times since" in run("check", ready, "--lang", "en").out


def test_a_scan_is_sent_after_the_bundle(ready, evidence, tmp_path):
    done(*ME, "--no-passphrase")
    done("identity", "export", tmp_path / "me.pem")
    done("export", ready, tmp_path / "a.zip")
    assert done("addendum", "attach", ready, evidence, "--json").json["code"] == "unreadable"
    unknown = ("addendum", "attach", ready, evidence, "--digest", "ab" * 32)
    refused(1, *unknown, says="no export with the digest")
    refused(1, "addendum", "export", ready, tmp_path / "b.zip", "--digest", "ab" * 32, says="no scan")
    done("addendum", "export", ready, tmp_path / "b.zip")
    check = ("addendum", "verify", tmp_path / "b.zip", "--trust", tmp_path / "me.pem", "--json")
    assert done(*check, "--bundle", tmp_path / "a.zip").json["ok"]
    assert run("addendum", "verify", tmp_path / "b.zip").code == 1
    assert run("addendum", "verify", tmp_path / "a.zip", "--trust", tmp_path / "me.pem").code == 1


def test_an_import_says_which_ca_is_missing_and_takes_its_certificate(secret, tmp_path, home):
    authority = make_authority("ec", datetime.now(UTC) - timedelta(days=1))
    word = secret.read_text(encoding="utf-8").strip()
    (tmp_path / "a.p12").write_bytes(authority.pkcs12(word))
    command = ("identity", "import", tmp_path / "a.p12", "--passphrase-file", secret)
    assert done(*command, "--name", "a", "--json").json["missing_issuer"] == "root"
    assert "The certificate of root, which comes next" in done(*command, "--name", "b", "--lang", "en").out
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    whole = done(*command, "--name", "c", "--chain", tmp_path / "root.pem", "--json").json
    assert (whole["missing_issuer"], whole["chain"]) == (None, 2)
    digits = whole["groups"][:9]
    assert done(*command, "--name", "d", "--fingerprint", digits, "--json").json["fingerprint"] == whole["fingerprint"]
    refused(2, *command, "--name", "e", "--fingerprint", "00:11", says="whose fingerprint begins with 0011")
    refused(3, "identity", "import", tmp_path / "root.pem", "--passphrase-file", secret, says="USB token")
