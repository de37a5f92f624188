"""Support, repeats: the same error again within a minute is counted, not told again. Pure: the time is handed in."""

from __future__ import annotations

import threading
from typing import Final

from dgdesk.support.traces import frames, kind_of

WITHIN: Final = 60.0
"""Seconds."""
_MOST: Final = 200


class Repeats:
    """Counts errors by their place; may be asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, int]] = {}

    def count(self, place: str, now: float) -> int:
        """Return how often an error was met at a place within a minute of the first time, this time included."""
        with self._lock:
            since, count = self._seen.pop(place, (now, 0))
            if now - since >= WITHIN:
                since, count = now, 0
            self._seen[place] = (since, count + 1)
            if len(self._seen) > _MOST:
                del self._seen[next(iter(self._seen))]
            return count + 1


def place_of(error: BaseException) -> str:
    """Return what an error is and where it arose: its kind and the innermost line of the code."""
    passed = frames(error.__traceback__)
    return f"{kind_of(error)}{passed[-1] if passed else ''}"
