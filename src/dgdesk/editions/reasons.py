"""Why an edition pack is not installed, as one reason: what is wrong first, in words about packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dgdesk.bundle.archive.bag import SIGNATURE
from dgdesk.bundle.report import BundleProblem
from dgdesk.errors import DgdeskError

UNKNOWN_SIGNER: Final = "edition.refused_unknown"
"""Nothing but the signer keeps the pack from being installed."""
_UNKNOWN: Final = ("signature.untrusted", "signature.root_unknown", "signature.issuer_missing")
_ENDED: Final = ("signature.expired", "signature.chain_expired")


def reason_of(error: DgdeskError, name: str) -> BundleProblem:
    """Return the one reason for which the pack in the file ``name`` was refused.

    Problems of the bag, as a verifier of bundles names them, become one of a few: no pack, not signed, signer unknown
    or ended, damaged. What an edition itself says, and what the disk says, stays as it is.
    """
    if error.code != "edition.refused":
        return BundleProblem(error.code, error.values)
    others = [one for one in error.details if one[0] not in _UNKNOWN]
    if not others:
        return BundleProblem(UNKNOWN_SIGNER, {"name": name})
    code, values = others[0]
    if code.startswith("edition.") and code != "edition.invalid":
        return BundleProblem(code, values)
    return BundleProblem(_of_bag(code, values), {"name": name})


def _of_bag(code: str, values: Mapping[str, object]) -> str:
    if code == "zip.not_zip":
        return "edition.refused_no_pack"
    if code == "verify.entry_missing" and values.get("name") == SIGNATURE:
        return "edition.refused_unsigned"
    return "edition.refused_ended" if code in _ENDED else "edition.refused_damaged"
