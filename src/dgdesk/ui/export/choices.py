"""Decisions of the export wizard: file names, warnings, disk space, next steps. Pure functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dgdesk.bundle.report import ExportStep
from dgdesk.evidence.pages.spool import safe
from dgdesk.survey.answers.attachments import Attachment

Stage = Literal["ready", "signer", "place", "work", "done"]
ASKED: tuple[Stage, ...] = ("ready", "signer", "place", "work")
"""The numbered pages, in order; ``done`` comes after them."""

PLAIN_SUFFIX, SEALED_SUFFIX = ".zip", ".zip.age"
MOST_ON_FAT = (4 << 30) - 1
"""Bytes; the largest file on FAT32."""
_FAT = frozenset({"fat", "fat12", "fat16", "fat32", "vfat", "msdos"})
_MOST_NAMES = 100
_BESIDES = 8 << 20
"""Bytes; an upper estimate for a bundle without its evidence: answers, definition, printed survey."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last choices: the folder, and the file of the agency's public keys (empty if none)."""

    folder: str = ""
    recipients: str = ""


@dataclass(frozen=True, slots=True)
class TargetFolder:
    """The bundle's file and who can open it; ``recipients`` are public age keys, none for a plain bundle.

    ``replace``: the user agreed to replace an existing file.
    """

    target: Path
    recipients: tuple[str, ...] = ()
    replace: bool = False


def bundle_path(typed: str, folder: Path, *, sealed: bool) -> Path:
    """Return the file for a typed name: in ``folder`` unless the name has one, with the suffix of its kind."""
    path = Path(typed.strip())
    stem = path.name
    for suffix in (".age", ".zip"):
        if stem.lower().endswith(suffix) and len(stem) > len(suffix):
            stem = stem[: -len(suffix)]
    return folder / path.with_name(stem + (SEALED_SUFFIX if sealed else PLAIN_SUFFIX))


def typed_folder(typed: str, folder: Path) -> Path | None:
    """Return the folder that is typed instead of a file; None if there is no such one. A relative one is in ``folder``.

    Whoever types the name of a bundle means a file, even where a folder has that name.
    """
    path = folder / typed.strip()
    if not typed.strip() or path.name.lower().endswith((PLAIN_SUFFIX, SEALED_SUFFIX)):
        return None
    try:
        return path.resolve() if path.is_dir() else None
    except (OSError, ValueError):
        return None


def bundle_stem(place: str, ending: str) -> str:
    """Return the suggested name of a bundle without its suffix: "เชียงใหม่-2568", "เชียงใหม่-ฉบับร่าง"."""
    return safe("-".join(part for part in (place.strip(), ending) if part))


def free_path(path: Path, taken: Callable[[Path], bool]) -> Path:
    """Return ``path``, or "name (2).zip" … if it is taken, so that nothing has to be replaced."""
    suffix = next((one for one in (SEALED_SUFFIX, PLAIN_SUFFIX) if path.name.endswith(one)), path.suffix)
    stem = path.name.removesuffix(suffix)
    names = (path.with_name(f"{stem} ({number}){suffix}") for number in range(2, _MOST_NAMES))
    return path if not taken(path) else next((name for name in names if not taken(name)), path)


def names_file(typed: str) -> bool:
    """Whether typed text can be a file name."""
    return Path(typed).name not in ("", ".", "..") and "\0" not in typed and not typed.endswith(("/", os.sep))


def space_needed(evidence: Mapping[str, Iterable[Attachment]]) -> int:
    """Return the estimated bytes of the bundle: every file once, and twice if it has highlights."""
    files: dict[str, tuple[int, bool]] = {}
    for one in (each for some in evidence.values() for each in some):
        marked = bool(one.marks) or files.get(one.sha256, (0, False))[1]
        files[one.sha256] = (one.size, marked)
    return _BESIDES + sum(size * (2 if marked else 1) for size, marked in files.values())


def space_warnings(needed: int, free: int, file_system: str) -> tuple[str, ...]:
    """Return text codes of warnings about a disk with ``free`` bytes; a negative number means unknown."""
    found = []
    if 0 <= free < needed:
        found.append("ui.exporting.little_space")
    if file_system.lower() in _FAT and needed > MOST_ON_FAT:
        found.append("ui.exporting.fat")
    return tuple(found)


def steps_of_work(*, marked: bool, sealed: bool) -> tuple[ExportStep, ...]:
    """Return the steps of an export in order."""
    copies: tuple[ExportStep, ...] = ("copies",) if marked else ()
    sealing: tuple[ExportStep, ...] = ("sealing",) if sealed else ()
    return (*copies, "print", "writing", "reading", *sealing)


def what_next(*, draft: bool, sheet: bool, registered: bool) -> tuple[str, ...]:
    """Return text codes of the next steps after an export, in order."""
    if draft:
        return ("ui.exporting.next_show", "ui.exporting.next_mend", "ui.exporting.next_keep")
    found = ["ui.exporting.next_send"]
    if sheet:
        found.append("ui.exporting.next_sheet")
        if registered:
            found.append("ui.exporting.next_scan")
    found.append("ui.exporting.next_certificate")
    if registered:
        found.append("ui.exporting.next_receipt")
    return (*found, "ui.exporting.next_keep")


def in_groups(digest: str) -> str:
    """Return a digest in groups of eight, which can be read out and wrapped."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
