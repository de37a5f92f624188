"""Reads evidence files, which are stored as rows of 1 MiB and identified by the SHA-256 of their content.

SQLite's own checks do not see a flipped byte in a BLOB, so the digest is computed again on every read, here or by the
caller.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager

from sqlalchemy import Connection, bindparam, select

from dgdesk.draft.file.schema import CHUNK, FILE
from dgdesk.errors import FileError, UsageError

CHUNK_BYTES = 1 << 20

BY_DIGEST = select(FILE.c.id, FILE.c.sha256, FILE.c.size).where(FILE.c.sha256 == bindparam("sha256"))
_DATA = select(CHUNK.c.data).where(CHUNK.c.file == bindparam("file"), CHUNK.c.position == bindparam("position"))

_AHEAD = 2  # pieces queued for their digest

EvidenceReading = Callable[[], AbstractContextManager[Connection]]


def read(reading: EvidenceReading, sha256: str, *, checked: bool = True) -> Iterator[bytes]:
    """Yield the content of a stored file in pieces of at most 1 MiB; the file is looked up at once.

    Each piece is read in a short view of its own, so that a slow consumer does not make the writer wait. **The digest
    is known only at the end**: write the pieces through `dgdesk.system.atomic` or into a scratch folder. Without
    ``checked`` only the pieces' sizes are checked: the caller computes the digest itself.

    Raises:
        UsageError: ``package.no_such_file``.
        FileError: ``package.evidence_damaged`` (value sha256), at the latest instead of the last piece.
    """
    with reading() as connection:
        row = connection.execute(BY_DIGEST, {"sha256": sha256}).first()
    if row is None:
        raise UsageError("package.no_such_file", sha256=sha256)
    return (_checked if checked else _pieces)(reading, row.id, row.sha256, row.size)


def is_sound(
    reading: EvidenceReading, number: int, sha256: str, size: int, hashing: Executor, advance: Callable[[int], None]
) -> bool:
    """Return whether a stored file is unchanged. ``hashing`` has one thread, which works while the next piece is read.

    ``advance`` is called with the number of bytes of each piece and may raise to stop.
    """
    digest = hashlib.sha256()
    at_work: deque[Future[None]] = deque()
    try:
        for data in _pieces(reading, number, sha256, size):
            at_work.append(hashing.submit(digest.update, data))
            if len(at_work) > _AHEAD:
                at_work.popleft().result()
            advance(len(data))
    except FileError as error:
        if error.code != "package.evidence_damaged":
            raise
        return False
    for future in at_work:
        future.result()
    return digest.hexdigest() == sha256


def _checked(reading: EvidenceReading, number: int, sha256: str, size: int) -> Iterator[bytes]:
    digest = hashlib.sha256()
    start = 0
    for data in _pieces(reading, number, sha256, size):
        digest.update(data)
        start += len(data)
        if start == size and digest.hexdigest() != sha256:
            raise FileError("package.evidence_damaged", sha256=sha256)  # before the last piece is given out
        yield data
    if size == 0 and digest.hexdigest() != sha256:
        raise FileError("package.evidence_damaged", sha256=sha256)


def _pieces(reading: EvidenceReading, number: int, sha256: str, size: int) -> Iterator[bytes]:
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
        yield data
