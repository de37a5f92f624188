"""Paths as the ledger keeps them: texts that every database holds, which give the system's own path back.

A name on Linux may be no UTF-8; each such byte is kept as ``\\xNN``, and a backslash as two.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_ODD: Final = re.compile("[\udc80-\udcff\\\\\x01-\x1f]")
_KEPT: Final = re.compile(r"\\(?:\\|x([0-9a-f]{2}))")


def kept_path(path: Path) -> str:
    """Return a path as the ledger keeps it, with ``/`` between its parts."""
    return _ODD.sub(_escaped, path.as_posix())


def system_path(kept: str) -> Path:
    """Return the path that `kept_path` was given."""
    return Path(_KEPT.sub(_plain, kept)) if "\\" in kept else Path(kept)


def _escaped(found: re.Match[str]) -> str:
    letter = found[0]
    if letter == "\\":
        return "\\\\"
    number = ord(letter)
    return f"\\x{number - 0xDC00 if number >= 0xDC80 else number:02x}"


def _plain(found: re.Match[str]) -> str:
    if found[1] is None:
        return "\\"
    number = int(found[1], 16)
    return chr(number + 0xDC00 if number >= 0x80 else number)
