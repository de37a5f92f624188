"""Reads small files that a person named (keys, certificates, lists) whole, or refuses them with a plain reason.

Links are followed. Anything that is no file, or might never end, is refused before a byte is read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dgdesk.errors import FileError

# A FIFO without a writer would block; a terminal must not become the program's controlling one.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read_small(path: Path, most: int) -> bytes:
    """Return the content of a file of 1 to ``most`` bytes.

    Raises:
        FileError: ``small_file.missing``, ``small_file.not_a_file`` (a folder, device, pipe), ``small_file.empty``,
            ``small_file.too_large``, ``small_file.unreadable``.
    """
    try:
        if path.is_dir():
            raise FileError("small_file.not_a_file", name=path.name)
        number = os.open(path, _FLAGS | getattr(os, "O_CLOEXEC", 0))
        with open(number, "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise FileError("small_file.not_a_file", name=path.name)
            if found.st_size > most:
                raise FileError("small_file.too_large", name=path.name, most=most // 1024 or 1)
            content = stream.read(most + 1)
    except FileNotFoundError as error:
        raise FileError("small_file.missing", name=path.name) from error
    except (OSError, ValueError) as error:  # ValueError: a name with NUL in it
        raise FileError("small_file.unreadable", name=path.name) from error
    if len(content) > most:  # it has grown since
        raise FileError("small_file.too_large", name=path.name, most=most // 1024 or 1)
    if not content:
        raise FileError("small_file.empty", name=path.name)
    return content
