"""Writes files and folders so that each is there whole or not at all: made apart, brought to the disk, then named.

What is being made lies in a hidden folder beside its place, which this process holds (`dgdesk.system.scratch`): nobody
else looks into it, it is gone when the work ends, and what a killed process left goes with the next write beside it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from dgdesk.errors import FileError
from dgdesk.system.private import write_private
from dgdesk.system.renaming import remove_file, rename_new, replace_file
from dgdesk.system.scratch import Scratch, sweep

PREFIX: Final = ".dgdesk-"
SUFFIX: Final = ".part"
"""How the names of folders begin and end in which something is being made; so do the files in it end."""
_LONGEST: Final = 40
"""Letters of a name, from its end, that a half-made file has: three bytes each in Thai, of the 255 of a name."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

Explain = Callable[[OSError, Path], FileError]
"""What to say to a person when writing a file, or beside it, failed; a `FileExistsError` if its name is taken."""


class NameTaken(Exception):
    """Something has the name that what was made is to get."""


def explain_write(error: OSError, target: Path) -> FileError:
    """Return what to say to a person when writing to ``target``, or beside it, failed."""
    if error.errno in _FULL:
        return FileError("bundle.disk_full", path=target)
    if error.errno in _READ_ONLY:
        return FileError("bundle.read_only", path=target)
    if isinstance(error, FileExistsError):
        return FileError("bundle.exists", path=target)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileError("bundle.no_folder", path=target)
    return FileError("bundle.not_written", path=target)


@contextmanager
def atomic_file(
    target: Path,
    *,
    replace: bool = False,
    prove: Callable[[Path], None] | None = None,
    explain: Explain = explain_write,
) -> Iterator[Path]:
    """Hand out a path at which to make a file; when the block is left, it is brought to the disk and named ``target``.

    ``prove`` looks at it once it is on the disk. The file gets the umask's rights. Whatever the block or ``prove``
    raises, nothing is left, and ``target`` is as it was.

    Raises:
        FileError: every OSError as ``explain`` says it; ``bundle.exists`` (by `explain_write`) unless ``replace``.
    """
    try:
        with atomic_set(target.parent, replace=replace, prove=prove and (lambda parts: prove(*parts.values()))) as make:
            yield make(target.name)
    except NameTaken as error:
        raise explain(FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)), target) from error
    except OSError as error:
        raise explain(error, target) from error


def atomic_write(
    target: Path,
    content: bytes,
    *,
    replace: bool = False,
    private: bool = False,
    prove: Callable[[Path], None] | None = None,
    explain: Explain = explain_write,
) -> None:
    """Write a small file; it is read back before it takes its name. ``private``: it is its owner's alone.

    Raises:
        FileError: as `atomic_file`.
    """

    def read_back(part: Path) -> None:
        if part.read_bytes() != content:
            raise OSError("what was written does not read back")
        if prove is not None:
            prove(part)

    with atomic_file(target, replace=replace, prove=read_back, explain=explain) as part:
        if private:
            write_private(part, content)
        else:
            part.write_bytes(content)


@contextmanager
def atomic_set(
    folder: Path, *, replace: bool = False, prove: Callable[[Mapping[str, Path]], None] | None = None
) -> Iterator[Callable[[str], Path]]:
    """Hand out a function that says where to make a file, by its name in ``folder``, for files that belong together.

    When the block is left, all are brought to the disk, ``prove`` looks at them, and they get their names in the order
    in which they were asked for. Where one cannot, all are as they were. A process that is killed in between leaves
    each file whole, some new and some old.

    Raises:
        NameTaken: something has one of the names; not with ``replace``.
        OSError: as the system says; ``folder`` is as it was.
    """
    with Scratch(folder, PREFIX, SUFFIX, to_publish=True) as around:
        parts: dict[str, Path] = {}

        def make(name: str) -> Path:
            if not replace and os.path.lexists(folder / name):
                raise NameTaken(name)
            part = around.path / f"{name[-_LONGEST:]}{SUFFIX}"  # not the file's own ending: nobody takes it for one
            if part in parts.values():
                part = around.path / f"{len(parts)} {part.name}"
            parts[name] = part
            return part

        yield make
        for part in parts.values():
            with part.open("r+b") as stream:
                sync(stream)
        if prove is not None:
            prove(parts)
        _name_all(folder, parts, around.path, replace)
    _sync_folder(folder)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Hand out an empty folder to fill; it takes the name ``target`` when the block is left, with the umask's rights.

    Until then nobody else can look into it. Whatever the block raises, nothing is left of it. Whoever fills it calls
    `sync` on each file, since that takes its time.

    Raises:
        NameTaken: something has that name by now.
        OSError: it cannot be made or named.
    """
    with Scratch(target.parent, PREFIX, SUFFIX, to_publish=True) as around:
        inside = around.path / "tree"
        inside.mkdir()
        yield inside
        for folder, _, _ in os.walk(inside):
            _sync_folder(Path(folder))
        if os.path.lexists(target):  # renaming would replace an empty folder
            raise NameTaken(str(target))
        rename_new(inside, target)
    _sync_folder(target.parent)


def sweep_half_made(folder: Path) -> None:
    """Remove what processes that were killed left half-made in a folder."""
    sweep(folder, PREFIX)


def sync(stream: IO[Any]) -> None:
    """Bring to the disk what was written so far. Raises OSError."""
    stream.flush()
    os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring new names to the disk where the system has such a call; Windows does it by itself.

    The files are whole under their names by now: a network drive that cannot do this does not undo them.
    """
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _name_all(folder: Path, parts: dict[str, Path], apart: Path, replace: bool) -> None:
    """Name all; where one fails, undo those before it, whose old files are linked or copied ``apart`` until then."""
    named: list[tuple[Path, Path | None]] = []
    try:
        for number, (name, part) in enumerate(parts.items(), start=1):
            target, old = folder / name, None
            if os.path.lexists(target):
                if not replace:
                    raise NameTaken(name)
                if number < len(parts):  # after the last one nothing fails
                    old = _second(target, apart / f"old {number}")
            replace_file(part, target)
            named.append((target, old))
    except BaseException:
        for target, old in reversed(named):
            with suppress(OSError):
                remove_file(target) if old is None else replace_file(old, target)
        raise


def _second(target: Path, other: Path) -> Path:
    try:
        os.link(target, other)
    except OSError:  # a drive without links
        shutil.copy2(target, other)
    return other
