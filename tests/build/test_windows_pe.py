"""Windows programs are read as files: what they load, their version, whether they are signed; the checksum is right."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_pe import pe as made
from windows import pe

NAMES = st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,30}\.(dll|DLL|pyd)", fullmatch=True), max_size=6)


@given(NAMES, NAMES, st.none() | st.tuples(*[st.integers(0, 0xFFFF)] * 4), st.booleans())
def test_what_was_put_in_is_read_again(
    imports: list[str], delayed: list[str], version: tuple[int, int, int, int] | None, signed: bool
) -> None:
    told = pe.read(made(imports, delayed, version, signed))
    assert told == (tuple(imports), tuple(delayed), signed, 0, version or (0, 0, 0, 0))


@given(NAMES, st.binary(max_size=70))
def test_the_checksum_counts_every_word_and_the_length(imports: list[str], tail: bytes) -> None:
    content = pe.with_checksum(made(imports, tail=tail))
    assert pe.read(content).checksum == pe.right_checksum(content)
    # by the book: add each word, fold the carry back at once
    place, total = 0x98 + 64, 0
    padded = content + bytes(len(content) % 2)
    for at in range(0, len(padded), 2):
        if place <= at < place + 4:
            continue
        total += struct.unpack_from("<H", padded, at)[0]
        total = (total & 0xFFFF) + (total >> 16)
    assert pe.right_checksum(content) == total + len(content)


def test_a_file_asks_for_a_library_by_its_own_name_again() -> None:
    content = made(["KERNEL32.dll", "MSVCP140-7c26614e.dll"], ["msvcp140-7c26614e.dll"], tail=b"kept")
    changed = pe.asking_for(content, {"msvcp140-7c26614e.dll": "msvcp140.dll"})
    told = pe.read(changed)
    assert told.imports == ("KERNEL32.dll", "msvcp140.dll") and told.delayed == ("msvcp140.dll",)
    assert told.checksum == pe.right_checksum(changed) and changed.endswith(b"kept")
    assert len(changed) == len(content)


def test_a_file_that_asks_for_nothing_renamed_stays_as_it_is() -> None:
    content = made(["kernel32.dll"], signed=True)
    assert pe.asking_for(content, {"other.dll": "o.dll"}) == content


def test_a_signed_file_is_not_changed_and_a_longer_name_has_no_room() -> None:
    with pytest.raises(ValueError, match="signed"):
        pe.asking_for(made(["old.dll"], signed=True), {"old.dll": "new.dll"})
    with pytest.raises(ValueError, match="no room"):
        pe.asking_for(made(["old.dll"]), {"old.dll": "longer.dll"})


@given(st.data())
def test_damage_is_told_and_nothing_else_happens(data: st.DataObject) -> None:
    content = bytearray(made(["kernel32.dll", "user32.dll"], ["gdi32.dll"], (1, 2, 3, 4)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        told = pe.read(cut)
    except pe.Unreadable:
        return
    assert len(told.imports) < 1000


@pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF" + bytes(200), made(machine=0x14C), made(machine=0xAA64)])
def test_what_is_no_program_for_64_bit_windows_is_refused(content: bytes) -> None:
    with pytest.raises(pe.Unreadable):
        pe.read(content)
