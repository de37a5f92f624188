"""Runs Python's garbage collection in the GUI thread, at times when it does not delay the user."""

from __future__ import annotations

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

_AFTER = 300
"""Milliseconds after a draft is opened; its first page is built by then."""
_EVERY = 250
"""Milliseconds between two checks whether a collection is due."""
_MOST_NEW = 4_000
"""New objects after which everything is collected. Python counts collections instead, and so would wait half a minute;
by then a person who turns pages has left thirty behind: each is up to 2,000 objects, and 1 MB together with Qt's."""


class Collector(QObject):
    """Replaces the automatic garbage collection by one that runs in the GUI thread only.

    The automatic collection runs in whichever thread allocates objects. If it destroys a widget in another thread, Qt
    crashes, rarely and far from the cause.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._new = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.collect_what_is_due)
        self._timer.start()

    def collect_what_is_due(self) -> None:
        """Collect the oldest generation that is due: by Python's own threshold, or by the number of new objects."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [age for age in range(len(counts)) if counts[age] > limits[age] > 0]
        if due:
            self._new += counts[0]
            age = len(counts) - 1 if self._new > _MOST_NEW else max(due)
            gone = gc.collect(age)
            self._new = 0 if age == len(counts) - 1 else self._new - gone


def install(app: QObject) -> None:
    """Start the collector of an application; later calls do nothing."""
    if app.findChild(Collector) is None:
        Collector(app)


def settle_soon(owner: QObject) -> None:
    """Call `settle` shortly after a draft is opened.

    Form, rules and catalogue are some hundred thousand objects. A full collection visits all of them, which takes a
    tenth of a second. Frozen objects are not visited; those of the previous draft are released here.
    """
    QTimer.singleShot(_AFTER, owner, settle)


def settle() -> None:
    """Collect everything and freeze what remains.

    Also clears `linecache`: PySide reads the source of every module imported after it, and Python caches these lines
    (16 MB). A traceback reads them again when needed.
    """
    linecache.clearcache()
    gc.unfreeze()
    gc.collect()
    gc.freeze()
