"""System, parts: half-made files and folders have names of their own, so that nothing of anybody else is removed.

``<name>.part`` may be somebody's file, or what another program is writing. What is made here carries a number nobody
else can have taken, and is made only where nothing has that name; so what is removed was made in this run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dgdesk.renaming import rename_new
from dgdesk.scratch import Scratch

SUFFIX: Final = ".part"
_LONGEST: Final = 40
"""Letters of a name that its part keeps: three bytes each in Thai, of the 255 that a name may have."""

_FOLDER: Final = ".dgdesk-folder-"
"""How half-made folders begin; one that a killed run left goes with the next that is made beside it."""

Token = Callable[[], str]


class NameTaken(Exception):
    """Something has the name by now that a finished folder was to get."""


def _token() -> str:
    return os.urandom(4).hex()


def part_name(target: Path, token: Token = _token) -> Path:
    """Return a name beside ``target``, ending in `SUFFIX`, that nothing has."""
    while True:
        part = target.with_name(f"{target.name[:_LONGEST]}.{token()}{SUFFIX}")
        if not os.path.lexists(part):
            return part


def make_part(target: Path, *, mode: int = 0o666, token: Token = _token) -> Path:
    """Make an empty file beside ``target``, for what is to become it; the umask applies to ``mode``.

    Raises:
        OSError: it cannot be made.
    """
    while True:
        part = part_name(target, token)
        with suppress(FileExistsError):  # somebody was faster
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
            return part


def set_aside(path: Path, token: Token = _token) -> Path | None:
    """Give what lies at a path another name, ending in ``.old``; None where there is nothing.

    Raises:
        OSError: it cannot be named.
    """
    if not os.path.lexists(path):
        return None
    while True:
        aside = path.with_name(f"{path.name[:_LONGEST]}.{token()}.old")
        if not os.path.lexists(aside):
            rename_new(path, aside)
            return aside


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Hand out an empty folder to fill; it takes the name ``target`` when the block is left, with the umask's rights.

    Until then nobody else can look into it. Whatever the block raises, nothing is left of it.

    Raises:
        NameTaken: something has that name by now.
        OSError: it cannot be made or named.
    """
    with Scratch(target.parent, _FOLDER, SUFFIX) as around:
        inside = around.path / "tree"
        inside.mkdir()
        yield inside
        if os.path.lexists(target):  # renaming would replace an empty folder
            raise NameTaken(str(target))
        rename_new(inside, target)
