"""Certificates, keys and lists of keys from others, changed by a few bytes: read, or refused by a coded error."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from hypothesis import example, given
from hypothesis import strategies as st

from dgdesk.bundle.encryption.age_keys import read_key_file, read_recipients
from dgdesk.bundle.signing.identity import (
    CERTIFICATE_FILE,
    KEY_FILE,
    Identity,
    create_identity,
    load_identity,
    read_card,
    read_certificates,
)
from dgdesk.bundle.signing.identity_store import read_backup
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.errors import DgdeskError, FileError

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 3)), min_size=1, max_size=3)
Edits = list[tuple[int, bytes, int]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity")


@pytest.fixture(scope="module")
def identity(folder: Path) -> Identity:
    return create_identity(folder / "own", person="ผู้ส่ง", province="น่าน", passphrase=None, now=NOW)


def changed(content: bytes, edits: Edits) -> bytes:
    """The content with a few places replaced."""
    for at, put, out in edits:
        at %= max(1, len(content))
        content = content[:at] + put + content[at + out :]
    return content


def refused_or_read(read: Callable[[], Any]) -> None:
    """The reader returns, or raises a coded error; anything else fails."""
    with suppress(DgdeskError):
        read()


@given(edits=EDITS)
@example(edits=[(12, b"\x0a", 1)])  # a version of X.509 that there is not
def test_a_changed_certificate_is_read_or_refused(identity: Identity, edits: Edits) -> None:
    _, _, der = pem.unarmor(identity.certificate_pem)
    made = pem.armor("CERTIFICATE", changed(der, edits))
    for content in (made, identity.certificate_pem + made, changed(made, edits)):
        refused_or_read(lambda content=content: read_certificates([content]))


@pytest.mark.parametrize("version", [0x05, 0x0A, 0x7F, 0x80, 0xFF])
def test_a_certificate_of_a_version_that_there_is_not_is_damaged(
    identity: Identity, folder: Path, version: int
) -> None:
    _, _, der = pem.unarmor(identity.certificate_pem)
    assert bytes.fromhex("a003020102") in der
    odd = pem.armor(
        "CERTIFICATE", der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a0030201") + bytes([version]), 1)
    )
    with pytest.raises(FileError, match=r"trust\.damaged"):
        read_certificates([odd])
    own = folder / "odd"
    own.mkdir(exist_ok=True)
    (own / CERTIFICATE_FILE).write_bytes(odd)
    (own / KEY_FILE).write_bytes((folder / "own" / KEY_FILE).read_bytes())
    with pytest.raises(FileError, match=r"identity\.damaged"):
        read_card(own)


@cache
def package(identity: Identity, passphrase: bytes) -> bytes:
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    key: Any = identity.key
    return pkcs12.serialize_key_and_certificates(b"a", key, identity.certificate, None, lock)


@given(edits=EDITS)
def test_a_changed_pkcs12_file_is_read_or_refused(identity: Identity, edits: Edits) -> None:
    refused_or_read(lambda: read_pkcs12(changed(package(identity, b""), edits), "", NOW))
    refused_or_read(lambda: read_pkcs12(changed(package(identity, b"x"), edits), "x", NOW))


@given(edits=EDITS)
def test_a_changed_key_or_backup_is_read_or_refused(identity: Identity, folder: Path, edits: Edits) -> None:
    own, broken = folder / "own", folder / "broken"
    broken.mkdir(exist_ok=True)
    label, _, der = pem.unarmor((own / KEY_FILE).read_bytes())
    for key in (pem.armor(label, changed(der, edits)), changed((own / KEY_FILE).read_bytes(), edits)):
        (broken / KEY_FILE).write_bytes(key)
        (broken / CERTIFICATE_FILE).write_bytes(identity.certificate_pem)
        refused_or_read(lambda: load_identity(broken, None))
        (broken / "backup.pem").write_bytes(identity.certificate_pem + key.replace(b"PRIVATE", b"ENCRYPTED PRIVATE"))
        refused_or_read(lambda: read_backup(broken / "backup.pem", "x"))


@given(st.text(max_size=40), st.binary(max_size=40))
def test_any_list_of_recipients_or_keys_is_read_or_refused(text: str, content: bytes) -> None:
    bech = base64.b32encode(content).decode().lower().replace("=", "q")
    for line in (
        text,
        f"age1{bech}",
        "age1" + "q" * 58,
        f"AGE-SECRET-KEY-1{bech.upper()}",
        "AGE-SECRET-KEY-1" + "Q" * 58,
    ):
        refused_or_read(lambda line=line: read_recipients(line))
        refused_or_read(lambda line=line: read_key_file(line.encode("utf-8", "replace")))
    refused_or_read(lambda: read_key_file(content))
    refused_or_read(lambda: read_key_file(b"age-encryption.org/v1\n" + content, "x"))
