"""Gathers the facts about the machine and the folder of a draft. The only module of this folder that touches files."""

from __future__ import annotations

import importlib
import importlib.util
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from dgdesk.resources import resource
from dgdesk.system.atomic import PREFIX, SUFFIX
from dgdesk.system.check.clock import FIRST, built_on, times_of_use
from dgdesk.system.check.facts import FolderFacts, MachineFacts
from dgdesk.system.check.places import Origin, is_from_elsewhere, origin_of, syncing_service, volume_of
from dgdesk.system.scratch import Scratch

FONTS: Final = ("fonts/Sarabun-Regular.ttf", "fonts/Sarabun-Bold.ttf")
LIBRARIES: Final = (
    "pypdfium2",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.TiffImagePlugin",
    "nlpo3",
    "uharfbuzz",
)
PACKAGES: Final = ("pypdfium2_raw", "PIL", "nlpo3", "uharfbuzz")
"""The packages that bring the compiled parts of these libraries."""
_COMPILED: Final = frozenset({".so", ".pyd", ".dll"})


def temporary_folders() -> tuple[Path, ...]:
    """Return the system's temporary folder, by its usual name and by its long name (for ``SOMSRI~1``)."""
    folder = Path(tempfile.gettempdir())
    try:
        return tuple(dict.fromkeys((folder, folder.resolve())))
    except (OSError, RuntimeError):
        return (folder,)


def look_at_place(path: Path, environment: Mapping[str, str], temporary: Iterable[Path]) -> FolderFacts:
    """Return the facts about a folder, or a draft and its folder; never raises. ``temporary``: those of the system."""
    try:
        is_draft = path.is_file()
        size = path.stat().st_size if is_draft else 0
    except (OSError, ValueError):
        is_draft, size = False, 0
    folder = path.parent if is_draft else path
    volume = volume_of(folder)
    origin: Origin = origin_of(path.absolute(), temporary) if is_draft else ""
    return FolderFacts(
        folder=folder,
        writable=can_write(folder),
        volume=volume,
        synced=syncing_service(folder.absolute(), environment, volume.label),
        draft=path if is_draft else None,
        size=size,
        origin=origin,
        marked=is_draft and is_from_elsewhere(path),
    )


def look_at_machine(
    now: datetime,
    profile: Path,
    *,
    latest: datetime | None = None,
    others: int = 0,
    fonts: Sequence[str] = FONTS,
    libraries: Sequence[str] | None = LIBRARIES,
    windows: bool = os.name == "nt",
    zone: timedelta | None = None,
) -> MachineFacts:
    """Return the facts about the machine; ``now`` is its time (aware), ``latest`` the newest time in an open draft.

    ``libraries`` are loaded to see that they are whole, and stay in memory, about 11 MB; with None it is only looked
    whether their files are there, which finds what a virus scanner took away.
    """
    return MachineFacts(
        now=now,
        made=built_on() or FIRST,
        latest=latest,
        used=times_of_use(profile),
        missing=(*_missing_fonts(fonts), *(_without_files() if libraries is None else _missing_libraries(libraries))),
        profile=profile,
        profile_writable=can_write(_nearest(profile)),
        others=others,
        windows=windows,
        zone=zone,
    )


def zone_here(now: datetime) -> timedelta | None:
    """Return how far this PC's time zone is ahead of UTC at a moment; None if the system does not know."""
    try:
        return now.astimezone().utcoffset()
    except (OSError, OverflowError, ValueError):
        return None


def can_write(folder: Path) -> bool:
    """Whether a file can be made, written and removed in a folder. Tried, since on Windows rights do not show it."""
    try:
        with Scratch(folder, PREFIX, SUFFIX, to_publish=True) as made:
            return (made.path / "file").write_bytes(b"dgdesk") == 6
    except (OSError, ValueError):
        return False


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest existing one above it (the profile is made on first use)."""
    for each in (folder, *folder.parents):
        if each.is_dir():
            return each
    return folder


def _missing_fonts(names: Sequence[str]) -> tuple[str, ...]:
    def is_there(name: str) -> bool:
        try:
            return resource(name).stat().st_size > 0
        except OSError:
            return False

    return tuple(name.rpartition("/")[2] for name in names if not is_there(name))


def _without_files(packages: Sequence[str] = PACKAGES) -> tuple[str, ...]:
    def is_there(name: str) -> bool:
        try:
            found = importlib.util.find_spec(name)
            folders = map(Path, (found.submodule_search_locations if found else None) or ())
            return any(
                path.suffix in _COMPILED and path.stat().st_size > 0 for folder in folders for path in folder.iterdir()
            )
        except (ImportError, OSError, ValueError):
            return False

    return tuple(name for name in packages if not is_there(name))


def _missing_libraries(names: Sequence[str]) -> tuple[str, ...]:
    def loads(name: str) -> bool:
        try:
            importlib.import_module(name)
        except Exception:  # a damaged library may fail in any way
            return False
        return True

    return tuple(name for name in names if not loads(name))
