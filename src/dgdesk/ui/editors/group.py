"""Window, editors: a heading with fields under it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.ui.editors.base import Editor
from dgdesk.ui.parts import Parts, hold
from dgdesk.ui.widgets.layout import column


class GroupEditor(Editor):
    """The fields of a group, one under the other."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        self._holders = list(hold(parts, parts.form.children(position), self, column(self, 12)))
