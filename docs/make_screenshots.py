"""Saves a picture of every page of the demo form, as the window shows it.

    python docs/make_screenshots.py DRAFT FOLDER [WIDTH HEIGHT]

DRAFT is any draft, for example the ``demo.dgdesk`` of ``dgdesk demo``. FOLDER gets ``<page>.png`` (the window, 1366 ×
768 unless said otherwise) and, for pages longer than that, ``<page>.whole.png``. Texts that are not whole are named;
the exit code is then 1.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parent.parent / folder) for folder in ("tests", "src")]


def main(arguments: list[str]) -> int:
    """Make the pictures; return the exit code."""
    if len(arguments) not in (2, 4):
        print(__doc__, file=sys.stderr)
        return 2
    from ui.walk import keep_in, walk

    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    width, height = (int(number) for number in arguments[2:]) if len(arguments) == 4 else (1366, 768)
    with tempfile.TemporaryDirectory() as scratch:
        # the draft itself is not touched: opening it would take its lock
        copy = Path(scratch) / "draft.dgdesk"
        shutil.copyfile(arguments[0], copy)
        found = walk(width, height, copy, keep_in(folder))
    for page, texts in dict(found["broken"]).items():
        for text in texts:
            print(f"{page}: {text}", file=sys.stderr)
    return 1 if found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
