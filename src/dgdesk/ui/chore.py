"""Window, chore: what each kind of care for a draft has at hand.

Long work goes through `Bridge.working`; what came of it is told once the work has let go of the draft.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.services import Services


class Chore(QObject):
    """Care for one open draft. ``flush`` writes what was typed, and says whether that could be done."""

    def __init__(self, bridge: Bridge, services: Services, flush: Callable[[], bool], owner: QWidget) -> None:
        super().__init__(owner)
        self.bridge, self.services, self.texts = bridge, services, services.texts
        self.flush, self.owner = flush, owner

    def failed(self, error: DgdeskError) -> None:
        """Say what went wrong."""
        self.later(lambda: tell(self.texts, self.texts.error(error), self.owner.window(), "warning"))

    def later(self, act: Callable[[], None]) -> None:
        """Say it once the work has let go: a dialog that waits inside would keep the next piece waiting too."""
        QTimer.singleShot(0, self, act)
