"""The score preview: an estimate from the rubric, always an interval while something is open. Not the agency's score.

All numbers are exact fractions; only figures that are shown are rounded. At every node of the tree
``earned + waiting + open + external + lost = weight``, and the points of a node's parts add up to its own.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.credit import AnswerReader, worth
from dgdesk.survey.rules.relevance import Shown
from dgdesk.survey.rules.rubric import Basis, IndicatorRule, PillarRule, Question, Rubric
from dgdesk.survey.rules.worth import EXEMPT, Exact, Worth, capped, mean


class Points(NamedTuple):
    """Points of a node, out of 100 for the whole form.

    ``earned``: defensible, with its evidence. ``waiting``: claimed, evidence missing. ``open``: not answered yet;
    ``external``: given by the agency, not known yet. ``lost``: the rest of ``weight``.
    """

    weight: Exact = 0
    earned: Exact = 0
    waiting: Exact = 0
    open: Exact = 0
    external: Exact = 0

    @property
    def claimed(self) -> Exact:
        """The points by the answers alone, with or without evidence."""
        return self.earned + self.waiting

    @property
    def lost(self) -> Exact:
        """The points that the given answers exclude."""
        return self.weight - self.earned - self.waiting - self.open - self.external

    @property
    def low(self) -> Exact:
        """The lower end of the interval: what is defensible now."""
        return self.earned

    @property
    def high(self) -> Exact:
        """The upper end: what the answers given so far still allow, with all evidence and all external points."""
        return self.earned + self.waiting + self.open + self.external

    def plus(self, other: Points) -> Points:
        """Return the sum of two nodes' points."""
        return Points(
            self.weight + other.weight,
            self.earned + other.earned,
            self.waiting + other.waiting,
            self.open + other.open,
            self.external + other.external,
        )


class ScoreNode(NamedTuple):
    """A pillar, an indicator or a question (``id`` is then the field's) with its points and its parts."""

    id: str
    points: Points
    basis: Basis
    parts: tuple[ScoreNode, ...] = ()
    question: Question | None = None
    exempt: bool = False


class Score(NamedTuple):
    """The whole preview. ``cautious`` is the total with p = 0: work in progress earns nothing.

    ``claimed_worths`` and ``earned_worths`` are the worths of the rubric's questions, for `breakdown`.
    """

    total: Points
    pillars: Mapping[str, Points]
    cautious: Points
    claimed_worths: tuple[Worth, ...]
    earned_worths: tuple[Worth, ...]


class Case(NamedTuple):
    """What is scored: the state of a form, and the points of external indicators that the user entered."""

    form: Form
    rubric: Rubric
    answers: Answers
    evidence: Evidence
    shown: Shown
    external: Mapping[str, Decimal]


def score(case: Case, before: Score | None = None, stale: Container[int] = ()) -> Score:
    """Compute the preview: totals and pillars. `breakdown` goes down to the questions.

    With the score ``before`` a change, only questions whose positions are in ``stale`` are computed again.
    """
    claimed = _worths(case, Fraction(case.rubric.progress), False, before.claimed_worths if before else (), stale)
    earned = _worths(case, Fraction(case.rubric.progress), True, before.earned_worths if before else (), stale)
    if before is not None and claimed == before.claimed_worths and earned == before.earned_worths:
        return before
    pillars = pillar_points(case.rubric, claimed, earned, before)
    cautious_claimed, cautious_earned = _cautious(case, claimed, False), _cautious(case, earned, True)
    total = add_up(pillars.values())
    plain = Score(total, pillars, total, claimed, earned)
    if (cautious_claimed, cautious_earned) == (claimed, earned):
        return plain
    # pillars in which nothing is in progress have the same points
    cautious = pillar_points(case.rubric, cautious_claimed, cautious_earned, plain)
    return Score(total, pillars, add_up(cautious.values()), claimed, earned)


def worths(case: Case, *, prove: bool) -> tuple[Worth, ...]:
    """Return the worth of every question of the rubric, in its order."""
    return _worths(case, Fraction(case.rubric.progress), prove, (), ())


