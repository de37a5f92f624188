"""The user's profile: where the program keeps what belongs to a person, not to a draft (signing identity, settings)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

PORTABLE_MARK: Final = "portable.txt"
"""A file of this name beside the frozen program: it runs from a USB stick and keeps the profile there."""


class Profile(NamedTuple):
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

    @property
    def editions(self) -> Path:
        """The folder of installed editions: one folder each, with one for each version."""
        return self.root / "editions"

    @property
    def edition_signers(self) -> Path:
        """The file of the certificates whose edition packs are taken."""
        return self.root / "edition-signers.pem"

    @property
    def choices(self) -> Path:
        """Return the file of a receiver's choices between several submissions of one respondent.

        Versions without a ledger kept them there; the ledger in the profile takes them over when it is made.
        """
        return self.root / "submissions.choices.json"

    @property
    def ledger(self) -> Path:
        """The ledger of the agency's window, until another one is opened."""
        return self.root / "received.ledger"

    @property
    def trusted(self) -> Path:
        """The file of the certificates that a receiver trusts, until others are chosen."""
        return self.root / "trusted.pem"


def own_profile() -> Profile:
    """Return the profile of the person who runs this process."""
    program = Path(sys.executable).parent if getattr(sys, "frozen", False) else None
    return find_profile(os.environ, Path.home(), sys.platform, program)


def find_profile(environment: Mapping[str, str], home: Path, platform: str, program: Path | None = None) -> Profile:
    """Return the profile: ``DGDESK_HOME`` if set, beside a portable program, else where the system has such files.

    ``program`` is the folder of the frozen program, None when it runs from its sources.
    """
    if chosen := environment.get("DGDESK_HOME"):
        return Profile(Path(chosen))
    if program is not None and (program / PORTABLE_MARK).is_file():
        return Profile(program / "profile")
    if platform == "win32":
        return Profile(Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "dgdesk")
    if platform == "darwin":
        return Profile(home / "Library" / "Application Support" / "dgdesk")
    return Profile(Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "dgdesk")
