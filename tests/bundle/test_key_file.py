"""The receiver's key file: plain or locked by a passphrase, never over another, and the public one beside it."""

from __future__ import annotations

import base64
import os
import unicodedata
from pathlib import Path

import pyrage
import pyrage.passphrase
import pyrage.x25519
import pytest

from dgdesk.bundle.encryption.age_keys import (
    is_locked,
    make_key,
    read_key_file,
    read_recipient_file,
    read_recipients,
    write_key,
)
from dgdesk.errors import DgdeskError, FileError, UsageError

WORD = "กุญแจน้ำ ๑๒๓"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
""""utf-16" is what PowerShell's ">" writes."""


def test_a_locked_key_opens_with_its_passphrase_however_it_is_composed(tmp_path: Path, quick_age: None) -> None:
    key, public = tmp_path / "ลับ.txt", tmp_path / "สาธารณะ.pub"
    recipient = write_key(key, public, unicodedata.normalize("NFC", WORD))
    content = key.read_bytes()
    assert is_locked(content) and b"AGE-SECRET" not in content
    assert read_recipients(public.read_text()) == (recipient,)
    for form in ("NFC", "NFD"):
        assert read_key_file(content, unicodedata.normalize(form, WORD))[0].startswith("AGE-SECRET-KEY-1")
    for wrong, code in ((None, "key_passphrase"), ("", "key_passphrase"), ("อื่น", "key_wrong_passphrase")):
        with pytest.raises(UsageError, match=rf"sealed\.{code}"):
            read_key_file(content, wrong)


def test_a_key_that_was_locked_by_another_program_in_decomposed_letters_opens_too(quick_age: None) -> None:
    secret = f"{make_key()[0]}\n".encode()
    decomposed = unicodedata.normalize("NFD", "café ๑๒๓")
    assert decomposed != unicodedata.normalize("NFC", decomposed)
    content = pyrage.passphrase.encrypt(secret, decomposed)
    assert read_key_file(content, "café ๑๒๓") == (secret.decode().strip(),)


def test_a_try_at_a_locked_key_takes_the_work_that_age_asks_for(tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    write_key(key, None, WORD)  # opens what it wrote
    kind, _, work = key.read_text(encoding="latin-1").splitlines()[1].removeprefix("-> ").split()
    assert kind == "scrypt" and int(work) >= 15, "two to this power is scrypt's N; age measures one second of this PC"


def test_a_plain_key_needs_none_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    write_key(key, None)
    assert not is_locked(key.read_bytes()) and len(read_key_file(key.read_bytes())) == 1
    assert os.name != "posix" or key.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["key.txt"]


def test_no_key_takes_the_place_of_another(tmp_path: Path) -> None:
    key, public = tmp_path / "key.txt", tmp_path / "key.pub"
    write_key(key, public)
    before = key.read_bytes()
    for again in ((key, None), (tmp_path / "new.txt", public)):
        with pytest.raises(FileError, match=r"bundle\.exists"):
            write_key(*again)
    assert key.read_bytes() == before and not (tmp_path / "new.txt").exists()
    with pytest.raises(FileError, match=r"bundle\.no_folder"):
        write_key(tmp_path / "none" / "key.txt", None)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"age-encryption.org/v1\n-> x"])
def test_what_is_no_key_file_is_said(content: bytes) -> None:
    with pytest.raises(DgdeskError, match=r"sealed\.bad_key"):
        read_key_file(content, "x")


@pytest.mark.parametrize("change", ["cut", "letter", "small", "quoted", "in two lines", "after a word"])
def test_a_secret_key_with_a_typing_error_is_named_by_its_line(change: str) -> None:
    secret = make_key()[0]
    other = "Q" if secret[40] != "Q" else "P"
    typed = {
        "cut": secret[:-20],
        "letter": secret[:40] + other + secret[41:],
        "small": secret.lower(),
        "quoted": f'"{secret}"',
        "in two lines": secret[:11] + "\n" + secret[11:],
        "after a word": f"key: {secret}",
    }[change]
    with pytest.raises(UsageError) as caught:
        read_key_file(f"# made by the office\n\n{typed}\n".encode(), None, "k.txt")
    assert (caught.value.code, caught.value.values) == ("sealed.key_typo", {"name": "k.txt", "line": 3})


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_keys_and_recipients_open_in_every_encoding_of_usual_programs(encoding: str, end: str) -> None:
    secret, recipient = make_key()
    for text in (f"# created: 2026{end}{secret}{end}", secret):
        assert read_key_file(text.replace("\n", end).encode(encoding)) == (secret,)
    assert read_recipient_file(f"# สพร.{end}{recipient}{end}".encode(encoding), "a.txt") == (recipient,)


