"""A look into a zip: it shows what zipfile lists and unpacks; damage gives nothing made up, and bombs stay small."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dgdesk.system.zip_view import beginning, entries

LOCAL, END = b"PK\x03\x04", b"PK\x05\x06"
NAMES = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=20)
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = comment
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return stream.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=6), st.sampled_from(PACKED), st.binary(max_size=40))
def test_names_and_contents_are_those_that_zipfile_gives(files: dict[str, bytes], method: int, comment: bytes) -> None:
    content = zipped(files, method, comment.replace(END, b""))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wanted = [(one.filename, archive.read(one)) for one in archive.infolist()]
    stream = io.BytesIO(content)
    found = [(one.name, beginning(stream, one, 1000)) for one in entries(stream, content[:100])]
    assert [content for _, content in found] == [content for _, content in wanted]
    assert [name.encode() for name, _ in found] == [name.encode() for name in files]


def test_a_zip_cut_short_shows_the_first_name_alone() -> None:
    content = zipped({"น่าน/bagit.txt": b"x" * 99, "b": b""}, zipfile.ZIP_STORED)
    cut = content[:80]
    assert [one.name for one in entries(io.BytesIO(cut), cut)] == ["น่าน/bagit.txt"]
    assert entries(io.BytesIO(LOCAL), LOCAL) == []


@given(st.data())
@example(None)
def test_damage_gives_nothing_or_a_beginning_and_no_error(data: st.DataObject | None) -> None:
    content = bytearray(zipped({"a": b"one" * 50, "b": bytes(200)}))
    places = (
        [] if data is None else data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255))))
    )
    for at, byte in places:
        content[at] = byte
    stream = io.BytesIO(bytes(content))
    for one in entries(stream, bytes(content[:100])):
        assert len(beginning(stream, one, 50)) <= 50


def test_what_is_packed_in_a_rare_form_is_not_guessed() -> None:
    content = zipped({"a": b"x" * 500}, zipfile.ZIP_LZMA)
    stream = io.BytesIO(content)
    assert [beginning(stream, one, 500) for one in entries(stream, content[:100])] == [b""]


@pytest.mark.parametrize("method", PACKED)
def test_a_large_file_is_unpacked_no_further_than_asked(method: int) -> None:
    content = zipped({"bomb": bytes(64 << 20)}, method)
    stream = io.BytesIO(content)
    (bomb,) = entries(stream, content[:100])
    tracemalloc.start()
    try:
        assert beginning(stream, bomb, 1000) == bytes(1000)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
