"""What a CA's file holds, in any order and number: the pair that signs is found, and its chain, or what is missing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from bundle.support import NOW
from dgdesk.bundle.signing.cms_form import write_form
from dgdesk.bundle.signing.identity import Identity, create_identity, fingerprint, load_identity, write_identity
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from dgdesk.bundle.signing.selection import missing_above
from dgdesk.bundle.signing.signature import check_signature, sign
from dgdesk.errors import DgdeskError, UsageError
from security.chain_makers import LEAF, MIDDLE, ROOT, Key, Spec, make, make_key, name

WORD = "น้ำใจ 2569"
ENCRYPTS = LEAF.but(uses=("key_encipherment", "data_encipherment"))
ODD = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
CONTENT = b"a tag manifest\n"


class Authority:
    """A root and an office below it; the office certifies people."""

    def __init__(self, root: Spec = ROOT, office: Spec = MIDDLE) -> None:
        self.root_key, self.office_key = make_key("ec"), make_key("ec")
        self.root = make(root, self.root_key, root.subject, self.root_key, NOW)
        self.office = make(office, self.office_key, root.subject, self.root_key, NOW)

    def person(self, spec: Spec = LEAF, key: Key = None) -> tuple[Key, x509.Certificate]:
        key = key or make_key("ec")
        return key, make(spec, key, MIDDLE.subject, self.office_key, NOW)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def packed(
    pairs: Sequence[tuple[Key, x509.Certificate]], others: Sequence[x509.Certificate] = (), word: str = ""
) -> bytes:
    """A file of several pairs, in this order, as some CAs' programs write it: the parts of several files in one."""
    lock = BestAvailableEncryption(word.encode()) if word else NoEncryption()
    one = [serialize_key_and_certificates(None, key, own, None, lock) for key, own in pairs[:-1]]
    one.append(serialize_key_and_certificates(None, *pairs[-1], list(others) or None, lock))
    parts: list[Any] = [part for content in one for part in asn1_pkcs12.Pfx.load(content).authenticated_safe]
    content = asn1_pkcs12.AuthenticatedSafe(parts).dump()
    return bytes(asn1_pkcs12.Pfx({"version": "v3", "auth_safe": {"content_type": "data", "content": content}}).dump())


def brought(content: bytes, word: str = "", **more: Any) -> Identity:
    return read_pkcs12(content, word, NOW, **more)


def refused(content: bytes, **more: Any) -> UsageError:
    with pytest.raises(UsageError) as caught:
        brought(content, **more)
    return caught.value


def taken_by(signer: Identity, anchor: x509.Certificate) -> bool:
    return not check_signature(CONTENT, sign(CONTENT, signer, NOW), [anchor]).problems


@pytest.mark.parametrize("word", ["", WORD])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_the_pair_that_signs_is_found_among_others_in_any_order(
    authority: Authority, order: tuple[int, ...], word: str
) -> None:
    """An encryption pair, an old signing pair whose certificate has ended, and the one that signs."""
    pairs = [authority.person(ENCRYPTS), authority.person(LEAF.but(days=(-900, -1))), authority.person()]
    content = packed([pairs[at] for at in order], [authority.office], word)
    signer = brought(content, word)
    assert (signer.certificate, signer.chain) == (pairs[2][1], (authority.office,))
    assert taken_by(signer, authority.root)


def test_of_a_renewed_certificate_for_the_same_key_the_later_is_taken(authority: Authority) -> None:
    key, old = authority.person(LEAF.but(days=(-300, 60)))
    new = authority.person(LEAF.but(days=(-1, 700)), key)[1]
    for first, second in ((old, new), (new, old)):
        content = serialize_key_and_certificates(None, key, first, [second, authority.office], NoEncryption())
        assert brought(content).certificate == new


