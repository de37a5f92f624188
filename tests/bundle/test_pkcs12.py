"""Identities of a CA: brought in from PKCS#12, and taken by the verifier and by OpenSSL with the CA's root."""

from __future__ import annotations

import base64
import hashlib
import hmac
import subprocess
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, core
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from bundle.authority import Authority, make_authority, make_key
from bundle.support import BAG, NOW, export, info, payload
from dgdesk.bundle.export import export_bundle
from dgdesk.bundle.signing.identity import Identity, load_identity, write_identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.signature import check_signature, sign
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import DgdeskError
from tools import needs

WORD = "น้ำใจ café 2569"
KINDS = ("rsa", "ec", "ec384")


@pytest.fixture(scope="module", params=KINDS)
def authority(request: pytest.FixtureRequest) -> Authority:
    return make_authority(request.param, NOW - timedelta(days=1))


@pytest.fixture(scope="module")
def small() -> Authority:
    return make_authority("ec", NOW - timedelta(days=1))


def code_of(content: bytes, word: str = WORD, now: datetime = NOW) -> str:
    with pytest.raises(DgdeskError) as caught:
        read_pkcs12(content, word, now)
    return caught.value.code


@pytest.mark.parametrize("with_root", [False, True])
def test_a_cas_identity_is_kept_and_signs_with_its_chain(authority: Authority, with_root: bool, tmp_path: Path) -> None:
    brought = read_pkcs12(authority.pkcs12(WORD, with_root=with_root), WORD, NOW)
    assert (brought.person, brought.province) == ("สมชาย ใจดี", "จังหวัดน่าน")
    assert brought.chain == ((authority.office, authority.root) if with_root else (authority.office,))
    write_identity(tmp_path / "id", brought, WORD)
    opened = load_identity(tmp_path / "id", WORD)
    assert opened.chain == brought.chain and opened.protected
    done = export(tmp_path / "a.zip", opened)
    for anchor in (authority.root, authority.office, opened.certificate):
        verdict = verify_bundle(done.path, trusted=[anchor.public_bytes(Encoding.PEM)])
        assert verdict.ok, (anchor.subject, verdict.problems)
    other = make_authority("ec", NOW - timedelta(days=1))
    assert not verify_bundle(done.path, trusted=[other.root_pem]).ok


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_every_byte_of_a_signature_with_a_chain_is_vouched_for(kind: str) -> None:
    """Also when only the signer is trusted, and nobody looks at the CAs above."""
    authority = make_authority(kind, NOW - timedelta(days=1))
    signer = read_pkcs12(authority.pkcs12(WORD), WORD, NOW)
    p7s = sign(b"content", signer, NOW)
    assert check_signature(b"content", p7s, [signer.certificate]).problems == ()
    start = p7s.find(authority.office.public_bytes(Encoding.DER))
    assert start > 0
    for at in range(start, start + len(authority.office.public_bytes(Encoding.DER)), 7):
        changed = bytearray(p7s)
        changed[at] ^= 1
        for anchor in (signer.certificate, authority.root):
            assert check_signature(b"content", bytes(changed), [anchor]).problems, at


@needs("openssl")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after_the_end", [False, True])
def test_openssl_takes_the_signature_with_the_root_alone(kind: str, after_the_end: bool, tmp_path: Path) -> None:
    """Once the certificates are over it wants to be told the time, as docs/signing.md says."""
    now = max(datetime.now(UTC), NOW).replace(microsecond=0)
    start = now - timedelta(days=1_000 if after_the_end else 1)
    authority = make_authority(kind, start)
    moment = start + timedelta(days=10) if after_the_end else now
    signer = read_pkcs12(authority.pkcs12(WORD), WORD, moment)
    export_bundle(tmp_path / "x.zip", name=BAG, payload=payload(), info=info(), identity=signer, claimed_time=moment)
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path)
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    command = [
        *["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER"],
        "-in",
        "signatures/tagmanifest-sha256.txt.p7s",
    ]
    command += [
        *[
            "-content",
            "tagmanifest-sha256.txt",
            "-CAfile",
            "../root.pem",
            "-no-CApath",
            "-no-CAstore",
            "-purpose",
            "any",
        ]
    ]
    command += ["-out", str(tmp_path / "out")]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *more], cwd=tmp_path / BAG, capture_output=True, text=True, timeout=60)

    assert (run().returncode == 0) is not after_the_end
    done = run("-attime", str(int(moment.timestamp())))
    assert (done.returncode, done.stderr.strip()) == (0, "CAdES Verification successful"), done.stderr
    with (tmp_path / BAG / "tagmanifest-sha256.txt").open("ab") as stream:
        stream.write(b" ")
    assert run("-attime", str(int(moment.timestamp()))).returncode != 0


