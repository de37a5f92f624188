"""The rubric: how answers become points, as data. Every rule says whether it is ``printed`` on the form or ``assumed``.

Nothing below pillar level is published, so the rubric is a file of its own, replaceable without touching code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Discriminator, ValidationError

from dgdesk.definition.form import Form
from dgdesk.definition.models import Frozen
from dgdesk.errors import FileError

Basis = Literal["printed", "assumed"]
Credit = Decimal | Literal["progress", "exempt"]


class Detail(Frozen):
    """What a "yes" is worth by the choices under it.

    ``share``: base + (1 - base)·k/of, capped at 1, where k options are chosen and proven; k = 0 gives 0. ``any``: full
    with one. Options named in ``together`` count as one. ``filled``: an option counts only with something filled in.
    """

    kind: Literal["share", "any"]
    fields: tuple[str, ...]
    of: int = 1
    base: Credit = Decimal(0)
    together: tuple[str, ...] = ()
    filled: bool = False


class _Rule(Frozen):
    field: str
    basis: Basis
    note: str = ""


class Choice(_Rule):
    """A single choice: the chosen option's credit, with its evidence where the form asks for it."""

    rule: Literal["choice"]
    credit: Mapping[str, Credit]
    detail: Detail | None = None


class Matrix(_Rule):
    """The mean over the rows that are not exempt. ``needs``: a group that counts only where another one is "yes"."""

    rule: Literal["matrix"]
    credit: Mapping[str, Credit]
    details: Mapping[str, Detail] = {}
    needs: Mapping[str, str] = {}


class CountRows(_Rule):
    """k/of over the rows answered "yes", capped at 1; rows in ``together`` count as one."""

    rule: Literal["count_rows"]
    of: int
    together: tuple[str, ...] = ()


class Count(_Rule):
    """k/of over the options chosen and proven, capped at 1; options in ``none`` count nothing."""

    rule: Literal["count"]
    of: int
    together: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Ratio(_Rule):
    """part/whole, capped at 1. A whole of 0 drops the question out (``drop``) or scores 0 (``zero``)."""

    rule: Literal["ratio"]
    part: str
    whole: str
    whole_field: str
    at_zero: Literal["drop", "zero"]


class Channel(_Rule):
    """A channel with its URL is full; the option ``half`` is worth one half unless ``unless`` is chosen."""

    rule: Literal["channel"]
    urls: Mapping[str, str]
    half: str
    unless: tuple[str, str]


class Best(_Rule):
    """The best of several options: each worth the credit of the choice in its status field."""

    rule: Literal["best"]
    status: Mapping[str, str]
    details: Mapping[str, Detail]
    credit: Mapping[str, Credit]


class External(_Rule):
    """Points that come from elsewhere: open until they are entered, 0 where ``zero_when`` is chosen."""

    rule: Literal["external"]
    zero_when: tuple[str, str] | None = None


Question = Annotated[Choice | Matrix | CountRows | Count | Ratio | Channel | Best | External, Discriminator("rule")]


class IndicatorRule(Frozen):
    """An indicator: the equal split over its parts, or the mean of its questions."""

    id: str
    basis: Basis
    indicators: tuple[IndicatorRule, ...] = ()
    questions: tuple[Question, ...] = ()


class PillarRule(Frozen):
    """A pillar with its weight in points of 100."""

    id: str
    weight: Decimal
    basis: Basis
    indicators: tuple[IndicatorRule, ...]


class Rubric(Frozen):
    """A whole rubric. ``progress`` is p, the credit of work in progress."""

    id: str
    edition: str
    progress: Decimal
    progress_basis: Basis
    pillars: tuple[PillarRule, ...]

    @cached_property
    def questions(self) -> tuple[tuple[str, Question], ...]:
        """Every question with its indicator's id, in order."""
        return tuple(one for pillar in self.pillars for one in _questions(pillar.indicators))

    @cached_property
    def in_progress(self) -> tuple[int, ...]:
        """The positions in `questions` of those whose worth depends on p."""
        return tuple(at for at, (_, question) in enumerate(self.questions) if uses_progress(question))

    @cached_property
    def slices(self) -> Mapping[str, slice]:
        """Which part of `questions` belongs to each pillar."""
        found, start = {}, 0
        for pillar in self.pillars:
            count = len(list(_questions(pillar.indicators)))
            found[pillar.id] = slice(start, start + count)
            start += count
        return found

    @cached_property
    def external_weights(self) -> Mapping[str, Fraction]:
        """The full points of every external indicator."""
        return dict(_external_weights([(pillar.indicators, Fraction(pillar.weight)) for pillar in self.pillars]))


