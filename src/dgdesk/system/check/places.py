"""What a path says of its place: the volume, a folder that a service syncs, an attachment of a mail or an archive.

Such services copy a file while the program is writing it, and put "conflict" copies next to it.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath, PurePosixPath
from typing import Final, Literal

from dgdesk.system.check.facts import Volume, VolumeKind
from dgdesk.system.zone import INTERNET, read_stream, read_zone

_MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "fuse.sshfs", "davfs", "9p", "afs"})
_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_DRIVES: Final[dict[int, VolumeKind]] = {2: "removable", 3: "fixed", 4: "network", 5: "optical", 6: "memory"}
"""What ``GetDriveTypeW`` returns."""
_LONGEST: Final = 261
_OCTAL: Final = re.compile(r"\\([0-7]{3})")
"""How ``/proc/mounts`` writes spaces and the like; Thai stands there as it is."""


def volume_of(folder: Path) -> Volume:
    """Return what is known of the volume of an existing folder."""
    free = _free(folder)
    if sys.platform == "win32":
        return _windows(folder, free)
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace")
        real = str(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return Volume(free=free)
    filesystem = mount_type(real, mounts)
    return Volume(kind=kind_of(filesystem), filesystem=filesystem, free=free)


def mount_type(path: str, mounts: str) -> str:
    """Return the filesystem type of the deepest mount above ``path``; ``mounts`` as in ``/proc/mounts`` (proc(5))."""
    best, found = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        above = PurePosixPath(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1]))
        if (above == PurePosixPath(path) or above in PurePosixPath(path).parents) and len(above.parts) >= best:
            best, found = len(above.parts), fields[2]
    return found


def kind_of(filesystem: str) -> VolumeKind:
    """Return the kind of volume for the name of a filesystem."""
    if filesystem in _NETWORK:
        return "network"
    if filesystem in _MEMORY:
        return "memory"
    if filesystem in ("iso9660", "udf"):
        return "optical"
    return "fixed" if filesystem else "unknown"


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except (OSError, ValueError):
        return None


def _windows(folder: Path, free: int | None) -> Volume:
    """Ask Windows (``GetVolumePathNameW``, ``GetDriveTypeW``, ``GetVolumeInformationW``)."""
    if str(folder).startswith(("\\\\", "//")) and not str(folder).startswith("\\\\?\\"):
        return Volume("network", "", "", free)
    try:
        kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]  # only there on Windows
        root, label, name = (ctypes.create_unicode_buffer(_LONGEST) for _ in range(3))
        if not kernel.GetVolumePathNameW(str(folder), root, _LONGEST):
            return Volume(free=free)
        kind = _DRIVES.get(int(kernel.GetDriveTypeW(root.value)), "unknown")
        if not kernel.GetVolumeInformationW(root.value, label, _LONGEST, None, None, None, name, _LONGEST):
            return Volume(kind, "", "", free)
    except (OSError, AttributeError, ValueError):
        return Volume(free=free)
    return Volume(kind, name.value, label.value, free)


__all__ = ["Origin", "is_from_elsewhere", "origin_of", "read_zone"]

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


def is_from_elsewhere(path: Path) -> bool:
    """Whether Windows has marked a file as coming from the internet (its stream ``Zone.Identifier``, ZoneId 3 or 4).

    False if the system has no such streams, or the mark cannot be read.
    """
    content = read_stream(path)
    return content is not None and read_zone(content) >= INTERNET


_VARIABLES: Final = {"OneDrive": "OneDrive", "OneDriveConsumer": "OneDrive", "OneDriveCommercial": "OneDrive"}
_FOLDERS: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "ไดรฟ์ของฉัน": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
}
_LABELS: Final = {"google drive": "Google Drive"}


def syncing_service(folder: PurePath, environment: Mapping[str, str], label: str = "") -> str:
    """Return the name of the service that syncs ``folder``, "" if no known one does.

    ``environment`` holds OneDrive's variables on Windows; ``label`` is the volume's (Google Drive mounts one).
    Otherwise the folder's name decides: "OneDrive - Office", "Dropbox (Personal)".
    """
    for variable, service in _VARIABLES.items():
        root = environment.get(variable, "")
        if root and _within(folder, type(folder)(root)):
            return service
    if service := _LABELS.get(label.strip().lower(), ""):
        return service
    for part in folder.parts:
        name = part.lower()
        for start, service in _FOLDERS.items():
            if name == start or name.startswith((f"{start} - ", f"{start} (")):
                return service
    return ""


def _within(path: PurePath, root: PurePath) -> bool:
    parts = [part.lower() for part in path.parts]
    above = [part.lower() for part in root.parts]
    return parts[: len(above)] == above
