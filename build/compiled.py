"""Writes JSON beside those data files that every start of the program reads, which is read faster than YAML.

    PYTHONPATH=src python build/compiled.py

Each file has the SHA-256 of the YAML that it was made of, and is not used for any other: to run after a rubric was
changed. See `dgdesk.survey.definition.load.compiled_tree`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import yaml

from dgdesk.resources import resource

FILES = "*/rubric.yaml"


def compiled(path: Path) -> str:
    """The JSON of one file."""
    content = path.read_bytes()
    made = {"sha256": hashlib.sha256(content).hexdigest(), "tree": yaml.load(content, Loader=yaml.CBaseLoader)}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    """Write them all."""
    for path in sorted(resource("questionnaires").glob(FILES)):
        path.with_suffix(".json").write_text(compiled(path), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
