"""Self-test, about: which program ran where: versions of its parts, its size, the memory it took. No names or paths."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from dgdesk import __version__

_VERSIONS = {
    "PySide6": "__version__",
    "sqlalchemy": "__version__",
    "pydantic": "VERSION",
    "reportlab": "Version",
    "uharfbuzz": "__version__",
    "fontTools": "version",
    "PIL": "__version__",
    "pikepdf": "__version__",
    "pypdfium2.version": "PYPDFIUM_INFO",
    "cryptography": "__version__",
    "pyhanko.version": "__version__",
    "openpyxl": "__version__",
    "lxml.etree": "__version__",
    "yaml": "__version__",
    "segno": "__version__",
}


def is_frozen() -> bool:
    """Whether this is the frozen program, not its source under Python."""
    return bool(getattr(sys, "frozen", False))


def program() -> dict[str, object]:
    """Describe the program and the system it runs on."""
    return {
        "dgdesk": __version__,
        "frozen": is_frozen(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "filesystem_encoding": sys.getfilesystemencoding(),
        "sqlite": sqlite3.sqlite_version,
    }


def versions() -> dict[str, str]:
    """Return the versions of the libraries, as they say themselves."""
    return {name.partition(".")[0]: _version(name, attribute) for name, attribute in _VERSIONS.items()}


def _version(name: str, attribute: str) -> str:
    try:
        return str(getattr(import_module(name), attribute, "?"))
    except ImportError:
        return "-"


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder; a link counts nothing."""
    return sum(_size(Path(top) / name) for top, _, names in os.walk(folder) for name in names)


def _size(path: Path) -> int:
    return 0 if path.is_symlink() else path.stat().st_size


def peak_memory() -> int | None:
    """Return the most bytes of memory that this process had at once; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def foreign_modules(paths: Iterable[str | None], home: Path) -> list[str]:
    """Return the loaded modules' files that lie outside the frozen program; a bare name lies in its archive."""
    return sorted({path for path in paths if path and os.path.isabs(path) and not Path(path).is_relative_to(home)})
