"""Names that follow from the name of a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SIGNOFF_SUFFIX: Final = ".signoff.pdf"


def signoff_path(bundle: Path) -> Path:
    """Return the path of the sign-off sheet of a bundle, encrypted or not: beside it, with its name."""
    return bundle.with_name(bundle.name.removesuffix(".age").removesuffix(".zip") + SIGNOFF_SUFFIX)
