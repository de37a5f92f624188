"""What dgdesk takes, the documented line of OpenSSL takes too, whatever limits stand in the certificates."""

from __future__ import annotations

import itertools
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import check_signature, sign
from security.chain_makers import ISSUING, LEAF, MIDDLE, ROOT, SIGNING, Made, Spec, make_chain, name
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


def test_nothing_is_taken_that_openssl_refuses(tmp_path: Path) -> None:
    laxer, refused, taken = [], [], 0
    for root, middle, leaf in grid():
        office, person = MIDDLES[middle], LEAVES[leaf]
        moment = NOW + timedelta(days=max(person.days[0], 0))
        made = make_chain([person, *([office] if office else []), ROOTS[root]], NOW)
        p7s = signed(made, moment)
        anchor = made.certificates[-1]
        report = check_signature(CONTENT, p7s, [anchor])
        if not report.problems:
            taken += 1
            if not openssl(tmp_path, p7s, pem(anchor), "-attime", str(int(moment.timestamp()))):
                laxer.append((root, middle, leaf))
        elif (root, middle, leaf) in WANTED:
            refused.append((root, middle, leaf, report.problems))
    assert (laxer, refused) == ([], []) and taken >= len(WANTED)


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


def test_certificates_that_lead_to_each_other_in_all_ways_are_told_at_once() -> None:
    key = make_chain([ROOT], NOW)
    offices = [MIDDLE.but(subject=name(f"Office {number}", "CA")) for number in range(7)]
    from security.chain_makers import make

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
