"""Chooses the pair that signs, and the certificates above it, from all that a CA's file holds; proves that they work.

CAs deliver a signing and an encryption pair in one file, in any order; renewed certificates beside the old ones;
certificates of CAs that nobody needs, cross-certificates, and some that lack what is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.certificate_rules import covers, form_fault, named, signer_fault
from dgdesk.bundle.signing.chains import Chain, chain_fault, false_issuer, find_paths, issuer_name, path_rank
from dgdesk.bundle.signing.identity import MOST_CHAIN, Identity, fingerprint
from dgdesk.bundle.signing.issuance import is_root
from dgdesk.bundle.signing.keyfile import SigningKey
from dgdesk.bundle.signing.signature import check_signature, sign
from dgdesk.errors import CheckFailed, UsageError

_TRIAL: Final = b"A trial signature of dgdesk. It stands for nothing.\n"
_MOST_NAMED: Final = 5
_ORDER: Final = ("pkcs_expired", "not_yet", "chain", "critical", "use")
"""Of several faults the one is told that is nearest to signing: the beginnings of the codes, after the dot."""


class SignerChoice(NamedTuple):
    """A pair that can sign: its certificate's fingerprint (hex), name, issuer's name and last day (UTC)."""

    fingerprint: str
    name: str
    issuer: str
    last: date


class SeveralSigners(UsageError):
    """``identity.pkcs_several``: several pairs in a file can sign; a person has to choose one of ``choices``."""

    def __init__(self, choices: Sequence[SignerChoice]) -> None:
        super().__init__("identity.pkcs_several", names="; ".join(map(_described, choices[:_MOST_NAMED])))
        self.choices = tuple(choices)


@dataclass(frozen=True)
class _Candidate:
    """A certificate with its key, and either the certificates above it or why it cannot sign."""

    certificate: x509.Certificate
    key: SigningKey
    chain: Chain = ()
    fault: BundleProblem | None = None


def choose_signer(
    keys: Iterable[SigningKey], certificates: Sequence[x509.Certificate], now: datetime, wanted: str = ""
) -> Identity | None:
    """Return the one pair that can sign at ``now`` (aware), proved by a trial signature; None without any pair.

    Of several certificates for one key that can sign, the one that ends last is taken. ``wanted`` is the beginning of a
    fingerprint (hex) and chooses among several pairs.

    Raises:
        SeveralSigners: more than one pair can sign.
        UsageError: ``identity.pkcs_not_there``: none has the fingerprint; ``identity.pkcs_expired``,
            ``identity.not_yet_valid``, ``identity.ca_…``, and as `form_fault` and `signer_fault`: why none can sign.
    """
    found = [_judge(key, own, certificates, now) for key in keys for own in certificates if _is_pair(key, own)]
    if wanted:
        found = [one for one in found if fingerprint(one.certificate).startswith(wanted)]
        if not found:
            raise UsageError("identity.pkcs_not_there", fingerprint=wanted)
    if not found:
        return None
    able = _newest(one for one in found if one.fault is None)
    if len(able) > 1:
        raise SeveralSigners([_choice(one.certificate) for one in able])
    if not able:
        worst = min((one.fault for one in found if one.fault is not None), key=_rank)
        raise _at_import(worst)
    (one,) = able
    signer = Identity(one.certificate, True, one.key, chain=one.chain)
    prove_signer(signer, now)
    return signer


def prove_signer(identity: Identity, now: datetime) -> None:
    """Make a trial signature, and check it as every kind of receiver will: by the certificate, and by each chain's top.

    `check_signature` takes nothing that the published line of ``openssl cms -verify`` refuses (docs/signing.md).

    Raises:
        UsageError: why a receiver would refuse it.
    """
    p7s = sign(_TRIAL, identity, now)
    tops = dict.fromkeys(path[-1] for path in find_paths(identity.certificate, identity.chain))
    for top in dict.fromkeys((identity.certificate, *tops)):
        for problem in check_signature(_TRIAL, p7s, [top]).problems:
            raise _at_import(problem)


def _at_import(fault: BundleProblem) -> UsageError:
    """Return the error for the person who imports: the sentences for a receiver speak of a sender."""
    area, _, cause = fault.code.partition(".chain_")
    code = f"identity.ca_{cause}" if area == "signature" and cause not in ("", "weak") else fault.code
    return UsageError(code, **fault.values)


def missing_above(certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> str | None:
    """Return the name of the CA whose certificate is not there; None if some chain ends at a root.

    If that CA is the root, all is well: who trusts a root has its certificate.
    """
    paths = find_paths(certificate, chain)
    if any(is_root(path[-1]) for path in paths):
        return None
    return issuer_name(max(paths, key=len)[-1])


def _judge(
    key: SigningKey, own: x509.Certificate, certificates: Sequence[x509.Certificate], now: datetime
) -> _Candidate:
    if fault := _own_fault(own, now):
        return _Candidate(own, key, fault=fault)
    try:
        paths = sorted(find_paths(own, certificates), key=path_rank)
    except CheckFailed as error:
        return _Candidate(own, key, fault=BundleProblem(error.code, error.values))
    faults = [chain_fault(path, now) or false_issuer(path[-1], certificates) for path in paths]
    sound = [path for path, fault in zip(paths, faults, strict=True) if fault is None]
    if not sound:
        return _Candidate(own, key, fault=faults[0])
    above = sound[0][1:]  # one way only, as `one_path` says
    if len(above) - is_root(sound[0][-1]) > MOST_CHAIN:
        return _Candidate(own, key, fault=BundleProblem("identity.ca_deep", {"most": MOST_CHAIN}))
    return _Candidate(own, key, above[:MOST_CHAIN])


def _own_fault(certificate: x509.Certificate, now: datetime) -> BundleProblem | None:
    fault = form_fault(certificate) or signer_fault(certificate)
    if fault is None and not covers(certificate, now):
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now >= end:
            return BundleProblem("identity.pkcs_expired", {"day": end.date().isoformat()})
        return BundleProblem("identity.not_yet_valid", {"day": start.date().isoformat()})
    return fault


def _is_pair(key: SigningKey, certificate: x509.Certificate) -> bool:
    try:
        return bool(key.public_key() == certificate.public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _newest(able: Iterable[_Candidate]) -> list[_Candidate]:
    """Return one candidate for each key: that whose certificate ends last."""
    found: dict[object, _Candidate] = {}
    for one in sorted(able, key=lambda one: one.certificate.not_valid_after_utc):
        found[one.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)] = one
    return list(found.values())


def _rank(fault: BundleProblem) -> int:
    return next((at for at, begin in enumerate(_ORDER) if fault.code.partition(".")[2].startswith(begin)), len(_ORDER))


def _choice(certificate: x509.Certificate) -> SignerChoice:
    end = certificate.not_valid_after_utc.date()
    return SignerChoice(fingerprint(certificate), named(certificate), issuer_name(certificate), end)


def _described(one: SignerChoice) -> str:
    return f"{one.name} ({one.fingerprint[:8]}, {one.last.isoformat()})"
