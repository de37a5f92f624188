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
_FOR_DETAIL: Final = 1
_BLOCK_ENDS: Final = 0
_COLOURS_AT: Final = 5


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
    """Return where the coded data begins (-1: nowhere), and whether long runs of zeros may be in it."""
    at, tables, progressive, colours = 2, dict[int, int](), False, 0
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
            return at, progressive or _may_have_zeros(segment, tables, colours)
        if marker in _FRAMES and len(segment) > _COLOURS_AT:
            progressive, colours = marker not in _BASELINE, segment[_COLOURS_AT]
        if marker == _DHT:
            tables |= _shortest(segment)
    return -1, False


def _may_have_zeros(scan: bytes, tables: dict[int, int], colours: int) -> bool:
    """Tell whether long runs of zeros may be in a scan.

    Zeros are the shortest code of each table. Where that of a table for detail is not "the block ends", a run of zeros
    would be blocks full of detail, which no picture has. In most files the first colour's table is so.
    """
    count = scan[0] if scan else 0
    if count != colours:  # each colour by itself
        return True
    return all(tables.get(scan[at] & 15, 0) == _BLOCK_ENDS for at in range(2, 1 + 2 * count, 2) if at < len(scan))


def _shortest(segment: bytes) -> dict[int, int]:
    """Return the symbol of the shortest code of each table for detail in a DHT segment, by the table's number."""
    found = {}
    while len(segment) > _CODES:
        count = sum(segment[1:_CODES])
        if segment[0] >> 4 == _FOR_DETAIL:
            found[segment[0] & 15] = segment[_CODES]
        segment = segment[_CODES + count :]
    return found
