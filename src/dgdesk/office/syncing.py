"""Office PC, syncing: does a service sync this folder to the internet while somebody works in it?

Such services copy a file while the program is writing it, and put "conflict" copies next to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

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
