"""The program's own data files: YAML for whoever edits them, and JSON of the same for every start of the program.

A reader of YAML takes longer to import than a small command takes for its work. ``build/compiled.py`` writes the JSON
beside the YAML, with the SHA-256 of the YAML, and it is used for no other YAML; so it is never out of date. Only for
files that ship with the program: whoever can write there could as well write the YAML.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def shipped_tree(path: Path) -> Any:
    """Return what a YAML file of the program says; every scalar is a string, as it is written.

    Raises:
        OSError or ``yaml.YAMLError``: it cannot be read.
    """
    compiled = compiled_tree(path)
    if compiled is not None:
        return compiled
    import yaml

    return yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)


def compiled_tree(path: Path) -> Any:
    """Return what the JSON beside a YAML file says, if it was made of that file; else None."""
    try:
        made = json.loads(path.with_suffix(".json").read_bytes())
        return made["tree"] if made["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
