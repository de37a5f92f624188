"""The receiver's key file: plain or locked by a passphrase, never over another, and the public one beside it."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pyrage.passphrase
import pytest

from dgdesk.bundle.encryption.age_keys import is_locked, make_key, read_key_file, read_recipients, write_key
from dgdesk.errors import FileError, UsageError

WORD = "กุญแจน้ำ ๑๒๓"


def test_a_locked_key_opens_with_its_passphrase_however_it_is_composed(tmp_path: Path, quick_age: None) -> None:
    key, public = tmp_path / "ลับ.txt", tmp_path / "สาธารณะ.pub"
    recipient = write_key(key, public, unicodedata.normalize("NFC", WORD))
    content = key.read_bytes()
    assert is_locked(content) and b"AGE-SECRET" not in content
    assert read_recipients(public.read_text()) == (recipient,)
    for form in ("NFC", "NFD"):
        assert read_key_file(content, unicodedata.normalize(form, WORD))[0].startswith("AGE-SECRET-KEY-1")
    for wrong in (None, "", "อื่น"):
        with pytest.raises(UsageError, match=r"sealed\.key_passphrase"):
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


@pytest.mark.parametrize("content", [b"", b"AGE-SECRET-KEY-1X", b"\xff\xfe", b"age-encryption.org/v1\n-> x"])
def test_what_is_no_key_file_is_said(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"sealed\.(bad_key|key_passphrase)"):
        read_key_file(content, "x")
