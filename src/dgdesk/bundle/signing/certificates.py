"""Certificates in files; small files that a person named are read whole, or refused with the reason.

Links are followed. Anything that is no file, or might never end, is refused before a byte is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from dgdesk.bundle.signing.certificate_forms import certificate_parts, kind_code
from dgdesk.bundle.signing.certificate_rules import form_fault, is_authority
from dgdesk.errors import FileError
from dgdesk.system.bounds import UNFIT

# A FIFO without a writer would block; a terminal must not become the program's controlling one.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read_small(path: Path, most: int) -> bytes:
    """Return the content of a file of 1 to ``most`` bytes.

    Raises:
        FileError: ``small_file.missing``, ``small_file.not_a_file`` (a folder, device, pipe), ``small_file.empty``,
            ``small_file.too_large``, ``small_file.unreadable``.
    """
    try:
        if path.is_dir():
            raise FileError("small_file.not_a_file", name=path.name)
        number = os.open(path, _FLAGS | getattr(os, "O_CLOEXEC", 0))
        with open(number, "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise FileError("small_file.not_a_file", name=path.name)
            if found.st_size > most:
                raise FileError("small_file.too_large", name=path.name, most=most // 1024 or 1)
            content = stream.read(most + 1)
    except FileNotFoundError as error:
        raise FileError("small_file.missing", name=path.name) from error
    except (OSError, ValueError) as error:  # ValueError: a name with NUL in it
        raise FileError("small_file.unreadable", name=path.name) from error
    if len(content) > most:  # it has grown since
        raise FileError("small_file.too_large", name=path.name, most=most // 1024 or 1)
    if not content:
        raise FileError("small_file.empty", name=path.name)
    return content


LARGEST = 1 << 20
"""Bytes of a file of certificates."""
MOST_CERTIFICATES = 500
"""In one file."""


def read_certificates(
    contents: Sequence[bytes], name: str = "", *, signers: bool = False
) -> tuple[x509.Certificate, ...]:
    """Read the certificates in the contents of files, each of which may hold several.

    With ``signers``, a PKCS#7 file of one person's certificate and the CAs above it counts as that person's alone:
    Windows exports it so, and whoever trusts that person need not trust all whom those CAs certify.

    Raises:
        FileError: ``identity.not_certificate`` (one of them holds none), ``trust.kind_…`` (it holds something else: a
            private key …), ``trust.damaged`` (the n-th is damaged, or of a version or kind that does not exist),
            ``trust.too_many_in_file``, ``small_file.too_large``.
    """
    return tuple(one for content in contents for one in _read(content, name or "-", signers))


def read_certificate_file(path: Path, *, signers: bool = False) -> tuple[x509.Certificate, ...]:
    """Read a file of certificates, as `read_certificates` does.

    Raises:
        FileError: as `read_certificates` and `read_small`; a file that is too large is no certificate.
    """
    try:
        content = read_small(path, LARGEST)
    except FileError as error:
        if error.code == "small_file.too_large":
            raise FileError("identity.not_certificate", name=path.name) from error
        raise
    return read_certificates([content], path.name, signers=signers)


def _read(content: bytes, name: str, signers: bool) -> list[x509.Certificate]:
    if len(content) > LARGEST:
        raise FileError("small_file.too_large", name=name, most=LARGEST // 1024)
    parts = list(certificate_parts(content))
    if not parts:
        raise FileError(kind_code(content) or "identity.not_certificate", name=name)
    if len(parts) > MOST_CERTIFICATES:
        raise FileError("trust.too_many_in_file", name=name, most=MOST_CERTIFICATES)
    found: list[x509.Certificate] = []
    for number, part in enumerate(parts, 1):
        try:
            several = part.certificates()
        except (*UNFIT, x509.InvalidVersion, UnsupportedAlgorithm) as error:
            if len(parts) == 1 and (code := kind_code(content)):
                raise FileError(code, name=name) from error
            raise FileError("trust.damaged", name=name, number=number) from error
        if any((fault := form_fault(one)) and fault.code == "signature.certificate_damaged" for one in several):
            raise FileError("trust.damaged", name=name, number=number)
        found += _signer_of(several) if signers and part.is_pkcs7 else several
    if len(found) > MOST_CERTIFICATES:
        raise FileError("trust.too_many_in_file", name=name, most=MOST_CERTIFICATES)
    if not found:  # a PKCS#7 file of nothing but revocation lists
        raise FileError("identity.not_certificate", name=name)
    return found


def _signer_of(certificates: Sequence[x509.Certificate]) -> Sequence[x509.Certificate]:
    persons = [one for one in certificates if not is_authority(one)]
    return persons if len(persons) == 1 else certificates
