"""Counts repeats of an error within a minute, so that it is reported once. Pure: the caller gives the time."""

from __future__ import annotations

import threading
from typing import Final

from dgdesk.support.traces import frames, kind_of

WITHIN: Final = 60.0
"""Seconds."""
_MOST: Final = 200


class Repeats:
    """Counts errors by their place in the code; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, int]] = {}

    def count(self, place: str, now: float) -> int:
        """Return how often an error occurred at a place within a minute of its first time, including this time."""
        with self._lock:
            since, count = self._seen.pop(place, (now, 0))
            if now - since >= WITHIN:
                since, count = now, 0
            self._seen[place] = (since, count + 1)
            if len(self._seen) > _MOST:
                del self._seen[next(iter(self._seen))]
            return count + 1


def place_of(error: BaseException) -> str:
    """Return an error's kind and the innermost line of code."""
    passed = frames(error.__traceback__)
    return f"{kind_of(error)}{passed[-1] if passed else ''}"
