"""Writes JSON beside those data files that starts of the program read; see `dgdesk.system.compiled`.

    PYTHONPATH=src python build/compiled.py

To run after one of them was changed: until then its YAML is read, which takes longer, and a test fails.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from dgdesk.resources import resource

NOT_AT_START = ("search.yaml",)


def sources() -> Iterator[Path]:
    """The files of which there is JSON."""
    yield resource("provinces.yaml")
    yield from (path for path in sorted(resource("questionnaires").glob("*/*.yaml")) if path.name not in NOT_AT_START)


def compiled(path: Path) -> str:
    """The JSON of one file."""
    content = path.read_bytes()
    made = {"sha256": hashlib.sha256(content).hexdigest(), "tree": yaml.load(content, Loader=yaml.CBaseLoader)}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    """Write them all."""
    for path in sources():
        path.with_suffix(".json").write_text(compiled(path), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