def test_remarks_in_the_thai_code_page_do_no_harm() -> None:
    secret, recipient = make_key()
    assert read_key_file(f"# กุญแจของหน่วยงาน\r\n{secret}".encode("cp874")) == (secret,)
    assert read_recipient_file(f"# สพร.\r\n{recipient}".encode("cp874"), "a.txt") == (recipient,)


def armour(content: bytes) -> str:
    """As ``age -a`` writes it (RFC 7468, strict)."""
    code = base64.b64encode(content).decode()
    lines = (code[at : at + 64] for at in range(0, len(code), 64))
    return "\n".join(("-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_locked_key_in_armour_opens(encoding: str, quick_age: None) -> None:
    secret = make_key()[0]
    armoured = armour(pyrage.passphrase.encrypt(f"{secret}\n".encode(), WORD))
    for text in (
        armoured,
        armoured.replace("\n", "\r\n"),
        f"\n\n{armoured}\n\n",
        f"กุญแจของ สพร.\n# 2569\n{armoured}\nend",
    ):
        content = text.encode(encoding)
        assert is_locked(content) and read_key_file(content, WORD) == (secret,)
        with pytest.raises(UsageError, match=r"sealed\.key_passphrase"):
            read_key_file(content)


PQ = "age1pq1" + "q2" * 90
YUBIKEY = "age1yubikey1" + "q2" * 26
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB1dgQ somchai@nan"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (PQ, "age1pq1…"),
        (YUBIKEY, "age1yubikey1…"),
        ("age1tag1" + "q2" * 26, "age1tag1…"),
        (SSH, "ssh-ed25519"),
        ("ssh-rsa AAAAB3NzaC1yc2E", "ssh-rsa"),
        ("ecdsa-sha2-nistp256 AAAAE2VjZHNh", "ecdsa-sha2-nistp256"),
        ("sk-ssh-ed25519@openssh.com AAAAGnNr x", "sk-ssh-ed25519@openssh.com"),
        ("-----BEGIN CERTIFICATE-----", "CERTIFICATE"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "PGP PUBLIC KEY BLOCK"),
    ],
)
def test_another_kind_of_public_key_is_named_with_its_file_and_line(line: str, kind: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_recipient_file(f"# สพร.\n{line}\n".encode(), "นน.txt")
    assert (caught.value.code, caught.value.values) == (
        "sealed.recipient_kind",
        {"name": "นน.txt", "line": 2, "kind": kind},
    )


@pytest.mark.parametrize("line", ["AGE-SECRET-KEY-1QQ", "AGE-SECRET-KEY-PQ-1QQ", "AGE-PLUGIN-YUBIKEY-1QQ"])
def test_every_kind_of_secret_key_among_the_recipients_is_an_alarm(line: str) -> None:
    with pytest.raises(UsageError, match=r"sealed\.secret_given"):
        read_recipient_file(f"{make_key()[1]}\n{line}".encode(), "a.txt")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (make_key()[1].encode(), "sealed.key_is_public"),
        (PQ.encode(), "sealed.key_is_public"),
        (SSH.encode(), "sealed.key_is_public"),
        (b"AGE-SECRET-KEY-PQ-1QQQQ", "sealed.key_kind"),
        (b"# serial 1\nAGE-PLUGIN-YUBIKEY-1QQQQ", "sealed.key_kind"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n", "sealed.key_kind"),
        (pyrage.encrypt(b"zip", [pyrage.x25519.Identity.generate().to_public()]), "sealed.key_is_encrypted"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff", "sealed.not_text"),
    ],
    ids=["public", "post-quantum", "ssh", "secret", "plugin", "private ssh", "encrypted", "picture"],
)
def test_what_a_file_is_in_place_of_a_secret_key_is_said_with_its_name(content: bytes, code: str) -> None:
    with pytest.raises(DgdeskError) as caught:
        read_key_file(content, WORD, "ก.txt")
    assert (caught.value.code, caught.value.values["name"]) == (code, "ก.txt")
