from __future__ import annotations

import asyncio
import hashlib
import logging
import socket  # noqa: TID251 - the test shows that nothing is sent
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from hypothesis import given, reject
from hypothesis import strategies as st

from bundle.support import NOW
from dgdesk.bundle.signing.cms_form import fits, read_form
from dgdesk.bundle.signing.identity import Identity, fingerprint
from dgdesk.bundle.signing.signature import SignatureReport, check_signature, sign
from dgdesk.errors import UsageError
from tools import needs

CONTENT = b"tag files and their digests\n"
SIGNED_ATTRIBUTE = cms.CMSAttributeType("content_type").dump()
"""The first of them."""
Key = Any


def codes(report: SignatureReport) -> list[str]:
    return [problem.code for problem in report.problems]


def name(person: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, person)])


def certify(
    key: Key, person: str, by: tuple[Key, x509.Certificate] | None = None, *, ca: bool = False, days: int = 30
) -> x509.Certificate:
    """Make a certificate that names servers to ask, as those of real authorities do."""
    issuer_key, issuer = (by[0], by[1].subject) if by else (key, name(person))
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    servers = [
        x509.AccessDescription(kind, x509.UniformResourceIdentifier("http://127.0.0.1:9/x"))
        for kind in (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    ]
    point = x509.DistributionPoint([x509.UniformResourceIdentifier("http://127.0.0.1:9/crl")], None, None, None)
    return (
        x509.CertificateBuilder()
        .subject_name(name(person))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage),
            critical=True,
        )
        .add_extension(x509.AuthorityInformationAccess(servers), critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(issuer_key, None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )


def sign_as(
    certificate: x509.Certificate,
    key: Key,
    *,
    chain: tuple[x509.Certificate, ...] = (),
    moment: Any = NOW,
    digest: str = "sha256",
    **options: Any,
) -> bytes:
    """Sign by pyHanko in whatever way it can."""
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def convert(one: x509.Certificate) -> Any:
        return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))

    signer = SimpleSigner(
        signing_cert=convert(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore.from_certs([convert(one) for one in chain]),
    )
    settings = PdfCMSSignedAttributes(signing_time=moment)
    made = signer.async_sign_general_data(
        CONTENT, digest, signed_attr_settings=settings, **({"use_cades": True} | options)
    )
    return bytes(asyncio.run(made).dump())


def test_a_signature_names_the_signer_and_the_time_he_claims(signer: Identity) -> None:
    report = check_signature(CONTENT, sign(CONTENT, signer, NOW), [signer.certificate])
    assert report == SignatureReport(True, "สมชาย ใจดี", signer.fingerprint, NOW)


def test_it_is_cades_bes_by_ecdsa_p256_and_sha256(signer: Identity) -> None:
    data = cms.ContentInfo.load(sign(CONTENT, signer, NOW))["content"]
    (one,) = data["signer_infos"]
    assert {attribute["type"].native for attribute in one["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_time",
        "signing_certificate_v2",
    }
    assert one["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"
    assert one["digest_algorithm"]["algorithm"].native == "sha256"
    assert len(data["certificates"]) == 1
    assert not data["encap_content_info"]["content"].native


def test_by_rsa_it_is_byte_for_byte_what_pyhanko_writes(signer: Identity) -> None:
    key = rsa.generate_private_key(65537, 2048)
    own = replace(signer, key=key, certificate=certify(key, "ผู้ลงนาม"))
    assert sign(CONTENT, own, NOW) == sign_as(own.certificate, key)


def test_it_can_be_made_in_the_years_for_which_utctime_has_no_digits(signer: Identity) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = replace(signer, key=key, certificate=certify(key, "A", days=365 * 40))
    late = NOW.replace(year=2052)
    report = check_signature(CONTENT, sign(CONTENT, own, late), [own.certificate])
    assert codes(report) == [] and report.claimed_time == late


@given(data=st.data())
def test_whether_it_fits_is_what_pyhanko_says(data: st.DataObject, two_signers: tuple[bytes, bytes]) -> None:
    """Bytes of attributes and signatures changed in every way; what is no signature of our form is not compared."""
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    p7s = bytearray(data.draw(st.sampled_from(two_signers)))
    begin = p7s.index(SIGNED_ATTRIBUTE)
    for _ in range(data.draw(st.integers(0, 2))):
        p7s[data.draw(st.integers(begin, len(p7s) - 1))] = data.draw(st.integers(0, 255))
    content = data.draw(st.sampled_from([CONTENT, CONTENT + b" "]))
    try:
        form = read_form(bytes(p7s))
    except Exception:
        reject()
    (one,) = form.signed_data["signer_infos"]
    certificate = asn1_x509.Certificate.load(form.certificate.public_bytes(Encoding.DER))
    digest = hashlib.new(one["digest_algorithm"]["algorithm"].native, content).digest()
    try:
        expected = all(validate_sig_integrity(one, certificate, "data", digest))
    except (SignatureValidationError, ValueError, KeyError, TypeError):
        expected = False
    try:
        found = fits(content, form)
    except (ValueError, KeyError, TypeError):
        found = False
    assert found == expected


@pytest.fixture(scope="module")
def two_signers() -> tuple[bytes, bytes]:
    """A signature by each kind of key."""
    made = []
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())):
        made.append(sign_as(certify(key, "A"), key))
    return made[0], made[1]


def test_other_content_does_not_fit(signer: Identity) -> None:
    report = check_signature(CONTENT + b" ", sign(CONTENT, signer, NOW), [signer.certificate])
    assert codes(report) == ["signature.wrong"] and not report.intact and report.signer is None


def test_nobody_is_trusted_for_being_inside(signer: Identity, stranger: Identity) -> None:
    p7s = sign(CONTENT, stranger, NOW)
    for trusted in ([], [signer.certificate]):
        report = check_signature(CONTENT, p7s, trusted)
        assert report.intact and codes(report) == ["signature.untrusted"]
    unchecked = check_signature(CONTENT, p7s, None)
    assert unchecked.intact and codes(unchecked) == ["verify.origin_unchecked"]


def test_the_same_names_and_key_in_another_certificate_are_not_the_enrolled_one() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    enrolled, longer = certify(key, "A"), certify(key, "A", days=3000)
    assert codes(check_signature(CONTENT, sign_as(longer, key), [enrolled])) == ["signature.untrusted"]


def test_an_enrolled_person_cannot_vouch_for_others() -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    person = certify(key, "A")
    forged = certify(other, "B", by=(key, person))
    report = check_signature(CONTENT, sign_as(forged, other, chain=(person,)), [person])
    assert codes(report) == ["signature.chain_authority"], "A is no CA"


def test_an_authority_vouches_for_whom_it_certified_with_no_word_to_the_network(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("network")

    root_key, middle_key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    key = rsa.generate_private_key(65537, 2048)
    root = certify(root_key, "Root", ca=True)
    middle = certify(middle_key, "Middle", by=(root_key, root), ca=True)
    person = certify(key, "สมหญิง", by=(middle_key, middle))
    p7s = sign_as(person, key, chain=(middle,))
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    report = check_signature(CONTENT, p7s, [root])
    assert report == SignatureReport(True, "สมหญิง", fingerprint(person), NOW)
    other_root = certify(root_key, "Other", ca=True)
    assert codes(check_signature(CONTENT, p7s, [other_root])) == ["signature.issuer_missing"]
    padded = sign_as(person, key, chain=(middle, other_root))
    assert codes(check_signature(CONTENT, padded, [root])) == ["signature.untrusted"]


def test_an_authority_does_not_sign_submissions_itself() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    root = certify(key, "Root", ca=True)
    assert codes(check_signature(CONTENT, sign_as(root, key), [root])) == ["signature.use_authority"]


@pytest.mark.parametrize("days", [-2, 31])
def test_a_certificate_that_did_not_hold_at_the_claimed_time_is_told(days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    person = certify(key, "A")
    report = check_signature(CONTENT, sign_as(person, key, moment=NOW + timedelta(days=days)), [person])
    assert report.intact and codes(report) == ["signature.expired"]


def test_one_cannot_sign_with_an_expired_identity_or_a_clock_gone_back(signer: Identity) -> None:
    with pytest.raises(UsageError, match=r"identity\.expired"):
        sign(CONTENT, signer, NOW + timedelta(days=4000))
    with pytest.raises(UsageError, match=r"identity\.not_yet_valid"):
        sign(CONTENT, signer, NOW - timedelta(days=2))


def _change(p7s: bytes, change: Any) -> bytes:
    message = cms.ContentInfo.load(p7s)
    change(message["content"])
    return bytes(message.dump(force=True))


def _two_signers(data: Any) -> None:
    data["signer_infos"] = cms.SignerInfos([data["signer_infos"][0], data["signer_infos"][0]])


def _no_signer(data: Any) -> None:
    data["signer_infos"] = cms.SignerInfos([])


def _unsigned(data: Any) -> None:
    attribute = {"type": "1.2.3.4", "values": [core.OctetString(b"smuggled")]}
    data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])


def _enclosed(data: Any) -> None:
    data["encap_content_info"] = {"content_type": "data", "content": CONTENT}


def _version(data: Any) -> None:
    data["version"] = "v3"


def _no_certificate(data: Any) -> None:
    data["certificates"] = cms.CertificateSet([])


def _twice(data: Any) -> None:
    data["certificates"] = cms.CertificateSet([data["certificates"][0], data["certificates"][0]])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_two_signers, "signature.several_signers"),
        (_no_signer, "signature.form"),
        (_unsigned, "signature.form"),
        (_enclosed, "signature.form"),
        (_version, "signature.form"),
        (_no_certificate, "signature.form"),
        (_twice, "signature.form"),
    ],
)
def test_only_one_form_of_signature_is_taken(signer: Identity, change: Any, code: str) -> None:
    p7s = _change(sign(CONTENT, signer, NOW), change)
    assert codes(check_signature(CONTENT, p7s, [signer.certificate])) == [code]


