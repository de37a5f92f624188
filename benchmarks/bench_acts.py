"""The ten acts of a province's year: how many clicks each takes in the real window, counted by its journey."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, missing, show

ROOT = Path(__file__).resolve().parents[1]
SAYS = {
    "answer": "an answer with file, page and key passage",
    "matrix": "a matrix of 12 rows, one of them different",
    "missing": "to see what is missing",
    "next_missing": "the next thing to do, on any page",
    "export_first": "the first signed export",
    "export_later": "a later signed export",
    "find": "to find a question",
    "undo": "undo, which says what it undid",
    "reuse": "to attach a file that is there already",
    "print": "a draft as a PDF, opened",
}
"""The acts, and what they are."""


def run(short: bool) -> Iterator[Figure]:
    """Walk through the whole year once; a short run leaves that to `dev.py journey`, which bounds the same clicks."""
    if short:
        yield missing(
            "acts.clicks", "the ten acts in the real window", "not in a short run: `dev.py journey` counts them"
        )
        return
    from journeys.ten_acts import MOST

    with tempfile.TemporaryDirectory(prefix="dgdesk-acts-") as folder:
        counts = Path(folder) / "counts.json"
        subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-q", "-m", "journey", "tests/journeys/test_ten_acts.py"],
            cwd=ROOT,
            env={**os.environ, "DGDESK_TEN_ACTS": str(counts)},
            capture_output=True,
            check=True,
        )
        yield from figures_of(json.loads(counts.read_text(encoding="utf-8")), MOST)


def figures_of(counts: dict[str, dict[str, int]], most: dict[str, int]) -> Iterator[Figure]:
    """The counts as figures, in the order of the acts."""
    for name, says in SAYS.items():
        keys = counts[name]["keys"]
        yield Figure(f"acts.{name}", says, counts[name]["clicks"], "clicks", most[name], note=f"{keys} keystrokes")


if __name__ == "__main__":
    show(run("--short" in sys.argv))
