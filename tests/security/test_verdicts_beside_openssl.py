"""Import, verifier and the documented line of OpenSSL agree, whatever limits stand in the certificates."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID

from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.signature import check_signature, sign
from dgdesk.errors import DgdeskError
from security.chain_makers import ISSUING, LEAF, MIDDLE, ROOT, SIGNING, Made, Spec, make, make_chain, make_key, name
from tools import needs

pytestmark = needs("openssl")

CONTENT = b"a tag manifest\n"
NOW = datetime.now(UTC).replace(microsecond=0)
SERVER = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
ODD = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
STATEMENTS = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), b"\x30\x00")
POLICY, OTHER_POLICY = (
    x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(f"1.2.3.{last}"), None)]) for last in (1, 2)
)


def only(*names: x509.GeneralName) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints(list(names), None), True


def never(*names: x509.GeneralName) -> tuple[x509.ExtensionType, bool]:
    return x509.NameConstraints(None, list(names)), True


def mails(*addresses: str) -> tuple[x509.ExtensionType, bool]:
    return x509.SubjectAlternativeName([x509.RFC822Name(one) for one in addresses]), False


PROVINCE = x509.Name(list(name("x"))[:2])
CAPITALS = x509.Name([*list(name("x"))[:1], *list(name("x", "NAN"))[1:2]])
ROOTS: dict[str, Spec] = {
    "plain": ROOT,
    "no key usage": ROOT.but(uses=None),
    "path length 0": ROOT.but(below=0),
    "path length 1": ROOT.but(below=1),
    "only others": ROOT.but(more=(only(x509.DirectoryName(name("Only", "Other"))),)),
    "only the province": ROOT.but(more=(only(x509.DirectoryName(PROVINCE), x509.DirectoryName(name("Office", "CA"))),)),
    "never the province": ROOT.but(more=(never(x509.DirectoryName(PROVINCE)),)),
    "never NAN": ROOT.but(more=(never(x509.DirectoryName(CAPITALS)),)),
    "only mail of go.th": ROOT.but(more=(only(x509.RFC822Name(".go.th")),)),
    "never mail of evil": ROOT.but(more=(never(x509.RFC822Name("evil.example")),)),
    "only hosts of go.th": ROOT.but(more=(only(x509.DNSName("go.th")),)),
    "ended": ROOT.but(days=(-100, -1)),
    "not begun": ROOT.but(days=(1, 100)),
    "may not issue": ROOT.but(uses=SIGNING),
    "no authority": ROOT.but(authority=False),
    "no basic constraints": ROOT.but(basic=False),
    "odd and critical": ROOT.but(more=((ODD, True),)),
    "for servers": ROOT.but(more=((SERVER, False),)),
    "policy": ROOT.but(more=((POLICY, False),)),
    "explicit policy": ROOT.but(more=((x509.PolicyConstraints(0, None), True),)),
    "weak key": ROOT.but(key="rsa1024"),
    "SHA-224 of its own": ROOT.but(digest=hashes.SHA224()),
}
MIDDLES: dict[str, Spec | None] = {
    "none": None,
    "plain": MIDDLE,
    "no key usage": MIDDLE.but(uses=None),
    "SHA-224": MIDDLE.but(digest=hashes.SHA224()),
    "no authority": MIDDLE.but(authority=False),
    "may not issue": MIDDLE.but(uses=SIGNING),
    "ended": MIDDLE.but(days=(-100, -1)),
    "only others": MIDDLE.but(more=(only(x509.DirectoryName(name("Only", "Other"))),)),
    "odd and critical": MIDDLE.but(more=((ODD, True),)),
    "for servers": MIDDLE.but(more=((SERVER, True),)),
    "curve k1": MIDDLE.but(key="k1"),
}
LEAVES: dict[str, Spec] = {
    "plain": LEAF,
    "RSA 2048": LEAF.but(key="rsa2048"),
    "RSA 3072": LEAF.but(key="rsa3072"),
    "RSA 1024": LEAF.but(key="rsa1024"),
    "curve k1": LEAF.but(key="k1"),
    "SHA-384": LEAF.but(digest=hashes.SHA384()),
    "signs only": LEAF.but(uses=("digital_signature",)),
    "commits only": LEAF.but(uses=("content_commitment",)),
    "signs and encrypts": LEAF.but(uses=("digital_signature", "key_encipherment")),
    "for documents": LEAF.but(more=((x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]), False),)),
    "for documents, Microsoft": LEAF.but(
        more=((x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")]), True),)
    ),
    "for any": LEAF.but(more=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), False),)),
    "for code": LEAF.but(more=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), True),)),
    "for clients and mail": LEAF.but(
        more=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]), True),)
    ),
    "statements": LEAF.but(more=((STATEMENTS, False),)),
    "odd": LEAF.but(more=((ODD, False),)),
    "names, critical": LEAF.but(more=((x509.SubjectAlternativeName([x509.RFC822Name("a@nan.go.th")]), True),)),
    "policy, critical": LEAF.but(more=((POLICY, True),)),
    "no key usage": LEAF.but(uses=None),
    "no basic constraints": LEAF.but(basic=False),
    "for mail": LEAF.but(more=((MAIL, False), mails("a@nan.go.th"))),
    "mail of evil": LEAF.but(more=(mails("a@nan.go.th", "a@evil.example"),)),
    "mail in the name": LEAF.but(subject=name("สมชาย", mail="a@evil.example")),
    "a host for a name": LEAF.but(subject=name("www.evil.example")),
    "nan": LEAF.but(subject=name("สมชาย", "nan")),
    "for servers": LEAF.but(more=((SERVER, False),)),
    "encrypts": LEAF.but(uses=("key_encipherment",)),
    "an authority": LEAF.but(authority=True, uses=(*SIGNING, *ISSUING)),
    "odd and critical": LEAF.but(more=((ODD, True),)),
    "statements, critical": LEAF.but(more=((STATEMENTS, True),)),
    "not begun": LEAF.but(days=(1, 100)),
    "policy": LEAF.but(more=((POLICY, False),)),
    "other policy": LEAF.but(more=((OTHER_POLICY, False),)),
    "SHA-224": LEAF.but(digest=hashes.SHA224()),
}
WANTED = {
    ("plain", "none", "plain"),
    ("plain", "plain", "plain"),
    ("no key usage", "no key usage", "no key usage"),
    ("plain", "plain", "no basic constraints"),
    ("plain", "none", "for mail"),
    ("path length 0", "none", "plain"),
    ("path length 1", "plain", "plain"),
    ("only the province", "plain", "plain"),
    ("never mail of evil", "none", "for mail"),
    ("only mail of go.th", "plain", "for mail"),
    ("policy", "none", "policy"),
    ("SHA-224 of its own", "plain", "plain"),
}


def grid() -> list[tuple[str, str, str]]:
    """Every limit of the root beside every signer, every office once, and some of all."""
    found = {(root, "plain", leaf) for root in ROOTS for leaf in ("plain", "for mail")}
    found |= {(root, "none", "plain") for root in ROOTS} | {("plain", middle, "plain") for middle in MIDDLES}
    found |= {("plain", "none", leaf) for leaf in LEAVES} | WANTED
    pairs = [("only mail of go.th", "mail of evil"), ("never mail of evil", "mail of evil"), ("never NAN", "nan")]
    pairs += [("only mail of go.th", "mail in the name"), ("never mail of evil", "mail in the name")]
    pairs += [("only hosts of go.th", "a host for a name"), ("policy", "other policy"), ("explicit policy", "policy")]
    found |= {(root, "none", leaf) for root, leaf in pairs}
    found |= set(random.Random(2569).sample(sorted(itertools.product(ROOTS, MIDDLES, LEAVES)), 40))
    return sorted(found)


def openssl(folder: Path, p7s: bytes, anchors: bytes, *more: str) -> bool:
    """Run the line of docs/integrators.md."""
    (folder / "p7s").write_bytes(p7s)
    (folder / "anchors.pem").write_bytes(anchors)
    (folder / "content").write_bytes(CONTENT)
    line = "openssl cms -verify -cades -binary -inform DER -in p7s -content content -CAfile anchors.pem "
    line += "-no-CApath -no-CAstore -purpose any -out out"
    return subprocess.run([*line.split(), *more], cwd=folder, capture_output=True, timeout=60).returncode == 0


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def signed(made: Made, moment: datetime = NOW) -> bytes:
    leaf, *above = made.certificates
    return sign(CONTENT, Identity(leaf, False, made.key, chain=tuple(above[:-1])), moment)


STRICTER = re.compile(r"`(signature\.[a-z_]+)`")
TABLE = (Path(__file__).parents[2] / "docs/signing.md").read_text(encoding="utf-8")


def imported(made: Made, moment: datetime) -> str:
    """Import the pair with all certificates of its chain; return "" or the code of the refusal."""
    leaf, *above = made.certificates
    content = serialize_key_and_certificates(None, made.key, leaf, above, NoEncryption())
    try:
        signer = read_pkcs12(content, "", moment)
    except DgdeskError as error:
        return error.code
    return "" if signer.certificate == leaf and signer.chain == tuple(above) else "another chain"


def test_import_verifier_and_openssl_agree_or_the_table_says_why_not(tmp_path: Path) -> None:
    """Nothing is taken that OpenSSL refuses; what only OpenSSL takes is refused for a reason in docs/signing.md."""
    reasons = set(STRICTER.findall(TABLE))
    laxer, stricter, apart, refused, taken = [], [], [], [], 0
    for cell in grid():
        root, middle, leaf = cell
        office, person = MIDDLES[middle], LEAVES[leaf]
        moment = NOW + timedelta(days=max(person.days[0], 0))
        made = make_chain([person, *([office] if office else []), ROOTS[root]], NOW)
        p7s = signed(made, moment)
        anchor = made.certificates[-1]
        code = next((one.code for one in check_signature(CONTENT, p7s, [anchor]).problems), "")
        if bool(brought := imported(made, moment)) != bool(code):
            apart.append((*cell, code, brought))
        if openssl(tmp_path, p7s, pem(anchor), "-attime", str(int(moment.timestamp()))):
            if code and code not in reasons:
                stricter.append((*cell, code))
        elif not code:
            laxer.append(cell)
        taken += not code
        if code and cell in WANTED:
            refused.append((*cell, code))
    assert (laxer, stricter, apart, refused) == ([], [], [], []) and taken >= len(WANTED)


@pytest.mark.parametrize("root", sorted(set(ROOTS) - {"plain", "no key usage", "path length 1", "SHA-224 of its own"}))
def test_each_limit_of_the_anchor_counts_for_somebody(root: str) -> None:
    made = [
        make_chain([LEAVES[leaf], MIDDLE, ROOTS[root]], NOW)
        for leaf in ("plain", "mail of evil", "a host for a name", "nan")
    ]
    assert any(check_signature(CONTENT, signed(one), [one.certificates[-1]]).problems for one in made)


@pytest.mark.parametrize("leaf", ["for servers", "encrypts", "an authority"])
def test_a_certificate_for_another_use_is_refused_as_itself_and_below_its_ca(leaf: str) -> None:
    made = make_chain([LEAVES[leaf], ROOT], NOW)
    own, root = made.certificates
    for trusted in ([own], [root], [own, root]):
        (problem,) = check_signature(CONTENT, signed(made), trusted).problems
        assert problem.code.startswith("signature.use_")


def test_two_chains_must_both_hold(tmp_path: Path) -> None:
    """A cross-certificate whose limits are broken counts, for OpenSSL may follow it."""
    made = make_chain([LEAF, MIDDLE, ROOT], NOW)
    narrow = make_chain([LEAF, MIDDLE, ROOT.but(subject=ROOT.subject, below=0)], NOW)
    report = check_signature(CONTENT, signed(made), [made.certificates[-1], narrow.certificates[-1]])
    assert report.problems == ()
    both = [*made.certificates[1:], narrow.certificates[-1]]
    assert openssl(tmp_path, signed(made), pem(*both)) is (not check_signature(CONTENT, signed(made), both).problems)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("second", ["another root", "the same root, renewed", "a root that the other one certified"])
def test_whoever_trusts_a_root_gets_one_answer_from_both_for_a_ca_with_two_certificates(
    second: str, order: tuple[int, int], tmp_path: Path
) -> None:
    """As imported, and as signed with an identity that an earlier version stored with both ways up."""
    key, office, one, other = (make_key("ec") for _ in range(4))
    other_root = ROOT.but(subject=name("Other Root", "CA"))
    roots = [make(ROOT, one, ROOT.subject, one, NOW), make(other_root, other, other_root.subject, other, NOW)]
    first = make(MIDDLE, office, ROOT.subject, one, NOW)
    above = {
        "another root": [make(MIDDLE, office, other_root.subject, other, NOW)],
        "the same root, renewed": [make(MIDDLE.but(days=(-1, 900)), office, ROOT.subject, one, NOW)],
        "a root that the other one certified": [make(ROOT, one, other_root.subject, other, NOW), roots[0]],
    }[second]
    both = [[first], above]
    chain = tuple(both[order[0]] + both[order[1]])
    leaf = make(LEAF, key, MIDDLE.subject, office, NOW)
    new = read_pkcs12(serialize_key_and_certificates(None, key, leaf, chain, NoEncryption()), "", NOW)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    for signer in (new, Identity(leaf, False, key, chain=chain)):
        p7s = sign(CONTENT, signer, NOW)
        said = [not check_signature(CONTENT, p7s, [root]).problems for root in roots]
        assert said == [openssl(tmp_path, p7s, pem(root)) for root in roots] and any(said)


def test_certificates_that_lead_to_each_other_in_all_ways_are_told_at_once() -> None:
    key = make_chain([ROOT], NOW)
    offices = [MIDDLE.but(subject=name(f"Office {number}", "CA")) for number in range(7)]
    crossed = [make(one, key.key, other.subject, key.key, NOW) for one, other in itertools.permutations(offices, 2)][:7]
    leaf = make(LEAF, key.key, offices[0].subject, key.key, NOW)
    p7s = sign(CONTENT, Identity(leaf, False, key.key, chain=tuple(crossed)), NOW)
    report = check_signature(CONTENT, p7s, [key.certificates[0]])
    assert report.intact and report.problems


def test_a_bundle_signed_before_its_certificate_ended_holds_for_the_claimed_time_in_both(tmp_path: Path) -> None:
    made = make_chain([LEAF.but(days=(-100, -1)), ROOT], NOW)
    moment = NOW - timedelta(days=50)
    p7s = signed(made, moment)
    anchor = made.certificates[-1]
    assert check_signature(CONTENT, p7s, [anchor]).problems == ()
    assert openssl(tmp_path, p7s, pem(anchor), "-attime", str(int(moment.timestamp())))
    assert not openssl(tmp_path, p7s, pem(anchor))
    edge = make_chain([LEAF, ROOT], NOW)
    end = edge.certificates[0].not_valid_after_utc
    assert openssl(tmp_path, signed(edge), pem(edge.certificates[-1]), "-attime", str(int(end.timestamp()) - 1))
    assert not openssl(tmp_path, signed(edge), pem(edge.certificates[-1]), "-attime", str(int(end.timestamp())))


def test_a_trusted_certificate_that_is_no_root_holds_with_partial_chain(tmp_path: Path) -> None:
    """As docs/integrators.md says: OpenSSL wants to be told that the chain ends there."""
    made = make_chain([LEAF, MIDDLE, ROOT], NOW)
    for anchor in made.certificates[:2]:
        assert check_signature(CONTENT, signed(made), [anchor]).problems == ()
        assert openssl(tmp_path, signed(made), pem(anchor), "-partial_chain")
