"""Finds holes in JPEG data (ITU-T T.81) without decoding it: zeros where the picture's own code has none.

libjpeg draws grey or shifted stripes from there on and says nothing that Pillow passes on.
"""

from __future__ import annotations

from typing import Final

from dgdesk.evidence.inspection.streams import has_hole

_SOI: Final = b"\xff\xd8"
_EOI: Final = b"\xff\xd9"
_SOS: Final = 0xDA
_DHT: Final = 0xC4
_BASELINE: Final = frozenset({0xC0, 0xC1})
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {_DHT, 0xC8, 0xCC})
_MOST_SEGMENTS: Final = 1_000
_CODES: Final = 17
_FOR_ACS: Final = 1


def is_whole(data: bytes) -> bool:
    """Tell whether the data has its end, and no hole in what is coded."""
    start, may_have_zeros = _coded_from(data)
    if start < 0:
        return False
    end = data.rfind(_EOI, start)
    if end < 0:
        return False
    # Behind the first end may be more, such as a second picture or padding.
    return may_have_zeros or not has_hole(data[start:end]) or not has_hole(data[start : data.find(_EOI, start)])


def _coded_from(data: bytes) -> tuple[int, bool]:
    """Return where the coded data begins (-1: nowhere), and whether long runs of zeros may be in it.

    Zeros are the shortest code of each table. If that of the first table for detail is not "the block ends", a run of
    zeros would be blocks full of detail.
    """
    at, may_have_zeros, tables = 2, False, 0
    if not data.startswith(_SOI):
        return -1, False
    for _ in range(_MOST_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF:
            return -1, False
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        segment, at = data[at + 4 : at + 2 + length], at + 2 + length
        if marker == _SOS:
            return at, may_have_zeros or not tables
        if marker in _FRAMES and marker not in _BASELINE:
            may_have_zeros = True  # other codes: zeros are common
        if marker == _DHT:
            firsts = _first_symbols(segment)
            tables += len(firsts)
            may_have_zeros |= 0 in firsts
    return -1, False


def _first_symbols(segment: bytes) -> list[int]:
    """Return the symbol of the shortest code of each table for detail in a DHT segment."""
    found = []
    while len(segment) > _CODES:
        count = sum(segment[1:_CODES])
        if segment[0] >> 4 == _FOR_ACS:
            found.append(segment[_CODES])
        segment = segment[_CODES + count :]
    return found
