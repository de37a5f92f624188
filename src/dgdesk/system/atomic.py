"""Writes files and folders completely or not at all: made in a hidden folder, synced to the disk, then renamed.

The hidden folder is beside the target and held by this process (`dgdesk.system.scratch`): no one else reads it, it is
removed when the work ends, and the next write there removes what a killed process left.
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
from dgdesk.system.causes import Cause, cause_at, check_size, plain_cause
from dgdesk.system.kinds import Kind
from dgdesk.system.private import write_private
from dgdesk.system.renaming import remove_file, rename_new, replace_file
from dgdesk.system.scratch import Scratch, sweep
from dgdesk.system.targets import check_replaceable

PREFIX: Final = ".dgdesk-"
SUFFIX: Final = ".part"
"""The beginning and end of the names of work folders; also the end of the names of the files inside."""
_LONGEST: Final = 40
"""Characters from the end of a name that a half-made file has: in Thai three bytes each, of at most 255 bytes."""

_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV})
"""What a drive without links answers, as FAT32."""

_WRITING: Final[dict[Cause, str]] = {
    "full": "target.disk_full",
    "read_only": "target.read_only",
    "forbidden": "target.forbidden",
    "broken": "target.broken",
    "there": "bundle.exists",
    "missing": "bundle.no_folder",
    "no_folder": "bundle.no_folder",
}

Explain = Callable[[OSError, Path], FileError]
"""Returns the error for a person after writing failed; it gets a `FileExistsError` if the name is used already."""


class NameTaken(Exception):
    """The target's name is used already."""


class ChangedMeanwhile(NameTaken):
    """The file to be replaced was written by another program while this one was made."""


def explain_write(error: OSError, target: Path) -> FileError:
    """Return the error for a person after writing to ``target``, or beside it, failed."""
    code = _WRITING.get(cause_at(error, target))
    return (
        FileError(code, path=target, name=target.name) if code else plain_cause(error, target) or _not_written(target)
    )


def _not_written(target: Path) -> FileError:
    return FileError("bundle.not_written", path=target)


@contextmanager
def atomic_file(
    target: Path,
    *,
    replace: bool = False,
    kind: Kind | None = None,
    size: int = 0,
    prove: Callable[[Path], None] | None = None,
    explain: Explain = explain_write,
) -> Iterator[Path]:
    """Give a path at which to make a file; at the end of the block it is synced and renamed to ``target``.

    ``prove`` checks the synced file. The file gets the umask's permissions. If the block or ``prove`` raises, nothing
    is left, and ``target`` is unchanged. ``kind``: what is written; only a file of that kind is replaced. None is for
    the program's own files. ``size``: bytes that the file will have at least.

    Raises:
        FileError: every OSError through ``explain``; ``bundle.exists`` (by `explain_write`) unless ``replace``;
            ``target.changed``: another program has written it meanwhile; as `check_replaceable` and `check_size`.
    """
    check_size(target, size)
    try:
        with atomic_set(
            target.parent,
            replace=replace,
            kind=kind,
            prove=prove and (lambda parts: prove(*parts.values())),
        ) as make:
            yield make(target.name)
    except ChangedMeanwhile as error:
        raise FileError("target.changed", path=str(target), name=target.name) from error
    except NameTaken as error:
        raise explain(FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)), target) from error
    except OSError as error:
        raise _explained(error, target, explain) from error


def _explained(error: OSError, target: Path, explain: Explain) -> FileError:
    """Return the error of the caller, unless the cause is one that its sentence would hide."""
    return (
        explain(error, target)
        if cause_at(error, target) in _WRITING
        else plain_cause(error, target) or explain(error, target)
    )


def atomic_write(
    target: Path,
    content: bytes,
    *,
    replace: bool = False,
    kind: Kind | None = None,
    private: bool = False,
    prove: Callable[[Path], None] | None = None,
    explain: Explain = explain_write,
) -> None:
    """Write a small file; it is read back before it gets its name. ``private``: only its owner may access it.

    Raises:
        FileError: as `atomic_file`.
    """

    def read_back(part: Path) -> None:
        if part.read_bytes() != content:
            raise OSError("what was written does not read back")
        if prove is not None:
            prove(part)

    with atomic_file(target, replace=replace, kind=kind, size=len(content), prove=read_back, explain=explain) as part:
        if private:
            write_private(part, content)
        else:
            part.write_bytes(content)


