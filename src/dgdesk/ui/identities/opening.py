"""Window, opening: what derives a key from a passphrase (600,000 rounds), off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from dgdesk.ui.jobs import run_modal
from dgdesk.ui.text import Texts

Outcome = TypeVar("Outcome")


def derive(texts: Texts, work: Callable[[], Outcome], parent: QWidget) -> Outcome:
    """Do the work while the window lives on; it takes about a second and is not stopped halfway.

    Raises:
        whatever the work raises.
    """
    return run_modal(texts, texts.say("ui.secret.deriving"), lambda _: work(), parent)