def test_a_plain_cms_signature_without_the_signers_certificate_attribute_is_refused(signer: Identity) -> None:
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT)
    built = builder.add_signer(signer.certificate, signer.key, hashes.SHA256()).sign(Encoding.DER, options)
    assert codes(check_signature(CONTENT, built, [signer.certificate])) == ["signature.form"]


@pytest.mark.parametrize("kind", ["sha1", "rsa1024", "ed25519", "secp256k1", "dsa"])
def test_weak_and_unusual_methods_are_refused(kind: str) -> None:
    keys: dict[str, Any] = {
        "sha1": lambda: ec.generate_private_key(ec.SECP256R1()),
        "rsa1024": lambda: rsa.generate_private_key(65537, 1024),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
        "dsa": lambda: dsa.generate_private_key(2048),
    }
    key = keys[kind]()
    digests = {"sha1": "sha1", "ed25519": "sha512"}
    person = certify(key, "A")
    p7s = sign_as(person, key, digest=digests.get(kind, "sha256"))
    assert codes(check_signature(CONTENT, p7s, [person])) == ["signature.weak"]


def test_bytes_that_are_no_signature_are_told_quietly(
    signer: Identity, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", True)
    p7s = sign(CONTENT, signer, NOW)
    nested = b"\x30\x80" * 20_000
    for hostile in (b"", b"\x00", p7s[:-1], p7s + b"\x00", nested, bytes(70_000), signer.certificate_pem):
        assert codes(check_signature(CONTENT, hostile, [signer.certificate])) == ["signature.unreadable"]
    assert capfd.readouterr() == ("", "")


@given(st.binary(max_size=400))
def test_no_bytes_make_the_check_fail(junk: bytes) -> None:
    assert not check_signature(CONTENT, junk, []).intact


@pytest.fixture(scope="module")
def signed(signer: Identity) -> bytes:
    return sign(CONTENT, signer, NOW)


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_bit_of_a_signature_can_be_changed(signer: Identity, signed: bytes, where: float, bit: int) -> None:
    changed = bytearray(signed)
    changed[int(where * len(signed))] ^= 1 << bit
    report = check_signature(CONTENT, bytes(changed), [signer.certificate])
    assert report.problems and not report.intact


@needs("openssl")
@pytest.mark.parametrize("algorithm", ["EC", "RSA"])
def test_a_signature_made_by_openssl_is_taken(tmp_path: Path, algorithm: str) -> None:
    key: Key = ec.generate_private_key(ec.SECP256R1()) if algorithm == "EC" else rsa.generate_private_key(65537, 2048)
    person = certify(key, "A", days=36_500)
    (tmp_path / "signer.pem").write_bytes(person.public_bytes(Encoding.PEM))
    (tmp_path / "signer.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "content").write_bytes(CONTENT)
    command = (
        "openssl cms -sign -cades -binary -md sha256 -nosmimecap -outform DER -signer signer.pem -inkey signer.key"
    )
    subprocess.run([*command.split(), "-in", "content", "-out", "content.p7s"], cwd=tmp_path, check=True, timeout=60)
    report = check_signature(CONTENT, (tmp_path / "content.p7s").read_bytes(), [person])
    assert report.intact and codes(report) == []
