"""What lies in the folder of installed editions and cannot be used: litter, and files that were changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from dgdesk.errors import FileError
from dgdesk.system.atomic import PREFIX
from dgdesk.text.collation import list_key
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
    for edition in _in_order(folder.iterdir()):
        if edition.name.startswith(PREFIX):
            continue  # half-made files of an installation that was broken off
        if not edition.is_dir():
            yield edition.name
            continue
        for version in _in_order(edition.iterdir()):
            if version.name.startswith(PREFIX) or not version.is_dir():
                continue
            try:
                if version not in known:
                    raise FileError("edition.damaged", edition=edition.name, version=version.name)
                require_whole(version)
            except FileError:
                yield f"{edition.name}/{version.name}"


def _in_order(entries: Iterable[Path]) -> list[Path]:
    return sorted(entries, key=lambda one: list_key(one.name))


def _in_its_place(folder: Path) -> tuple[str, ...]:
    """A file where the folder should be."""
    return (folder.name,) if folder.exists() else ()
