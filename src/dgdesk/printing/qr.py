"""QR codes (ISO/IEC 18004) drawn as areas: sharp at every size."""

from __future__ import annotations

import base64
from typing import Final

import zxingcpp

from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, WHITE

QUIET = 4  # white modules around the code, which readers need
OVERLAP: Final = 1.03
"""How high a row is drawn, in modules: rows overlap a little, so that no viewer shows a gap."""
_DARK: Final = bytes([1]) + bytes(255)  # black is 0 in a picture


def rows_of(text: str) -> tuple[bytes, ...]:
    """The smallest code of ``text`` with error correction M (15 %), from the top: 1 is a dark module, 0 a light one.

    The mask is the best of the eight, as the standard advises.
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = zxingcpp.write_barcode_to_image(code, add_quiet_zones=False)
    dark = bytes(memoryview(picture)).translate(_DARK)  # type: ignore[arg-type]  # it is a buffer
    wide: int = picture.shape[1]
    return tuple(dark[at : at + wide] for at in range(0, len(dark), wide))


class QrCode:
    """The modules of one code."""

    def __init__(self, text: str) -> None:
        self.rows = rows_of(text)

    @property
    def modules(self) -> int:
        """Modules along one side, the quiet zone included."""
        return len(self.rows) + 2 * QUIET

    def draw(self, pen: Pen, x: float, y: float, size: float) -> None:
        """Draw the code with its quiet zone into a square of ``size`` points whose lower left corner is (x, y)."""
        module = size / self.modules
        pen.area(x, y, size, size, WHITE)
        for at, row in enumerate(self.rows):
            low = y + size - (at + QUIET + 1) * module
            start = 0
            while (start := row.find(1, start)) >= 0:
                end = row.find(0, start)
                end = len(row) if end < 0 else end
                pen.area(x + (start + QUIET) * module, low, (end - start) * module, module * OVERLAP, BLACK)
                start = end


def base32(digest: str) -> str:
    """A hex digest in base32 (RFC 4648) without padding: 52 characters for SHA-256, none of them ambiguous in case."""
    return base64.b32encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")
