"""The score as plain data, for ``score --json`` and score.json; and what would add most to it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from dgdesk.survey.answers.attachments import Attachment, Evidence
from dgdesk.survey.definition.form import Slot
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.credit import AnswerReader, may_earn, worth
from dgdesk.survey.rules.figures import FigureNode, Figures, figures_of
from dgdesk.survey.rules.problems import asks_for_evidence, satisfied
from dgdesk.survey.rules.rubric import External
from dgdesk.survey.rules.score import Case, ScoreNode, Tree, breakdown, pillar_earned, reader_of, rounded
from dgdesk.survey.rules.state import Rules, State
from dgdesk.survey.rules.worth import Exact

_STAND_IN = (Attachment("0" * 64, "", 0, "", whole=True),)


class Gain(NamedTuple):
    """One action that adds points: attach ``evidence`` at ``slot``, ``mark`` its key passage, or ``answer`` a question.

    An answer's ``points`` are the most it can add to what is claimed.

    ``points`` are out of 100, ``address`` is the field to jump to, ``indicator`` the one that gets the points.
    """

    kind: Literal["evidence", "mark", "answer"]
    address: str
    points: Exact
    indicator: str
    slot: str | None = None


def gains(rules: Rules, state: State, tree: Tree | None = None) -> tuple[Gain, ...]:
    """List the actions that add to the defensible score, the largest first; equal ones in printed order.

    ``tree`` is the `breakdown` of the state's score, where it is known already.
    """
    found = [*_evidence(rules, state), *_answers(rules, state, tree or breakdown(rules.rubric, state.score))]
    return tuple(sorted((gain for gain in found if gain.points > 0), key=lambda gain: -gain.points))


def _evidence(rules: Rules, state: State) -> Iterator[Gain]:
    facts, form = state.facts, rules.form
    for slot in form.slots.values():
        if slot.rule == "optional" or not asks_for_evidence(form, facts.answers, state.shown, slot):
            continue
        if satisfied(form, slot, facts.answers, facts.evidence) or not rules.readers[slot.node]:
            continue
        yield Gain(
            "mark" if facts.evidence.get(slot.id) else "evidence",
            form.nodes[slot.node].address,
            _points_of_file(rules, state, slot),
            rules.rubric.questions[rules.readers[slot.node][0]][0],
            slot.id,
        )


def _points_of_file(rules: Rules, state: State, slot: Slot) -> Exact:
    """Return the points that a marked file at ``slot`` adds now; none while a blank of its place is empty."""
    facts, rubric, score = state.facts, rules.rubric, state.score
    with_file: Evidence = ChainMap({slot.id: _STAND_IN}, dict(facts.evidence))
    reader = reader_of(Case(rules.form, rubric, facts.answers, with_file, state.shown, facts.external), prove=True)
    worths = list(score.earned_worths)
    readers = rules.readers[slot.node]
    for at in readers:
        indicator, question = rubric.questions[at]
        worths[at] = worth(question, indicator, reader)
    touched = [one for one in rubric.pillars if any(at in _places(rubric.slices[one.id]) for at in readers)]
    return sum(
        [pillar_earned(rubric, one, score.claimed_worths, worths) - score.pillars[one.id].earned for one in touched]
    )


def _places(part: slice) -> range:
    return range(part.start, part.stop)


def _answers(rules: Rules, state: State, tree: Tree) -> Iterator[Gain]:
    facts = state.facts
    case = Case(rules.form, rules.rubric, facts.answers, facts.evidence, state.shown, facts.external)
    reader = reader_of(case, prove=False)
    for pillar in tree:
        yield from _open_questions(pillar, pillar.id, reader)


def _open_questions(node: ScoreNode, indicator: str, reader: AnswerReader) -> Iterator[Gain]:
    for part in node.parts:
        yield from _open_questions(part, node.id, reader)
    question = node.question
    if question is not None and not isinstance(question, External) and may_earn(question, reader):
        yield Gain("answer", question.field, node.points.open, indicator)


def score_report(rules: Rules, state: State, tree: Tree | None = None) -> dict[str, Any]:
    """Return the whole preview: total, pillars down to questions, the same with p = 0. Always marked as an estimate.

    ``tree`` as for `gains`.
    """
    sheet = figures_of(rules.rubric, state.score, tree)
    return {
        "estimate": True,
        "rubric": rules.rubric.id,
        "progress": rules.rubric.progress,
        "total": _figures(sheet.total),
        "interval": [sheet.total.earned, sheet.total.high],
        "without_progress": {
            "earned": sheet.cautious.earned,
            "claimed": sheet.cautious.claimed,
        },
        "pillars": [_node(node) for node in sheet.pillars],
        "unscored": [{"id": one.id, "basis": one.basis} for one in rules.rubric.unscored],
    }


def gains_report(rules: Rules, state: State, most: int, tree: Tree | None = None) -> list[dict[str, Any]]:
    """Return at most ``most`` actions that add points, the largest first; ``tree`` as for `gains`."""
    return [
        {
            "kind": gain.kind,
            "field": gain.address,
            "code": nearest_code(rules.form, gain.address),
            "slot": gain.slot,
            "indicator": gain.indicator,
            "points": rounded(gain.points),
        }
        for gain in gains(rules, state, tree)[:most]
    ]


def _node(node: FigureNode) -> dict[str, Any]:
    return {
        "id": node.node.id,
        "basis": node.node.basis,
        "exempt": node.node.exempt,
        **_figures(node.figures),
        "parts": [_node(part) for part in node.parts],
    }


def _figures(figures: Figures) -> dict[str, Decimal]:
    return {
        "weight": figures.weight,
        "earned": figures.earned,
        "claimed": figures.claimed,
        "waiting": figures.waiting,
        "open": figures.open,
        "external": figures.external,
        "lost": figures.lost,
    }
