"""The tab "what to do next": problems by kind, the actions that would add most, and the problem list below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QScrollArea, QSplitter, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.review import by_kind
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.score.score_panel import GainList
from dgdesk.ui.widgets.buttons import WrapButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill, column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import thin_bars
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_GAINS = 5


class NextTab(QWidget):
    """The tab. ``problems`` is the list shown below; ``wanted`` is as there."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, problems: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("next")
        self._bridge, self._texts = bridge, services.texts
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        area = QScrollArea(self)
        area.setObjectName("nextcontent")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(140)
        thin_bars(area)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._owner = QWidget()
        self._owner.setBackgroundRole(QPalette.ColorRole.Base)
        self._owner.setAutoFillBackground(True)
        inner = column(self._owner, SPACE)
        inner.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self._head = WrapLabel(self._texts, "", "sidehead", self._owner)
        inner.addWidget(self._head)
        self._kinds = QVBoxLayout()
        self._kinds.setSpacing(SPACE // 2)
        inner.addLayout(self._kinds)
        inner.addWidget(WrapLabel(self._texts, self._texts.say("ui.next_gains"), "sidehead", self._owner))
        self.gains = GainList(bridge, services, self._owner, _MOST_GAINS)
        self.gains.wanted.connect(self.wanted)
        inner.addWidget(self.gains)
        inner.addStretch(1)
        area.setWidget(self._owner)
        self.splitter.addWidget(area)
        self.splitter.addWidget(problems)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([340, 300])
        layout.addWidget(self.splitter)
        self.kinds: dict[str, WrapButton] = {}
        self._seen: object = None
        self.later = LaterFill(self.fill, self)
        bridge.changed.connect(self.follow)
        self.later.want()

    def follow(self, changes: Changes) -> None:
        """Update the counts a moment after the last change."""
        if changes.problems:
            self.later.want()

    def fill(self) -> None:
        """Show what is left, by kind."""
        found = by_kind(self._bridge.state.problems)
        if found == self._seen:
            return
        self._seen = found
        for button in self.kinds.values():
            self._kinds.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._head.set_text(self._texts.say("ui.next_ready" if self._bridge.state.ready else "ui.next_kinds"))
        self.kinds = {kind: self._button(kind, group) for kind, group in found.items()}
        for button in self.kinds.values():
            self._kinds.addWidget(button)

    def _button(self, kind: str, group: list[Problem]) -> WrapButton:
        name, first = self._texts.say(f"ui.next_kind.{kind}"), group[0]
        spoken = self._texts.say("ui.next_kind.spoken", name=name, count=len(group))
        button = WrapButton(self._texts, (Run(name),), self._owner, chip=str(len(group)), quiet=True, spoken=spoken)
        button.clicked.connect(lambda: self.wanted.emit(first.address, first.slot or ""))
        return button
