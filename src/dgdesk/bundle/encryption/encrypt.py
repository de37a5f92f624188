"""Encrypts and decrypts whole files for the agency: age v1 (X25519, ChaCha20-Poly1305) through pyrage.

Files are signed first, then encrypted. Files of any size are processed in pieces. pyrage is imported only when needed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dgdesk.bundle.archive.named_file import require_file, why_not_read
from dgdesk.bundle.encryption.age_header import MOST_STANZAS, AgeHeader, Replayed, TooMuch, read_header
from dgdesk.bundle.encryption.age_keys import open_secrets, read_recipients
from dgdesk.bundle.encryption.sealed_causes import why_damaged
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.system.atomic import atomic_file
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.zone import stamp_like

SUFFIX = ".age"
_TELL_EVERY = 1 << 20


class EncryptedReport(NamedTuple):
    """A written and checked file; ``sha256`` is that of the unencrypted content, ``size`` in bytes."""

    path: Path
    sha256: str
    size: int


def encrypt_file(
    source: Path,
    target: Path,
    recipients: Sequence[str],
    *,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
) -> EncryptedReport:
    """Encrypt a file for all recipients; the source does not change.

    Only a recipient can open the result, so one more recipient is added for the check, with a key that is made for this
    file and then dropped: the written file is decrypted as a whole and compared by its digest, and only then gets its
    name. That each real recipient can open it is left to age and is not checked.

    Raises:
        UsageError: as `read_recipients`.
        FileError: ``bundle.exists``, and as `require_file`, `why_not_read` and `explain_write`.
        CheckFailed: ``sealed.not_sound``.
        Cancelled: the person stopped it.
    """
    import pyrage
    import pyrage.x25519

    keys = [pyrage.x25519.Recipient.from_str(one) for one in read_recipients("\n".join(recipients))]
    witness = pyrage.x25519.Identity.generate()
    size = _size(source)
    crypting = _Crypting(progress.count(2 * size, every=_TELL_EVERY))
    with (
        atomic_file(target, replace=replace, kind="encrypted", size=size) as part,
        source.open("rb") as plain,
    ):
        reader = _Hashing(plain, crypting)
        with part.open("x+b") as stream:
            writer = _Writing(stream, crypting)
            with crypting.errors(lambda error: CheckFailed("sealed.not_sound")):
                pyrage.encrypt_io(reader, writer, [*keys, witness.to_public()])
            stream.seek(0)
            back = _Hashing(None, crypting)
            with crypting.errors(lambda error: CheckFailed("sealed.not_sound")):
                pyrage.decrypt_io(stream, back, [witness])
        if back.digest != reader.digest:
            raise CheckFailed("sealed.not_sound")
        size = part.stat().st_size
    return EncryptedReport(target, reader.digest, size)


def decrypt_file(
    source: Path,
    target: Path,
    secrets: Sequence[str],
    *,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
) -> EncryptedReport:
    """Decrypt a file, completely or not at all. Its content is still untrusted: verify it next.

    Raises:
        UsageError: as `read_secrets`; ``sealed.not_for_you``: none of the keys opens it.
        FileError: ``bundle.exists``, ``sealed.too_many_keys``, and as `require_file`, `why_not_read`, `why_damaged`
            and `explain_write`.
        Cancelled: the person stopped it.
    """
    import pyrage

    keys = open_secrets(secrets)
    size = _size(source)
    crypting = _Crypting(progress.count(size, every=_TELL_EVERY))
    least = size * 9 // 10  # age adds 16 bytes to each 64 KiB, and a header
    with (
        atomic_file(target, replace=replace, kind="bundle", size=least) as part,
        source.open("rb") as sealed,
    ):
        begin = _header(sealed, source.name).begin
        with part.open("xb") as stream:
            writer = _Hashing(stream, crypting)
            with crypting.errors(lambda error: _why_shut(error, sealed, source.name)):
                pyrage.decrypt_io(_Reading(Replayed(begin, sealed), crypting), writer, keys)
        stamp_like(source)(part)
        size = part.stat().st_size
    return EncryptedReport(target, writer.digest, size)


def _header(sealed: BinaryIO, name: str) -> AgeHeader:
    """Read the header before the library does. Raises FileError ``sealed.too_many_keys``; as `why_damaged`."""
    try:
        return read_header(sealed)
    except TooMuch:
        raise FileError("sealed.too_many_keys", name=name, most=MOST_STANZAS) from None
    except ValueError:
        raise why_damaged(sealed, name) from None


def _why_shut(error: Exception, sealed: BinaryIO, name: str) -> Exception:
    if "matching key" in str(error).lower():
        return UsageError("sealed.not_for_you", name=name)
    return why_damaged(sealed, name)


@dataclass
class _Crypting:
    """The progress, and what a stream failed with: pyrage turns even an interrupt into an error of its own."""

    progress: Progress
    failure: BaseException | None = None

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Store the error of a stream."""
        try:
            yield
        except BaseException as error:
            self.failure = error
            raise

    @contextlib.contextmanager
    def errors(self, otherwise: Callable[[Exception], Exception]) -> Iterator[None]:
        """Raise the stored error of a stream; pyrage's own errors become ``otherwise``."""
        import pyrage

        try:
            yield
        except (pyrage.EncryptError, pyrage.DecryptError, OSError) as error:
            raise self.failure or otherwise(error) from error


class _Reading:
    """A stream for pyrage to read from; its errors are stored."""

    def __init__(self, stream: Replayed, crypting: _Crypting) -> None:
        self._stream, self._crypting = stream, crypting

    def read(self, size: int = -1) -> bytes:
        """Read."""
        with self._crypting.kept():
            return self._stream.read(size)


class _Writing:
    """A file for pyrage to write to; its errors are stored."""

    def __init__(self, stream: BinaryIO, crypting: _Crypting) -> None:
        self._stream, self._crypting = stream, crypting

    def write(self, piece: bytes) -> int:
        """Write."""
        with self._crypting.kept():
            return self._stream.write(piece)

    def flush(self) -> None:
        """Hand on what waits."""
        with self._crypting.kept():
            self._stream.flush()


class _Hashing:
    """A stream for pyrage that hashes its bytes; without a file it only hashes."""

    def __init__(self, stream: BinaryIO | None, crypting: _Crypting) -> None:
        self._stream, self._crypting, self._hash = stream, crypting, hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes so far, hex."""
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Read and hash."""
        with self._crypting.kept():
            piece = self._stream.read(size) if self._stream else b""
            self._hash.update(piece)
            self._crypting.progress.add(len(piece))
        return piece

    def write(self, piece: bytes) -> int:
        """Write and hash."""
        with self._crypting.kept():
            if self._stream:
                self._stream.write(piece)
            self._hash.update(piece)
            self._crypting.progress.add(len(piece))
        return len(piece)

    def flush(self) -> None:
        """Hand on what waits."""
        with self._crypting.kept():
            if self._stream:
                self._stream.flush()


def _size(source: Path) -> int:
    try:
        require_file(source)
        return source.stat().st_size
    except OSError as error:
        raise why_not_read(error, source) from error
