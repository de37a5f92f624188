"""Window, evidence holder: the room of a place for evidence on its page; the place itself may come a moment later."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.survey.definition.models import EvidenceRequest
from dgdesk.ui.fold import options_below
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.layout import Stacked, column, show_if

_HEIGHT, _FILE_HEIGHT = 90, 150
"""About the height of a place, and of a file in it, in pixels."""


class EvidenceHolder(Stacked):
    """Holds the place's room. A place is among the dearest things on a page: below the fold it waits its turn."""

    def __init__(self, parts: Parts, slot: str, request: EvidenceRequest, parent: QWidget, *, printed: bool) -> None:
        """``printed`` says that the request's words stand nearby already."""
        super().__init__(parent)
        self._parts, self._slot, self._request, self._printed = parts, slot, request, printed
        self._layout = column(self)
        height = _HEIGHT + _FILE_HEIGHT * len(parts.bridge.state.facts.evidence.get(slot, ()))
        if parts.fold.put_off(height, self._build, above=options_below(parts.form, parts.form.slots[slot])):
            self.setMinimumHeight(height)
        else:
            self._build()

    def _build(self) -> None:
        if self.minimumHeight():
            self.setMinimumHeight(0)
        place = self._parts.make_slot(self._parts, self._slot, self._request, self, self._printed)
        self._layout.addWidget(place)
        show_if(place, True)
