from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import keys, pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bundle.support import NOW
from dgdesk.bundle.signing import identity
from dgdesk.bundle.signing.identity import Identity, change_passphrase, create_identity, load_identity, read_card
from dgdesk.errors import DgdeskError, FileError, UsageError
from tools import needs

WORD = "น้ำใจ 2569"


def make(folder: Path, passphrase: str | None = None, **changes: object) -> Identity:
    values = {"person": "สมชาย ใจดี", "province": "จังหวัดน่าน", "now": NOW} | changes
    return create_identity(folder, passphrase=passphrase, **values)


def code_of(call: object, *args: object) -> str:
    with pytest.raises(DgdeskError) as caught:
        call(*args)
    return caught.value.code


def test_a_new_identity_says_who_signs_for_which_province(thai_path: Path) -> None:
    made = make(thai_path / "new")
    opened = load_identity(thai_path / "new", None)
    assert (opened.person, opened.province, opened.protected) == ("สมชาย ใจดี", "จังหวัดน่าน", False)
    assert opened.fingerprint == made.fingerprint and len(made.fingerprint) == 64
    assert sorted(os.listdir(thai_path / "new")) == ["signer.key", "signer.pem"]
    assert "key" not in repr(made).split("certificate", 1)[1]


def test_the_certificate_is_a_signers_and_no_authority(tmp_path: Path) -> None:
    certificate = make(tmp_path, valid_days=30).certificate
    assert certificate.version is x509.Version.v3
    assert certificate.subject == certificate.issuer
    assert certificate.subject.rfc4514_string() == "CN=สมชาย ใจดี,O=จังหวัดน่าน,C=TH"
    assert certificate.not_valid_before_utc == NOW
    assert certificate.not_valid_after_utc == NOW + timedelta(days=30)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


@pytest.mark.skipif(os.name != "posix", reason="Windows has no file modes; the profile folder keeps others out")
@pytest.mark.parametrize("passphrase", [None, WORD])
def test_only_the_owner_may_read_the_key(tmp_path: Path, passphrase: str | None) -> None:
    make(tmp_path, passphrase)
    assert (tmp_path / "signer.key").stat().st_mode & 0o777 == 0o600


def test_a_protected_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    made = make(tmp_path, WORD)
    assert load_identity(tmp_path, WORD).key.private_numbers() == made.key.private_numbers()
    assert code_of(load_identity, tmp_path, None) == "identity.needs_passphrase"
    assert code_of(load_identity, tmp_path, WORD + " ") == "identity.wrong_passphrase"
    assert code_of(load_identity, tmp_path, "") == "identity.needs_passphrase", "a file whose first line is empty"
    assert read_card(tmp_path).protected
    assert read_card(tmp_path).fingerprint == made.fingerprint


def test_a_passphrase_typed_in_another_unicode_form_opens_it_too(tmp_path: Path) -> None:
    make(tmp_path, "caf\u00e9")
    assert load_identity(tmp_path, "cafe\u0301").person == "สมชาย ใจดี"


def test_a_passphrase_for_an_open_key_does_no_harm(tmp_path: Path) -> None:
    make(tmp_path)
    assert not load_identity(tmp_path, WORD).protected


def test_the_key_is_locked_by_600_000_rounds(tmp_path: Path, strong: int) -> None:
    made = make(tmp_path, WORD)
    _, _, der = pem.unarmor((tmp_path / "signer.key").read_bytes())
    scheme = keys.EncryptedPrivateKeyInfo.load(der)["encryption_algorithm"]["parameters"]
    derivation = scheme["key_derivation_func"]["parameters"]
    assert derivation["iteration_count"].native == strong == 600_000
    assert derivation["prf"]["algorithm"].native == "sha256"
    assert scheme["encryption_scheme"]["algorithm"].native == "aes256_cbc"
    assert load_identity(tmp_path, WORD).fingerprint == made.fingerprint