def _external_weights(
    shares: Iterable[tuple[tuple[IndicatorRule, ...], Fraction]],
) -> Iterator[tuple[str, Fraction]]:
    for indicators, weight in shares:
        for indicator in indicators:
            share = weight / len(indicators)
            if any(isinstance(question, External) for question in indicator.questions):
                yield indicator.id, share
            yield from _external_weights([(indicator.indicators, share)])


def _questions(indicators: tuple[IndicatorRule, ...]) -> Iterator[tuple[str, Question]]:
    for indicator in indicators:
        for question in indicator.questions:
            yield indicator.id, question
        yield from _questions(indicator.indicators)


def load_rubric(path: Path) -> Rubric:
    """Read a rubric file.

    Raises:
        FileError: ``rubric.invalid`` with the reason.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return Rubric.model_validate(yaml.load(stream, Loader=yaml.CBaseLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise FileError("rubric.invalid", file=path.name, reason=str(error)) from error


def check_rubric(rubric: Rubric, form: Form) -> tuple[str, ...]:
    """Say what does not fit between a rubric and a form: unknown fields, weights that are not the printed ones."""
    flaws = []
    printed = {pillar.id: pillar.weight for pillar in form.definition.indicators.pillars}
    weights = {pillar.id: pillar.weight for pillar in rubric.pillars}
    if weights != printed:
        flaws.append(f"pillar weights {weights} are not the printed {printed}")
    if sum(weights.values()) != 100:
        flaws.append(f"pillar weights add up to {sum(weights.values())}")
    known = {indicator for pillar in form.definition.indicators.pillars for indicator in _ids(pillar.indicators)}
    for pillar in rubric.pillars:
        for indicator in _walk(pillar.indicators):
            if indicator.id not in known:
                flaws.append(f"indicator {indicator.id} is not in the form's table")
            if bool(indicator.indicators) == bool(indicator.questions):
                flaws.append(f"indicator {indicator.id} needs either parts or questions")
    used: set[str] = set()
    for indicator_id, question in rubric.questions:
        if question.field in used:
            flaws.append(f"{question.field} is scored twice")
        used.add(question.field)
        for address in addresses_of(question):
            if address not in form.position:
                flaws.append(f"indicator {indicator_id}: unknown field {address}")
    return tuple(flaws)


def _walk(indicators: tuple[IndicatorRule, ...]) -> Iterator[IndicatorRule]:
    for indicator in indicators:
        yield indicator
        yield from _walk(indicator.indicators)


def _ids(indicators: tuple[object, ...]) -> Iterator[str]:
    from dgdesk.definition.models import Indicator

    for indicator in indicators:
        if isinstance(indicator, Indicator):
            yield indicator.id
            yield from _ids(indicator.indicators)


def addresses_of(question: Question) -> Iterator[str]:
    """Yield the addresses that a question's rule names."""
    if not isinstance(question, External):
        yield question.field
    match question:
        case Choice(detail=Detail(fields=fields)):
            yield from fields
        case Matrix(details=details):
            for detail in details.values():
                yield from detail.fields
        case Ratio():
            yield from (question.part, question.whole, question.whole_field)
        case Channel():
            yield from question.urls.values()
            yield question.unless[0]
        case Best():
            yield from question.status.values()
            for detail in question.details.values():
                yield from detail.fields
        case External(zero_when=(address, _)):
            yield address


def amount(credit: Credit | None, progress: Fraction | int) -> Fraction | int | None:
    """Return a credit as an exact number (no credit is 0); None for exempt."""
    match credit:
        case None:
            return 0
        case "exempt":
            return None
        case "progress":
            return progress
        case _:
            return int(credit) if credit in (0, 1) else Fraction(credit)


def uses_progress(question: Question) -> bool:
    """Tell whether a question's worth depends on p."""
    match question:
        case Choice():
            return "progress" in question.credit.values() or (
                question.detail is not None and question.detail.base == "progress"
            )
        case Matrix() | Best():
            return "progress" in question.credit.values()
        case _:
            return False