def _worths(
    case: Case, progress: Exact, prove: bool, before: tuple[Worth, ...], stale: Container[int]
) -> tuple[Worth, ...]:
    reader = _reader(case, progress, prove)
    return tuple(
        [
            before[at] if before and at not in stale else worth(question, indicator, reader)
            for at, (indicator, question) in enumerate(case.rubric.questions)
        ]
    )


def _cautious(case: Case, worths: tuple[Worth, ...], prove: bool) -> tuple[Worth, ...]:
    """Return the worths with p = 0; a worth of which nothing or all is earned or open does not depend on p."""
    reader = _reader(case, 0, prove)
    changed = list(worths)
    for at in case.rubric.in_progress:
        if worths[at].earned not in (0, 1) or worths[at].open not in (0, 1):
            indicator, question = case.rubric.questions[at]
            changed[at] = worth(question, indicator, reader)
    return tuple(changed)


def reader_of(case: Case, *, prove: bool) -> AnswerReader:
    """Return the reader that the rules of single questions use for a case."""
    return _reader(case, Fraction(case.rubric.progress), prove)


def _reader(case: Case, progress: Exact, prove: bool) -> AnswerReader:
    weights = case.rubric.external_weights
    external: dict[str, Exact] = {
        indicator: capped(Fraction(points) / weights[indicator])
        for indicator, points in case.external.items()
        if indicator in weights and points >= 0
    }
    return AnswerReader(case.form, case.answers, case.evidence, case.shown, progress, prove, external)


def pillar_points(
    rubric: Rubric, claimed: Sequence[Worth], earned: Sequence[Worth], before: Score | None = None
) -> dict[str, Points]:
    """Return the points of every pillar from the worths of the questions, claimed and defensible."""
    points: dict[str, Points] = {}
    for pillar in rubric.pillars:
        part = rubric.slices[pillar.id]
        if (
            before is not None
            and claimed[part] == before.claimed_worths[part]
            and earned[part] == before.earned_worths[part]
        ):
            points[pillar.id] = before.pillars[pillar.id]
            continue
        mine, theirs = _counted(rubric, part, claimed, earned)
        whole = _pillar_worth(pillar, iter(mine))
        proven = whole if mine == theirs else _pillar_worth(pillar, iter(theirs))
        points[pillar.id] = _points(pillar.weight, whole, pillar.weight, proven)
    return points


def pillar_earned(rubric: Rubric, pillar: PillarRule, claimed: Sequence[Worth], earned: Sequence[Worth]) -> Exact:
    """Return the points a pillar has earned, given the worths of all the rubric's questions."""
    worths = _counted(rubric, rubric.slices[pillar.id], claimed, earned)[1]
    return Fraction(pillar.weight) * _pillar_worth(pillar, iter(worths)).earned


def _counted(
    rubric: Rubric, part: slice, claimed: Sequence[Worth], earned: Sequence[Worth]
) -> tuple[Sequence[Worth], Sequence[Worth]]:
    """Return the worths of a pillar's questions, with substitutes in their places."""
    if any(part.start <= at < part.stop for at, _ in rubric.substitutes):
        claimed, earned = substituted(rubric, claimed, earned)
    return claimed[part], earned[part]


def substituted(
    rubric: Rubric, claimed: Sequence[Worth], earned: Sequence[Worth]
) -> tuple[Sequence[Worth], Sequence[Worth]]:
    """Return the worths, claimed and defensible, with every substitute in the place of the question worth least.

    A substitute has no share of its own; it takes a place only where it is worth more. The same place is taken in both
    trees if the claimed one has such a place, so no question has earned more than it claims.
    """
    if not rubric.substitutes:
        return claimed, earned
    mine, theirs = list(claimed), list(earned)
    for at, others in rubric.substitutes:
        claim, proof = mine[at], theirs[at]
        mine[at] = theirs[at] = EXEMPT
        place = min(others, key=lambda one: (mine[one].exempt, mine[one].earned, mine[one].open))
        taken = claim.earned > mine[place].earned
        mine[place] = _better(mine[place], claim)
        if not taken:
            place = min(others, key=lambda one: (theirs[one].exempt, theirs[one].earned))
        theirs[place] = _better(theirs[place], proof)
    return mine, theirs


