"""What is imported can sign for those who check with OpenSSL: odd keys, names, identifiers and ways up to a root."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.name import _ASN1Type

from dgdesk.bundle.signing.identity import Identity, load_identity, write_identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.selection import missing_above
from dgdesk.bundle.signing.signature import check_signature, sign
from dgdesk.errors import DgdeskError
from security.chain_makers import LEAF, MIDDLE, ROOT, Key, make, make_key, name
from tools import needs

pytestmark = needs("openssl")

CONTENT = b"a tag manifest\n"
NOW = datetime.now(UTC).replace(microsecond=0)


def openssl(folder: Path, line: str) -> bool:
    return subprocess.run(["openssl", *line.split()], cwd=folder, capture_output=True, timeout=60).returncode == 0


def published_line(folder: Path, p7s: bytes, root: x509.Certificate) -> bool:
    """Run the line of docs/integrators.md."""
    (folder / "p7s").write_bytes(p7s)
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "content").write_bytes(CONTENT)
    line = "cms -verify -cades -binary -inform DER -in p7s -content content -CAfile root.pem -no-CApath -no-CAstore"
    return openssl(folder, f"{line} -purpose any -out out")


def code_at_import(key: Key, own: x509.Certificate, above: Sequence[x509.Certificate] = ()) -> str:
    try:
        brought(key, own, above)
    except DgdeskError as error:
        return error.code
    return ""


def brought(key: Key, own: x509.Certificate, above: Sequence[x509.Certificate] = ()) -> Identity:
    return read_pkcs12(serialize_key_and_certificates(None, key, own, list(above) or None, NoEncryption()), "", NOW)


def said(signer: Identity, root: x509.Certificate) -> str:
    return next((one.code for one in check_signature(CONTENT, sign(CONTENT, signer, NOW), [root]).problems), "")


ODD_KEYS = {
    "RSA for PSS only": ("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out key.pem", "signature.use_pss"),
    "a curve by its numbers": (
        "ecparam -name prime256v1 -param_enc explicit -genkey -noout -out key.pem",
        "signature.key_parameters",
    ),
}


@pytest.mark.parametrize("kind", ODD_KEYS)
def test_a_key_that_openssl_refuses_is_refused_at_import_and_by_the_verifier(kind: str, tmp_path: Path) -> None:
    line, code = ODD_KEYS[kind]
    (tmp_path / "x.cnf").write_text(
        "[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\nkeyUsage=digitalSignature\n"
    )
    assert openssl(tmp_path, line)
    assert openssl(tmp_path, "req -x509 -new -key key.pem -subj /CN=Somchai -days 30 -config x.cnf -out own.pem")
    own = x509.load_pem_x509_certificate((tmp_path / "own.pem").read_bytes())
    key: Any = load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    signer = Identity(own, False, key)
    moment = own.not_valid_before_utc
    p7s = sign(CONTENT, signer, moment)
    assert [one.code for one in check_signature(CONTENT, p7s, [own]).problems] == [code]
    # OpenSSL checks the curve only where a CA stands above.
    assert published_line(tmp_path, p7s, own) is (code == "signature.key_parameters")
    assert openssl(tmp_path, "pkcs12 -export -inkey key.pem -in own.pem -out own.p12 -passout pass:word")
    with pytest.raises(DgdeskError) as caught:
        read_pkcs12((tmp_path / "own.p12").read_bytes(), "word", moment)
    assert caught.value.code == code


def test_a_certificate_signed_by_sha_1_is_called_weak_and_its_ca_is_not_called_missing(tmp_path: Path) -> None:
    assert openssl(tmp_path, "req -x509 -newkey rsa:2048 -nodes -keyout root.key -subj /CN=Root -days 30 -out root.pem")
    assert openssl(tmp_path, "req -new -newkey rsa:2048 -nodes -keyout own.key -subj /CN=Somchai -out own.csr")
    (tmp_path / "ext").write_text("keyUsage=digitalSignature\n")
    line = "x509 -req -in own.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 -extfile ext -out own.pem"
    assert openssl(tmp_path, f"{line} -sha1")
    own, root = (x509.load_pem_x509_certificate((tmp_path / f"{one}.pem").read_bytes()) for one in ("own", "root"))
    key: Any = load_pem_private_key((tmp_path / "own.key").read_bytes(), None)
    content = serialize_key_and_certificates(None, key, own, [root], NoEncryption())
    with pytest.raises(DgdeskError) as caught:
        read_pkcs12(content, "", own.not_valid_before_utc)
    assert (caught.value.code, caught.value.values) == ("signature.chain_weak", {"name": "Somchai"})
    p7s = sign(CONTENT, Identity(own, False, key), own.not_valid_before_utc)
    assert [one.code for one in check_signature(CONTENT, p7s, [root]).problems] == ["signature.chain_weak"]


def written(subject: x509.Name, kind: _ASN1Type, change: Any = str) -> x509.Name:
    """The same name in another encoding, as another program of the CA writes it; the country has but one."""
    parts = ((one.oid, one.value) for one in subject)
    country, *others = ((oid, str(value)) for oid, value in parts)
    return x509.Name(
        [x509.NameAttribute(*country), *(x509.NameAttribute(oid, change(one), kind) for oid, one in others)]
    )


def spaced(text: str) -> str:
    return f" {text}  "


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (_ASN1Type.PrintableString, str),
        (_ASN1Type.UTF8String, str.upper),
        (_ASN1Type.BMPString, spaced),
    ],
    ids=["PrintableString", "capitals", "spaces"],
)
def test_a_ca_that_writes_its_name_in_two_ways_is_one_ca(kind: _ASN1Type, change: Any, tmp_path: Path) -> None:
    key, office_key, root_key = make_key("ec"), make_key("ec"), make_key("ec")
    root = make(ROOT, root_key, ROOT.subject, root_key, NOW)
    office = make(MIDDLE, office_key, written(ROOT.subject, kind, change), root_key, NOW)
    own = make(LEAF, key, written(MIDDLE.subject, kind, change), office_key, NOW)
    for above in ([office, root], [root, office]):
        signer = brought(key, own, above)
        assert signer.chain == (office, root) and missing_above(own, signer.chain) is None
    write_identity(tmp_path / "id", signer, None)
    kept = load_identity(tmp_path / "id", None)
    assert kept.chain == (office, root) and said(kept, root) == ""
    assert published_line(tmp_path, sign(CONTENT, kept, NOW), root)
    other = make(ROOT.but(subject=name("Roof", "CA")), root_key, name("Roof", "CA"), root_key, NOW)
    assert said(kept, other) == "signature.issuer_missing" and not published_line(
        tmp_path, sign(CONTENT, kept, NOW), other
    )


def test_a_wrong_key_identifier_is_told_and_the_ca_is_not_called_missing(tmp_path: Path) -> None:
    key, office_key, root_key = make_key("ec"), make_key("ec"), make_key("ec")
    known = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    wrong = (x509.AuthorityKeyIdentifier(b"1" * 20, None, None), False)
    root = make(ROOT.but(more=((known, False),)), root_key, ROOT.subject, root_key, NOW)
    office = make(MIDDLE.but(more=(wrong,)), office_key, ROOT.subject, root_key, NOW)
    own = make(LEAF, key, MIDDLE.subject, office_key, NOW)
    assert code_at_import(key, own, [office, root]) == "identity.ca_identifier"
    signer = Identity(own, False, key, chain=(office,))
    assert said(signer, root) == "signature.chain_identifier"
    assert not published_line(tmp_path, sign(CONTENT, signer, NOW), root)
    mine = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    alone = make(LEAF.but(more=(wrong, (mine, False))), key, LEAF.subject, key, NOW)
    assert code_at_import(key, alone) == "identity.ca_identifier"
    assert said(Identity(alone, False, key), alone) == "signature.chain_identifier"
    assert not published_line(tmp_path, sign(CONTENT, Identity(alone, False, key), NOW), alone)


@pytest.mark.parametrize("offices", [6, 7, 8, 9])
def test_as_many_cas_as_a_signature_can_carry_and_no_more(offices: int, tmp_path: Path) -> None:
    keys = [make_key("ec") for _ in range(offices + 2)]
    names = [LEAF.subject, *(name(f"Office {number}", "CA") for number in range(offices)), ROOT.subject]
    specs = [LEAF, *(MIDDLE.but(subject=one) for one in names[1:-1]), ROOT]
    above = [min(at + 1, offices + 1) for at in range(offices + 2)]
    made = [make(spec, keys[at], names[above[at]], keys[above[at]], NOW) for at, spec in enumerate(specs)]
    if offices > 7:
        assert code_at_import(keys[0], made[0], made[1:]) == "identity.ca_deep"
        return
    signer = brought(keys[0], made[0], made[1:])
    assert said(signer, made[-1]) == "" and published_line(tmp_path, sign(CONTENT, signer, NOW), made[-1])


def test_whoever_has_another_edition_of_the_root_takes_the_signature_too(tmp_path: Path) -> None:
    """A renewed root in the CA's file, the old one at the agency: the signature carries neither."""
    key, office_key, root_key = make_key("ec"), make_key("ec"), make_key("ec")
    old, new = (make(ROOT.but(days=(-100, days)), root_key, ROOT.subject, root_key, NOW) for days in (500, 5000))
    office = make(MIDDLE, office_key, ROOT.subject, root_key, NOW)
    signer = brought(key, make(LEAF, key, MIDDLE.subject, office_key, NOW), [office, new])
    for root in (old, new):
        assert said(signer, root) == "" and published_line(tmp_path, sign(CONTENT, signer, NOW), root)


def test_a_signature_that_names_a_way_past_the_trusted_root_is_refused_by_both(tmp_path: Path) -> None:
    """The CA's file leads to one root by a cross-certificate; the agency trusts the root that this one certifies."""
    key, office_key, root_key, other_key = (make_key("ec") for _ in range(4))
    upper = ROOT.but(subject=name("Other Root", "CA"))
    root = make(ROOT, root_key, ROOT.subject, root_key, NOW)
    other = make(upper, other_key, upper.subject, other_key, NOW)
    crossed = make(ROOT, root_key, upper.subject, other_key, NOW)
    office = make(MIDDLE, office_key, ROOT.subject, root_key, NOW)
    own = make(LEAF, key, MIDDLE.subject, office_key, NOW)
    signer = brought(key, own, [office, crossed])
    assert said(signer, root) == "signature.other_root" and said(signer, other) == "" == said(signer, own)
    p7s = sign(CONTENT, signer, NOW)
    assert not published_line(tmp_path, p7s, root) and published_line(tmp_path, p7s, other)
    again = brought(key, own, [root, office, crossed])
    assert said(again, root) == "" and published_line(tmp_path, sign(CONTENT, again, NOW), root)
