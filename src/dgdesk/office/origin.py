"""Office PC, origin: was this draft opened out of a mail or an archive? Then what is saved there is soon gone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final, Literal

from dgdesk.system.zone import INTERNET, read_stream, read_zone

__all__ = ["Origin", "is_marked", "origin_of", "read_zone"]

_MAIL: Final = (
    *("content.outlook", "inetcache", "outlook temp", "thunderbird", "temporary internet files"),
    "microsoft.windowscommunicationsapps",
)
_NEW_OUTLOOK: Final = "olk"
_ARCHIVE: Final = ("7zo", "7ze", "rar$", "temp1_", "temp2_", "temp3_", "wz", "bnz.")
_ARCHIVE_NAME: Final = re.compile(r"\.zip(\.|$)")

Origin = Literal["", "temporary", "mail", "archive"]


def origin_of(draft: PurePath, temporary: Iterable[PurePath]) -> Origin:
    """Return where a draft was opened from, by the names of its folders; ``temporary``: the system's temporary folders.

    An archive opened by a double click is unpacked into a folder inside the system's temporary one, named by the
    program (Explorer: ``Temp1_x.zip``, a newer one ``<id>_x.zip.a1b``, 7-Zip: ``7zO…``, WinRAR: ``Rar$…``, PeaZip,
    WinZip).
    """
    parts = [part.lower() for part in draft.parts[:-1]]
    if any(part == _NEW_OUTLOOK or part.startswith(_MAIL) for part in parts):
        return "mail"
    for folder in temporary:
        above = [part.lower() for part in folder.parts]
        if above and parts[: len(above)] == above:
            inside = parts[len(above) :]
            unpacked = any(part.startswith(_ARCHIVE) or _ARCHIVE_NAME.search(part) for part in inside)
            return "archive" if unpacked else "temporary"
    return ""


def is_marked(path: Path) -> bool:
    """Whether Windows has marked a file as coming from the internet (its stream ``Zone.Identifier``, ZoneId 3 or 4).

    False if the system has no such streams, or the mark cannot be read.
    """
    content = read_stream(path)
    return content is not None and read_zone(content) >= INTERNET
