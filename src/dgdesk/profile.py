"""The user's profile: where the program keeps what belongs to a person, not to a draft (signing identity, settings)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Profile:
    """Folders of one person on this PC; they may not exist yet."""

    root: Path

    @property
    def identity(self) -> Path:
        """The folder of the signing identity that is used unless another is chosen."""
        return self.root / "identity"

    @property
    def identities(self) -> Path:
        """The folder of further signing identities, one folder each."""
        return self.root / "identities"


def find_profile(environment: Mapping[str, str], home: Path, platform: str) -> Profile:
    """Return the profile: ``DGDESK_HOME`` if set, else the place the system has for such files."""
    if chosen := environment.get("DGDESK_HOME"):
        return Profile(Path(chosen))
    if platform == "win32":
        return Profile(Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "dgdesk")
    if platform == "darwin":
        return Profile(home / "Library" / "Application Support" / "dgdesk")
    return Profile(Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "dgdesk")
