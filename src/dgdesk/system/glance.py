"""Looks whether folders are there without waiting for one that does not answer, as on a network drive that is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

PATIENCE: Final = 0.05
"""Seconds that a window may wait: nobody notices less."""


class Glances:
    """Looks at folders, each in a thread of its own. One that has not answered is not asked a second time meanwhile.

    ``patience``: the seconds that it waits for all folders of one call; None: `PATIENCE`.
    """

    def __init__(self, is_there: Callable[[Path], bool] = Path.is_dir, patience: float | None = None) -> None:
        self._is_there = is_there
        self._patience = PATIENCE if patience is None else patience
        self._asked: dict[Path, _Glance] = {}

    def first(self, folders: Sequence[Path]) -> Path | None:
        """Return the first of the folders that is there, as far as is known in time; None: no one is."""
        self._asked = {path: one for path, one in self._asked.items() if not one.answered.is_set()}
        for path in folders:
            if path not in self._asked:
                self._asked[path] = _Glance(path, self._is_there)
        for path in folders:
            glance = self._asked[path]
            left = glance.since + self._patience - monotonic()
            if glance.answered.wait(max(0.0, left)) and glance.there:
                return path
        return None


class _Glance:
    """One look at one folder."""

    def __init__(self, path: Path, is_there: Callable[[Path], bool]) -> None:
        self.since = monotonic()
        self.answered = threading.Event()
        self.there = False
        self._path, self._is_there = path, is_there
        # A daemon: one that hangs must not keep the program from ending.
        thread = threading.Thread(target=self._look, name="dgdesk glance", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads: the folder counts as gone
            self.answered.set()

    def _look(self) -> None:
        with suppress(OSError, ValueError):
            self.there = self._is_there(self._path)
        self.answered.set()