@pytest.mark.parametrize("locked", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_a_passphrase_opens_in_either_unicode_form(small: Authority, locked: str, typed: str) -> None:
    content = small.pkcs12(unicodedata.normalize(locked, WORD))
    assert unicodedata.normalize("NFC", WORD) != unicodedata.normalize("NFD", WORD)
    assert read_pkcs12(content, unicodedata.normalize(typed, WORD), NOW).person == "สมชาย ใจดี"


def test_thai_marks_typed_in_another_order_open_it_too(small: Authority) -> None:
    composed, other = "กุ้ง", "กุ้ง"
    assert composed != other and unicodedata.normalize("NFC", other) == composed
    assert read_pkcs12(small.pkcs12(composed), other, NOW).person
    assert read_pkcs12(small.pkcs12(other), other, NOW).person, "locked as it was typed"


def test_what_is_refused_is_told_apart(small: Authority) -> None:
    good = small.pkcs12(WORD)
    assert code_of(good, "ผิด") == "identity.pkcs_wrong_passphrase"
    assert code_of(b"hello") == code_of(b"") == code_of(good[:-3]) == "identity.pkcs_unreadable"
    assert code_of(b"\x30" * 300_000) == "identity.pkcs_unreadable"
    assert code_of(small.pkcs12(WORD, days=1), now=NOW + timedelta(days=2)) == "identity.pkcs_expired"
    assert code_of(good, now=NOW - timedelta(days=9)) == "identity.not_yet_valid"
    assert code_of(small.pkcs12(WORD, signs=False)) == "signature.use_key"
    lock = BestAvailableEncryption(WORD.encode())
    assert code_of(serialize_key_and_certificates(b"x", None, None, [small.root], lock)) == "identity.pkcs_no_key"
    key = make_key("ec")
    assert code_of(serialize_key_and_certificates(b"x", key, None, None, lock)) == "identity.pkcs_no_certificate"
    assert code_of(small.pkcs12(WORD, key=rsa.generate_private_key(65537, 1024))) == "identity.pkcs_key_kind"
    assert code_of(small.pkcs12(WORD, key=ec.generate_private_key(ec.SECP256K1()))) == "identity.pkcs_key_kind"


def with_pbmac1(content: bytes, word: str, prf: str = "sha256", mac: str = "sha256", rounds: int = 2048) -> bytes:
    """The file with a MAC as RFC 9579 has it, which OpenSSL 3.4 writes by ``-pbmac1_pbkdf2``."""
    frame = asn1_pkcs12.Pfx.load(content)
    salt = b"salt of the mac "
    key = hashlib.pbkdf2_hmac(prf, word.encode(), salt, rounds, 32)
    digest = hmac.new(key, frame["auth_safe"]["content"].native, mac).digest()
    given = {"salt": algos.Pbkdf2Salt("specified", salt), "iteration_count": rounds, "key_length": 32}
    derivation = algos.KdfAlgorithm({"algorithm": "pbkdf2", "parameters": {**given, "prf": {"algorithm": prf}}})
    scheme = algos.HmacAlgorithm({"algorithm": mac})
    method = sequence(core.ObjectIdentifier("1.2.840.113549.1.5.14"), sequence(derivation, scheme))
    mac_data = sequence(sequence(method, core.OctetString(digest)), core.OctetString(b"NOT USED"), core.Integer(1))
    return bytes(sequence(core.Integer(3), frame["auth_safe"], mac_data).dump())


def sequence(*parts: Any) -> Any:
    return core.Sequence(contents=b"".join(part.dump() for part in parts))


@pytest.mark.parametrize(("prf", "mac"), [("sha256", "sha256"), ("sha1", "sha512"), ("sha512", "sha256")])
def test_a_file_with_the_newer_mac_opens_by_its_passphrase_alone(small: Authority, prf: str, mac: str) -> None:
    content = with_pbmac1(small.pkcs12(WORD), WORD, prf, mac)
    assert read_pkcs12(content, WORD, NOW).person == "สมชาย ใจดี"
    assert code_of(content, "ผิด") == "identity.pkcs_wrong_passphrase"
    assert code_of(with_pbmac1(small.pkcs12(WORD), WORD, rounds=10_000_001)) == "identity.pkcs_unsupported"


def test_a_file_in_base64_is_read_as_it_comes_by_mail(small: Authority) -> None:
    body = base64.encodebytes(small.pkcs12(WORD)).decode()
    armoured = f"remarks\n-----BEGIN PKCS12-----\n{body}-----END PKCS12-----\n"
    for text in (body, f"  {body}\n", body.replace("\n", "\r\n"), armoured):
        for encoding in ("ascii", "utf-16"):
            assert read_pkcs12(text.encode(encoding), WORD, NOW).person == "สมชาย ใจดี"
    assert code_of(armoured.replace("MII", "M*I").encode()) == "identity.pkcs_unreadable"


def test_what_people_give_for_a_pkcs12_file_is_named_with_its_file(small: Authority) -> None:
    key = make_key("ec")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    old = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    given = [(one, "identity.pkcs_bare_key") for one in (pem, locked, old, der, pem + small.root_pem)]
    given += [(small.root_pem + locked, "identity.pkcs_bare_key"), (b"\xfe\xed\xfe\xed" * 9, "identity.pkcs_java")]
    given += [(request.public_bytes(one), "identity.pkcs_request") for one in (Encoding.PEM, Encoding.DER)]
    for content, code in given:
        with pytest.raises(DgdeskError) as caught:
            read_pkcs12(content, WORD, NOW, name="a.pfx")
        assert (caught.value.code, caught.value.values) == (code, {"name": "a.pfx"})


def test_a_certificate_without_its_key_is_told_as_such(small: Authority) -> None:
    """As those have it whose key lies on a USB token."""
    for content in (small.root_pem, small.root.public_bytes(Encoding.DER), small.root_pem.decode().encode("utf-16")):
        assert code_of(content) == "identity.pkcs_certificate_only"


def test_a_file_that_asks_for_absurd_work_is_not_opened(small: Authority) -> None:
    frame = asn1_pkcs12.Pfx.load(small.pkcs12(WORD))
    frame["mac_data"]["iterations"] = 2_000_000_000
    assert code_of(frame.dump(force=True)) == "identity.pkcs_unsupported"


def test_a_changed_file_does_not_open(small: Authority) -> None:
    good = small.pkcs12(WORD)
    for at in range(60, len(good), 97):
        changed = bytearray(good)
        changed[at] ^= 0x10
        assert code_of(bytes(changed)).startswith("identity.pkcs_"), at


def test_a_chain_that_is_not_the_signers_is_told(small: Authority, tmp_path: Path) -> None:
    write_identity(tmp_path, read_pkcs12(small.pkcs12(WORD), WORD, NOW), WORD)
    (tmp_path / "chain.pem").write_bytes(make_authority("ec", NOW).root_pem)
    with pytest.raises(DgdeskError, match=r"identity\.damaged"):
        load_identity(tmp_path, WORD)


def test_the_key_is_not_shown(small: Authority) -> None:
    signer: Identity = read_pkcs12(small.pkcs12(WORD), WORD, NOW)
    assert "key=" not in repr(signer) and WORD not in repr(signer)
