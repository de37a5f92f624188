"""Window, gain list: what would add most to the score, each with its "+0.75" chip; a click leads there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dgdesk.survey.rules.evidence_overview import full_code
from dgdesk.survey.rules.report import Gain, gains
from dgdesk.survey.rules.score import rounded
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import WrapButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill, column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run

_PAUSE = 350


class GainList(QWidget):
    """The list. ``wanted`` carries an address and a place for evidence (or an empty string)."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget, most: int) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._most = bridge, services.texts, most
        self._layout = column(self, 4)
        self._none = WrapLabel(self._texts, self._texts.say("ui.score.no_gains"), "hint", self)
        self._layout.addWidget(self._none)
        self._none.setVisible(False)
        self.buttons: list[WrapButton] = []
        self._found: tuple[Gain, ...] | None = None
        self.later = LaterFill(self.fill, self, _PAUSE)
        bridge.changed.connect(self.later.want)
        self.later.want()

    def fill(self) -> None:
        """Show what would add most now."""
        found = gains(self._bridge.rules, self._bridge.state)[: self._most]
        if found == self._found:
            return
        self._found = found
        focused = next((number for number, one in enumerate(self.buttons) if one.hasFocus()), None)
        for button in self.buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(gain) for gain in found]
        for button in self.buttons:
            self._layout.addWidget(button)
        self._none.setVisible(not found)
        if focused is not None and self.buttons:
            self.buttons[min(focused, len(self.buttons) - 1)].setFocus()

    def _button(self, gain: Gain) -> WrapButton:
        say = self._texts.say
        name = say(f"ui.gain_row.{gain.kind}", code=full_code(self._bridge.form, gain.address) or gain.address)
        points = rounded(gain.points)
        button = WrapButton(
            self._texts,
            (Run(name),),
            self,
            chip=say("ui.points.chip", points=points),
            spoken=say("ui.gain_row.spoken", name=name, points=points),
        )
        button.clicked.connect(lambda: self.wanted.emit(gain.address, gain.slot or ""))
        return button
