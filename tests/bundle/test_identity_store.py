"""Several identities of one person: named, chosen, locked again, backed up and brought back."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from bundle.authority import make_authority
from bundle.support import NOW
from dgdesk.bundle.qr import from_base32
from dgdesk.bundle.signing.enrolment import fingerprint_qr, groups, validity
from dgdesk.bundle.signing.identity import KEY_FILE, change_passphrase, create_identity, load_identity, write_identity
from dgdesk.bundle.signing.identity_store import IdentityStore, read_backup, write_backup
from dgdesk.bundle.signing.keyfile import ROUNDS
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.errors import DgdeskError

WORD, OTHER = "น้ำใจ 2569", "ปลาเห็นตัว 77"
SHA = st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.fixture
def store(thai_path: Path) -> IdentityStore:
    return IdentityStore(thai_path / "identity", thai_path / "identities")


def make(folder: Path, passphrase: str | None = WORD, person: str = "สมชาย ใจดี") -> str:
    made = create_identity(folder, person=person, province="น่าน", passphrase=passphrase, now=NOW)
    return made.fingerprint


def code_of(call: object, *args: object, **named: object) -> str:
    with pytest.raises(DgdeskError) as caught:
        call(*args, **named)
    return caught.value.code


def test_the_first_is_the_default_and_others_have_names(store: IdentityStore) -> None:
    assert store.kept() == () and store.choose() is None and store.free_name() == "default"
    make(store.folder("default"))
    assert store.free_name() == "identity-2"
    make(store.folder("สมหญิง"), person="สมหญิง")
    make(store.folder("identity-2"))
    assert [one.name for one in store.kept()] == ["default", "สมหญิง", "identity-2"]
    assert store.free_name() == "identity-3"
    assert store.choose() == store.first and store.choose("สมหญิง") == store.root / "สมหญิง"
    assert code_of(store.choose, "ไม่มี") == "identity.unknown"


def test_without_a_default_one_is_taken_and_of_several_none(store: IdentityStore) -> None:
    make(store.folder("a"))
    assert store.choose() == store.root / "a"
    make(store.folder("b"))
    assert code_of(store.choose) == "identity.choose"


@pytest.mark.parametrize("name", ["", "..", "a/b", "con", "a\\b", "x" * 61, "a\u200b"])
def test_a_name_stays_inside_the_profile(store: IdentityStore, name: str) -> None:
    assert code_of(store.folder, name) == "identity.bad_store_name"


def test_a_damaged_one_is_listed_as_such(store: IdentityStore) -> None:
    make(store.folder("a"))
    (store.root / "a" / "signer.pem").write_bytes(b"")
    assert [(one.name, one.card) for one in store.kept()] == [("a", None)]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes")
def test_nobody_else_may_look(store: IdentityStore) -> None:
    make(store.first)
    write_backup(store.first, store.root.parent / "b.pem", WORD)
    found = [store.first, *store.first.iterdir(), store.root.parent / "b.pem"]
    assert [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_the_passphrase_changes_and_the_key_stays(store: IdentityStore) -> None:
    before = make(store.first)
    change_passphrase(store.first, WORD, OTHER)
    assert load_identity(store.first, OTHER).fingerprint == before
    assert code_of(load_identity, store.first, WORD) == "identity.wrong_passphrase"
    assert code_of(change_passphrase, store.first, WORD, "x") == "identity.wrong_passphrase"
    assert code_of(change_passphrase, store.first, OTHER, "  ") == "identity.empty_passphrase"
    assert not change_passphrase(store.first, OTHER, None).protected
    assert load_identity(store.first, None).fingerprint == before
    assert ROUNDS == 600_000 and sorted(os.listdir(store.first)) == ["signer.key", "signer.pem"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_change_that_fails_leaves_the_old_passphrase(
    store: IdentityStore, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make(store.first)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, full)
        assert code_of(change_passphrase, store.first, WORD, OTHER) == "identity.not_written"
    assert load_identity(store.first, WORD).fingerprint == before
    assert sorted(os.listdir(store.first)) == ["signer.key", "signer.pem"]


def test_a_backup_brings_back_key_and_chain(store: IdentityStore, tmp_path: Path) -> None:
    authority = make_authority("ec", NOW - timedelta(days=1))
    identity = read_pkcs12(authority.pkcs12(WORD, with_root=True), WORD, NOW)
    write_identity(store.first, identity, WORD)
    write_backup(store.first, tmp_path / "b.pem", WORD)
    assert code_of(write_backup, store.first, tmp_path / "b.pem", WORD) == "identity.backup_exists"
    assert code_of(write_backup, store.first, tmp_path / "c.pem", OTHER) == "identity.wrong_passphrase"
    assert not (tmp_path / "c.pem").exists()
    back = read_backup(tmp_path / "b.pem", WORD)
    assert (back.fingerprint, back.chain) == (identity.fingerprint, identity.chain)
    assert code_of(read_backup, tmp_path / "b.pem", OTHER) == "identity.wrong_passphrase"
    write_identity(store.folder("back"), back, OTHER)
    assert load_identity(store.folder("back"), OTHER).key.private_numbers() == identity.key.private_numbers()


def test_an_open_key_is_not_carried_about(store: IdentityStore, tmp_path: Path) -> None:
    make(store.first, None)
    assert code_of(write_backup, store.first, tmp_path / "b.pem", "") == "identity.backup_unprotected"


@pytest.mark.parametrize("content", [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_backup_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert code_of(read_backup, tmp_path / "x", WORD) == "identity.not_backup"
    assert code_of(read_backup, tmp_path / "absent", WORD) == "identity.not_backup"


def test_a_backup_of_two_halves_is_refused(store: IdentityStore, tmp_path: Path) -> None:
    make(store.first)
    make(store.folder("b"))
    mixed = (store.first / "signer.pem").read_bytes() + (store.root / "b" / "signer.key").read_bytes()
    (tmp_path / "x").write_bytes(mixed)
    assert code_of(read_backup, tmp_path / "x", WORD) == "identity.damaged"


@pytest.mark.parametrize(
    ("days", "standing", "left"),
    [
        (-1, "not_yet", 101),
        (0, "valid", 100),
        (40, "valid", 60),
        (41, "ending", 59),
        (100, "ending", 0),
        (101, "expired", -1),
    ],
)
def test_the_end_of_a_certificate_is_told_in_time(tmp_path: Path, days: int, standing: str, left: int) -> None:
    made = create_identity(tmp_path, person="ก", province="ข", passphrase=None, now=NOW, valid_days=100)
    found = validity(made.certificate, NOW + timedelta(days=days))
    assert (found.status, found.days) == (standing, left)
    assert found.last == (NOW + timedelta(days=100)).date()
    assert found.code == ("validity.is_last_day" if days == 100 else f"validity.is_{standing}")


@given(SHA)
def test_a_fingerprint_survives_telephone_and_qr(fingerprint: str) -> None:
    read_out = groups(fingerprint)
    assert len(read_out.split()) == 16 and read_out.replace(" ", "").lower() == fingerprint
    text = fingerprint_qr(fingerprint)
    assert text.startswith("TSF1:") and from_base32(text.removeprefix("TSF1:")) == fingerprint


TYPED = ["น\u0e49\u0e33คำ 2569", "น\u0e4d\u0e49\u0e32คำ 2569", "น\u0e33\u0e49คำ 2569", "น\u0e49\u0e4d\u0e32คำ 2569"]
"""น้ำคำ in the orders in which it can be typed; all look the same."""


@pytest.mark.parametrize("first", TYPED)
def test_the_same_visible_passphrase_opens_key_and_backup_in_any_order_of_typing(first: str, tmp_path: Path) -> None:
    fingerprint = make(tmp_path / "id", first)
    for number, word in enumerate(TYPED):
        assert load_identity(tmp_path / "id", word).fingerprint == fingerprint
        write_backup(tmp_path / "id", tmp_path / f"{number}.pem", word)
        assert read_backup(tmp_path / f"{number}.pem", TYPED[0]).fingerprint == fingerprint


def test_keys_that_earlier_versions_locked_still_open_in_any_order(tmp_path: Path) -> None:
    """They locked with NFC of what was typed, which keeps the order."""
    for number, locked in enumerate(TYPED):
        folder = tmp_path / str(number)
        make(folder, None)
        key = load_identity(folder, None).key
        (folder / KEY_FILE).write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(locked.encode()))
        )
        assert all(load_identity(folder, word).protected for word in TYPED)
        assert code_of(load_identity, folder, "นำคำ 2569") == "identity.wrong_passphrase"


def test_the_same_visible_name_is_the_same_identity_and_person(store: IdentityStore) -> None:
    for word in TYPED:
        assert store.folder(word).name == TYPED[0]
    make(store.folder(TYPED[1]), None, person=TYPED[2])
    (found,) = store.kept()
    assert found.card is not None and found.card.person == TYPED[0]
    for word in TYPED:
        assert store.has(word) and store.choose(word) == found.folder


def test_an_identity_whose_folder_an_earlier_version_named_in_another_order_is_found(store: IdentityStore) -> None:
    make(store.root / TYPED[2], None)
    assert store.choose(TYPED[0]) == store.folder(TYPED[0]) == store.root / TYPED[2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_backup_that_an_editor_saved_again_is_read(encoding: str, tmp_path: Path) -> None:
    fingerprint = make(tmp_path / "id")
    write_backup(tmp_path / "id", tmp_path / "a.pem", WORD)
    text = (tmp_path / "a.pem").read_text(encoding="utf-8")
    (tmp_path / "b.pem").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert read_backup(tmp_path / "b.pem", WORD).fingerprint == fingerprint
