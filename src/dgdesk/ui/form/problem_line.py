"""The line below a question that says in words what is wrong or missing, after an icon."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dgdesk.ui.form.context import PROBLEM_ROLES, ProblemClass
from dgdesk.ui.widgets.icons import draw_status, icon_size
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import show_if
from dgdesk.ui.widgets.services import Services

_GAP = 6
_ICONS: Mapping[ProblemClass, str] = {"error": "problems", "missing": "not_begun", "warning": "warning"}


class ProblemLine(WrapLabel):
    """The problems of a question, after the icon of their class; hidden if there are none."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services.texts, "", "error", parent)
        self._icons, self._status = services.icons, ""
        self.setContentsMargins(icon_size() + _GAP, 0, 0, 0)

    def say(self, problems: tuple[str, ...], severity: ProblemClass) -> None:
        """Show problems, or hide the line."""
        self._status = _ICONS[severity]
        self.set_role(PROBLEM_ROLES[severity])
        self.set_text("\n".join(problems))
        show_if(self, bool(problems))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        draw_status(painter, self._icons, self._status, QPointF(0, self.fontMetrics().lineSpacing() / 2))
