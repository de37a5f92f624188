"""Office PC, volumes: what the system says of the volume that a path lies on. Never raises: unknown is an answer."""

from __future__ import annotations

import ctypes
import re
import shutil
import sys
from pathlib import Path, PurePosixPath
from typing import Final

from dgdesk.office.facts import Kind, Volume

_MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "fuse.sshfs", "davfs", "9p", "afs"})
_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_DRIVES: Final[dict[int, Kind]] = {2: "removable", 3: "fixed", 4: "network", 5: "optical", 6: "memory"}
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


def kind_of(filesystem: str) -> Kind:
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
