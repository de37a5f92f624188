"""The folder of a bundle until it is encrypted: beside its draft, where there is space, and the evidence too."""

from __future__ import annotations

from pathlib import Path

from dgdesk.system.scratch import Scratch, sweep


def sealing_folder(draft: Path) -> Scratch:
    """Make the folder; the caller closes it.

    Raises:
        OSError: it cannot be made.
    """
    return Scratch(draft.parent, _prefix(draft))


def sweep_sealing(draft: Path) -> None:
    """Remove a draft's unencrypted bundles that were left when their process was killed."""
    sweep(draft.parent, _prefix(draft))


def _prefix(draft: Path) -> str:
    return f"{draft.stem}.sealing-"
