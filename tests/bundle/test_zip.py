"""The zip form, its writer and its reader: what one writes the other and Python's own reader read back."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bundle.support import pack
from dgdesk.bundle.archive.zip_read import read_chunks, read_directory, read_whole
from dgdesk.bundle.archive.zip_write import (
    MAX32,
    SizeChanged,
    ZipEntry,
    ZipWriter,
    central_header,
    end_records,
    local_header,
)
from dgdesk.bundle.report import Limits
from dgdesk.errors import CheckFailed

FILES = {"bag/a.txt": b"one", "bag/ไฟล์.pdf": b"two" * 50, "bag/empty": b"", "bag/bagit.txt": b""}
LARGE = 5 << 30


def read(content: bytes, limits: Limits | None = None) -> tuple[ZipEntry, ...]:
    return read_directory(io.BytesIO(content), limits or Limits())


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.binary(max_size=200)))
def test_what_the_writer_writes_the_reader_reads(files: dict[str, bytes]) -> None:
    stream = io.BytesIO(pack(files))
    entries = read_directory(stream, Limits())
    assert {entry.name: read_whole(stream, entry, 200) for entry in entries} == files
    assert [entry.name for entry in entries] == list(files)


def test_pythons_own_reader_agrees_and_finds_nothing_but_stored_files() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        for item in archive.infolist():
            assert item.compress_type == zipfile.ZIP_STORED
            assert item.date_time == (1980, 1, 1, 0, 0, 0)
            assert (item.extra, item.comment, item.external_attr) == (b"", b"", 0)
            assert bool(item.flag_bits & 0x800) is not item.filename.isascii()
            assert not item.flag_bits & ~0x800


@pytest.mark.parametrize("chunks", [[b"ab"], [b"ab", b"cd"], []])
def test_a_source_must_give_what_it_announced(chunks: list[bytes]) -> None:
    with pytest.raises(SizeChanged):
        ZipWriter(io.BytesIO()).add("a", 3, chunks, lambda count: None)


class Sparse(io.RawIOBase):
    """A file of many gigabytes that holds only the pieces written to it; zeros elsewhere."""

    def __init__(self) -> None:
        self.pieces: dict[int, bytes] = {}
        self.at = self.length = 0

    def put(self, at: int, piece: bytes) -> None:
        self.pieces[at] = piece
        self.length = max(self.length, at + len(piece))

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.length}[whence]
        return self.at

    def read(self, size: int = -1) -> bytes:
        end = self.length if size < 0 else min(self.at + size, self.length)
        start, found = self.at, bytearray(max(end - self.at, 0))
        for at, piece in self.pieces.items():
            low, high = max(at, start), min(at + len(piece), end)
            if low < high:
                found[low - start : high - start] = piece[low - at : high - at]
        self.at = max(end, start)
        return bytes(found)


def large_zip(sizes: list[int]) -> tuple[Sparse, list[ZipEntry]]:
    stream, entries, offset = Sparse(), [], 0
    for number, size in enumerate(sizes):
        entry = ZipEntry(f"bag/{number}", size, 0, offset)
        stream.put(offset, local_header(entry))
        offset = entry.end
        entries.append(entry)
    directory = b"".join(central_header(entry) for entry in entries)
    stream.put(offset, directory + end_records(len(entries), len(directory), offset))
    return stream, entries


@pytest.mark.parametrize("sizes", [[1, LARGE, 2], [MAX32 - 1, 5], [MAX32, 5], [MAX32 - 40, 0, 0], [LARGE, LARGE]])
def test_files_of_more_than_four_gigabytes_get_zip64_fields_just_where_needed(sizes: list[int]) -> None:
    stream, entries = large_zip(sizes)
    assert list(read_directory(stream, Limits())) == entries
    with zipfile.ZipFile(stream) as archive:
        assert [item.file_size for item in archive.infolist()] == sizes
        assert [item.header_offset for item in archive.infolist()] == [entry.offset for entry in entries]
    for entry in entries:
        assert (len(central_header(entry)) == 46 + 5) == (entry.size < MAX32 and entry.offset < MAX32)
        assert len(local_header(entry)) == 30 + 5 + (20 if entry.size >= MAX32 else 0)


def test_seventy_thousand_files_get_zip64_end_records() -> None:
    content = pack({f"b/{number}": b"" for number in range(70_000)})
    assert len(read(content, Limits(entries=100_000))) == 70_000
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 70_000
    with pytest.raises(CheckFailed, match=r"zip\.too_many"):
        read(content)


def _foreign(**options: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **options) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _patch(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def _overlapping() -> bytes:
    """Two directory entries for the same bytes: the way of a zip that unpacks to far more than it is."""
    entry = ZipEntry("bag/a", 3, 0x7C6B6C9D, 0)
    body = local_header(entry) + b"one"
    directory = central_header(entry) + central_header(entry._replace(name="bag/b"))
    return body + directory + end_records(2, len(directory), len(body))


def _claims(size: int, offset: int, entry_size: int = 0) -> bytes:
    directory = central_header(ZipEntry("a", entry_size, 0, 0))
    end = end_records(1, MAX32, MAX32)
    return directory + _patch(end, 40, struct.pack("<2Q", size, offset))


GOOD = pack(FILES)
DIRECTORY = GOOD.index(b"PK\x01\x02")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "zip.empty"),
        (b"not a zip at all, though long enough", "zip.is_text"),
        (b"\x01not a zip at all, though long enough\xfe", "zip.not_zip"),
        (b"#!" + GOOD, "zip.leading"),
        (b"x" + GOOD, "zip.changed"),
        (GOOD + b"#!", "zip.trailing"),
        (GOOD + b"x", "zip.changed"),
        (GOOD[:-1], "zip.cut_short"),
        (_patch(GOOD, len(GOOD) - 2, b"\x04\x00") + b"note", "zip.comment"),
        (GOOD[:DIRECTORY] + b"gap" + GOOD[DIRECTORY:], "zip.changed"),
        (_patch(GOOD, len(GOOD) - 18, b"\x01\x00"), "zip.disks"),
        (_patch(GOOD, len(GOOD) - 14, b"\x01"), "zip.disks"),
        (_patch(GOOD, len(GOOD) - 14, bytes(4)), "zip.changed"),
        (_patch(GOOD, DIRECTORY, b"PK\x05\x06"), "zip.changed"),
        (_patch(GOOD, DIRECTORY + 8, b"\x01"), "zip.encrypted"),
        (_patch(GOOD, DIRECTORY + 8, b"\x08"), "zip.descriptor"),
        (_patch(GOOD, DIRECTORY + 10, b"\x08"), "zip.compressed"),
        (_patch(GOOD, DIRECTORY + 12, b"\x01"), "zip.foreign"),
        (_patch(GOOD, DIRECTORY + 28, b"\xff\xff"), "zip.changed"),
        (_patch(GOOD, DIRECTORY + 38, b"\x01"), "zip.foreign"),
        (_patch(GOOD, DIRECTORY + 41, b"\xa1"), "zip.link"),
        (_patch(GOOD, DIRECTORY + 24, b"\x04"), "zip.sizes_differ"),
        (_patch(GOOD, DIRECTORY + 42, b"\x01"), "zip.changed"),
        (_patch(GOOD, DIRECTORY + 46, b"B"), "zip.headers_differ"),
        (_patch(GOOD, DIRECTORY + 46, b"\xff"), "zip.changed"),
        (_patch(GOOD, DIRECTORY + 16, b"\x00\x00\x00\x00"), "zip.changed"),
        (_patch(GOOD, 30, b"B"), "zip.headers_differ"),
        (_patch(GOOD, 14, b"\x00\x00\x00\x00"), "zip.changed"),
        (_patch(GOOD, 14, b"\x01\x02\x03\x04"), "zip.headers_differ"),
        (_patch(GOOD, 18, b"\x04"), "zip.headers_differ"),
        (_overlapping(), "zip.overlap"),
        (_claims(1 << 63, (1 << 64) - 1), "zip.too_many"),
        (_claims(47, (1 << 64) - 1), "zip.lost"),
        (_claims(67, 0, (1 << 64) - 1), "zip.large_lies"),
        (_foreign(), "zip.repacked"),
        (_foreign(compression=zipfile.ZIP_DEFLATED), "zip.compressed"),
    ],
)
def test_whatever_is_not_written_as_we_do_is_told_by_its_kind(content: bytes, code: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        read(content)
    assert caught.value.code == code


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_no_bytes_make_the_reader_fail_in_another_root(junk: bytes, at: int) -> None:
    for content in (junk, GOOD[:at] + junk, junk + GOOD[at:], GOOD[:at] + junk + GOOD[at:]):
        if content != GOOD:
            with pytest.raises(CheckFailed):
                read(content)


def test_content_is_checked_and_bounded() -> None:
    stream = io.BytesIO(_patch(GOOD, GOOD.index(b"one"), b"two"))
    first = read_directory(stream, Limits())[0]
    with pytest.raises(CheckFailed, match=r"zip\.checksum"):
        read_whole(stream, first, 100)
    with pytest.raises(CheckFailed, match=r"zip\.too_big"):
        read_whole(stream, first, 2)
    stream.truncate(first.start + 1)
    with pytest.raises(CheckFailed, match=r"zip\.damaged"):
        list(read_chunks(stream, first))


def test_content_comes_in_pieces_of_half_a_mebibyte(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            yield bytes(1 << 19)

    with (tmp_path / "x.zip").open("x+b") as stream:
        writer = ZipWriter(stream)
        writer.add("a", 5 << 19, chunks(), lambda count: None)
        writer.finish()
        (entry,) = read_directory(stream, Limits())
        assert [len(chunk) for chunk in read_chunks(stream, entry)] == [1 << 19] * 5
