"""Pieces of a source: in order and unchanged while they are used, whatever the source does, and nothing read later."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from dgdesk.draft.file.evidence import CHUNK_BYTES
from dgdesk.draft.file.pieces import Pieces
from dgdesk.errors import FileError


@pytest.fixture
def pieces():
    with ThreadPoolExecutor(1) as reading, ThreadPoolExecutor(1) as hashing:
        yield Pieces(reading, hashing)


class Slow(io.RawIOBase):
    """Gives little at a time, fails at a position if told to, and notes whether it is read after `close`."""

    def __init__(self, content, fails_at=None, pause=0.0):
        self._content, self._at, self._fails_at, self._pause = content, 0, fails_at, pause
        self.read_late = False

    def readable(self):
        return True

    def readinto(self, buffer):
        self.read_late |= self.closed
        time.sleep(self._pause)
        if self._fails_at is not None and self._at >= self._fails_at:
            raise OSError(5, "Input/output error")
        part = self._content[self._at : self._at + min(len(buffer), 300_001)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def taken(pieces, source):
    digest, got = hashlib.sha256(), []
    with closing(pieces.of(source, digest.update)) as found:
        for position, view in found:
            assert position == len(got)
            got.append(bytes(view))
    return got, digest.hexdigest()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES, 9_437_190])
@pytest.mark.parametrize("kind", [io.BytesIO, Slow])
def test_all_of_it_comes_in_order_with_its_digest(pieces, size, kind):
    content = os.urandom(size)
    for _ in range(2):  # the buffers serve several files
        got, digest = taken(pieces, kind(content))
        assert b"".join(got) == content and digest == hashlib.sha256(content).hexdigest()
        assert all(len(piece) == CHUNK_BYTES for piece in got[:-1])


def test_a_piece_stays_as_it_is_while_it_is_used(pieces):
    content = b"".join(bytes([number]) * CHUNK_BYTES for number in range(10))
    with closing(pieces.of(io.BytesIO(content), lambda _: None)) as found:
        for number, view in found:
            time.sleep(0.01)  # the others are filled meanwhile
            assert bytes(view) == bytes([number]) * CHUNK_BYTES


def test_a_slow_digest_gets_every_piece(pieces):
    content, digest = os.urandom(7 * CHUNK_BYTES + 3), hashlib.sha256()

    def update(view):
        time.sleep(0.01)
        digest.update(view)

    with closing(pieces.of(io.BytesIO(content), update)) as found:
        assert sum(len(view) for _, view in found) == len(content)
    assert digest.digest() == hashlib.sha256(content).digest()


@pytest.mark.parametrize("at", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 5])
def test_a_source_that_fails_is_reported_after_what_it_gave(pieces, at):
    got = []
    source = Slow(os.urandom(5 * CHUNK_BYTES), fails_at=at)
    with pytest.raises(FileError) as told, closing(pieces.of(source, lambda _: None)) as found:
        got += [len(view) for _, view in found]
    assert told.value.code == "package.source_unreadable" and sum(got) <= at + CHUNK_BYTES
    assert taken(pieces, io.BytesIO(b"another"))[0] == [b"another"]


def test_a_digest_that_cannot_be_made_is_raised(pieces):
    def fails(view):
        raise MemoryError

    with pytest.raises(MemoryError), closing(pieces.of(io.BytesIO(bytes(6 * CHUNK_BYTES)), fails)) as found:
        list(found)


def test_an_abandoned_source_is_not_read_any_more(pieces):
    source = Slow(bytes(20 * CHUNK_BYTES), pause=0.005)
    with closing(pieces.of(source, lambda _: None)) as found:
        next(found)
    source.close()
    assert taken(pieces, io.BytesIO(b"another"))[0] == [b"another"]
    assert not source.read_late


def test_a_small_source_needs_no_thread(pieces):
    before = threading.active_count()
    taken(pieces, io.BytesIO(bytes(CHUNK_BYTES - 1)))
    assert threading.active_count() == before
