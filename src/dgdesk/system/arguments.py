"""What the arguments of the program ask for: its window, with or without files, or a command.

Pure, and imported before anything else: a double click must be answered by a window whatever was clicked, and wrong use
of the command line by a sentence on the console.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from typing import Final

ENDINGS: Final = (".dgdesk", ".dgedition", ".zip", ".age", ".receipt.json")
"""Endings of the files that the window answers to. Systems hand them over in any case."""
_SEPARATORS: Final = tuple(filter(None, (os.sep, os.altsep)))
_FOLDERS: Final = ("DGDESK_HOME", "APPDATA", "XDG_DATA_HOME", "PYTHONPATH")
"""Variables that may name folders relative to the one that the program is started in."""


def opens_window(
    arguments: Sequence[str], *, console: bool = True, is_there: Callable[[str], bool] = os.path.exists
) -> bool:
    """Return whether the arguments ask for the window: none, or only files.

    ``console``: somebody reads what is printed. A file has one of the `ENDINGS`, or is another one at a path that
    exists; a plain word is a command. Without a console a path that does not exist is a file too, and the first
    argument decides: a sentence in the window is better than one that nobody sees.
    """
    rest, _ = apart(arguments)
    if not rest:
        return True
    files = [_is_file(one, is_there if console else lambda _: True) for one in rest]
    return all(files) if console else files[0]


def apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate Qt's own option, ``-platform NAME``, from the arguments; return the rest and the option."""
    rest = list(arguments)
    at = rest.index("-platform") if "-platform" in rest[:-1] else len(rest)
    return rest[:at] + rest[at + 2 :], rest[at : at + 2]


def lacks_display(arguments: Sequence[str], environment: Mapping[str, str], platform: str) -> bool:
    """Return whether no window can be shown: there is no display, and no other Qt platform is asked for."""
    if platform in ("win32", "darwin") or "-platform" in arguments or environment.get("QT_QPA_PLATFORM"):
        return False
    return not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def leave_folder(files: Sequence[str], environment: MutableMapping[str, str], home: str) -> list[str]:
    """Move to the ``home`` folder, and return the files with absolute paths. Only for the window.

    The folder in which it was started is the program's own, or one on a stick, which could not be pulled out while the
    window stands in it. What the environment names relative to that folder is made absolute too.
    """
    found = [os.path.abspath(one) if "\0" not in one else one for one in files]
    for name in _FOLDERS:
        if value := environment.get(name):
            environment[name] = os.pathsep.join(os.path.abspath(one) if one else one for one in value.split(os.pathsep))
    with suppress(OSError, ValueError):
        os.chdir(home)
    return found


def _is_file(argument: str, is_there: Callable[[str], bool]) -> bool:
    if argument.startswith("-"):
        return False
    if argument.casefold().endswith(ENDINGS):
        return True
    with suppress(OSError, ValueError):
        return any(one in argument for one in _SEPARATORS) and is_there(argument)
    return False
