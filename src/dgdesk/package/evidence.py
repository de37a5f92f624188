"""THE FILE, evidence: files as rows of 1 MiB, known by the SHA-256 of their content, each stored once.

SQLite's own checks do not see a flipped byte in a BLOB; so the digest is computed again on every read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from sqlalchemy import Connection, bindparam, func, insert, select

from dgdesk.errors import FileError, UsageError
from dgdesk.package.model import Cancelled, CancelledError, Progress, StoredFile
from dgdesk.package.schema import CHUNK, FILE

CHUNK_BYTES = 1 << 20

_BY_DIGEST = select(FILE.c.id, FILE.c.sha256, FILE.c.size).where(FILE.c.sha256 == bindparam("sha256"))
_DATA = select(CHUNK.c.data).where(CHUNK.c.file == bindparam("file"), CHUNK.c.position == bindparam("position"))

Reading = Callable[[], AbstractContextManager[Connection]]


def store(
    connection: Connection,
    source: BinaryIO,
    total: int,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> StoredFile:
    """Copy ``source`` from where it stands to its end into the package, inside the caller's transaction.

    A content that is already stored is not stored twice. Memory use does not grow with the size.

    Raises:
        CancelledError: ``cancelled`` said so; the caller's transaction must be undone.
        FileError: ``package.source_unreadable``.
    """
    digest = hashlib.sha256()
    size = 0
    number = connection.execute(select(func.coalesce(func.max(FILE.c.id), 0) + 1)).scalar_one()
    # No ``with``: when SQLite itself has undone the transaction (disk full), the savepoint is gone, and going back to
    # it would hide the reason. The caller's transaction undoes everything.
    copying = connection.begin_nested()
    for position, data in enumerate(_chunks(source)):
        _heed(cancelled)
        digest.update(data)
        size += len(data)
        connection.execute(insert(CHUNK), {"file": number, "position": position, "data": data})
        if progress is not None:
            progress(size, max(total, size) if total else 0)
    _heed(cancelled)
    stored = StoredFile(digest.hexdigest(), size)
    if connection.execute(_BY_DIGEST, {"sha256": stored.sha256}).first() is not None:
        copying.rollback()
    else:
        connection.execute(insert(FILE), {"id": number, "sha256": stored.sha256, "size": size})
        copying.commit()
    return stored


def _heed(cancelled: Cancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise CancelledError("package.cancelled")


def read(reading: Reading, sha256: str) -> Iterator[bytes]:
    """The content of a stored file in pieces of 1 MiB at most; the file is looked up at once.

    Each piece is read in a short view of its own, so that a slow consumer does not make the writer wait. **The digest
    is known only at the end**: whoever writes the pieces somewhere writes to ``.part`` and renames when the iteration
    ended without an error.

    Raises:
        UsageError: ``package.no_such_file``.
        FileError: ``package.evidence_damaged`` (value sha256), at the latest in place of the end.
    """
    with reading() as connection:
        row = connection.execute(_BY_DIGEST, {"sha256": sha256}).first()
    if row is None:
        raise UsageError("package.no_such_file", sha256=sha256)
    return _checked(reading, row.id, row.sha256, row.size)


def _checked(reading: Reading, number: int, sha256: str, size: int) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for position, start in enumerate(range(0, size, CHUNK_BYTES)):
        try:
            with reading() as connection:
                data = connection.execute(_DATA, {"file": number, "position": position}).scalar()
        except FileError as error:
            if error.code != "package.damaged":
                raise
            raise FileError("package.evidence_damaged", sha256=sha256) from error
        if data is None or len(data) != min(CHUNK_BYTES, size - start):
            raise FileError("package.evidence_damaged", sha256=sha256)
        digest.update(data)
        if start + len(data) == size and digest.hexdigest() != sha256:
            raise FileError("package.evidence_damaged", sha256=sha256)  # before the last piece is given out
        yield data
    if size == 0 and digest.hexdigest() != sha256:
        raise FileError("package.evidence_damaged", sha256=sha256)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    """Pieces of exactly 1 MiB, the last one shorter, also from a source that gives less than it is asked for."""
    while True:
        parts: list[bytes] = []
        missing = CHUNK_BYTES
        while missing:
            try:
                part = source.read(missing)
            except OSError as error:
                name = str(getattr(source, "name", ""))
                raise FileError("package.source_unreadable", name=name, detail=error.strerror or str(error)) from error
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        if parts:
            yield parts[0] if len(parts) == 1 else b"".join(parts)
        if missing:
            return
