"""Input boxes for the points that only the assessing body can give, entered once they are known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.score import rounded
from dgdesk.text.digits import parse_number
from dgdesk.text.normalise import tidy
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.pending import Pending
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE


def indicator_names(form: Form) -> dict[str, str]:
    """Return number and name of every pillar and indicator, by id."""
    table = form.definition.indicators
    found = {pillar.id: pillar.title for pillar in table.pillars}
    waiting = [one for pillar in table.pillars for one in pillar.indicators]
    while waiting:
        indicator = waiting.pop()
        found[indicator.id] = f"{indicator.id} {indicator.name}"
        waiting.extend(indicator.indicators)
    return found


class ExternalEntry(QWidget):
    """The box of one external indicator. Empty means not known yet."""

    def __init__(self, bridge: Bridge, services: Services, indicator: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._indicator = bridge, services.texts, indicator
        say = self._texts.say
        full: Fraction = bridge.rules.rubric.external_weights[indicator]
        self._full = rounded(full)
        name = indicator_names(bridge.form)[indicator]
        layout = column(self, SPACE // 2)
        label = WrapLabel(self._texts, say("ui.points.entry", name=name, full=self._full), "text", self)
        layout.addWidget(label)
        row = QHBoxLayout()
        self.input = LineInput(self)
        self.input.setAccessibleName(say("ui.points.entry", name=name, full=self._full))
        self.input.setAccessibleDescription(say("ui.score.estimate"))
        self.input.setPlaceholderText(say("ui.points.entry_empty"))
        self.input.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.input.setMinimumWidth(70)
        self.input.setReadOnly(bridge.read_only)
        row.addWidget(self.input, 1)
        self.clear = QPushButton(say("ui.points.clear"), self)
        self.clear.setAccessibleName(say("ui.points.clear_entry", name=name))
        self.clear.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.clear)
        layout.addLayout(row)
        self.error = WrapLabel(self._texts, "", "error", self)
        layout.addWidget(self.error)
        self.pending = Pending(self._write, bridge.pending.emit, self)
        self.input.textEdited.connect(self.pending.wait)
        self.input.returnPressed.connect(self.pending.flush)
        self.input.left.connect(lambda: self.pending.when_released(self._leave))
        self.clear.clicked.connect(self._clear)
        self._refused = False
        self._stored: Decimal | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show the stored points, unless the user is typing."""
        if self.pending.dirty or self.pending.writing:
            return
        points = self._bridge.state.facts.external.get(self._indicator)
        if not self._refused or points != self._stored:
            self.input.show_text("" if points is None else f"{points:f}")
            self._say("")
        self._stored = points
        show_if(self.clear, points is not None and not self._bridge.read_only)

    def flush(self) -> bool:
        """Write the typed points. Return False if they could not be saved."""
        return self.pending.flush()

    def _write(self) -> bool:
        """Save the typed points. A text that is not a number in range is reported as not saved, but blocks nothing."""
        typed = tidy(self.input.text())
        try:
            points = parse_number(typed) if typed else None
        except ValueError:
            self._say(self._texts.say("ui.points.refused", full=self._full))
            return True
        if points is not None and not 0 <= points <= self._full:
            self._say(self._texts.say("ui.points.refused", full=self._full))
            return True
        self._say("")
        self._stored = points
        return self._bridge.set_external(self._indicator, points)

    def _leave(self) -> None:
        if self.pending.flush():
            self.refresh()

    def _clear(self) -> None:
        self.pending.drop()
        self._say("")
        self._bridge.set_external(self._indicator, None)
        self.refresh()
        self.input.setFocus()

    def _say(self, words: str) -> None:
        if self.error.plain_text() != words:
            self.error.set_text(words)
        self._refused = bool(words)
        show_if(self.error, self._refused)
