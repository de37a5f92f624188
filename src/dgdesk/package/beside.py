"""THE FILE, beside: what lies beside a draft under its name is looked at before SQLite opens the draft.

SQLite takes ``NAME-journal``, ``NAME-wal`` and ``NAME-shm`` for its own, whoever wrote them: it would write what is in
them into the draft, and remove files that they name. Only a rollback journal that fits the draft is left to it. All
else is set aside, renamed and never removed, by whoever has the right to write; a reader only says so.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from dgdesk.package.faults import file_error, system_faults
from dgdesk.package.head import Head, has_short_schema, read_head
from dgdesk.package.rollback import judge, names_a_file
from dgdesk.package.schema import APPLICATION_ID, VERSION
from dgdesk.system.renaming import replace_file

JOURNAL: Final = "-journal"
_OTHERS: Final = ("-wal", "-shm")
_ASIDE: Final = "set-aside"
_OPEN: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def journal_of(path: Path) -> Path:
    """The name of a draft's rollback journal."""
    return path.with_name(path.name + JOURNAL)


def require_own_files(path: Path) -> bool:
    """Make sure that nothing foreign lies beside a draft; return whether a change is there to be taken back.

    The draft is read through a handle of its own: no connection of this process may have it open (POSIX locks).

    Raises:
        FileError: ``package.beside_foreign`` (values files); ``package.missing``, ``package.not_a_package``, what the
            system reports.
    """
    foreign, hot = _look(path)
    if foreign:
        raise file_error(path, "package.beside_foreign", files=_names(foreign))
    return hot


def set_aside(path: Path, *, journal_too: bool = False) -> None:
    """Rename what is foreign beside a draft, for whoever has the right to write to it; do nothing where nothing is.
    ``journal_too``: it was tried, and does not fit.

    Raises:
        FileError: ``package.beside_set_aside`` (values files, kept) after it was done; ``package.beside_foreign`` where
            it cannot be done; as `require_own_files`.
    """
    foreign, hot = _look(path)
    if hot and journal_too:
        foreign.append(journal_of(path))
    if not foreign:
        return
    _rename(path, foreign, "package.beside_set_aside")


def require_nothing(path: Path) -> None:
    """Make sure that nothing lies beside a database that is about to be made.

    Raises:
        FileError: ``package.beside_set_aside``, ``package.beside_foreign``.
    """
    if any(_there(path.with_name(path.name + end)) for end in (JOURNAL, *_OTHERS)):
        set_aside(path)
        raise file_error(path, "package.beside_foreign", files=path.name + JOURNAL)


def require_no_names(path: Path) -> None:
    """As `require_own_files` for a draft that this process has open already, which therefore is not read: nothing that
    came meanwhile has SQLite read or remove other files.

    Raises:
        FileError: ``package.beside_foreign``.
    """
    if foreign := _came(path, with_journal=True, hot_too=False):
        raise file_error(path, "package.beside_foreign", files=_names(foreign))


def keep_away(path: Path, *, read_only: bool, own_journal: bool) -> None:
    """Before each step of work on an open draft: set aside what has come beside it meanwhile. SQLite looks there anew
    each time. ``own_journal``: a change of this connection could not be taken back yet.

    Raises:
        FileError: ``package.beside_at_work`` (values files, kept) after it was done; ``package.beside_foreign`` where
            it cannot be done, or by a reader, who has no right to.
    """
    foreign = _came(path, with_journal=not read_only, hot_too=not own_journal)
    if foreign and read_only:
        raise file_error(path, "package.beside_foreign", files=_names(foreign))
    if foreign:
        _rename(path, foreign, "package.beside_at_work")


def set_lock_aside(path: Path, lock: Path) -> NoReturn:
    """Rename what has the name of a draft's lock file and is none: a link, a pipe, a folder, or another name of
    somebody's file, which the lock would be written over.

    Raises:
        FileError: ``package.beside_set_aside`` (values files, kept) after it was done; ``package.beside_foreign`` where
            it cannot be done.
    """
    _rename(path, [lock], "package.beside_set_aside")


