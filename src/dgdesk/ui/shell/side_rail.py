"""The rail: what is left of the side panel when it is folded. Score, what is missing, evidence; a click opens it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dgdesk.survey.rules.figures import figures_of
from dgdesk.text.score_words import figures_line
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.score.score_panel import has_begun
from dgdesk.ui.widgets.buttons import PageTool
from dgdesk.ui.widgets.icons import icon_size
from dgdesk.ui.widgets.layout import LaterFill
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import NORMAL, SMALL, SPACE

RAIL: Final = 44
"""Width in pixels at 100 %; larger text makes it wider."""
_MOST_LARGER: Final = 1.4
"""Larger text makes the figures larger at most by this factor."""
_ICONS: Final = ("score", "list", "attach")


class SideRail(QWidget):
    """A button for each tab of the side panel, in their order. ``wanted`` carries the number of a tab."""

    wanted = Signal(int)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setObjectName("rail")
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAutoFillBackground(True)
        self._texts = services.texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE // 2, SPACE, SPACE // 2, SPACE)
        layout.setSpacing(SPACE)
        self.buttons: list[PageTool] = []
        font = self.font()
        font.setPointSizeF(min(font.pointSizeF(), NORMAL * _MOST_LARGER) * SMALL / NORMAL)
        self.setFont(font)  # the page needs the width more; tip and panel say the same in full
        wide = max(RAIL - 4, self.fontMetrics().horizontalAdvance("99–100") + SPACE)
        for number, name in enumerate(_ICONS):
            button = PageTool(self)
            button.setIcon(services.icons.icon(name))
            button.setIconSize(QSize(icon_size() + 4, icon_size() + 4))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.setFixedWidth(wide)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _=False, number=number: self.wanted.emit(number))
            layout.addWidget(button)
            self.buttons.append(button)
        layout.addStretch(1)
        self.setFixedWidth(wide + 4)
        self._later = LaterFill(self.fill, self)
        bridge.changed.connect(self._later.want)
        self.fill()

    def fill(self) -> None:
        """Show the present figures."""
        say, state = self._texts.say, self._bridge.state
        total = figures_of(self._bridge.rules.rubric, state.score).total
        begun = has_begun(state)
        self._show(
            0,
            f"{rounded_off(total.earned)}–{rounded_off(total.high)}" if begun else "–",
            figures_line(say, total.earned, total.claimed, total.high) if begun else say("ui.score"),
        )
        left = sum(one.severity == "error" for one in state.problems)
        self._show(1, str(left), say("ui.rail.left", count=left))
        asked, done = state.whole.evidence_asked, state.whole.evidence_done
        self._show(2, str(asked - done), say("ui.rail.evidence", count=asked - done))

    def _show(self, number: int, figure: str, words: str) -> None:
        """Show the figure of a tab; ``words`` say it in full, for the tip and for screen readers."""
        button = self.buttons[number]
        button.setText(figure)
        button.setAccessibleName(words)
        set_tip(button, words)


def rounded_off(points: Decimal) -> int:
    """Return whole points, rounded down: the rail is too narrow for more."""
    return int(points)