def test_two_pairs_that_can_sign_are_named_and_one_is_chosen_by_its_fingerprint(authority: Authority) -> None:
    pairs = [authority.person(LEAF.but(subject=name(person))) for person in ("สมชาย", "สมหญิง")]
    content = packed(pairs, [authority.office])
    error = refused(content)
    assert error.code == "identity.pkcs_several"
    for _, own in pairs:
        digits = fingerprint(own)
        assert digits[:8] in str(error.values["names"])
        assert brought(content, wanted=digits[:8]).certificate == own
    assert "สมชาย" in str(error.values["names"]) and "สมหญิง" in str(error.values["names"])
    assert refused(content, wanted="zz").code == "identity.pkcs_not_there"


@pytest.mark.parametrize(
    ("specs", "code"),
    [
        ([ENCRYPTS], "signature.use_key"),
        ([ENCRYPTS, LEAF.but(days=(-900, -1))], "identity.pkcs_expired"),
        ([LEAF.but(days=(1, 100)), ENCRYPTS], "identity.not_yet_valid"),
        ([LEAF.but(more=((ODD, True),)), ENCRYPTS], "signature.critical_extension"),
    ],
)
def test_when_none_can_sign_the_reason_nearest_to_signing_is_told(
    authority: Authority, specs: list[Spec], code: str
) -> None:
    assert refused(packed([authority.person(spec) for spec in specs])).code == code


@pytest.mark.parametrize("seed", range(6))
def test_of_two_ways_to_two_roots_one_is_taken_whole_and_another_can_be_given(seed: int, tmp_path: Path) -> None:
    """A cross-certificate beside the other way up would make OpenSSL refuse both."""
    one, other = Authority(), Authority(root=ROOT.but(subject=name("Other Root", "CA")))
    crossed = make(MIDDLE, one.office_key, other.root.subject, other.root_key, NOW)
    stranger = Authority(ROOT.but(subject=name("Stranger", "CA")), MIDDLE.but(subject=name("Elsewhere", "CA")))
    others = [one.office, crossed, one.root, other.root, stranger.office, stranger.root]
    random.Random(seed).shuffle(others)
    key, own = one.person()
    content = serialize_key_and_certificates(None, key, own, others, NoEncryption())
    signer = brought(content)
    assert signer.chain in ((one.office, one.root), (crossed, other.root))
    write_identity(tmp_path / "id", signer, None)
    signer = load_identity(tmp_path / "id", None)
    assert taken_by(signer, signer.chain[-1]) and taken_by(signer, own)
    assert not taken_by(signer, stranger.root) and missing_above(own, signer.chain) is None
    for above, root in ((one.office, one.root), (crossed, other.root)):
        assert taken_by(brought(content, above=[above]), root)


def test_a_way_up_that_no_longer_holds_is_left_out() -> None:
    """An ended cross-certificate would be offered to every receiver, and refused by some."""
    one, other = Authority(), Authority(root=ROOT.but(subject=name("Other Root", "CA")))
    ended = make(MIDDLE.but(days=(-900, -1)), one.office_key, other.root.subject, other.root_key, NOW)
    key, own = one.person()
    for others in ([ended, other.root, one.office], [one.office, other.root, ended]):
        signer = brought(serialize_key_and_certificates(None, key, own, others, NoEncryption()))
        assert signer.chain == (one.office,) and taken_by(signer, one.root)


@pytest.mark.parametrize(
    ("office", "code"),
    [
        (MIDDLE.but(days=(-900, -1)), "identity.ca_expired"),
        (MIDDLE.but(uses=("digital_signature",)), "identity.ca_authority"),
        (MIDDLE.but(key="rsa1024"), "signature.chain_weak"),
    ],
)
def test_a_chain_that_no_receiver_would_take_is_refused_with_its_reason(office: Spec, code: str) -> None:
    root_key, office_key, key = make_key("ec"), make_key(office.key), make_key("ec")
    root = make(ROOT, root_key, ROOT.subject, root_key, NOW)
    above = make(office, office_key, ROOT.subject, root_key, NOW)
    own = make(LEAF, key, office.subject, office_key, NOW)
    assert refused(serialize_key_and_certificates(None, key, own, [above, root], NoEncryption())).code == code


