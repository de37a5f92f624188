"""Certificates in files, PEM or DER; small files that a person named are read whole, or refused with the reason.

Links are followed. Anything that is no file, or might never end, is refused before a byte is read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from dgdesk.bundle.signing.certificate_rules import form_fault
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
_BLOCK = re.compile(rb"-----BEGIN ((?:X509 )?CERTIFICATE)-----.*?-----END \1-----", re.DOTALL)
_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]*CERTIFICATE-----")
_MARKS = (b"\xef\xbb\xbf",)
_SEQUENCE = b"\x30"


def read_certificates(contents: Sequence[bytes], name: str = "") -> tuple[x509.Certificate, ...]:
    """Read the certificates in the contents of files, each of which may hold several.

    Raises:
        FileError: ``identity.not_certificate`` (one of them holds none), ``trust.damaged`` (the n-th is damaged, or of
            a version or kind that does not exist), ``trust.too_many_in_file``.
    """
    return tuple(one for content in contents for one in _read(content, name))


def read_certificate_file(path: Path) -> tuple[x509.Certificate, ...]:
    """Read a file of certificates.

    Raises:
        FileError: as `read_certificates` and `read_small`; a file that is too large is no certificate.
    """
    try:
        content = read_small(path, LARGEST)
    except FileError as error:
        if error.code == "small_file.too_large":
            raise FileError("identity.not_certificate", name=path.name) from error
        raise
    return read_certificates([content], path.name)


def _read(content: bytes, name: str) -> list[x509.Certificate]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # as an editor on Windows may have saved it
        content = content.decode("utf-16", errors="replace").encode()
    if len(content) > LARGEST:
        raise FileError("small_file.too_large", name=name or "-", most=LARGEST // 1024)
    if content.startswith(_SEQUENCE):
        return [_parse(content, name, 1, der=True)]
    blocks = [match.group() for match in _BLOCK.finditer(content)]
    begun = len(_BEGIN.findall(content))
    if not begun:
        raise FileError("identity.not_certificate", name=name or "-")
    if begun > MOST_CERTIFICATES:
        raise FileError("trust.too_many_in_file", name=name or "-", most=MOST_CERTIFICATES)
    found = [_parse(block, name, number, der=False) for number, block in enumerate(blocks, 1)]
    if len(blocks) != begun:
        raise FileError("trust.damaged", name=name or "-", number=len(blocks) + 1)
    return found


def _parse(content: bytes, name: str, number: int, *, der: bool) -> x509.Certificate:
    try:
        found = x509.load_der_x509_certificate(content) if der else x509.load_pem_x509_certificate(content)
    except (*UNFIT, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise FileError("trust.damaged", name=name or "-", number=number) from error
    fault = form_fault(found)
    if fault is not None and fault.code == "signature.certificate_damaged":
        raise FileError("trust.damaged", name=name or "-", number=number)
    return found
