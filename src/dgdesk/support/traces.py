"""Describes an error by the places in the code that it passed, without its text.

The text of an error may contain an answer, a name or a path; its kind and the lines of code do not.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import PurePath
from types import TracebackType
from typing import Final

from dgdesk.errors import DgdeskError

_MOST_FRAMES: Final = 40
_MOST_CAUSES: Final = 5
_ROOT: Final = "dgdesk"


def describe(error: BaseException) -> tuple[str, ...]:
    """Return an error and its causes as lines: kind, code or number, then the frames, the outermost first."""
    return tuple(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen and len(seen) < _MOST_CAUSES:
        yield f"{'caused by ' if seen else ''}{kind_of(current)}"
        yield from frames(current.__traceback__)
        seen.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def kind_of(error: BaseException) -> str:
    """Return an error's kind without its text: ``FileError package.damaged``, ``OSError 28``, ``KeyError``."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, DgdeskError):
        return f"{name} {error.code}"
    number = getattr(error, "sqlite_errorcode", None)
    if number is None and isinstance(error, OSError):
        number = getattr(error, "winerror", None) or error.errno
    return name if number is None else f"{name} {number}"


def frames(trace: TracebackType | None) -> tuple[str, ...]:
    """Return the frames of a trace as ``  dgdesk/ui/app.py:120 open``; the middle of a long one is left out."""
    found = [f"  {short_path(one.filename)}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace)]
    if len(found) > _MOST_FRAMES:
        half = _MOST_FRAMES // 2
        found = [*found[:half], f"  … {len(found) - 2 * half} more", *found[-half:]]
    return tuple(found)


def short_path(filename: str) -> str:
    """Return the path of a code file inside the program or a library, without the folders of a person."""
    parts = PurePath(filename.replace("\\", "/")).parts
    for mark in ("site-packages", "_internal"):
        if mark in parts:
            return "/".join(parts[parts.index(mark) + 1 :])
    if _ROOT in parts:
        at = len(parts) - 1 - parts[::-1].index(_ROOT)
        # the first of the trailing run, since the checkout may be called like the package
        return "/".join(parts[at:])
    return "/".join(parts[-2:])
