"""Finds the chains from a signer's certificate to one that the receiver trusts, and checks what they allow.

Every certificate of a chain is bound by its own limits and by those above it, including the trusted one's (RFC 5280,
6.1, and 6.2 for the anchor). The search is our own, with a bound: an attacker may send certificates that refer to
each other in every possible order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.bundle.signing.certificate_rules import (
    covers,
    form_fault,
    has_subtree_bounds,
    is_authority,
    is_strongly_signed,
    issuer_fault,
    named,
    path_length,
    signer_fault,
    within_limits,
)
from dgdesk.bundle.signing.certify import issuer_of, subject_of
from dgdesk.bundle.signing.issuance import canonical, is_root, is_self_issued, is_signed_by, name_of
from dgdesk.errors import CheckFailed

Chain = tuple[x509.Certificate, ...]
"""The signer's certificate first, then its issuers up to a trusted one; only the signer's if that is trusted."""

MOST_CHECKS = 200
"""Signatures of certificates checked during the search for chains; an honest message needs fewer than ten."""
MOST_STEPS = 500
LONGEST = 10
"""Certificates in a chain."""
_Kind = TypeVar("_Kind", bound=x509.ExtensionType)


def find_chains(
    signer: x509.Certificate, others: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]
) -> tuple[Chain, ...]:
    """Return every chain from ``signer`` through ``others`` (from the message) that ends at a trusted certificate.

    A chain continues above a trusted certificate if another trusted one issued it, so that the limits of both count.

    Raises:
        CheckFailed: ``signature.chain_tangled``: the search is longer than for any honest message.
    """
    return tuple(_Search(others, trusted).up((signer,)))


def find_paths(signer: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[Chain, ...]:
    """Return every way up from ``signer`` through ``others``, each to a root or to where it stops.

    Raises as `find_chains`.
    """
    found = []
    for path in find_chains(signer, (), (signer, *others)) or ((signer,),):
        end = next((at for at, one in enumerate(path) if at and is_root(one)), len(path) - 1)
        found.append(path[: end + 1])
    return tuple(dict.fromkeys(found))


def one_path(signer: x509.Certificate, others: Sequence[x509.Certificate], moment: datetime) -> Chain:
    """Return the way up that a signature carries: valid at ``moment`` (aware), to a root, and short, if there is one.

    It is one only: OpenSSL looks for no second way, and wants every certificate that the signature names on the first.
    Of equal ones, that which comes first in ``others``.
    """
    paths = find_paths(signer, others)
    return min(paths, key=lambda path: (not all(covers(one, moment) for one in path), *path_rank(path)))


def path_rank(path: Chain) -> tuple[bool, int]:
    """Return how far a way up is from the best: a short one that ends at a root."""
    return not is_root(path[-1]), len(path)


def false_issuer(last: x509.Certificate, known: Sequence[x509.Certificate]) -> BundleProblem | None:
    """Return why a known certificate, which signed the last one of a chain, is not its issuer; None if none did."""
    if is_root(last):
        return None
    wanted = name_of(issuer_of, last)
    for one in known:
        if wanted is None or name_of(subject_of, one) != wanted or not is_signed_by(last, one):
            continue
        if not is_authority(one):
            return issuer_fault(one)
        if not _means_key_of(last, one):
            return BundleProblem("signature.chain_identifier", {"name": named(last), "issuer": named(one)})
    return None


def issuer_name(certificate: x509.Certificate) -> str:
    """Return the name of a certificate's issuer in a form that is safe to print: the common name, else all of it."""
    try:
        name = issuer_of(certificate)
    except ValueError:
        return "-"
    parts = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return printable(str(parts[0].value) if parts else name.rfc4514_string()) or "-"


