"""The certificates that the inbox trusts, read from files, tables and folders. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.bundle.signing.certificate_rules import is_authority, named
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.trust_files import RefusedTrust, keep, kept, load_place, read_folder
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.system.atomic import atomic_write, explain_write
from dgdesk.system.private import make_private_folder
from dgdesk.ui.widgets.label import Texts

MOST_KEPT = 8 << 20
"""Bytes; a larger file of remembered certificates is not read."""
_NAMED = 3


@dataclass(frozen=True)
class Trust:
    """The trusted certificates: of signers and of CAs; none at first.

    ``listed`` says for which respondent each may sign; with ``pems`` alone nobody is bound to a respondent.
    """

    pems: tuple[bytes, ...] = ()
    signers: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    listed: TrustList | None = None

    @property
    def trusted(self) -> TrustList | list[bytes] | None:
        """The certificates as the verifier takes them; None means that the origin is not checked."""
        return self.listed or list(self.pems) or None

    @property
    def bound(self) -> bool:
        """Whether every certificate is bound to a respondent."""
        return self.listed is not None and self.listed.bound


def read_trust(places: Iterable[Path]) -> tuple[Trust, tuple[RefusedTrust, ...]]:
    """Read certificates from files, tables and folders; return them and what was refused.

    Raises:
        FileError: as `TrustList`.
    """
    entries: list[TrustEntry] = []
    refused: list[RefusedTrust] = []
    for place in places:
        name = printable(place.name)
        try:
            if place.is_dir():
                found, bad = read_folder(place)
                entries += found
                refused += bad
            else:
                entries += load_place(place)
        except DgdeskError as error:
            if error.code == "trust.empty_folder":
                raise UsageError("ui.receiving.no_certificates") from error
            reasons = error.details or ((error.code, error.values),)
            refused += [(name, BundleProblem(code, values)) for code, values in reasons]
    return _trust(TrustList(tuple(entries))), tuple(refused)


def remember(trust: Trust, path: Path) -> None:
    """Save the certificates for the next start, since their files may change. With none, delete the file.

    Raises:
        FileError: as `atomic_write`.
    """
    try:
        if trust.listed is None or not trust.listed.entries:
            path.unlink(missing_ok=True)
            return
        make_private_folder(path.parent)
    except OSError as error:
        raise explain_write(error, path) from error
    atomic_write(path, keep(trust.listed), replace=True)


def remembered(path: Path) -> Trust:
    """Return the saved certificates; none if they cannot be read, which the window shows."""
    try:
        return _trust(kept(read_small(path, MOST_KEPT)))
    except (DgdeskError, OSError):
        return Trust()


def _trust(listed: TrustList) -> Trust:
    signers: dict[str, None] = {}
    authorities: dict[str, None] = {}
    for one in listed.certificates:
        (authorities if is_authority(one) else signers)[named(one)] = None
    return Trust(listed.pems, tuple(signers), tuple(authorities), listed) if listed.entries else Trust()


def trust_words(texts: Texts, trust: Trust) -> str:
    """Return a sentence about the certificates that bundles are checked against."""
    if not trust.pems:
        return texts.say("ui.receiving.trust_none")
    parts = []
    for code, names in (("ui.receiving.trust_signers", trust.signers), ("ui.receiving.trust_cas", trust.authorities)):
        if names:
            parts.append(texts.say(code, count=len(names), names=_few(names)))
    if not trust.bound:
        parts.append(texts.say("ui.receiving.trust_not_bound"))
    return " · ".join(parts)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
