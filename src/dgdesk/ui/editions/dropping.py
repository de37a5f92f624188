"""An edition pack that is dropped on a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

SUFFIX = ".dgedition"


def is_pack(path: Path) -> bool:
    """Return whether a file is an edition pack by its name; Windows gives names in any case."""
    return path.suffix.lower() == SUFFIX


def dropped_pack(dropped: QMimeData) -> Path | None:
    """Return the one pack among what is dropped; None if it is anything else."""
    urls = dropped.urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and is_pack(path) else None
