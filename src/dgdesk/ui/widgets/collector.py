"""Keeps garbage collection in the window's thread, and out of the way of a person at work."""

from __future__ import annotations

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

_AFTER = 300
"""Milliseconds after a draft was opened: its first page stands by then."""
_EVERY = 250
"""Milliseconds between two looks at how much there is to collect."""


class Collector(QObject):
    """Collects garbage, in the thread of the window only.

    Left to itself, Python collects in whichever thread happens to make objects. A widget in a ring of references is
    then destroyed there, and Qt crashes, now and then and far from the cause.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()


def install(app: QObject) -> None:
    """Give the application its collector, once."""
    if app.findChild(Collector) is None:
        Collector(app)


def collect_what_is_due() -> None:
    """Collect the oldest generation that is full by Python's own measure, like the automatic collection does."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [age for age in range(len(counts)) if counts[age] > limits[age] > 0]
    if due:
        gc.collect(max(due))


def settle_soon(owner: QObject) -> None:
    """Set aside what lives as long as the draft, a moment after it was opened.

    Form, rules and catalogue are some hundred thousand objects; a full collection walks through all of them, which
    takes a tenth of a second, in the middle of a click. Objects set aside are not walked through again; those of the
    draft before this one are let go of here.
    """
    QTimer.singleShot(_AFTER, owner, settle)


def settle() -> None:
    """Collect everything, and set aside what is left.

    PySide reads the source of every module that is imported after it, and Python keeps the lines, 16 MB of them, for
    tracebacks that read them again when there are any.
    """
    linecache.clearcache()
    gc.unfreeze()
    gc.collect()
    gc.freeze()