@contextmanager
def atomic_set(
    folder: Path,
    *,
    replace: bool = False,
    kind: Kind | None = None,
    prove: Callable[[Mapping[str, Path]], None] | None = None,
) -> Iterator[Callable[[str], Path]]:
    """Give a function that returns where to make a file, by its name in ``folder``, for files that belong together.

    At the end of the block all are synced, ``prove`` checks them, and they get their names in the order of the calls.
    If one cannot, all are as before. A process that is killed in between leaves every file complete, some new and some
    old. ``kind`` as for `atomic_file`.

    Raises:
        NameTaken: one of the names is used already; not with ``replace``.
        ChangedMeanwhile: one was written by another program since its call.
        FileError: as `check_replaceable`, with ``kind``.
        OSError: an error of the system; ``folder`` is unchanged.
    """
    with Scratch(folder, PREFIX, SUFFIX, to_publish=True) as around:
        parts: dict[str, Path] = {}
        before: dict[str, _Stamp] = {}

        def make(name: str) -> Path:
            before[name] = _stamp(folder / name)
            if before[name] is not None:
                if not replace:
                    raise NameTaken(name)
                if kind is not None:
                    check_replaceable(folder / name, kind)
            # Not the file's own ending, so that it is not mistaken for a finished file.
            part = around.path / f"{name[-_LONGEST:]}{SUFFIX}"
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
        _name_all(folder, parts, around.path, before if replace else None)
    sync_folder(folder)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill; at the end of the block it is renamed to ``target``, with the umask's permissions.

    Until then only its owner can read it. If the block raises, nothing is left. The caller calls `sync` on each file,
    since that takes time.

    Raises:
        NameTaken: the name is used by now.
        OSError: it cannot be made or named.
    """
    with Scratch(target.parent, PREFIX, SUFFIX, to_publish=True) as around:
        inside = around.path / "tree"
        inside.mkdir()
        yield inside
        for folder, _, _ in os.walk(inside):
            sync_folder(Path(folder))
        if os.path.lexists(target):  # renaming would replace an empty folder
            raise NameTaken(str(target))
        rename_new(inside, target)
    sync_folder(target.parent)


def sweep_half_made(folder: Path) -> None:
    """Remove the half-made files that killed processes left in a folder."""
    sweep(folder, PREFIX)


def sync(stream: IO[Any]) -> None:
    """Sync what was written so far to the disk. Raises OSError."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Sync new names to the disk if the system has such a call; Windows does it by itself.

    The files are complete under their names by now, so an error of a network drive is ignored.
    """
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


_Stamp = tuple[int, ...] | None
"""What changes when a file is written or replaced; None where there is none."""


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.lstat()
    except (OSError, ValueError):  # also what cannot be named: making it says so
        return None
    return found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns


def _name_all(folder: Path, parts: dict[str, Path], apart: Path, before: Mapping[str, _Stamp] | None) -> None:
    """Rename all; if one fails, undo those before it, whose old files are linked or copied in ``apart`` until then.

    ``before``: what was at each name when its file was begun; None where nothing may be replaced.
    """
    named: list[tuple[Path, Path | None]] = []
    try:
        for number, (name, part) in enumerate(parts.items(), start=1):
            target, old = folder / name, None
            if before is None:
                name_new(part, target)
            else:
                now = _stamp(target)
                if now not in (None, before[name]):  # who has moved it away meanwhile has lost nothing
                    raise ChangedMeanwhile(name)
                if now is not None and number < len(parts):  # after the last one nothing fails
                    old = _second(target, apart / f"old {number}")
                replace_file(part, target)
            named.append((target, old))
    except BaseException:
        for target, old in reversed(named):
            with suppress(OSError):
                remove_file(target) if old is None else replace_file(old, target)
        raise


def name_new(part: Path, target: Path) -> None:
    """Give a file an unused name on its drive. Of two writers only one gets it: a link is made or refused in one step.

    Raises:
        NameTaken: the name is used.
        OSError: it cannot be renamed; ``EXDEV``: the name is on another drive.
    """
    if os.path.lexists(target):
        raise NameTaken(str(target))
    if os.name == "posix":  # renaming replaces there; on Windows it refuses
        try:
            os.link(part, target)
        except FileExistsError:
            raise NameTaken(str(target)) from None
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
        else:
            remove_file(part)
            return
    try:
        rename_new(part, target)
    except FileExistsError:
        raise NameTaken(str(target)) from None


def _second(target: Path, other: Path) -> Path:
    try:
        os.link(target, other)
    except OSError:  # a drive without links
        shutil.copy2(target, other)
    return other
