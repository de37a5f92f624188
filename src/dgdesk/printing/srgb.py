"""The colour profile that PDF/A requires: sRGB (IEC 61966-2-1), built here, so that it needs no licence.

ICC.1:2001-04 (version 2): three primaries adapted to D50 and one curve. The same bytes every time.
"""

from __future__ import annotations

from struct import pack
from typing import Final

NAME: Final = "sRGB"
_D50: Final = (0.9642, 1.0, 0.8249)
_PRIMARIES: Final = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS: Final = 1024
_DATE: Final = (2026, 1, 1, 0, 0, 0)  # of the profile, not of the document


def srgb_profile() -> bytes:
    """The profile, about 2.6 kB."""
    curve = pack(">4s4xI", b"curv", _STEPS) + b"".join(
        pack(">H", round(_linear(step / (_STEPS - 1)) * 65535)) for step in range(_STEPS)
    )
    title = NAME.encode("ascii") + b"\0"
    tags = {
        b"desc": pack(">4s4xI", b"desc", len(title)) + title + bytes(4 + 4 + 2 + 1 + 67),
        b"cprt": b"text" + bytes(4) + b"No copyright, use freely\0",
        b"wtpt": _xyz(_D50),
        **{tag: _xyz(value) for tag, value in _PRIMARIES.items()},
        b"rTRC": curve,
    }
    start = 128 + 4 + 12 * (len(tags) + 2)
    table, body = b"", b""
    for tag, value in tags.items():
        entry = pack(">II", start + len(body), len(value))
        table += tag + entry
        if tag == b"rTRC":  # one curve for all three
            table += b"gTRC" + entry + b"bTRC" + entry
        body += value + bytes(-len(value) % 4)
    header = pack(
        ">I4sI4s4s4s6H4s4sI4sI8xI3i4s44x",
        start + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ", *_DATE, b"acsp", bytes(4), 0, bytes(4),
        0, 0, *(round(value * 65536) for value in _D50), bytes(4),
    )  # fmt: skip
    return header + pack(">I", len(tags) + 2) + table + body


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _xyz(values: tuple[float, float, float]) -> bytes:
    return pack(">4s4x3i", b"XYZ ", *(round(value * 65536) for value in values))
