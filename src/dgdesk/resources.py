"""Where files that ship with the program lie: the only module that knows.

Installed and frozen programs carry them inside the package; a source checkout has them beside ``src``.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def resource(name: str) -> Path:
    """Return the path of the shipped file or folder ``name`` (relative, with forward slashes).

    Raises:
        FileNotFoundError: nothing of that name ships with the program.
    """
    package = Path(str(files("dgdesk")))
    for root in (package / "resources", package.parent.parent / "resources"):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(name)
