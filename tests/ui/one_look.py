"""Runs the gallery in one look: a process with that look's screen and scaling, where libthai cannot be loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ui.gallery import Look
from ui.last_words import UNFINISHED

GALLERY = Path(__file__).with_name("gallery.py")
GUARD = Path(__file__).with_name("last_words.py")

_LONGEST = 280
"""Seconds: a look takes ten."""
_MORE = 20
"""Seconds after which a process is ended that did not end itself."""
_WORDS = 6000
"""Characters of an error stream that are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look showed: texts that are not whole by picture, Qt's warnings, the number of pictures."""

    broken: dict[str, list[str]]
    others: tuple[str, ...]
    shown: int

    def lines(self) -> Iterator[str]:
        """Yield every finding in words."""
        yield from self.others
        for name, texts in self.broken.items():
            for text in texts:
                yield f"{name}: {text}"


def show(look: Look, draft: Path, scratch: Path, folder: Path | None = None) -> Found:
    """Show everything in a look, with pictures in ``folder`` if there is one; ``scratch`` is an empty folder."""
    # an empty file by its name, found first, is what the loader trips over
    (scratch / "libthai.so.0").touch()
    width, height = look.screen
    screen = {"name": "s", "x": 0, "y": 0, "width": width, "height": height}
    # PySide6's offscreen plugin wants the rest too
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    (scratch / "screens.json").write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("QT_", "DGDESK_"))},
        "QT_QPA_PLATFORM": f"offscreen:configfile={scratch / 'screens.json'}",
        "QT_SCALE_FACTOR": str(look.scale),
        "LD_LIBRARY_PATH": str(scratch),
    }
    arguments = [look.name, str(draft), *([str(folder)] if folder is not None else [])]
    try:
        found = json.loads(output_of(GALLERY, arguments, variables))
    except ProgramFailed as failure:
        return Found({}, (str(failure),), 0)
    others = [f"Qt said: {text}" for text in found["warnings"]]
    if found["qt_breaks_thai"]:
        others.append("libthai was there after all: nothing is proven about Windows")
    if found["size"] != [look.width, look.height] or abs(found["ratio"] - look.scale) > 0.01:
        wanted = f"{look.width} × {look.height} at {look.scale}"
        others.append(f"window of {found['size']} at {found['ratio']}, not {wanted}")
    return Found(found["broken"], tuple(others), found["shown"])


class ProgramFailed(Exception):
    """A program failed or hung; the words are for people."""


def output_of(program: Path, arguments: Sequence[str], variables: Mapping[str, str], longest: float = _LONGEST) -> str:
    """Run a program of Python's that may take ``longest`` seconds, and return what it printed.

    Raises:
        ProgramFailed: it did not end by then, with the line in which each of its threads was; or it failed.
    """
    call = [sys.executable, "-X", "faulthandler", "-W", "error", str(GUARD), str(longest), str(program), *arguments]
    try:
        done = subprocess.run(
            call, env=variables, capture_output=True, text=True, encoding="utf-8", check=False, timeout=longest + _MORE
        )
    except subprocess.TimeoutExpired:
        raise ProgramFailed(f"did not end within {longest + _MORE:.0f} seconds, nor say where it was") from None
    before, unfinished, stacks = done.stderr.partition(UNFINISHED)
    if unfinished:
        raise ProgramFailed(f"did not end within {longest:.0f} seconds: {before[-_WORDS:]}{unfinished}{stacks}")
    if done.returncode != 0:
        raise ProgramFailed(f"ended with {done.returncode}: {before[-_WORDS:]}")
    return done.stdout
