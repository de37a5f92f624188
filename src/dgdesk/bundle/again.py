"""What a verdict owes to the trust list: judged with the content, and again later without it.

The signature covers the tag manifest, and that covers all content. So whether the content holds is found once; who
signed, and whether he may, follows from the tag manifest, the signature and the list alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dgdesk.bundle.report import BundleProblem, Limits, Verification
from dgdesk.bundle.signing.signature import SignatureReport, check_signature
from dgdesk.bundle.signing.trust_list import TrustList, authority_fault, authority_warnings, clock_warnings


@dataclass(frozen=True, slots=True)
class Signed:
    """What a later look at a bundle or an addendum needs; its signature fits.

    ``content`` are the problems that no trust list changes.
    """

    tagmanifest: bytes
    p7s: bytes
    content: tuple[BundleProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """What a trust list and a clock say of a signature. ``bound``: the list binds the signer to the respondent."""

    signature: tuple[BundleProblem, ...] = ()
    fault: BundleProblem | None = None
    bound: bool = False
    warnings: tuple[BundleProblem, ...] = ()

    def around(self, content: Iterable[BundleProblem]) -> tuple[BundleProblem, ...]:
        """Return all problems: those of the signature, of the content, and that the signer may not sign for him."""
        return (*self.signature, *content, *(() if self.fault is None else (self.fault,)))


def authority_of(
    trust: TrustList | None, signature: SignatureReport, respondent: str | None, now: datetime | None
) -> Authority:
    """Return what the list says of a signature for ``respondent``, None if nobody is named."""
    chains = signature.chains
    warnings = clock_warnings(signature.claimed_time, chains, now)
    if respondent is None or trust is None:
        return Authority(signature.problems, warnings=warnings)
    fault = authority_fault(trust, chains, respondent)
    bound = fault is None and bool(chains) and all(trust.allowed(chain) for chain in chains)
    if signature.facts is not None:
        warnings = (*authority_warnings(trust, chains, respondent, signature.facts.organisation), *warnings)
    return Authority(signature.problems, fault, bound, warnings)


def judge_again(
    before: Verification,
    signed: Signed,
    respondent: str | None,
    trust: TrustList | None,
    now: datetime | None,
    limits: Limits | None = None,
) -> Verification:
    """Return the verdict on a bundle under another trust list, as `check_stream` would, without its content.

    ``respondent``: as the submission says, None if that could not be read.
    """
    most = limits or Limits()
    anchors = None if trust is None else trust.certificates
    signature = check_signature(signed.tagmanifest, signed.p7s, anchors, most.signature)
    authority = authority_of(trust, signature, respondent, now)
    problems = authority.around(signed.content)
    return replace(
        before,
        ok=not problems and signature.intact and trust is not None,
        signer=signature.signer,
        fingerprint=signature.fingerprint,
        claimed_time=signature.claimed_time,
        signed_by=signature.facts,
        problems=problems[: most.problems],
        warnings=authority.warnings,
        bound=authority.bound,
    )