def _came(path: Path, *, with_journal: bool, hot_too: bool) -> list[Path]:
    """What is foreign beside an open draft, as far as that can be known without reading the draft."""
    foreign = [one for end in _OTHERS if _there(one := path.with_name(path.name + end))]
    journal = journal_of(path)
    if not with_journal or not _there(journal):
        return foreign
    # It comes and goes while somebody writes; what cannot be opened here, SQLite cannot open either.
    with suppress(FileNotFoundError, PermissionError):
        if not stat.S_ISREG(journal.lstat().st_mode):
            return [journal, *foreign]
        with _opened(journal, path) as stream:
            hot = hot_too and stream.read(1) not in (b"", b"\0")
            if hot or names_a_file(stream, os.fstat(stream.fileno()).st_size):
                return [journal, *foreign]
    return foreign


def require_draft(path: Path) -> None:
    """Make sure that a file begins as a draft does, and is one that SQLite can read with little memory.

    Read through a handle of its own, as `require_own_files`.

    Raises:
        FileError: ``package.not_a_package``, ``package.newer`` (values version, known), ``package.damaged``,
            ``package.missing``, what the system reports.
    """
    with _opened(path, path) as stream:
        head = read_head(stream)
        if head is None:
            raise file_error(path, "package.not_a_package", detail="head")
        if head.application != APPLICATION_ID:
            raise file_error(path, "package.not_a_package", detail="application_id")
        if head.version > VERSION:
            raise file_error(path, "package.newer", version=head.version, known=VERSION)
        if not head.plain:
            raise file_error(path, "package.damaged", detail="kind of journal or of text")
        if not has_short_schema(stream, head):
            raise file_error(path, "package.damaged", detail="length of the schema")


def _look(path: Path) -> tuple[list[Path], bool]:
    """The foreign files beside a draft, and whether its journal is hot."""
    foreign = [one for end in _OTHERS if _there(one := path.with_name(path.name + end))]
    journal = journal_of(path)
    if not _there(journal):
        return foreign, False
    if not stat.S_ISREG(journal.lstat().st_mode):
        return [journal, *foreign], False
    head, size = _head_of(path)
    try:
        with _opened(journal, path) as stream:
            verdict = judge(stream, os.fstat(stream.fileno()).st_size, head, size)
    except FileNotFoundError:  # a writer's, who has finished
        return foreign, False
    except PermissionError as error:
        raise file_error(path, "package.cannot_open", detail=error.strerror or "") from error
    if verdict == "foreign":
        return [journal, *foreign], False
    return foreign, verdict == "hot"


def _rename(path: Path, foreign: list[Path], code: str) -> NoReturn:
    """Rename what is foreign, and tell it.

    Raises:
        FileError: ``code``; ``package.beside_foreign`` where it cannot be done.
    """
    kept = []
    for old in foreign:
        new = _free_name(old)
        try:
            replace_file(old, new)
        except OSError as error:
            raise file_error(path, "package.beside_foreign", files=_names(foreign)) from error
        kept.append(new)
    raise file_error(path, code, files=_names(foreign), kept=_names(kept))


def _head_of(path: Path) -> tuple[Head | None, int]:
    if not _there(path):
        return None, 0
    with _opened(path, path) as stream:
        return read_head(stream), os.fstat(stream.fileno()).st_size


@contextmanager
def _opened(path: Path, draft: Path) -> Iterator[BinaryIO]:
    """Open a plain file to read; nothing waits here for another process, as for the writer of a pipe.

    Raises:
        FileError: ``package.not_a_package`` (it is a link, a pipe or a device now), what the system reports.
        FileNotFoundError, PermissionError: of what lies beside the draft.
    """
    try:
        handle = os.open(path, _OPEN)
    except (FileNotFoundError, PermissionError) as error:
        if path != draft:
            raise
        if isinstance(error, PermissionError):
            raise file_error(draft, "package.cannot_open", detail=error.strerror or "") from error
        raise file_error(draft, "package.missing") from None
    except OSError as error:
        with system_faults(draft, denied="package.cannot_open"):
            raise error from None
    with open(handle, "rb") as stream, system_faults(draft, denied="package.cannot_open"):
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise file_error(draft, "package.not_a_package", detail="no regular file")
        yield stream


def _there(path: Path) -> bool:
    """Whether anything has this name, a link to nowhere too."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        with system_faults(path, denied="package.cannot_open"):
            raise error from None
    return True


def _free_name(path: Path) -> Path:
    new = path.with_name(f"{path.name}.{_ASIDE}")
    number = 2
    while _there(new):
        new = path.with_name(f"{path.name}.{_ASIDE}-{number}")
        number += 1
    return new


def _names(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths)
