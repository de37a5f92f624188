"""Checks the files beside a draft that SQLite would use, before SQLite opens the draft.

SQLite takes ``NAME-journal``, ``NAME-wal`` and ``NAME-shm`` for its own, whoever wrote them: it would write their
content into the draft and remove files that they name. Only a rollback journal that fits the draft is left for it. All
other such files are renamed, never removed, by the process that holds the writer's lock; a reader only reports them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from dgdesk.draft.file.faults import file_error, system_faults
from dgdesk.draft.file.head import FileHead, has_short_schema, judge, names_a_file, read_head
from dgdesk.draft.file.schema import APPLICATION_ID, VERSION
from dgdesk.system.renaming import replace_file

JOURNAL: Final = "-journal"
_OTHERS: Final = ("-wal", "-shm")
_ASIDE: Final = "set-aside"
_OPEN: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def journal_of(path: Path) -> Path:
    """Return the path of a draft's rollback journal."""
    return path.with_name(path.name + JOURNAL)


def require_own_files(path: Path) -> bool:
    """Check that nothing foreign is beside a draft; return whether there is an interrupted change to roll back.

    The draft is read through a separate handle: no connection of this process may have it open (POSIX locks).

    Raises:
        FileError: ``package.beside_foreign`` (values files); ``package.missing``, ``package.not_a_package``, errors of
            the system.
    """
    foreign, hot = _look(path)
    if foreign:
        raise file_error(path, "package.beside_foreign", files=_names(foreign))
    return hot


def set_aside(path: Path, *, journal_too: bool = False) -> None:
    """Rename foreign files beside a draft; the caller holds the right to write. Do nothing if there are none.

    ``journal_too``: the journal was tried and does not fit.

    Raises:
        FileError: ``package.beside_set_aside`` (values files, kept) after renaming; ``package.beside_foreign`` if that
            failed; as `require_own_files`.
    """
    foreign, hot = _look(path)
    if hot and journal_too:
        foreign.append(journal_of(path))
    if not foreign:
        return
    _rename(path, foreign, "package.beside_set_aside")


def require_nothing(path: Path) -> None:
    """Check that nothing is beside a database that is about to be made.

    Raises:
        FileError: ``package.beside_set_aside``, ``package.beside_foreign``.
    """
    if any(_there(path.with_name(path.name + end)) for end in (JOURNAL, *_OTHERS)):
        set_aside(path)
        raise file_error(path, "package.beside_foreign", files=path.name + JOURNAL)


def require_no_names(path: Path) -> None:
    """Check that no new file beside an open draft makes SQLite read or remove other files.

    As `require_own_files`, but without reading the draft, since this process has it open.

    Raises:
        FileError: ``package.beside_foreign``.
    """
    if foreign := _came(path, with_journal=True, hot_too=False):
        raise file_error(path, "package.beside_foreign", files=_names(foreign))


def keep_away(path: Path, *, read_only: bool, own_journal: bool) -> None:
    """Rename new foreign files before each step of work on an open draft, since SQLite looks for them each time.

    ``own_journal``: a change of this connection could not be rolled back yet.

    Raises:
        FileError: ``package.beside_at_work`` (values files, kept) after renaming; ``package.beside_foreign`` if that
            failed, or for a reader, who may not rename.
    """
    foreign = _came(path, with_journal=not read_only, hot_too=not own_journal)
    if foreign and read_only:
        raise file_error(path, "package.beside_foreign", files=_names(foreign))
    if foreign:
        _rename(path, foreign, "package.beside_at_work")


def set_lock_aside(path: Path, lock: Path) -> NoReturn:
    """Rename what has the name of a draft's lock file but is none.

    It may be a link, a pipe, a folder, or a hard link to another file, which the lock would overwrite.

    Raises:
        FileError: ``package.beside_set_aside`` (values files, kept) after renaming; ``package.beside_foreign`` if that
            failed.
    """
    _rename(path, [lock], "package.beside_set_aside")


def _came(path: Path, *, with_journal: bool, hot_too: bool) -> list[Path]:
    """Return the foreign files beside an open draft that can be recognised without reading the draft."""
    foreign = [one for end in _OTHERS if _there(one := path.with_name(path.name + end))]
    journal = journal_of(path)
    if not with_journal or not _there(journal):
        return foreign
    # The journal comes and goes while a process writes; SQLite cannot open what cannot be opened here.
    with suppress(FileNotFoundError, PermissionError):
        if not stat.S_ISREG(journal.lstat().st_mode):
            return [journal, *foreign]
        with _opened(journal, path) as stream:
            hot = hot_too and stream.read(1) not in (b"", b"\0")
            if hot or names_a_file(stream, os.fstat(stream.fileno()).st_size):
                return [journal, *foreign]
    return foreign


def require_draft(path: Path) -> None:
    """Check that a file begins as a draft does, and that SQLite can read it with little memory.

    It is read through a separate handle, as in `require_own_files`.

    Raises:
        FileError: ``package.not_a_package``, ``package.newer`` (values version, known), ``package.damaged``,
            ``package.missing``, errors of the system.
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
    """Return the foreign files beside a draft, and whether its journal is hot."""
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
    except FileNotFoundError:  # of a writer that has finished
        return foreign, False
    except PermissionError as error:
        raise file_error(path, "package.cannot_open", detail=error.strerror or "") from error
    if verdict == "foreign":
        return [journal, *foreign], False
    return foreign, verdict == "hot"


def _rename(path: Path, foreign: list[Path], code: str) -> NoReturn:
    """Rename foreign files and report it.

    Raises:
        FileError: ``code``; ``package.beside_foreign`` if renaming failed.
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


def _head_of(path: Path) -> tuple[FileHead | None, int]:
    if not _there(path):
        return None, 0
    with _opened(path, path) as stream:
        return read_head(stream), os.fstat(stream.fileno()).st_size


@contextmanager
def _opened(path: Path, draft: Path) -> Iterator[BinaryIO]:
    """Open a plain file to read, without ever waiting for another process, as for the writer of a pipe.

    Raises:
        FileError: ``package.not_a_package`` (it is a link, a pipe or a device now), errors of the system.
        FileNotFoundError, PermissionError: for a file beside the draft.
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
    """Return whether anything has this name, even a dangling link."""
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