def test_what_is_missing_above_is_named_and_can_be_given_beside_the_file(authority: Authority) -> None:
    key, own = authority.person()
    content = serialize_key_and_certificates(None, key, own, None, NoEncryption())
    bare = brought(content)
    assert bare.chain == () and missing_above(own, bare.chain) == "Office"
    assert not taken_by(bare, authority.root) and taken_by(bare, own)
    with_office = brought(content, above=[authority.office])
    assert missing_above(own, with_office.chain) == "Root" and taken_by(with_office, authority.root)
    whole = brought(content, above=[authority.root, authority.office])
    assert missing_above(own, whole.chain) is None and whole.chain == (authority.office, authority.root)


def test_a_gap_in_the_middle_is_named() -> None:
    """Of root, upper and lower office the file lacks the upper one."""
    keys = [make_key("ec") for _ in range(4)]
    names = [LEAF.subject, name("Lower", "CA"), name("Upper", "CA"), ROOT.subject]
    specs = [LEAF, MIDDLE.but(subject=names[1]), MIDDLE.but(subject=names[2]), ROOT]
    own, lower, upper, root = (
        make(spec, keys[at], names[min(at + 1, 3)], keys[min(at + 1, 3)], NOW) for at, spec in enumerate(specs)
    )
    content = serialize_key_and_certificates(None, keys[0], own, [root, lower], NoEncryption())
    signer = brought(content)
    assert signer.chain == (lower,) and missing_above(own, signer.chain) == "Upper"
    assert brought(content, above=[upper]).chain == (lower, upper, root)


def test_a_self_signed_identity_lacks_nothing(tmp_path: Path) -> None:
    made = create_identity(tmp_path / "id", person="ก", province="ข", passphrase=None, now=NOW)
    assert missing_above(made.certificate, ()) is None


def test_a_new_identity_is_tried_before_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(DgdeskError) as caught:
        create_identity(
            tmp_path / "id", person="ก", province="ข", passphrase=None, now=NOW - timedelta(days=1), valid_days=0
        )
    assert caught.value.code == "identity.expired" and not (tmp_path / "id").exists()


def test_each_reason_not_to_be_trusted_is_told_apart(authority: Authority, tmp_path: Path) -> None:
    key, own = authority.person()
    whole = serialize_key_and_certificates(None, key, own, [authority.office, authority.root], NoEncryption())
    bare = serialize_key_and_certificates(None, key, own, None, NoEncryption())
    local = create_identity(tmp_path / "id", person="ก", province="ข", passphrase=None, now=NOW)
    stranger = Authority(ROOT.but(subject=name("Stranger", "CA")))

    def told(signer: Identity, anchor: x509.Certificate, days: int = 0) -> tuple[str, dict[str, object]]:
        moment = NOW + timedelta(days=days)
        (problem,) = check_signature(CONTENT, sign(CONTENT, signer, moment), [anchor]).problems
        return problem.code, dict(problem.values)

    assert told(brought(bare), authority.root) == ("signature.issuer_missing", {"issuer": "Office"})
    assert told(brought(whole), stranger.root) == ("signature.issuer_missing", {"issuer": "Root"})
    carried = [one.public_bytes(Encoding.DER) for one in (own, authority.office, authority.root)]
    p7s = write_form(CONTENT, key, carried, NOW)  # with its root, as earlier versions signed
    assert check_signature(CONTENT, p7s, [authority.root]).problems == ()
    (problem,) = check_signature(CONTENT, p7s, [stranger.root]).problems
    assert (problem.code, problem.values) == ("signature.root_unknown", {"name": "Root"})
    assert told(local, authority.root) == ("signature.untrusted", {})
    short = Authority(office=MIDDLE.but(days=(-100, 5)))
    signer_key, later = short.person()
    content = serialize_key_and_certificates(None, signer_key, later, [short.office], NoEncryption())
    code, values = told(brought(content), short.root, days=10)
    assert (code, values["name"]) == ("signature.chain_expired", "Office")
