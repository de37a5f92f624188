"""A file that a person named, or that lies in an inbox: opened for reading, or the reason why that is not possible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dgdesk.errors import FileError
from dgdesk.system.causes import Cause, cause_of

_CODES: Final[dict[Cause, str]] = {
    "missing": "bundle.missing",
    "no_folder": "bundle.missing",
    "loop": "source.dead_link",
    "forbidden": "source.forbidden",
    "held": "source.held",
    "broken": "source.broken",
    "unreachable": "system.unreachable",
}
NOT_READ: Final = frozenset({*_CODES.values(), "source.folder", "source.device", "bundle.unreadable"})
"""Codes of errors after which nothing is known of a file's content."""


@contextmanager
def open_named(path: Path) -> Iterator[BinaryIO]:
    """Open a file; every OSError inside the block becomes an error of reading it.

    Raises:
        FileError: one of `NOT_READ`.
    """
    try:
        require_file(path)
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise why_not_read(error, path) from error


def require_file(path: Path) -> None:
    """Refuse what is no file, before it is opened: a device or pipe would block.

    Raises:
        FileError: ``bundle.missing``, ``source.folder``, ``source.device``, ``source.dead_link``.
        OSError: it cannot be looked at.
    """
    if path.is_file():
        return
    if path.is_dir():
        code = "source.folder"
    elif path.is_symlink() and not path.exists():
        code = "source.dead_link"
    else:
        code = "source.device" if path.exists() else "bundle.missing"
    raise FileError(code, path=str(path), name=path.name)


def why_not_read(error: OSError, path: Path) -> FileError:
    """Return the error for a person after reading failed."""
    return FileError(_CODES.get(cause_of(error), "bundle.unreadable"), path=str(path), name=path.name)
