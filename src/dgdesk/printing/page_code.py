"""The small QR code in the corner of every page: which print it belongs to, and which page it is.

``TSP1:<print>:<page>:<pages>``, in characters of the alphanumeric mode (ISO/IEC 18004, 7.4.4), so that 25 modules are
enough. docs/page-codes.md says what stands for the print. `dgdesk.bundle.qr.read_page` reads it back.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dgdesk.printing.document import MM
from dgdesk.printing.pen import Pen
from dgdesk.printing.qr import OVERLAP, rows_of
from dgdesk.printing.style import BLACK

SIZE: Final = 13 * MM
"""The side of a code without its quiet zone, which is the white of the margins around it."""
_MARK: Final = "TSP1"
LONGEST_NAME: Final = 40
_ALPHANUMERIC: Final = re.compile(rf"[0-9A-Z.-]{{1,{LONGEST_NAME}}}")
_RUNS: Final = re.compile(rb"\x01+")


def page_text(name: str, page: int, pages: int) -> str:
    """The text of one page's code; ``name`` stands for the print.

    Raises:
        ValueError: the name has a character that does not belong there.
    """
    if not _ALPHANUMERIC.fullmatch(name):
        raise ValueError(f"no name of a print: {name!r}")
    return f"{_MARK}:{name}:{page}:{pages}"


def draw_page_code(pen: Pen, x: float, y: float, text: str, size: float = SIZE) -> None:
    """Draw a code; (x, y) is its lower left corner, ``size`` its side in points."""
    rows = rows_of(text)
    high = len(rows)
    runs = [
        _run(found.start(), high - at - 1, found.end() - found.start())
        for at, row in enumerate(rows)
        for found in _RUNS.finditer(row)
    ]
    pen.path(x, y, size / high, " ".join(runs), BLACK)


@lru_cache(maxsize=4096)
def _run(x: int, y: int, length: int) -> str:
    return f"{x} {y} {length} {OVERLAP} re"
