"""age keys (X25519): the receivers' public ones as a file, a receiver's secret ones."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dgdesk.bundle.encryption.age_header import MOST_WORK, TooMuch, read_header
from dgdesk.errors import FileError, UsageError
from dgdesk.system.atomic import atomic_write
from dgdesk.text.decoding import decode_text
from dgdesk.text.passphrases import affordable, canonical, forms

if TYPE_CHECKING:
    import pyrage.x25519

MOST_RECIPIENTS = 20
MOST_KEY_FILE = 1 << 16
"""Bytes of a file of keys."""
_MOST_TRIED = 11 << 18
"""Work of all forms of one passphrase together, except for the likeliest: a try of 2^18 takes about a second."""
_AGE = b"age-encryption.org/v1"
_ARMOUR = "-----BEGIN AGE ENCRYPTED FILE-----"
_ARMOUR_END = "-----END AGE ENCRYPTED FILE-----"
_PRINTED = re.compile(r"^public key:\s*", re.IGNORECASE)
_RECIPIENT = re.compile(r"age1[ac-hj-np-z02-9]{58}")
_SECRET = re.compile(r"AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}")
_SECRET_BEGIN = re.compile(r"AGE-(SECRET-KEY|PLUGIN)-", re.IGNORECASE)
_SECRET_INSIDE = re.compile(r"AGE-SECRET-", re.IGNORECASE)
_OTHER_RECIPIENT = re.compile(
    r"(age1[a-z0-9+-]{1,30}1)[ac-hj-np-z02-9]{20,}|((?:ssh|ecdsa|sk)-[a-z0-9@.-]{2,40}) AAAA\S+.*"
)
"""Public keys that age itself takes: post-quantum (age1pq1), of a device (age1yubikey1), of SSH."""
_OTHER_SECRET = re.compile(r"(AGE-SECRET-KEY-[A-Z]+-1|AGE-PLUGIN-[A-Z0-9+-]{1,30}-1)[A-Z0-9]+")
_UNSEEN = " \t\v\f\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"
"""What programs for messages put around a copied line, and nobody sees."""
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]{3,40})-----")


def read_recipient_file(content: bytes, name: str) -> tuple[str, ...]:
    """Read the content of a file of age recipients. Raises as `read_text` and `read_recipients`."""
    return read_recipients(read_text(content, name), name)


def read_text(content: bytes, name: str) -> str:
    """Return the text of a file of keys, in UTF-8, UTF-16 or the Thai code page.

    Raises:
        FileError: ``sealed.not_text``.
    """
    try:
        return decode_text(content)
    except ValueError:
        raise FileError("sealed.not_text", name=name) from None


def read_recipients(content: str, name: str = "-") -> tuple[str, ...]:
    """Read a file of age recipients: one public key (``age1…``) per line, ``#`` begins a comment.

    "Public key:", which ``age-keygen`` prints before it, is passed over.

    Raises:
        UsageError: ``sealed.secret_given`` (a secret key, which must never be sent), ``sealed.recipient_kind`` (a key
            of another kind), ``sealed.bad_recipient``, ``sealed.no_recipient``, ``sealed.many_recipients``.
    """
    import pyrage
    import pyrage.x25519

    lines = [(number, _PRINTED.sub("", line)) for number, line in _lines(content)]
    if any(_SECRET_BEGIN.match(line) for _, line in lines):
        raise UsageError("sealed.secret_given", name=name)
    for number, line in lines:
        if kind := _kind_of(line, _OTHER_RECIPIENT):
            raise UsageError("sealed.recipient_kind", name=name, line=number, kind=kind)
        try:
            if not _RECIPIENT.fullmatch(line):
                raise ValueError("not a key")
            pyrage.x25519.Recipient.from_str(line)
        except (ValueError, pyrage.RecipientError) as error:
            raise UsageError("sealed.bad_recipient", name=name, line=number) from error
    found = tuple(dict.fromkeys(line for _, line in lines))
    if not found:
        raise UsageError("sealed.no_recipient", name=name)
    if len(found) > MOST_RECIPIENTS:
        raise UsageError("sealed.many_recipients", name=name, most=MOST_RECIPIENTS)
    return found


def read_secrets(content: str, name: str = "-") -> tuple[str, ...]:
    """Read a file of age secret keys in the form that ``age-keygen`` and `make_key` write.

    Raises:
        UsageError: ``sealed.key_is_public``, ``sealed.key_kind`` (a key of another kind), ``sealed.key_typo``,
            ``sealed.bad_key``.
    """
    lines = _lines(content)
    found = tuple(dict.fromkeys(line for _, line in lines))
    for line in found:
        if kind := _kind_of(line, _OTHER_SECRET):
            raise UsageError("sealed.key_kind", name=name, kind=kind)
        if _RECIPIENT.fullmatch(line) or _OTHER_RECIPIENT.fullmatch(line):
            raise UsageError("sealed.key_is_public", name=name)
    for number, line in lines:
        if _SECRET_INSIDE.search(line) and not _is_secret(line):
            raise UsageError("sealed.key_typo", name=name, line=number)
    if not found or len(found) > MOST_RECIPIENTS or not all(_SECRET.fullmatch(line) for line in found):
        raise UsageError("sealed.bad_key", name=name)
    return found


def _is_secret(line: str) -> bool:
    """Return whether a line is a whole secret key, by its length, letters and sum."""
    import pyrage
    import pyrage.x25519

    if not _SECRET.fullmatch(line):
        return False
    try:
        pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        return False
    return True


def _lines(content: str) -> list[tuple[int, str]]:
    """Return the lines that hold something, each with its number."""
    lines = ((number, line.strip(_UNSEEN)) for number, line in enumerate(content.splitlines(), 1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _kind_of(line: str, others: re.Pattern[str]) -> str | None:
    """Return what a line holds in place of the key asked for: the name of a known kind; None if that is unknown."""
    if match := others.fullmatch(line):
        known = next(filter(None, match.groups()))
        return f"{known}…" if known.endswith("1") else known
    return match[1] if (match := _PEM.match(line)) else None


def make_key() -> tuple[str, str]:
    """Make a key pair for a receiver: the secret key, and the recipient for the provinces."""
    import pyrage.x25519

    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def is_locked(content: bytes) -> bool:
    """Return whether a file of secret keys is itself encrypted by a passphrase (``age -p``, with or without ``-a``)."""
    return _locked(content) is not None


def _locked(content: bytes) -> bytes | None:
    """Return the age file that a file of keys is, without what an editor put around its armour; None if it is none."""
    if content.startswith(_AGE):
        return content
    with suppress(ValueError):
        lines = [line.strip() for line in decode_text(content[:MOST_KEY_FILE]).splitlines()]
        if _ARMOUR in lines and not any(map(_SECRET_BEGIN.match, lines)):
            first = lines.index(_ARMOUR)
            last = lines.index(_ARMOUR_END) if _ARMOUR_END in lines[first:] else len(lines)
            return "\n".join(filter(None, lines[first : last + 1])).encode() + b"\n"
    return None


def read_key_file(content: bytes, passphrase: str | None = None, name: str = "-") -> tuple[str, ...]:
    """Read a file of secret keys; an encrypted one by its passphrase, in each of its `forms`.

    Raises:
        UsageError: ``sealed.key_passphrase`` (encrypted, and no passphrase given), ``sealed.key_wrong_passphrase``,
            ``sealed.key_is_encrypted`` (a file encrypted for keys, not a key), ``sealed.key_work`` (opening it would
            take more work or memory than any honest file), and as `read_secrets`.
        FileError: as `read_text`.
    """
    import pyrage
    import pyrage.passphrase

    locked = _locked(content)
    if locked is None:
        return read_secrets(read_text(content, name), name)
    work = _work_of(locked, len(content), name)
    if not passphrase:  # no key has an empty one, and a try takes seconds
        raise UsageError("sealed.key_passphrase", name=name)
    for form in forms(passphrase, affordable(1 << work, _MOST_TRIED)):
        with suppress(pyrage.DecryptError, UnicodeEncodeError):
            return read_secrets(pyrage.passphrase.decrypt(locked, form).decode(errors="replace"), name)
    raise UsageError("sealed.key_wrong_passphrase", name=name)


def _work_of(locked: bytes, size: int, name: str) -> int:
    """Return the work of one try to open an encrypted key, as a power of two. Raises as `read_key_file`."""
    try:
        work = read_header(io.BytesIO(locked)).work
    except TooMuch:
        raise UsageError("sealed.key_work", name=name) from None
    except ValueError:
        raise UsageError("sealed.bad_key", name=name) from None
    if size > MOST_KEY_FILE or work > MOST_WORK:
        raise UsageError("sealed.key_work", name=name)
    if not work:
        raise UsageError("sealed.key_is_encrypted", name=name)
    return work


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
        content = pyrage.passphrase.encrypt(content, canonical(passphrase))

    def prove(part: Path) -> None:
        read_key_file(part.read_bytes(), passphrase)

    atomic_write(key, content, private=True, prove=prove)
    if recipients is not None:
        atomic_write(recipients, f"{recipient}\n".encode())
    return recipient


def open_secrets(secrets: Sequence[str]) -> list[pyrage.x25519.Identity]:
    """Return secret keys as pyrage identities. Raises as `read_secrets`."""
    import pyrage.x25519

    return [pyrage.x25519.Identity.from_str(one) for one in read_secrets("\n".join(secrets))]


def recipients_of(secrets: Sequence[str]) -> tuple[str, ...]:
    """Return the public keys of secret ones. Raises as `open_secrets`."""
    return tuple(str(one.to_public()) for one in open_secrets(secrets))
