"""Writes JSON beside those data files that every start of the program reads; see `dgdesk.system.compiled` and
`dgdesk.survey.definition.load.frozen_file`.

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
from dgdesk.survey.definition.load import FROZEN_FILE, frozen_file


def sources() -> Iterator[Path]:
    """The files of which there is JSON."""
    yield resource("provinces.yaml")
    for name in ("edition.yaml", "rubric.yaml", "provinces.yaml"):
        yield from sorted(resource("questionnaires").glob(f"*/{name}"))


def compiled(path: Path) -> str:
    """The JSON of one file."""
    content = path.read_bytes()
    made = {"sha256": hashlib.sha256(content).hexdigest(), "tree": yaml.load(content, Loader=yaml.CBaseLoader)}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    """Write them all."""
    for path in sources():
        path.with_suffix(".json").write_text(compiled(path), encoding="utf-8", newline="\n")
    for edition in sorted(resource("questionnaires").glob("*/edition.yaml")):
        (edition.parent / FROZEN_FILE).write_bytes(frozen_file(edition.parent))


if __name__ == "__main__":
    main()