def _better(one: Worth, other: Worth) -> Worth:
    """Return what the better of two worths has earned, and what is open until it has all that either may have."""
    if one.exempt or other.exempt:
        return one
    earned = max(one.earned, other.earned)
    return Worth(earned, max(one.earned + one.open, other.earned + other.open) - earned, one.external)


def _pillar_worth(pillar: PillarRule, worths: Iterator[Worth]) -> Worth:
    return mean([_indicator_worth(indicator, worths) for indicator in pillar.indicators])


def _indicator_worth(indicator: IndicatorRule, worths: Iterator[Worth]) -> Worth:
    if indicator.indicators:
        return mean([_indicator_worth(part, worths) for part in indicator.indicators])
    return mean([next(worths) for _ in indicator.questions])


def _points(claimed_weight: Decimal | Exact, claimed: Worth, earned_weight: Decimal | Exact, earned: Worth) -> Points:
    """Return the points of a node; ``waiting`` is the difference between the claimed and the defensible tree.

    The two trees have separate weights, since different questions may be exempt; a node's weight is the claimed tree's.
    """
    weight, other = Fraction(claimed_weight), Fraction(earned_weight)
    defensible = other * earned.earned
    return Points(
        weight, defensible, weight * claimed.earned - defensible, weight * claimed.open, weight * claimed.external
    )


class _Pair(NamedTuple):
    """A node before its weight is known: its worth as claimed and as defensible, between 0 and 1."""

    id: str
    basis: Basis
    claimed: Worth
    earned: Worth
    parts: tuple[_Pair, ...] = ()
    question: Question | None = None


Tree: TypeAlias = tuple[ScoreNode, ...]
"""What `breakdown` returns."""


def breakdown(rubric: Rubric, score: Score) -> Tree:
    """Return the score tree: pillars, indicators, questions."""
    both = iter(zip(*substituted(rubric, score.claimed_worths, score.earned_worths), strict=True))

    def pair(indicator: IndicatorRule) -> _Pair:
        parts = tuple(pair(part) for part in indicator.indicators) or tuple(
            _Pair(question.field, question.basis, *next(both), (), question) for question in indicator.questions
        )
        return _paired(indicator.id, indicator.basis, parts)

    return tuple(
        _weighted(
            _paired(pillar.id, pillar.basis, tuple(pair(indicator) for indicator in pillar.indicators)),
            Fraction(pillar.weight),
            Fraction(pillar.weight),
        )
        for pillar in rubric.pillars
    )


def _paired(id: str, basis: Basis, parts: tuple[_Pair, ...]) -> _Pair:
    return _Pair(id, basis, mean([part.claimed for part in parts]), mean([part.earned for part in parts]), parts)


def _weighted(node: _Pair, claimed_weight: Exact, earned_weight: Exact) -> ScoreNode:
    shares = _shares(node.parts, lambda part: part.claimed, claimed_weight)
    earned_shares = _shares(node.parts, lambda part: part.earned, earned_weight)
    return ScoreNode(
        node.id,
        _points(claimed_weight, node.claimed, earned_weight, node.earned),
        node.basis,
        tuple(
            _weighted(part, mine, theirs) for part, mine, theirs in zip(node.parts, shares, earned_shares, strict=True)
        ),
        node.question,
        node.claimed.exempt,
    )


def _shares(parts: Sequence[_Pair], which: Callable[[_Pair], Worth], weight: Exact) -> list[Exact]:
    counted = sum(not which(part).exempt for part in parts)
    return [0 if which(part).exempt else Fraction(weight, counted) for part in parts]


def add_up(parts: Iterable[Points]) -> Points:
    """Add points up."""
    points = Points()
    for part in parts:
        points = points.plus(part)
    return points


def rounded(value: Exact, places: int = 2) -> Decimal:
    """Return a figure to show, rounded half up to so many decimal places."""
    exact = Fraction(value)
    unit = Decimal(1).scaleb(-places)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, ROUND_HALF_UP)
