"""Bundle: files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from dgdesk.bundle.wholly import bring_to_disk, sync_folder
from dgdesk.renaming import replace_file
from dgdesk.system.parts import part_name


def write_all(folder: Path, files: Mapping[str, bytes], check: Callable[[Mapping[str, Path]], None]) -> None:
    """Write new files of a folder; they get their names, in the order given, once ``check`` has passed all parts.

    Raises:
        OSError: nothing is left.
    """
    parts = {name: part_name(folder / name) for name in files}
    try:
        for name, content in files.items():
            write_private(parts[name], content)
        check(parts)
        for name, part in parts.items():
            replace_file(part, folder / name)
        sync_folder(folder)
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def replace_whole(path: Path, content: bytes, check: Callable[[Path], None]) -> None:
    """Put a file in the place of another, or make it, once ``check`` has passed what was written.

    Raises:
        OSError: the file is as it was.
    """
    write_all(path.parent, {path.name: content}, lambda parts: check(parts[path.name]))


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, from its first byte on, and bring it to the disk.

    Raises:
        OSError: as the system says; `FileExistsError`.
    """
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        bring_to_disk(stream)


def is_private(path: Path) -> bool:
    """Tell whether nobody but the owner may read a file; always so on Windows, where the profile keeps others out."""
    return os.name != "posix" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
