"""What a file may be written onto: the one check before any command or dialog writes a file.

An existing file is replaced only on request. Even then it has to be of the kind that is written, by its content; a key,
a file that the same command reads, a link and a file of the program's own are never replaced.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.errors import FileError, UsageError
from dgdesk.system.causes import cause_of, plain_cause
from dgdesk.system.kinds import Kind, kind_of

ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {
    "draft": (".dgdesk",),
    "bundle": (".zip",),
    "addendum": (".zip",),
    "edition": (".dgedition",),
    "support": (".zip",),
    "encrypted": (".zip.age", ".age"),
    "receipt": (".json", ".receipt"),
    "agency": (".json",),
    "certificate": (".pem", ".crt", ".cer"),
    "pdf": (".pdf",),
    "other_pdf": (".pdf",),
    "workbook": (".xlsx",),
    "survey_book": (".xlsx",),
    "csv": (".csv",),
    "tables": (".sqlite",),
    "parquet": (".parquet",),
    "text": (".txt",),
}
"""The endings that fit what is written, the usual one first. A key may have any that is not of another kind."""
USUAL_ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {
    "key": (".dgdesk-identity.pem", ".json", ".txt"),
    "recipients": (".txt",),
}
"""The endings that are suggested for kinds whose files may have any that is not of another kind."""
_OF_A_KIND: Final = frozenset(one for many in ENDINGS.values() for one in many if one not in (".pem", ".age", ".txt"))
_OTHER_PROGRAMS: Final = frozenset({".xls", ".xlsm", ".ods", ".doc", ".docx", ".odt", ".pptx", ".jpg", ".png", ".exe"})
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"}
    | {f"{name}{number}" for name in ("com", "lpt") for number in (*range(1, 10), "¹", "²", "³")}
)
"""Names that Windows keeps for devices, with any ending."""


_KEY_BESIDE: Final = ".key"
"""The ending of the key to a certificate of the same name; without the certificate nobody can sign with the key."""
_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Target(NamedTuple):
    """A file to write: its kind, and whether one of the same kind may be replaced; None where nobody is asked.

    ``endings`` says what its name may end in; by default what fits its kind.
    """

    path: Path
    kind: Kind
    replace: bool | None = False
    endings: tuple[str, ...] | None = None


def check_targets(
    targets: Sequence[Target],
    *,
    inputs: Iterable[Path] = (),
    own: Path | None = None,
) -> None:
    """Check all files of one command before any is written. ``own`` is the program's folder, ``inputs`` what is read.

    Nothing in a folder that is read is replaced: it may be a file that somebody sent.

    Raises:
        UsageError: ``target.no_name``, ``target.is_input``, ``target.twice``, ``target.ending``, ``target.device``.
        FileError: ``target.exists``, ``package.exists``, ``target.own``, ``target.no_folder``, ``target.forbidden``,
            ``system.…``; as `check_replaceable`.
    """
    read = tuple(inputs)
    for number, target in enumerate(targets):
        check_name(target)
        if any(same_place(target.path, other.path) for other in targets[:number]):
            raise UsageError("target.twice", name=target.path.name)
        if any(same_place(target.path, one) or _lies_in(target, one) for one in read):
            raise UsageError("target.is_input", name=target.path.name)
    for target in targets:
        check_ending(target)
        check_free(target, own=own)


def check_name(target: Target) -> None:
    """Refuse what names no file. Raises UsageError ``target.no_name``, ``target.device``."""
    path = target.path
    if path.name in ("", ".", "..") or "\0" in str(path):
        raise UsageError("target.no_name")
    # On every system, since the file goes to others. Windows ignores blanks at the end.
    if path.name.partition(".")[0].rstrip().casefold() in _DEVICES:
        raise UsageError("target.device", name=path.name)


def endings_of(target: Target) -> tuple[str, ...]:
    """Return the endings that fit; none means any that is not of another kind."""
    return ENDINGS.get(target.kind, ()) if target.endings is None else target.endings


def fits(target: Target) -> bool:
    """Whether the name's ending says what is written."""
    name, wanted = target.path.name.lower(), endings_of(target)
    if wanted:
        return any(name.endswith(one) and len(name) > len(one) for one in wanted)
    return target.kind == "folder" or target.path.suffix.lower() not in _OF_A_KIND | _OTHER_PROGRAMS


