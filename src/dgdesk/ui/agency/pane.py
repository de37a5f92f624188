"""The pane beside the tables: the report on what is chosen, and the choice between several bundles of a respondent."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.details import TechnicalDetails
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme_file import SPACE


class PaneText(NamedTuple):
    """What the pane shows. ``choosable``: there are several bundles of which a person may choose one."""

    verdict: str
    role: str = "hint"
    name: str = ""
    lines: str = ""
    technical: str = ""
    choosable: bool = False


class ReportPane(QScrollArea):
    """Shows the verdict or state in its colour, and a line for every fact."""

    choice_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(texts.say("ui.receiving.details"))
        inner = QWidget(self)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(SPACE)
        self.name = WrapLabel(texts, "", "question", inner)
        self.verdict = WrapLabel(texts, "", "question", inner)
        self.choose = QPushButton(texts.say("ui.receiving.choose_which"), inner)
        self.choose.setAutoDefault(False)
        give_keys((self.choose, "B"))
        self.choose.clicked.connect(self.choice_wanted)
        self.details = WrapLabel(texts, "", "text", inner)
        self.technical = TechnicalDetails(texts, inner)
        for part in (self.name, self.verdict):
            layout.addWidget(part)
        layout.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.details)
        layout.addWidget(self.technical)
        layout.addStretch(1)
        self.setWidget(inner)

    def show_text(self, found: PaneText) -> None:
        """Show a report from its beginning."""
        self.name.set_text(found.name)
        self.name.setVisible(bool(found.name))
        self.verdict.set_role(found.role)
        self.verdict.set_text(found.verdict)
        self.choose.setVisible(found.choosable)
        self.details.set_text(found.lines)
        self.technical.set_text(found.technical)
        self.setAccessibleDescription(" ".join(part for part in (found.name, found.verdict) if part))
        self.verticalScrollBar().setValue(0)
