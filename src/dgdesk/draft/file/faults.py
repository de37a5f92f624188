"""Turns errors of SQLite and the operating system into errors with a message for people."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from dgdesk.errors import FileError, UsageError
from dgdesk.system.causes import Cause, cause_at

_BY_EXTENDED_CODE = {
    sqlite3.SQLITE_READONLY_DBMOVED: "package.moved",
    sqlite3.SQLITE_READONLY_ROLLBACK: "package.broken_off",  # a reader finds a change in which its writer ended
}
_BY_CODE = {
    sqlite3.SQLITE_FULL: "package.disk_full",
    sqlite3.SQLITE_READONLY: "package.read_only_place",
    sqlite3.SQLITE_PERM: "package.read_only_place",
    sqlite3.SQLITE_CANTOPEN: "package.cannot_open",
    sqlite3.SQLITE_BUSY: "package.busy",
    sqlite3.SQLITE_LOCKED: "package.busy",
    sqlite3.SQLITE_CORRUPT: "package.damaged",
    sqlite3.SQLITE_CONSTRAINT: "package.damaged",
    sqlite3.SQLITE_MISMATCH: "package.damaged",
    sqlite3.SQLITE_ERROR: "package.damaged",
    sqlite3.SQLITE_TOOBIG: "package.too_big",
    sqlite3.SQLITE_INTERRUPT: "package.damaged",  # more work than a sound file of its size can require
    sqlite3.SQLITE_NOTADB: "package.not_a_package",
}
_BY_CAUSE: dict[Cause, str] = {
    "full": "package.disk_full",
    "too_large": "system.too_large",
    "read_only": "package.read_only_place",
    "held": "package.busy",
    "missing": "package.folder_missing",
    "no_folder": "package.folder_missing",
    "long_name": "package.path_too_long",
    "bad_name": "package.bad_name",
    "loop": "system.loop",
    "unreachable": "system.unreachable",
    "folder": "package.is_folder",
    "there": "package.exists",
}
_LONGEST_PATH = 504
"""Bytes of a path that SQLite opens on Linux; it reports a longer one as a file that cannot be opened."""


class WrongTypeError(Exception):
    """A stored value is not of its column's type."""


def sqlite_code(error: BaseException) -> int | None:
    """Return SQLite's extended result code of ``error`` (plain or wrapped by SQLAlchemy), or None."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return getattr(origin, "sqlite_errorcode", None)


def file_error(path: Path, code: str, **values: object) -> FileError:
    """Return a `FileError` about ``path``; every sentence may use ``{name}`` and ``{path}``."""
    return FileError(code, name=path.name, path=str(path), **values)


@contextmanager
def database_faults(path: Path, *, opened: bool = False) -> Iterator[None]:
    """Turn SQLite's errors inside the block into `FileError` (disk full, damaged, busy, read-only folder …).

    ``opened``: the file was opened before, so if something cannot be opened now it is SQLite's journal beside it.
    Text that cannot be stored at all (lone surrogates) becomes `UsageError` ``package.not_json``.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise UsageError("package.not_json", detail=str(error)) from error
    except UnicodeDecodeError as error:  # SQLite's message quotes a damaged schema
        raise file_error(path, "package.damaged", detail="a text is not UTF-8") from error
    except MemoryError as error:  # SQLite's bound on memory, far above any sound file
        raise file_error(path, "package.damaged", detail="asks for too much memory") from error
    except WrongTypeError as error:
        raise file_error(path, "package.damaged", detail=f"a value is {error}") from error
    except (sqlite3.Error, DBAPIError) as error:
        number = sqlite_code(error)
        if number is None:
            origin = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(origin, sqlite3.OperationalError):  # text that is not UTF-8 has no code
                raise file_error(path, "package.damaged", detail=str(origin)) from error
            raise
        code = _BY_EXTENDED_CODE.get(number) or _BY_CODE.get(number & 0xFF, "package.disk_error")
        # SQLite also reports "corrupt" if the system cannot read a file, and "cannot open" if its folder is missing.
        if (code == "package.cannot_open" and opened) or (code == "package.damaged" and not _in_reach(path)):
            code = "package.disk_error"
        if code in ("package.cannot_open", "package.disk_error") and _is_too_long(path):
            code = "package.path_too_long"
        raise file_error(path, code, detail=str(error.orig if isinstance(error, DBAPIError) else error)) from error


def _in_reach(path: Path) -> bool:
    # Do not open it to find out: closing a second handle of the draft would release SQLite's locks (POSIX).
    try:
        return path.exists()
    except OSError:
        return False


@contextmanager
def system_faults(path: Path, denied: str = "package.read_only_place") -> Iterator[None]:
    """Turn the operating system's errors inside the block into `FileError` about ``path``.

    ``denied`` is the code for a refused access, which means different things for reading and for writing.
    """
    try:
        yield
    except OSError as error:
        raise system_error(error, path, denied) from error


def system_error(error: OSError, path: Path, denied: str = "package.read_only_place") -> FileError:
    """Return an error of the operating system as a `FileError` about ``path``; as `system_faults`."""
    cause = cause_at(error, path)
    code = denied if cause == "forbidden" else _BY_CAUSE.get(cause, "package.disk_error")
    return file_error(path, code, detail=error.strerror or str(error))


def check_length_of_name(path: Path) -> None:
    """Refuse a new file whose name is too long for the files that are beside it while it is made.

    Raises:
        FileError: ``package.path_too_long``, about ``path`` itself.
    """
    if _is_too_long(path.with_name(f"{path.name}.part")):
        raise file_error(path, "package.path_too_long")


def _is_too_long(path: Path) -> bool:
    return os.name == "posix" and len(os.fsencode(path)) > _LONGEST_PATH
