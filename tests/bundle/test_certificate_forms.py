"""Certificates in every form that the exports of Windows and OpenSSL write; what is none is named for what it is."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from hypothesis import given
from hypothesis import strategies as st

from bundle.authority import Authority, certify, make_authority, make_key
from bundle.support import NOW
from dgdesk.bundle.signing.certificates import read_certificate_file, read_certificates
from dgdesk.bundle.signing.trust_files import load_trust
from dgdesk.errors import DgdeskError, FileError
from tools import needs

AUTHORITY: Authority = make_authority("ec", NOW - timedelta(days=1))
KEY = make_key("ec")
OWN = certify(KEY, "สมชาย", AUTHORITY.office_key, "office", AUTHORITY.start)
ALL = (OWN, AUTHORITY.office, AUTHORITY.root)
PEM = b"".join(one.public_bytes(Encoding.PEM) for one in ALL)
DER = OWN.public_bytes(Encoding.DER)
P7_DER, P7_PEM = (serialize_certificates(list(ALL), one) for one in (Encoding.DER, Encoding.PEM))
BAGS = b"Bag Attributes\n    friendlyName: signer\nsubject=CN = x\n\nissuer=CN = y\n\n"
LOCKED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x" * 12))
OPEN = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def bare(content: bytes, width: int) -> bytes:
    code = base64.b64encode(content)
    return b"\r\n".join(code[at : at + width] for at in range(0, len(code), width))


FORMS: dict[str, tuple[bytes, tuple[x509.Certificate, ...]]] = {
    "PEM, several": (PEM, ALL),
    "DER": (DER, (OWN,)),
    "PKCS#7, DER": (P7_DER, ALL),
    "PKCS#7, PEM": (P7_PEM, ALL),
    "PKCS#7 with the long label": (P7_PEM.replace(b" PKCS7", b" PKCS #7 SIGNED DATA"), ALL),
    "bare base64": (bare(DER, 64), (OWN,)),
    "bare base64 on one line": (bare(DER, 100_000), (OWN,)),
    "bare base64 of PKCS#7": (bare(P7_DER, 76), ALL),
    "bag attributes": (b"".join(BAGS + one.public_bytes(Encoding.PEM) for one in ALL), ALL),
    "remarks in cp874": ("# ใบรับรอง\n".encode("cp874") + PEM, ALL),
    "remarks of another code page": (b"# caf\xe9 \xff\n" + PEM, ALL),
    "a key beside it": (LOCKED + PEM, ALL),
    "old label": (PEM.replace(b" CERTIFICATE", b" X509 CERTIFICATE"), ALL),
    "indented": (PEM.replace(b"\n", b"\n   "), ALL),
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_is_read(form: str) -> None:
    content, wanted = FORMS[form]
    found = read_certificates([content], "a.cer")
    assert set(found) == set(wanted) and len(found) == len(wanted)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_encoding_and_with_every_line_end(encoding: str, end: str) -> None:
    for text in (PEM, P7_PEM, bare(DER, 64), FORMS["bag attributes"][0]):
        content = text.decode().replace("\r\n", "\n").replace("\n", end).encode(encoding)
        assert OWN in read_certificates([content], "a.cer")


def openssl(folder: Path, line: str) -> bytes:
    done = subprocess.run(["openssl", *line.split()], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs("openssl")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x509 -in own.pem -text", (OWN,)),
        ("x509 -in own.pem -trustout -addtrust emailProtection -setalias somchai", (OWN,)),
        ("x509 -in own.pem -trustout -setalias somchai -outform DER", (OWN,)),
        ("x509 -in own.pem -outform DER", (OWN,)),
        ("crl2pkcs7 -nocrl -certfile all.pem", ALL),
        ("crl2pkcs7 -nocrl -certfile all.pem -outform DER", ALL),
        ("pkcs7 -in all.p7b -print_certs", ALL),
        ("pkcs7 -in all.p7b -print_certs -text", ALL),
        ("pkcs12 -in own.p12 -nokeys -passin pass:x", ALL),
        ("pkcs12 -in own.p12 -passin pass:x -passout pass:xxxx", ALL),
        ("storeutl -certs all.pem", ALL),
    ],
)
def test_what_openssl_writes_is_read(line: str, wanted: tuple[x509.Certificate, ...], tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_bytes(OWN.public_bytes(Encoding.PEM))
    (tmp_path / "all.pem").write_bytes(PEM)
    (tmp_path / "all.p7b").write_bytes(P7_PEM)
    (tmp_path / "key.pem").write_bytes(OPEN)
    openssl(tmp_path, "pkcs12 -export -in all.pem -inkey key.pem -out own.p12 -passout pass:x")
    assert set(read_certificates([openssl(tmp_path, line)], "a")) == set(wanted)


def others() -> Iterator[tuple[str, bytes]]:
    request = x509.CertificateSigningRequestBuilder().subject_name(OWN.subject).sign(KEY, SHA256())
    revoked = x509.CertificateRevocationListBuilder(AUTHORITY.office.subject, NOW, NOW + timedelta(days=9))
    revocations = revoked.sign(AUTHORITY.office_key, SHA256())
    for encoding in (Encoding.PEM, Encoding.DER):
        yield "trust.kind_request", request.public_bytes(encoding)
        yield "trust.kind_revocations", revocations.public_bytes(encoding)
        yield "trust.kind_public", KEY.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        for lock in (NoEncryption(), BestAvailableEncryption(b"x" * 12)):
            yield "trust.kind_private", KEY.private_bytes(encoding, PrivateFormat.PKCS8, lock)
        yield "trust.kind_private", KEY.private_bytes(encoding, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    yield "trust.kind_private", KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    yield "trust.kind_private", b"# created: x\nAGE-SECRET-KEY-1QQ\n"
    yield "trust.kind_public", KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    yield "trust.kind_public", b"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n"
    yield "trust.kind_pair", AUTHORITY.pkcs12("x")
    yield "trust.kind_request", bare(request.public_bytes(Encoding.DER), 64)
    yield "identity.not_certificate", b"Dear all, the certificate follows by post.\n"
    yield "identity.not_certificate", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


OTHERS = list(others())


@pytest.mark.parametrize(("code", "content"), OTHERS, ids=[str(number) for number in range(len(OTHERS))])
def test_what_is_no_certificate_is_named_with_its_file(code: str, content: bytes) -> None:
    with pytest.raises(FileError) as caught:
        read_certificates([content], "ก.cer")
    assert (caught.value.code, caught.value.values["name"]) == (code, "ก.cer")
    if b"-----BEGIN" in content:
        with pytest.raises(FileError, match=code.replace(".", r"\.")):
            read_certificates([content.decode().encode("utf-16")], "ก.cer")


@pytest.mark.parametrize(
    "harm",
    [
        lambda: DER[:-3],
        lambda: DER + b"more",
        lambda: PEM.replace(b"-----END CERTIFICATE-----", b"", 1),
        lambda: PEM.replace(b"MI", b"**", 1),
        lambda: P7_DER[:-9],
        lambda: P7_PEM.replace(b"MI", b"MJ", 1),
    ],
)
def test_what_is_damaged_is_told_with_its_number(harm: Callable[[], bytes]) -> None:
    with pytest.raises(FileError, match=r"trust\.damaged") as caught:
        read_certificates([harm()], "ก.cer")
    assert caught.value.values == {"name": "ก.cer", "number": 1}


@given(st.sampled_from([DER, P7_DER, PEM, P7_PEM]), st.integers(0, 5_000), st.integers(0, 255))
def test_one_changed_byte_is_read_or_refused(content: bytes, at: int, byte: int) -> None:
    changed = bytearray(content)
    changed[at % len(content)] = byte
    try:
        read_certificates([bytes(changed)], "a")
    except DgdeskError as error:
        assert error.code.startswith(("trust.", "identity.not_certificate"))


def test_windows_export_of_the_whole_path_trusts_the_person_not_all_whom_the_ca_certifies(tmp_path: Path) -> None:
    for name, content in (("TH-50.p7b", P7_DER), ("TH-55.p7b", P7_PEM)):
        (tmp_path / name).write_bytes(content)
        assert set(read_certificate_file(tmp_path / name)) == set(ALL)
    found = load_trust([tmp_path])
    assert found is not None and [one.certificate for one in found.entries] == [OWN, OWN]
    (tmp_path / "ca.p7b").write_bytes(serialize_certificates([AUTHORITY.office, AUTHORITY.root], Encoding.DER))
    authorities = load_trust([tmp_path / "ca.p7b"])
    assert authorities is not None and {one.certificate for one in authorities.entries} == set(ALL[1:])


def test_of_many_places_each_bad_one_is_named(tmp_path: Path) -> None:
    places = [tmp_path / f"{number}.pem" for number in range(1, 77)]
    for place in places:
        place.write_bytes(OWN.public_bytes(Encoding.PEM))
    assert load_trust(places) is not None
    places[16].write_bytes(PEM.replace(b"MI", b"**", 2))
    places[40].write_bytes(AUTHORITY.pkcs12("x"))
    places[75].unlink()
    with pytest.raises(FileError) as caught:
        load_trust(places)
    assert (caught.value.code, caught.value.values) == ("trust.bad_files", {"count": 3})
    assert [(code, values["name"]) for code, values in caught.value.details] == [
        ("trust.damaged", "17.pem"),
        ("trust.kind_pair", "41.pem"),
        ("small_file.missing", "76.pem"),
    ]


def test_each_bad_file_of_a_mixed_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "TH-50.pem").write_bytes(PEM)
    (tmp_path / "TH-51.cer").write_bytes(b"")
    (tmp_path / "TH-52.crt").write_bytes(b"hello")
    (tmp_path / "TH-53.p12").write_bytes(AUTHORITY.pkcs12("x"))
    (tmp_path / "TH-54.key").write_bytes(OPEN)
    (tmp_path / "nobody.pem").write_bytes(PEM)
    (tmp_path / "TH-55.der").mkdir()
    (tmp_path / "read me.txt").write_bytes(b"not looked at")
    with pytest.raises(FileError, match=r"trust\.bad_list") as caught:
        load_trust([tmp_path])
    assert {(code, values["name"]) for code, values in caught.value.details} == {
        ("small_file.empty", "TH-51.cer"),
        ("identity.not_certificate", "TH-52.crt"),
        ("trust.kind_pair", "TH-53.p12"),
        ("trust.kind_private", "TH-54.key"),
        ("trust.file_unnamed", "nobody.pem"),
        ("small_file.not_a_file", "TH-55.der"),
    }


def test_a_key_on_another_curve_is_a_certificate_all_the_same() -> None:
    """It is refused later, as too weak to sign, and not as damaged."""
    odd = certify(ec.generate_private_key(ec.SECP256K1()), "x", AUTHORITY.office_key, "office", AUTHORITY.start)
    assert read_certificates([odd.public_bytes(Encoding.DER)], "a") == (odd,)