@needs("openssl")
@pytest.mark.parametrize("passphrase", [None, WORD])
def test_openssl_reads_the_key(tmp_path: Path, strong: int, passphrase: str | None) -> None:
    made = make(tmp_path, passphrase)
    command = ["openssl", "pkey", "-in", str(tmp_path / "signer.key")]
    if passphrase:
        (tmp_path / "word").write_bytes(passphrase.encode())
        command += ["-passin", f"file:{tmp_path / 'word'}"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stdout == made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_an_identity_is_never_replaced(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert code_of(make, tmp_path) == "identity.exists"
    assert load_identity(tmp_path, None).fingerprint == made.fingerprint


def test_a_folder_left_by_a_power_cut_counts_as_empty(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "signer.key").unlink()
    (tmp_path / "signer.key.part").write_bytes(b"half a key")
    assert code_of(load_identity, tmp_path, None) == "identity.missing"
    made = make(tmp_path)
    assert load_identity(tmp_path, None).fingerprint == made.fingerprint
    assert (tmp_path / "signer.key.part").read_bytes() == b"half a key"  # whosever it is
    aside = [name for name in os.listdir(tmp_path) if name.startswith("signer.pem.") and name.endswith(".old")]
    assert sorted({*os.listdir(tmp_path)} - {*aside}) == ["signer.key", "signer.key.part", "signer.pem"]
    assert len(aside) == 1


def test_what_cannot_be_read_back_is_not_written_rather_than_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "old")
    before = (tmp_path / "old" / "signer.key").read_bytes()

    def unreadable(certificate: Path, key_file: Path, passphrase: str | None) -> Identity:
        raise FileError("identity.damaged", path=key_file)

    load = identity.load_identity_files
    named = (tmp_path / "old", tmp_path / "new")
    monkeypatch.setattr(
        identity, "load_identity_files", lambda *files: (load if files[1].parent in named else unreadable)(*files)
    )
    assert code_of(make, tmp_path / "new") == "identity.not_written"
    assert os.listdir(tmp_path / "new") == []
    assert code_of(change_passphrase, tmp_path / "old", None, WORD) == "identity.not_written"
    assert (tmp_path / "old" / "signer.key").read_bytes() == before


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert code_of(make, tmp_path) == "identity.not_written"
    assert os.listdir(tmp_path) == []


def test_a_thai_name_may_have_64_letters(tmp_path: Path) -> None:
    person = "นางสาวกัญญารัตน์ ศรีสุวรรณวงศ์พาณิชย์ ณ อยุธยา".ljust(64, "ก")
    made = make(tmp_path, person=person, province="ส" * 64)
    assert len(person.encode()) > 64 < len(made.province.encode())
    found = read_card(tmp_path)
    assert (found.person, found.province) == (person, "ส" * 64) and load_identity(tmp_path, None).person == person


@pytest.mark.parametrize("name", ["", "  ", "ก" * 65, "a\u200bb", "a\x00b", "a\u202eb"])
def test_a_name_must_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"identity\.bad_name"):
        make(tmp_path, person=name)
    with pytest.raises(UsageError, match=r"identity\.bad_name"):
        make(tmp_path, province=name)
    with pytest.raises(UsageError, match=r"identity\.empty_passphrase"):
        make(tmp_path, passphrase=" ")


def _pkcs8(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, word: bytes | None = None) -> bytes:
    lock = BestAvailableEncryption(word) if word else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def _absurd() -> bytes:
    _, _, der = pem.unarmor(_pkcs8(ec.generate_private_key(ec.SECP256R1()), b"x"))
    info = keys.EncryptedPrivateKeyInfo.load(der)
    derivation = info["encryption_algorithm"]["parameters"]["key_derivation_func"]["parameters"]
    derivation["iteration_count"] = 2_000_000_000
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", info.dump(force=True)))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("signer.pem", b""),
        ("signer.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("signer.key", b""),
        ("signer.key", b"\xff" * 100),
        ("signer.key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        ("signer.key", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"),
        ("signer.key", _pkcs8(ec.generate_private_key(ec.SECP256R1()))),
        ("signer.key", _pkcs8(ec.generate_private_key(ec.SECP384R1()))),
        ("signer.key", _pkcs8(rsa.generate_private_key(65537, 2048))),
        ("signer.key", _absurd()),
    ],
)
def test_damaged_or_foreign_files_are_told(tmp_path: Path, file: str, content: bytes) -> None:
    make(tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(FileError, match=r"identity\.damaged"):
        load_identity(tmp_path, "x")


P256 = bytes.fromhex("06082a8648ce3d030107")  # its name; with a byte changed it is a curve that nobody knows


@pytest.mark.parametrize("file", ["signer.pem", "signer.key"])
def test_a_curve_that_is_not_known_is_damage(tmp_path: Path, file: str) -> None:
    make(tmp_path, passphrase=None)
    label, _, der = pem.unarmor((tmp_path / file).read_bytes())
    assert P256 in der
    (tmp_path / file).write_bytes(pem.armor(label, der.replace(P256, P256[:4] + b"\x58" + P256[5:])))
    with pytest.raises(FileError, match=r"identity\.damaged"):
        load_identity(tmp_path, None)
