"""QR codes (ISO/IEC 18004) drawn as areas: sharp at every size."""

from __future__ import annotations

import base64

import segno

from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, WHITE

QUIET = 4  # white modules around the code, which readers need
_OVERLAP = 1.03  # rows overlap a little, so that no viewer shows a gap


class QrCode:
    """The modules of one code, with error correction M (15 %)."""

    def __init__(self, text: str) -> None:
        self.rows = tuple(bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix)

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
                pen.area(x + (start + QUIET) * module, low, (end - start) * module, module * _OVERLAP, BLACK)
                start = end


def base32(digest: str) -> str:
    """A hex digest in base32 (RFC 4648) without padding: 52 characters for SHA-256, none of them ambiguous in case."""
    return base64.b32encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")
