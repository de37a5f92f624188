"""Who may hand in, and whom a receiver trusts to sign for which respondent: identity is not authority."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.respondents import find_respondent, same_respondent, shown
from dgdesk.bundle.signing.certificates import read_certificates
from dgdesk.bundle.signing.chains import Chain
from dgdesk.errors import FileError

TOLERANCE = timedelta(minutes=10)
"""How far a signer's clock may be ahead of the receiver's without a warning."""
LONG_AGO = timedelta(days=730)
"""A survey is answered within a year: an older claimed time comes from a wrong clock, or the bundle is an old one."""
MOST_ENTRIES = 2_000


class TrustEntry(NamedTuple):
    """A trusted certificate, and the code of the respondent that it may sign for; None for any."""

    certificate: x509.Certificate
    respondent: str | None = None


@dataclass(frozen=True)
class TrustList:
    """All trusted certificates. A certificate may be listed for several respondents."""

    entries: tuple[TrustEntry, ...] = ()

    def __post_init__(self) -> None:
        if len(self.entries) > MOST_ENTRIES:
            raise FileError("trust.too_many", most=MOST_ENTRIES)

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The certificates, each once."""
        return tuple(dict.fromkeys(one.certificate for one in self.entries))

    @property
    def bound(self) -> bool:
        """Whether every certificate is bound to a respondent."""
        return bool(self.entries) and all(self.respondents(one) for one in self.certificates)

    @property
    def binds(self) -> bool:
        """Whether any certificate is bound to a respondent."""
        return any(one.respondent for one in self.entries)

    def respondents(self, certificate: x509.Certificate) -> frozenset[str]:
        """Return the respondents a certificate may sign for; empty if the list does not say.

        If it is listed both with a respondent and without, the respondent counts.
        """
        found = (one.respondent for one in self.entries if one.certificate == certificate)
        return frozenset(one for one in found if one is not None)

    def allowed(self, chain: Chain) -> frozenset[str]:
        """Return the respondents the signer of a chain may sign for: the entry nearest to the signer counts."""
        return next(filter(None, map(self.respondents, chain)), frozenset())

    @property
    def pems(self) -> tuple[bytes, ...]:
        """The certificates as PEM, each once."""
        return tuple(one.public_bytes(Encoding.PEM) for one in self.certificates)


Trusted = TrustList | Sequence[bytes] | None
"""Whom a check trusts: a list; the content of PEM files, whose certificates are bound to nobody; None: unchecked."""


def read_trusted(trusted: Trusted) -> TrustList | None:
    """Return what is trusted as a `TrustList`. Raises FileError as `read_certificates` does."""
    if trusted is None or isinstance(trusted, TrustList):
        return trusted
    return TrustList(tuple(TrustEntry(one) for one in read_certificates(trusted, signers=True)))


def authority_fault(trust: TrustList, chains: Iterable[Chain], respondent: str) -> BundleProblem | None:
    """Return why the list does not let a signer sign for a respondent; None if it does or does not say."""
    for chain in chains:
        allowed = trust.allowed(chain)
        if allowed and not any(same_respondent(one, respondent) for one in allowed):
            named = ", ".join(shown(one) for one in sorted(allowed)[:5])
            return BundleProblem("signature.other_respondent", {"allowed": named, "respondent": shown(respondent)})
    return None


def authority_warnings(
    trust: TrustList, chains: Sequence[Chain], respondent: str, organisation: str
) -> tuple[BundleProblem, ...]:
    """Return what a person must check: the list binds the signer to nobody, or the organisation is another one."""
    found = []
    if chains and not all(trust.allowed(chain) for chain in chains):
        said = organisation or "-"
        found.append(BundleProblem("verify.not_bound", {"respondent": shown(respondent), "organisation": said}))
    other = find_respondent(organisation)
    if other is not None and not same_respondent(other, respondent):
        said = organisation
        found.append(
            BundleProblem("verify.organisation_differs", {"respondent": shown(respondent), "organisation": said})
        )
    return tuple(found)


def clock_warnings(
    claimed: datetime | None, chains: Iterable[Chain], now: datetime | None
) -> tuple[BundleProblem, ...]:
    """Return warnings by the receiver's clock: signed in the future or long ago, a certificate not valid now.

    Empty without a clock (``now`` None) or a claimed time; both are aware.
    """
    if now is None or claimed is None:
        return ()
    found = []
    certificates = tuple(dict.fromkeys(one for chain in chains for one in chain))
    if claimed > now + TOLERANCE or any(one.not_valid_before_utc > now for one in certificates):
        found.append(BundleProblem("verify.claimed_ahead", {"claimed": _minute(claimed), "now": _minute(now)}))
    ended = [one.not_valid_after_utc for one in certificates if one.not_valid_after_utc <= now]
    if ended:
        found.append(BundleProblem("verify.certificate_ended", {"end": min(ended).date(), "claimed": _minute(claimed)}))
    elif claimed < now - LONG_AGO:
        found.append(BundleProblem("verify.claimed_behind", {"claimed": _minute(claimed), "now": _minute(now)}))
    return tuple(found)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
