"""Folders and files that only their owner may look into; Windows' profile folders are so anyway."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_private_folder(folder: Path) -> None:
    """Make a folder, if absent, that only its owner may look into, and those above it that are missing; tighten it.

    Raises:
        OSError: it cannot be made.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


def tighten(path: Path) -> None:
    """Close a file or folder of one's own to others, if it is open to them. What the system refuses is left as it is.

    Left as they are: what belongs to somebody else, links, folders for all (such as /tmp), the home folder and those
    above it: a profile may have been put there by name.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError, RuntimeError):
        found = path.lstat()
        kind = found.st_mode
        if found.st_uid != os.getuid() or not kind & _OTHERS or not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            return
        if stat.S_ISDIR(kind) and (kind & stat.S_ISVTX or Path.home().resolve().is_relative_to(path.resolve())):
            return
        path.chmod(stat.S_IMODE(kind) & ~_OTHERS)


def private_opener(name: str, flags: int) -> int:
    """For the ``opener`` of `open`: what is made is its owner's alone."""
    return os.open(name, flags, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, from its first byte on.

    Raises:
        OSError: as the system says; `FileExistsError`.
    """
    with open(path, "xb", opener=private_opener) as stream:
        stream.write(content)


def is_private(path: Path) -> bool:
    """Tell whether nobody but the owner may read a file; always so on Windows, where the profile keeps others out."""
    return sys.platform == "win32" or not path.stat().st_mode & _OTHERS
