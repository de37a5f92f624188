"""The details of one pillar, down to its questions: figures, the rule in plain words, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.explain import explain, explain_unscored, lacking
from dgdesk.survey.rules.figures import FigureNode
from dgdesk.survey.rules.places import full_name, problem_name
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.report import Gain
from dgdesk.survey.rules.review import kind_of
from dgdesk.survey.rules.rubric import External
from dgdesk.survey.rules.score import rounded
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.score.score_plot import StackBar, words_of
from dgdesk.ui.widgets.buttons import WrapButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_LACKING = 5
_LONGEST = 70
LONGEST_PART = 50
"""Most letters of a part of a place's name in this narrow panel; the names of two places still differ."""


class ScoreDetails(QWidget):
    """The details of a pillar. ``wanted`` carries an address and an evidence slot (or an empty string).

    ``entry_wanted`` carries an external indicator; ``back`` asks for the overview.
    """

    wanted = Signal(str, str)
    entry_wanted = Signal(str)
    back = Signal()

    def __init__(self, bridge: Bridge, services: Services, names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._names = bridge, services.texts, names
        layout = column(self, SPACE)
        self.back_button = WrapButton(self._texts, (Run(self._texts.say("ui.points.back")),), self, back=True)
        self.back_button.clicked.connect(self.back.emit)
        layout.addWidget(self.back_button)
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._holder)
        layout.addStretch(1)
        self._content: QWidget | None = None
        self._seen: object = None
        self._open: set[str] = set()
        self.folds: dict[str, WrapButton] = {}
        self.links: list[WrapButton] = []
        self._bodies: dict[str, QWidget] = {}
        self._gains: dict[tuple[str, str], Gain] = {}

    def show_pillar(self, pillar: FigureNode, gains: tuple[Gain, ...]) -> None:
        """Show a pillar; rebuilt only if something in it has changed."""
        lacks = {question.node.id: self._lacking(question) for question in _questions(pillar)}
        shown = {(one.address, one.slot or "") for problems in lacks.values() for one in problems}
        by_place = {(gain.address, gain.slot or ""): gain for gain in gains}
        self._gains = {place: gain for place, gain in by_place.items() if place in shown}
        seen = (pillar, lacks, self._gains)
        if seen == self._seen:
            return
        self._seen = seen
        focused = next((id for id, fold in self.folds.items() if fold.hasFocus()), None)
        if self._content is not None:
            self._holder.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
        self.folds, self._bodies, self.links = {}, {}, []
        self._content = content = QWidget(self)
        layout = column(content, SPACE)
        self._label(layout, content, "sidehead", self._names.get(pillar.node.id, pillar.node.id))
        self._label(layout, content, "estimate", self._texts.say("ui.score.estimate"))
        self._figures(layout, content, pillar)
        self._parts(layout, content, pillar)
        for one in explain_unscored(self._bridge.rules.rubric, self._bridge.form, pillar.node.id):
            self._label(layout, content, "hint", self._texts.say(one.code, **one.values))
        self._holder.addWidget(content)
        if focused in self.folds:
            self.folds[focused].setFocus()

    def _parts(self, layout: QVBoxLayout, owner: QWidget, node: FigureNode) -> None:
        for part in node.parts:
            if part.node.question is None:
                layout.addSpacing(SPACE)
                self._label(layout, owner, "sidehead", self._names.get(part.node.id, part.node.id))
                self._figures(layout, owner, part)
                self._parts(layout, owner, part)
            else:
                self._question(layout, owner, part, node.node.id)

    def _figures(self, layout: QVBoxLayout, owner: QWidget, node: FigureNode) -> None:
        """Add a bar with its words, or the note that the node does not count."""
        if node.node.exempt:
            self._label(layout, owner, "hint", self._texts.say("ui.points.exempt"))
            return
        words = words_of(self._texts, "", node.figures).removeprefix(": ")
        layout.addWidget(StackBar(node.figures, words, owner))
        self._label(layout, owner, "note", words)

    def _question(self, layout: QVBoxLayout, owner: QWidget, node: FigureNode, indicator: str) -> None:
        id, say = node.node.id, self._texts.say
        name = self._question_name(node, indicator)
        figures = node.figures
        share = (
            say("ui.points.exempt")
            if node.node.exempt
            else say("ui.points.of", earned=figures.earned, weight=figures.weight)
        )
        runs = (Run(name), Run(share.replace(" / ", "\u00a0/\u00a0"), "hint"))
        fold = WrapButton(self._texts, runs, owner, folds=True)
        fold.setChecked(id in self._open)
        fold.toggled.connect(lambda on: self._fold(node, indicator, on))
        layout.addWidget(fold)
        self.folds[id] = fold
        body = QWidget(owner)
        column(body, SPACE // 2, 3 * SPACE // 2)
        layout.addWidget(body)
        self._bodies[id] = body
        body.setVisible(False)
        if id in self._open:
            self._fold(node, indicator, True)

    def _fold(self, node: FigureNode, indicator: str, on: bool) -> None:
        """Unfold a question, building its content the first time; or fold it."""
        body = self._bodies[node.node.id]
        layout = body.layout()
        assert isinstance(layout, QVBoxLayout)
        if on:
            self._open.add(node.node.id)
            if layout.count() == 0:
                self._fill_question(layout, body, node, indicator)
        else:
            self._open.discard(node.node.id)
        body.setVisible(on)

    def _fill_question(self, layout: QVBoxLayout, owner: QWidget, node: FigureNode, indicator: str) -> None:
        question = node.node.question
        assert question is not None
        say = self._texts.say
        self._figures(layout, owner, node)
        mark, *sentences = explain(self._bridge.rules.rubric, self._bridge.form, question)
        self._label(layout, owner, "columnhead", say("ui.points.how"))
        self._label(layout, owner, "warning" if question.basis == "assumed" else "status", say(mark.code))
        for sentence in sentences:
            values = {key: self._texts.cut(value, _LONGEST) for key, value in sentence.values.items()}
            self._label(layout, owner, "text", f"• {say(sentence.code, **values)}")
        name = self._short_name(node, indicator)
        if isinstance(question, External):
            link = say("ui.points.go_entry", name=indicator)
            self._link(layout, owner, link, lambda: self.entry_wanted.emit(indicator))
            return
        problems = self._lacking(node)
        if problems:
            self._label(layout, owner, "columnhead", say("ui.points.lacking", count=len(problems)))
            for problem in problems[:_MOST_LACKING]:
                self._lacking_link(layout, owner, problem)
            if len(problems) > _MOST_LACKING:
                more = say("ui.points.more_lacking", count=len(problems) - _MOST_LACKING)
                self._label(layout, owner, "hint", more)
        self._link(layout, owner, say("ui.points.go", name=name), lambda: self.wanted.emit(question.field, ""))

    def _lacking_link(self, layout: QVBoxLayout, owner: QWidget, problem: Problem) -> None:
        answers = self._bridge.state.facts.answers
        where = problem_name(self._bridge.form, problem.address, problem.slot, answers).line(
            self._texts.cut, LONGEST_PART
        )
        gain = self._gains.get((problem.address, problem.slot or ""))
        chip = self._texts.say("ui.points.chip", points=rounded(gain.points)) if gain is not None else ""
        self._link(
            layout,
            owner,
            self._texts.say(f"ui.points.lacks.{kind_of(problem)}", where=where),
            lambda: self.wanted.emit(problem.address, problem.slot or ""),
            chip,
        )

    def _link(self, layout: QVBoxLayout, owner: QWidget, words: str, go: Callable[[], object], chip: str = "") -> None:
        button = WrapButton(self._texts, (Run(words),), owner, chip=chip)
        button.clicked.connect(lambda: go())
        layout.addWidget(button)
        self.links.append(button)

    def _lacking(self, node: FigureNode) -> tuple[Problem, ...]:
        question = node.node.question
        if question is None or isinstance(question, External):
            return ()
        return lacking(self._bridge.form, self._bridge.state, question)

    def _question_name(self, node: FigureNode, indicator: str) -> str:
        if isinstance(node.node.question, External):
            return self._names[indicator]
        label = self._bridge.form.node(node.node.id).label
        return " ".join(part for part in (self._short_name(node, indicator), self._texts.cut(label, 48)) if part)

    def _short_name(self, node: FigureNode, indicator: str) -> str:
        if isinstance(node.node.question, External):
            return indicator
        form, answers = self._bridge.form, self._bridge.state.facts.answers
        return full_code(form, node.node.id) or full_name(form, node.node.id, None, answers).words()

    def _label(self, layout: QVBoxLayout, owner: QWidget, role: str, words: str) -> None:
        label = WrapLabel(self._texts, words, role, owner)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(label)


def _questions(node: FigureNode) -> Iterator[FigureNode]:
    for part in node.parts:
        if part.node.question is not None:
            yield part
        yield from _questions(part)
