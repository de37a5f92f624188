"""What lies in the folder of installed editions and cannot be used: litter, and files that were changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dgdesk.errors import FileError
from dgdesk.system.atomic import PREFIX
from dgdesk.text.editions import edition_versions, require_whole


def unusable(folder: Path) -> tuple[str, ...]:
    """Return the names of entries that are no edition as it was installed; the folder's own if it cannot be read.

    Every file of every version is read, so this is not for the window's thread.
    """
    try:
        return tuple(_unusable(folder)) if folder.is_dir() else _in_its_place(folder)
    except OSError:
        return (folder.name,)


def _unusable(folder: Path) -> Iterator[str]:
    known = {head.folder for heads in edition_versions().values() for head in heads}
    for edition in sorted(folder.iterdir()):
        if edition.name.startswith(PREFIX):
            continue  # half-made files of an installation that was broken off
        if not edition.is_dir():
            yield edition.name
            continue
        for version in sorted(one for one in edition.iterdir() if one.is_dir() and not one.name.startswith(PREFIX)):
            try:
                if version not in known:
                    raise FileError("edition.damaged", edition=edition.name, version=version.name)
                require_whole(version)
            except FileError:
                yield f"{edition.name}/{version.name}"


def _in_its_place(folder: Path) -> tuple[str, ...]:
    """A file where the folder should be."""
    return (folder.name,) if folder.exists() else ()
