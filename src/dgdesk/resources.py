"""Finds the files that ship with the program; no other module knows where they are.

Installed and frozen programs have them inside the package; a source checkout has them next to ``src``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of the shipped file or folder ``name`` (relative, with forward slashes).

    Raises:
        FileNotFoundError: the program has no such file.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent.parent / "resources"):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(name)
