"""Bundles encrypted for the agency: only its key opens them, and only whole."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import code_of
from dgdesk.bundle.encryption.age_keys import make_key, read_recipients, read_secrets
from dgdesk.bundle.encryption.encrypt import decrypt_file, encrypt_file
from dgdesk.system.progress import Cancelled, Progress

CONTENT = os.urandom(200_000) * 12


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "น่าน.zip"
    path.write_bytes(CONTENT)
    return path


def test_every_recipient_opens_it_and_nobody_else(source: Path, tmp_path: Path) -> None:
    pairs = [make_key() for _ in range(3)]
    steps: list[tuple[int, int]] = []
    done = encrypt_file(
        source, tmp_path / "a.age", [one[1] for one in pairs[:2]], progress=Progress(lambda *at: steps.append(at))
    )
    assert done.sha256 == hashlib.sha256(CONTENT).hexdigest() and done.size == done.path.stat().st_size
    assert steps == sorted(steps) and steps[-1] == (2 * len(CONTENT), 2 * len(CONTENT)), "written and read back"
    for at, (secret, _) in enumerate(pairs[:2]):
        opened = decrypt_file(done.path, tmp_path / f"{at}.zip", [secret])
        assert (opened.path.read_bytes(), opened.sha256) == (CONTENT, done.sha256)
    assert code_of(decrypt_file, done.path, tmp_path / "x.zip", [pairs[2][0]]) == "sealed.not_for_you"
    assert not (tmp_path / "x.zip").exists() and not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 131_072])
def test_any_size_comes_back(tmp_path: Path, size: int) -> None:
    secret, recipient = make_key()
    (tmp_path / "a").write_bytes(CONTENT[:size])
    encrypt_file(tmp_path / "a", tmp_path / "a.age", [recipient])
    assert decrypt_file(tmp_path / "a.age", tmp_path / "b", [secret]).path.read_bytes() == CONTENT[:size]


def test_what_is_no_encrypted_file_is_named_as_what_it_is(source: Path, tmp_path: Path) -> None:
    secret, recipient = make_key()
    sealed = encrypt_file(source, tmp_path / "a.age", [recipient]).path.read_bytes()
    armour = b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.encodebytes(sealed)
    for content, code in (
        (bytes(300), "zip.zeros"),
        (sealed.replace(b"\n", b"\r\n"), "zip.line_ends"),
        (b"<html><body>sign in</body></html>", "zip.html"),
        (base64.encodebytes(sealed), "zip.mail_text"),
        (b"Dear,\n\n" + armour, "zip.mail_text"),
        (armour.decode().encode("utf-16"), "zip.changed"),
        (b"PK\x03\x04" + bytes(80), "sealed.not_sealed"),
        (sealed[:9], "sealed.cut_short"),
        (armour, "sealed.cut_short"),
        (armour + b"-----END AGE ENCRYPTED FILE-----\n", "sealed.damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "sealed.not_age"),
    ):
        (tmp_path / "b.age").write_bytes(content)
        assert code_of(decrypt_file, tmp_path / "b.age", tmp_path / "b.zip", [secret]) == code, content[:40]
        assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("change", ["cut", "flip", "head", "empty", "more"])
def test_what_was_changed_on_the_way_is_not_opened(source: Path, tmp_path: Path, change: str) -> None:
    secret, recipient = make_key()
    sealed = bytearray(encrypt_file(source, tmp_path / "a.age", [recipient]).path.read_bytes())
    changed = {"cut": sealed[:-70_000], "head": sealed[5:], "empty": b"", "more": sealed + b"x"}.get(change)
    if changed is None:
        sealed[len(sealed) // 2] ^= 1
        changed = sealed
    (tmp_path / "b.age").write_bytes(changed)
    told = "zip.empty" if change == "empty" else "sealed.damaged"
    assert code_of(decrypt_file, tmp_path / "b.age", tmp_path / "b.zip", [secret]) == told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.age", "b.age", "น่าน.zip"]


def test_nothing_is_replaced_unasked(source: Path, tmp_path: Path) -> None:
    secret, recipient = make_key()
    target = tmp_path / "a.age"
    encrypt_file(source, target, [recipient])
    before = target.read_bytes()
    assert code_of(encrypt_file, source, target, [recipient]) == "bundle.exists"
    assert target.read_bytes() == before
    encrypt_file(source, target, [recipient], replace=True)
    assert code_of(decrypt_file, target, source, [secret]) == "bundle.exists"
    assert code_of(encrypt_file, tmp_path / "absent", tmp_path / "b.age", [recipient]) == "bundle.missing"
    assert code_of(encrypt_file, source, tmp_path / "no" / "b.age", [recipient]) == "bundle.no_folder"


def test_a_stop_leaves_nothing(source: Path, tmp_path: Path) -> None:
    secret, recipient = make_key()
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        encrypt_file(source, tmp_path / "a.age", [recipient], progress=Progress(is_cancelled=lambda: next(asked, True)))
    done = encrypt_file(source, tmp_path / "b.age", [recipient])
    with pytest.raises(Cancelled):
        decrypt_file(done.path, tmp_path / "b.zip", [secret], progress=Progress(is_cancelled=lambda: True))

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encrypt_file(source, tmp_path / "c.age", [recipient], progress=Progress(interrupt))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "น่าน.zip"]


def test_a_full_disk_is_told_as_such(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert code_of(encrypt_file, source, tmp_path / "a.age", [make_key()[1]]) == "target.disk_full"
    assert [path.name for path in tmp_path.iterdir()] == ["น่าน.zip"]


def test_a_file_of_recipients_is_read_as_age_does() -> None:
    (secret, one), (_, other) = make_key(), make_key()
    assert read_recipients(f"\ufeff# สพร.\r\n{one}\r\n\r\n  {other}\n{one}") == (one, other)
    assert read_recipients(f"Public key: {one}\npublic key:{other}\n") == (one, other)
    assert read_recipients(f"\u200b{one}\u00a0\r\n \u2060{other}\u200d") == (one, other), "copied from a message"
    assert read_secrets(f"\u200b{secret}\ufeff\n") == (secret,)
    assert code_of(read_recipients, f"\u200b{secret}") == "sealed.secret_given"
    assert code_of(read_recipients, f"{one[:9]}\u200b{one[9:]}") == "sealed.bad_recipient"
    assert code_of(read_recipients, f"Public key: {secret}") == "sealed.secret_given"
    assert code_of(read_recipients, "# nothing\n") == "sealed.no_recipient"
    assert code_of(read_recipients, "\n".join(make_key()[1] for _ in range(21))) == "sealed.many_recipients"
    assert code_of(read_recipients, f"{one}\n{secret}") == "sealed.secret_given"
    assert code_of(read_recipients, one[:-1] + ("q" if one[-1] != "q" else "p")) == "sealed.bad_recipient"
    assert code_of(read_recipients, "not a key") == "sealed.bad_recipient"
    assert read_secrets(f"# created\n{secret}\n") == (secret,)
    assert code_of(read_secrets, one) == "sealed.key_is_public" and code_of(read_secrets, "") == "sealed.bad_key"


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_key(text: str) -> None:
    assert code_of(read_recipients, text).startswith("sealed.") and code_of(read_secrets, text) == "sealed.bad_key"
