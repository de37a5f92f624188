"""Asks before something dated is made under a clock that cannot be right."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from dgdesk.errors import CheckFailed
from dgdesk.system.check.clock import clock_fault
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.services import Services


def may_date(services: Services, parent: QWidget, latest: datetime | None = None) -> bool:
    """Return whether to go on: the clock can be right, or the person says so. ``latest``: the newest time known."""
    fault = clock_fault(services.clock(), latest=latest, profile=services.profile.root)
    if fault is None:
        return True
    texts = services.texts
    words = texts.error(CheckFailed(fault.code, **fault.values))
    return ask(texts, words, (texts.say("ui.clock.go_on"), texts.say("ui.stay")), parent, "warning") == 0