def missing_issuer(signer: x509.Certificate, others: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the last certificate above ``signer`` whose issuer is missing."""
    search = _Search(others, ())
    found: Chain = (signer,)
    while above := next(iter(search.issuers(found)), None):
        found = (*found, above)
    return found[-1]


def chain_fault(chain: Chain, moment: datetime) -> BundleProblem | None:
    """Return why a chain does not support a signature made at ``moment`` (aware); None if it does."""
    for number, one in enumerate(chain):
        if fault := form_fault(one):
            return fault
        if number < len(chain) - 1 and not is_strongly_signed(one):
            return BundleProblem("signature.chain_weak", {"name": named(one)})
    if fault := signer_fault(chain[0]) or next(filter(None, map(issuer_fault, chain[1:])), None):
        return fault
    for one in chain:
        if not covers(one, moment):
            return _out_of_time(one, is_signer=one is chain[0])
    if is_root(top := chain[-1]) and not _means_key_of(top, top):
        return BundleProblem("signature.chain_identifier", {"name": named(top), "issuer": named(top)})
    try:
        return _limits_fault(chain) or _policy_fault(chain, moment)
    except (ValueError, TypeError, KeyError, x509.UnsupportedGeneralNameType):
        return BundleProblem("signature.certificate_damaged", {"name": named(chain[-1])})


def _out_of_time(certificate: x509.Certificate, *, is_signer: bool) -> BundleProblem:
    start, end = certificate.not_valid_before_utc.date(), certificate.not_valid_after_utc.date()
    if is_signer:
        return BundleProblem("signature.expired", {"start": start, "end": end})
    return BundleProblem("signature.chain_expired", {"name": named(certificate), "start": start, "end": end})


def _limits_fault(chain: Chain) -> BundleProblem | None:
    from asn1crypto import x509 as asn1_x509

    for number, above in enumerate(chain[1:], 1):
        between = sum(not is_self_issued(one) for one in chain[1:number])
        length = path_length(above)
        if length is not None and between > length:
            return BundleProblem("signature.chain_length", {"name": named(above)})
        limits = asn1_x509.Certificate.load(above.public_bytes(Encoding.DER)).name_constraints_value
        if limits is None:
            continue
        below = [one for at, one in enumerate(chain[:number]) if at == 0 or not is_self_issued(one)]
        if has_subtree_bounds(limits) or not all(within_limits(one, above) for one in below):
            return BundleProblem("signature.chain_names", {"name": named(above)})
    return None


def _policy_fault(chain: Chain, moment: datetime) -> BundleProblem | None:
    """Check the chain with pyHanko's validator too (RFC 5280, 6.1): it handles policies, which this module does not."""
    if len(chain) == 1:
        return None
    import asyncio
    import logging

    from asn1crypto import x509 as asn1_x509
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.authority import CertTrustAnchor
    from pyhanko_certvalidator.errors import PathError, ValidationError
    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.policy_decl import PKIXValidationParams
    from pyhanko_certvalidator.validate import async_validate_path

    # Its warnings must not reach stderr; a log handler of the program still gets them.
    logger = logging.getLogger("pyhanko_certvalidator")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    leaf, *between, root = (asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in chain)
    anchor = CertTrustAnchor(root)
    context = ValidationContext(
        trust_roots=[anchor], moment=moment, allow_fetching=False, revocation_mode="soft-fail", other_certs=between
    )
    # The anchor's policies bind too: a policy it names must be the signer's, and one it demands must be present.
    named_here, limits = root.certificate_policies_value, root.policy_constraints_value
    policies = {one["policy_identifier"].dotted for one in named_here or ()} - {"2.5.29.32.0"}
    parameters = PKIXValidationParams(
        user_initial_policy_set=frozenset(policies or {"any_policy"}),
        initial_explicit_policy=bool(policies) or _demands(limits, "require_explicit_policy"),
        initial_policy_mapping_inhibit=_demands(limits, "inhibit_policy_mapping"),
        initial_any_policy_inhibit=root.inhibit_any_policy_value is not None,
    )
    try:
        asyncio.run(async_validate_path(context, ValidationPath(anchor, between[::-1], leaf), parameters))
    except (ValidationError, PathError):
        return BundleProblem("signature.chain_policy", {"name": named(chain[-1])})
    return None


def _demands(limits: Any, key: str) -> bool:
    return limits is not None and limits[key].native is not None


class _Search:
    """One search with a bounded number of steps."""

    def __init__(self, others: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]) -> None:
        self._trusted = frozenset(trusted)
        # dict: a certificate that came twice counts once
        pool = dict.fromkeys(one for one in (*trusted, *others) if is_authority(one))
        self._pool = tuple((one, name) for one in pool if (name := name_of(subject_of, one)) is not None)
        self._steps = 0
        self._known: dict[tuple[x509.Certificate, x509.Certificate], bool] = {}

    def up(self, chain: Chain) -> Iterator[Chain]:
        """Yield all chains that extend ``chain`` and end at a trusted certificate."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise CheckFailed("signature.chain_tangled")
        found = False
        if len(chain) < LONGEST:
            for above in self.issuers(chain):
                for one in self.up((*chain, above)):
                    found = True
                    yield one
        if not found and chain[-1] in self._trusted:
            yield chain

    def issuers(self, chain: Chain) -> Iterator[x509.Certificate]:
        """Yield the known issuers of the last certificate of ``chain`` that are not in it yet."""
        last = chain[-1]
        wanted = name_of(issuer_of, last)
        for one, name in self._pool:
            if name == wanted and one not in chain and _means_key_of(last, one) and self._signed(last, one):
                yield one

    def _signed(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        pair = certificate, issuer
        if pair not in self._known:
            if len(self._known) >= MOST_CHECKS:
                raise CheckFailed("signature.chain_tangled")
            self._known[pair] = is_signed_by(certificate, issuer)
        return self._known[pair]


def _means_key_of(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether a certificate's authority key identifier, if any, fits this issuer (RFC 5280, 4.2.1.1)."""
    said = _extension(certificate, x509.AuthorityKeyIdentifier)
    if said is None:
        return True
    own = _extension(issuer, x509.SubjectKeyIdentifier)
    if said.key_identifier is not None and own is not None and said.key_identifier != own.digest:
        return False
    if said.authority_cert_serial_number not in (None, issuer.serial_number):
        return False
    names = [canonical(one.value) for one in said.authority_cert_issuer or () if isinstance(one, x509.DirectoryName)]
    return not names or names[0] == name_of(issuer_of, issuer)


def _extension(certificate: x509.Certificate, kind: type[_Kind]) -> _Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None
