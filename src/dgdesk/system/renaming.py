"""Renames and removes files, with retries while a virus scanner or indexer on Windows holds a file for a moment.

On Windows neither a file nor a folder can be renamed, replaced or removed while another program has it open, and such
programs open new files at once, for some milliseconds. POSIX has no such limit: there the first try counts.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

_HELD: Final = frozenset({5, 32, 33})
"""Windows' ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION. The first may also mean that access is
really denied, which is reported when the time is over."""
PAUSES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.6)
"""Seconds before each further try: two seconds in all, which a person can wait."""

_LONGEST: Final = 40
"""Characters of the old name that a renamed file keeps: in Thai three bytes each, of at most 255 bytes."""

Pause = Callable[[float], object]
Rename = Callable[[Path, Path], object]
Done = TypeVar("Done")


def replace_file(part: Path, target: Path, pause: Pause = time.sleep, rename: Rename | None = None) -> None:
    """Rename ``part`` to ``target`` and replace what has that name.

    Raises:
        OSError: it failed, or another program still held one of the files after two seconds.
    """
    _insist(lambda: (rename or os.replace)(part, target), pause)


def rename_new(part: Path, target: Path, pause: Pause = time.sleep, rename: Rename | None = None) -> None:
    """Rename a file or folder to an unused name. On POSIX a file of that name is replaced all the same.

    Raises:
        OSError: as `replace_file`; on Windows `FileExistsError`.
    """
    _insist(lambda: (rename or os.rename)(part, target), pause)


def remove_file(path: Path, pause: Pause = time.sleep, remove: Callable[[Path], object] | None = None) -> None:
    """Remove a file whose name is needed.

    Raises:
        OSError: as `replace_file`; `FileNotFoundError`.
    """
    _insist(lambda: (remove or os.unlink)(path), pause)


def set_aside(path: Path) -> Path | None:
    """Rename what is at a path to a name beside it that ends in ``.old``; return that, None if there is nothing.

    Raises:
        OSError: as `rename_new`.
    """
    if not os.path.lexists(path):
        return None
    while True:
        aside = path.with_name(f"{path.name[:_LONGEST]}.{os.urandom(4).hex()}.old")
        if not os.path.lexists(aside):
            rename_new(path, aside)
            return aside


def _insist(act: Callable[[], Done], pause: Pause) -> Done:
    for seconds in PAUSES:
        try:
            return act()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
        pause(seconds)
    return act()
