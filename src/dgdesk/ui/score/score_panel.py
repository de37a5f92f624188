"""The score panel: the estimate, the pillars, and the actions that would add most points."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.rules.figures import FigureSheet, figures_of
from dgdesk.survey.rules.places import problem_name
from dgdesk.survey.rules.report import Gain, gains
from dgdesk.survey.rules.score import Score, rounded
from dgdesk.survey.rules.state import State
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.score.external_points import ExternalEntry, indicator_names
from dgdesk.ui.score.score_details import LONGEST_PART, ScoreDetails
from dgdesk.ui.score.score_plot import Bar, Legend, ScorePlot
from dgdesk.ui.widgets.buttons import WrapButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill, column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import thin_bars
from dgdesk.ui.widgets.theme_file import SPACE

LEAST_ANSWERS: Final = 5
"""The score is not shown before so many answers: it would say nothing but that nothing is there."""
_PAUSE = 350


class GainList(QWidget):
    """The actions that would add most. ``wanted`` carries an address and an evidence slot (or an empty string)."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget, most: int) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._most = bridge, services.texts, most
        self._layout = column(self, SPACE // 2)
        self._none = WrapLabel(self._texts, self._texts.say("ui.score.no_gains"), "hint", self)
        self._layout.addWidget(self._none)
        self._none.setVisible(False)
        self.buttons: list[WrapButton] = []
        self._found: tuple[Gain, ...] | None = None
        self.later = LaterFill(self.fill, self, _PAUSE)
        bridge.changed.connect(self.later.want)
        self.later.want()

    def fill(self) -> None:
        """Show the present gains."""
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
        answers = self._bridge.state.facts.answers
        where = problem_name(self._bridge.form, gain.address, gain.slot, answers).line(self._texts.cut, LONGEST_PART)
        name = say(f"ui.gain_row.{gain.kind}", code=where)
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


_MOST_GAINS = 5
_DETAILS_PAUSE = 100


class ScorePanel(QScrollArea):
    """The score. ``wanted`` carries an address and an evidence slot (or an empty string)."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("score")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thin_bars(self)
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self._pillar: str | None = None
        self._names = indicator_names(bridge.form)
        content = QWidget()
        content.setObjectName("sidecontent")
        content.setBackgroundRole(QPalette.ColorRole.Base)
        content.setAutoFillBackground(True)
        layout = column(content)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.overview = QWidget(content)
        self._make_overview()
        layout.addWidget(self.overview)
        self.details = ScoreDetails(bridge, services, self._names, content)
        self.details.setVisible(False)
        layout.addWidget(self.details, 1)
        layout.addStretch(1)
        self.setWidget(content)
        self.plot.picked.connect(self.open_pillar)
        self.details.back.connect(self.close_pillar)
        self.details.wanted.connect(self.wanted)
        self.details.entry_wanted.connect(self.go_to_entry)
        self.gains.wanted.connect(self.wanted)
        self._score: Score | None = None
        self._sheet: FigureSheet | None = None
        self.later = LaterFill(self.fill, self)
        # details and gains are computed separately, so that no single step delays a keystroke
        self.later_details = LaterFill(self.fill_details, self.details, _DETAILS_PAUSE)
        bridge.changed.connect(self.follow)
        self.fill()

    @property
    def buttons(self) -> list[WrapButton]:
        """The gains, as buttons."""
        return self.gains.buttons

    def follow(self, changes: Changes) -> None:
        """Update the score a moment after a change."""
        if changes.score or changes.problems or changes.answers:
            self.later.want()

    def fill(self) -> None:
        """Show the figures; the details follow. Before the first answers there is nothing to show."""
        begun = has_begun(self._bridge.state)
        self.not_yet.setVisible(not begun)
        self.shown.setVisible(begun)
        for entry in self.entries.values():
            entry.refresh()
        if self._pillar is not None:
            self.later_details.want()
        if self._bridge.state.score is not self._score:
            self._score = self._bridge.state.score
            self._sheet = figures_of(self._bridge.rules.rubric, self._score)
            self._show_figures(self._sheet)

    def _show_figures(self, sheet: FigureSheet) -> None:
        say, total = self._texts.say, sheet.total
        self._defensible.set_text(f"{total.earned}")
        self._claimed.set_text(f"{total.claimed}")
        self._total.set_text(say("ui.score.brief", earned=total.earned, high=total.high))
        self._range.set_text(say("score.from_to", low=total.earned, high=total.high))
        cautious = sheet.cautious
        self._cautious.set_text(say("score.cautious", earned=cautious.earned, claimed=cautious.claimed))
        self.plot.show_bars(
            [Bar(one.node.id, _short(self._names.get(one.node.id, one.node.id)), one.figures) for one in sheet.pillars]
        )
        self.legend.show_figures(total)

    def open_pillar(self, pillar: str) -> None:
        """Show the details of a pillar."""
        self._pillar = pillar
        self.fill()
        self.fill_details()
        self.overview.setVisible(False)
        self.details.setVisible(True)
        self.details.back_button.setFocus()
        self.verticalScrollBar().setValue(0)

    def close_pillar(self) -> None:
        """Show all pillars again."""
        self._pillar = None
        self.details.setVisible(False)
        self.overview.setVisible(True)
        self.plot.setFocus()
        self.verticalScrollBar().setValue(0)

    def go_to_entry(self, indicator: str) -> None:
        """Focus the box for the points of an external indicator."""
        self.close_pillar()
        self.folds["outside"].setChecked(True)
        entry = self.entries[indicator]
        entry.input.setFocus()
        self.ensureWidgetVisible(entry)

    def flush(self) -> bool:
        """Write typed points. Return False if they could not be saved."""
        return all([entry.flush() for entry in self.entries.values()])

    def sizeHint(self) -> QSize:
        return QSize(280, 400)

    def fill_details(self) -> None:
        """Show the details of the open pillar."""
        pillars = self._sheet.pillars if self._sheet is not None else ()
        pillar = next((one for one in pillars if one.node.id == self._pillar), None)
        if pillar is not None:
            self.details.show_pillar(pillar, gains(self._bridge.rules, self._bridge.state))

    def _make_overview(self) -> None:
        owner, say = self.overview, self._texts.say
        layout = column(owner, SPACE)
        self.not_yet = WrapLabel(self._texts, say("ui.score.not_yet", count=LEAST_ANSWERS), "hint", owner)
        layout.addWidget(self.not_yet)
        self.shown = QWidget(owner)
        inner = column(self.shown, SPACE)
        self._total = self._line(inner, "sidehead")
        self._line(inner, "note", say("ui.score.estimate"))
        self.plot = ScorePlot(self._texts, self.shown)
        inner.addWidget(self.plot)
        layout.addWidget(self.shown)
        self.folds: dict[str, WrapButton] = {}
        self._add_figures(self._fold(inner, "figures", say("ui.score.figures")))
        self.gains = GainList(self._bridge, self._services, owner, _MOST_GAINS)
        self._fold(inner, "gains", say("ui.score.gains")).addWidget(self.gains)
        outside = self._fold(inner, "outside", say("ui.points.from_outside"))
        self.entries = {
            indicator: ExternalEntry(self._bridge, self._services, indicator, owner)
            for indicator in self._bridge.rules.rubric.external_weights
        }
        for entry in self.entries.values():
            outside.addWidget(entry)

    def _add_figures(self, layout: QVBoxLayout) -> None:
        """Add the three figures, those without work in progress, and the meaning of the bars."""
        say = self._texts.say
        both = QHBoxLayout()
        both.setSpacing(SPACE)
        self._defensible = self._figure(both, say("score.defensible"))
        self._claimed = self._figure(both, say("score.claimed"))
        layout.addLayout(both)
        self._line(layout, "note", say("score.range"))
        self._range = self._line(layout, "text")
        self._cautious = self._line(layout, "note")
        self.legend = Legend(self._texts, self.overview)
        layout.addWidget(self.legend)
        self._line(layout, "note", say("ui.points.hint"))

    def _fold(self, layout: QVBoxLayout, name: str, words: str) -> QVBoxLayout:
        """Add a button that shows or hides what is added to the layout returned; first it is hidden."""
        fold = self.folds[name] = WrapButton(self._texts, (Run(words),), self.shown, folds=True)
        body = QWidget(self.shown)
        body.hide()
        fold.toggled.connect(body.setVisible)
        layout.addWidget(fold)
        layout.addWidget(body)
        return column(body, SPACE)

    def _figure(self, row: QHBoxLayout, name: str) -> WrapLabel:
        """Add a figure below its name, to the right of the others."""
        part = QVBoxLayout()
        part.setSpacing(0)
        self._line(part, "note", name)
        figure = self._line(part, "scoretotal")
        row.addLayout(part, 1)
        return figure

    def _line(self, layout: QVBoxLayout, role: str, words: str = "") -> WrapLabel:
        label = WrapLabel(self._texts, words, role, self.shown)
        layout.addWidget(label)
        return label


def _short(title: str) -> str:
    """Return a pillar's title without its English name in brackets, which the details show."""
    return title.partition(" (")[0]


def has_begun(state: State) -> bool:
    """Return whether enough is answered for a score to say something; points from outside are enough, too."""
    return len(state.facts.answers) >= LEAST_ANSWERS or bool(state.facts.external)
