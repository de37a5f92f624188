"""Window, collector: keeps Python's garbage collector out of the way of a person at work."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_AFTER = 300
"""Milliseconds after a draft was opened: its first page stands by then."""


def settle_soon(owner: QObject) -> None:
    """Set aside what lives as long as the draft, a moment after it was opened.

    Form, rules and catalogue are some hundred thousand objects; a full collection walks through all of them, which
    takes a tenth of a second, in the middle of a click. Objects set aside are not walked through again; those of the
    draft before this one are let go of here.
    """
    QTimer.singleShot(_AFTER, owner, settle)


def settle() -> None:
    """Collect everything, and set aside what is left."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
