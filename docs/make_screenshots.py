"""Saves pictures of everything the window shows, in every look, and names every text that is not whole.

    python docs/make_screenshots.py DRAFT FOLDER [LOOK …]

DRAFT is any draft, for example the ``demo.dgdesk`` of ``dgdesk demo``; a copy of it is opened. FOLDER gets a folder
for each look: the themes at 1366 × 768 and 1024 × 700, large text, English, and display scaling from 100 to 250 %
(see ``tests/ui/gallery.py``). In it are ``<page>.png``, the window with a page; ``<page>.whole.png`` where the page is
longer; ``side.*.png``, the tabs of the side panel; ``dialog.*.png``; ``start*.png``. Texts that are clipped, elided,
overlapping, broken inside a word, or wider than their place are named; the exit code is then 1. With LOOKs only those
are made.

Every look is shown in a process of its own, where Qt cannot break Thai lines by itself, as on Windows.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "src")]


def main(arguments: list[str]) -> int:
    """Make the pictures; return the exit code."""
    from ui.gallery import LOOKS
    from ui.one_look import show

    if len(arguments) < 2 or not set(arguments[2:]) <= set(LOOKS):
        print(__doc__, "LOOKs:", ", ".join(LOOKS), file=sys.stderr)
        return 2
    draft, folder = Path(arguments[0]), Path(arguments[1])
    bad = False
    for name in arguments[2:] or list(LOOKS):
        with tempfile.TemporaryDirectory() as scratch:
            found = show(LOOKS[name], draft, Path(scratch), folder / name)
        for line in found.lines():
            print(f"{name}: {line}", file=sys.stderr)
            bad = True
        print(f"{name}: {found.shown} pictures")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
