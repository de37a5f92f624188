"""age keys (X25519): the receivers' public ones as a file, a receiver's secret ones."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dgdesk.bundle.encryption.age_header import MOST_WORK, TooMuch, read_header
from dgdesk.errors import FileError, UsageError
from dgdesk.system.atomic import atomic_write

if TYPE_CHECKING:
    import pyrage.x25519

MOST_RECIPIENTS = 20
MOST_KEY_FILE = 1 << 16
"""Bytes of a file of secret keys."""
_AGE = b"age-encryption.org/v1"
_RECIPIENT = re.compile(r"age1[ac-hj-np-z02-9]{58}")
_SECRET = re.compile(r"AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}")


def read_recipients(content: str) -> tuple[str, ...]:
    """Read a file of age recipients: one public key (``age1…``) per line, ``#`` begins a comment.

    Raises:
        UsageError: ``sealed.secret_given`` (a secret key, which must never be sent), ``sealed.bad_recipient``,
            ``sealed.no_recipient``.
    """
    import pyrage
    import pyrage.x25519

    lines = [line.strip() for line in content.removeprefix("\ufeff").splitlines()]
    found = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if any(line.upper().startswith("AGE-SECRET-KEY") for line in found):
        raise UsageError("sealed.secret_given")
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            try:
                if not _RECIPIENT.fullmatch(line):
                    raise ValueError("not a key")
                pyrage.x25519.Recipient.from_str(line)
            except (ValueError, pyrage.RecipientError) as error:
                raise UsageError("sealed.bad_recipient", line=number) from error
    if not found or len(found) > MOST_RECIPIENTS:
        raise UsageError("sealed.no_recipient", most=MOST_RECIPIENTS)
    return found


def read_secrets(content: str) -> tuple[str, ...]:
    """Read a file of age secret keys in the form that ``age-keygen`` and `make_key` write.

    Raises:
        UsageError: ``sealed.bad_key``.
    """
    lines = (line.strip() for line in content.removeprefix("\ufeff").splitlines())
    found = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not found or len(found) > MOST_RECIPIENTS or not all(_SECRET.fullmatch(line) for line in found):
        raise UsageError("sealed.bad_key")
    return found


def make_key() -> tuple[str, str]:
    """Make a key pair for a receiver: the secret key, and the recipient for the provinces."""
    import pyrage.x25519

    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def is_locked(content: bytes) -> bool:
    """Return whether a file of secret keys is itself encrypted by a passphrase (``age -p``)."""
    return content.startswith(_AGE)


def read_key_file(content: bytes, passphrase: str | None = None) -> tuple[str, ...]:
    """Read a file of secret keys; an encrypted one by its passphrase, tried in NFC and NFD.

    Raises:
        UsageError: ``sealed.key_passphrase`` (encrypted, and the passphrase is missing or wrong), ``sealed.bad_key``,
            ``sealed.key_work``: opening it would take more work or memory than any honest file.
    """
    import pyrage
    import pyrage.passphrase

    if is_locked(content):
        try:
            header = read_header(io.BytesIO(content))
            if len(content) > MOST_KEY_FILE or header.work > MOST_WORK:
                raise UsageError("sealed.key_work")
        except TooMuch:
            raise UsageError("sealed.key_work") from None
        except ValueError:
            raise UsageError("sealed.bad_key") from None
        # No key has an empty passphrase, and a try takes seconds.
        typed = {unicodedata.normalize(form, passphrase): None for form in ("NFC", "NFD")} if passphrase else {}
        for form in typed:
            with suppress(pyrage.DecryptError):
                return read_secrets(pyrage.passphrase.decrypt(content, form).decode(errors="replace"))
        raise UsageError("sealed.key_passphrase")
    return read_secrets(content.decode("utf-8-sig", errors="replace"))


def write_key(key: Path, recipients: Path | None, passphrase: str | None = None) -> str:
    """Make a key pair and write it: the secret key into a new file that only its owner may read, and the public key.

    A passphrase encrypts the secret key (age's scrypt). Return the public key.

    Raises:
        FileError: ``bundle.exists`` for either, and as `explain_write`.
    """
    import pyrage.passphrase

    secret, recipient = make_key()
    for path in (key, *([recipients] if recipients is not None else [])):
        if path.exists():
            raise FileError("bundle.exists", path=path)
    content = f"# public key: {recipient}\n{secret}\n".encode()
    if passphrase:
        content = pyrage.passphrase.encrypt(content, unicodedata.normalize("NFC", passphrase))

    def prove(part: Path) -> None:
        read_key_file(part.read_bytes(), passphrase)

    atomic_write(key, content, private=True, prove=prove)
    if recipients is not None:
        atomic_write(recipients, f"{recipient}\n".encode())
    return recipient


def open_secrets(secrets: Sequence[str]) -> list[pyrage.x25519.Identity]:
    """Return secret keys as pyrage identities. Raises as `read_secrets`."""
    import pyrage
    import pyrage.x25519

    try:
        return [pyrage.x25519.Identity.from_str(one) for one in read_secrets("\n".join(secrets))]
    except pyrage.IdentityError as error:
        raise UsageError("sealed.bad_key") from error