def check_ending(target: Target) -> None:
    """Refuse a name that ends as another kind of file. Raises UsageError ``target.ending…``."""
    if fits(target):
        return
    wanted = endings_of(target)
    if not wanted:
        usual = ", ".join(USUAL_ENDINGS.get(target.kind, (".txt",)))
        raise UsageError("target.ending_taken", name=target.path.name, ending=target.path.suffix, endings=usual)
    raise UsageError("target.ending", name=target.path.name, endings=", ".join(wanted))


def with_ending(path: Path, kind: Kind, endings: tuple[str, ...] | None = None) -> Path:
    """Return ``path`` with the usual ending of ``kind``: added to a name, in place of another kind's."""
    target = Target(path, kind, endings=endings)
    wanted = endings_of(target)
    if fits(target) or not wanted:
        return path
    stem = path.name
    if kind == "encrypted":
        stem = stem[:-4] if stem.lower().endswith(".zip") else stem
    known = {one for many in ENDINGS.values() for one in many} | _OTHER_PROGRAMS
    suffix = Path(stem).suffix
    if suffix.lower() in known and len(stem) > len(suffix):
        stem = stem[: -len(suffix)]
    return path.with_name(stem + wanted[0])


def check_free(target: Target, *, own: Path | None = None) -> None:
    """Refuse to write onto what must stay. Raises FileError as `check_targets`."""
    path = target.path
    if target.kind == "folder":  # a new one, which who makes it sees to
        return
    try:
        found = path.lstat()
    except OSError as error:  # nothing is there; whether it can be written shows when it is
        _check_reachable(path, error)
        _check_own(path, own)
        return
    if stat.S_ISDIR(found.st_mode):
        raise FileError("system.folder", name=path.name, path=str(path))
    if not target.replace:
        code = "target.exists" if target.replace is False else "package.exists"
        raise FileError(code, path=str(path), name=path.name)
    _check_own(path, own)
    check_replaceable(path, target.kind)


def check_replaceable(path: Path, kind: Kind) -> None:
    """Refuse to replace an existing file by one of ``kind`` unless it is of that kind itself, or empty.

    Raises:
        FileError: ``target.link``, ``target.holds_key``, ``target.of_identity``, ``target.is_…``, ``target.protected``,
            ``target.unreadable``; ``system.…``.
    """
    values = {"path": str(path), "name": path.name}
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise FileError("target.link", **values)
        found = kind_of(path)
    except OSError as error:
        raise plain_cause(error, path) or FileError("target.unreadable", **values) from error
    if found == "folder":
        raise FileError("system.folder", **values)
    if found == "key":
        raise FileError("target.holds_key", **values)
    if found == "certificate" and path.with_suffix(_KEY_BESIDE).exists():
        raise FileError("target.of_identity", **values)
    if found not in (kind, "empty") or not stat.S_ISREG(mode):
        raise FileError(f"target.is_{found}", **values)
    if not mode & _WRITABLE:  # its owner wants it kept; Windows refuses in any case, after all the work
        raise FileError("target.protected", **values)


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file: by links, by another spelling, or by a name that is not there yet."""
    with suppress(OSError, ValueError):
        if one.samefile(other):
            return True
    with suppress(OSError, ValueError, RuntimeError):
        return one.resolve() == other.resolve()
    return False


def _lies_in(target: Target, folder: Path) -> bool:
    """Whether a file to be replaced lies in a folder that is read, such as an inbox; choices are kept beside tables."""
    if not target.replace or target.kind == "json":
        return False
    with suppress(OSError, ValueError, RuntimeError):
        return folder.is_dir() and target.path.exists() and target.path.resolve().is_relative_to(folder.resolve())
    return False


def _check_reachable(path: Path, error: OSError) -> None:
    """Refuse a place that cannot be reached, before any work is done for it: ``error`` says why nothing is there."""
    values = {"path": str(path), "name": path.name}
    cause = cause_of(error)
    if cause == "forbidden":
        raise FileError("target.forbidden", **values) from error
    if cause in ("missing", "no_folder"):
        if not path.parent.is_dir():
            raise FileError("target.no_folder", **values) from error
    elif plain := plain_cause(error, path):
        raise plain from error


def _check_own(path: Path, own: Path | None) -> None:
    if own is None:
        return
    with suppress(OSError, ValueError, RuntimeError):
        if path.resolve().is_relative_to(own.resolve()):
            raise FileError("target.own", path=str(path), name=path.name)
