"""Makes folders and files that only their owner may read; Windows' profile folders are private anyway."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may read, with its missing parents; tighten it if it exists.

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
    """Remove other people's access to a file or folder of this person. If the system refuses, nothing happens.

    Not changed: files of other people, links, shared folders (such as /tmp), the home folder and those above it, since
    a profile may have been put there by name.
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
    """Open a file for the ``opener`` of `open`; a new file is accessible to its owner only."""
    return os.open(name, flags, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, from its first byte on.

    Raises:
        OSError: an error of the system; `FileExistsError`.
    """
    with open(path, "xb", opener=private_opener) as stream:
        stream.write(content)


def is_private(path: Path) -> bool:
    """Return whether only the owner may read a file; always true on Windows, where the profile is private."""
    return sys.platform == "win32" or not path.stat().st_mode & _OTHERS
