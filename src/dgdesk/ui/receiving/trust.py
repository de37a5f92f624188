"""Window, receiving, trust: the certificates against which bundles are checked, from files or a folder. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.identity import common_name, read_certificates
from dgdesk.bundle.report import Problem, printable
from dgdesk.bundle.verify_many import find_bundles
from dgdesk.bundle.wholly import explain_write, write_whole
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.ui.text import Texts

SUFFIXES = (".pem", ".crt", ".cer")
MOST_FILE = 1 << 20
"""Bytes."""
_NAMED = 3


@dataclass(frozen=True)
class Trust:
    """Whom the receiver trusts: signers' own certificates and CAs; nobody at first."""

    pems: tuple[bytes, ...] = ()
    signers: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()

    @property
    def trusted(self) -> list[bytes] | None:
        """What the core is handed; None says that the origin is not checked."""
        return list(self.pems) or None


def read_trust(places: Iterable[Path]) -> tuple[Trust, tuple[tuple[str, Problem], ...]]:
    """Read the certificates that lie in files and folders; return them, and the files that are none.

    Raises:
        UsageError: ``ui.receiving.no_certificates``.
        FileError: ``bundle.unreadable``, a folder cannot be listed.
    """
    pems: list[bytes] = []
    signers: dict[str, None] = {}
    authorities: dict[str, None] = {}
    refused: list[tuple[str, Problem]] = []
    for path in _files(places):
        try:
            content = read_bounded(path)
            found = read_certificates([content])
        except DgdeskError as error:
            refused.append((printable(path.name), Problem(error.code, error.values)))
            continue
        pems.append(content)
        for one in found:
            (authorities if _is_authority(one) else signers)[printable(common_name(one) or path.name)] = None
    if not pems and not refused:
        raise UsageError("ui.receiving.no_certificates")
    return Trust(tuple(pems), tuple(signers), tuple(authorities)), tuple(refused)


def remember(trust: Trust, path: Path) -> None:
    """Keep certificates for the next time, as they are now: the files they came from may change. Nobody: no file.

    Raises:
        FileError: as `write_whole`.
    """
    try:
        if not trust.pems:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain_write(error, path) from error
    found = read_certificates(list(trust.pems))
    write_whole(path, b"".join(one.public_bytes(Encoding.PEM) for one in found), replace=True)


def remembered(path: Path) -> Trust:
    """Return whom the receiver trusted last; nobody if that cannot be read, which the window shows."""
    try:
        return read_trust([path])[0] if path.is_file() else Trust()
    except (DgdeskError, OSError):
        return Trust()


def read_bounded(path: Path, most: int = MOST_FILE) -> bytes:
    """Read a small file that a person named.

    Raises:
        FileError: ``ui.check.certificate_unreadable``.
    """
    try:
        if not path.is_file():  # a device or pipe would block
            raise FileError("ui.check.certificate_unreadable", name=path.name)
        with path.open("rb") as stream:
            return stream.read(most)
    except (OSError, ValueError) as error:
        raise FileError("ui.check.certificate_unreadable", name=path.name) from error


def trust_words(texts: Texts, trust: Trust) -> str:
    """Say against whom bundles are checked."""
    if not trust.pems:
        return texts.say("ui.receiving.trust_none")
    parts = []
    for code, names in (("ui.receiving.trust_signers", trust.signers), ("ui.receiving.trust_cas", trust.authorities)):
        if names:
            parts.append(texts.say(code, count=len(names), names=_few(names)))
    return " · ".join(parts)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _files(places: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        for suffix in SUFFIXES:
            try:
                found += find_bundles([place], suffix)
            except UsageError as error:
                if error.code != "receiver.no_bundles":
                    raise
    return found


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, ValueError):
        return False
