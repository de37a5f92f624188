"""The rubric: how answers become points, as data. Every rule says whether it is ``printed`` on the form or ``assumed``.

Nothing below pillar level is published, so the rubric is a separate file that can be replaced without changing code.
The annotations are no strings, as in `dgdesk.survey.definition.models`.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, PositiveInt, ValidationError

from dgdesk.errors import FileError
from dgdesk.survey.definition.load import unreadable_reason
from dgdesk.survey.definition.models import Frozen
from dgdesk.system.compiled import compiled_tree

Basis = Literal["printed", "assumed"]
Credit = Annotated[Decimal, Field(ge=0, le=1)] | Literal["progress", "exempt"]


class Detail(Frozen):
    """What a "yes" is worth by the choices under it.

    ``share``: base + (1 - base)·k/of, capped at 1, where k options are chosen and proven; k = 0 gives 0. ``any``: full
    with one. Options named in ``together`` count as one, those in ``none`` count nothing.
    """

    kind: Literal["share", "any"]
    fields: tuple[str, ...]
    of: PositiveInt = 1
    base: Credit = Decimal(0)
    together: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class _Rule(Frozen):
    """What all rules have. ``note`` is the reason for the rule, for people."""

    field: str
    basis: Basis
    note: str = ""


class Choice(_Rule):
    """A single choice: the chosen option's credit, with its evidence and its blanks where the form asks for them."""

    rule: Literal["choice"]
    credit: Mapping[str, Credit]
    detail: Detail | None = None


class Matrix(_Rule):
    """The mean over the rows that are not exempt. ``needs``: a group that counts only if another one is "yes".

    ``at_least``: blanks (by address) whose number must be so much, or else their row earns nothing.
    """

    rule: Literal["matrix"]
    credit: Mapping[str, Credit]
    details: Mapping[str, Detail] = {}
    needs: Mapping[str, str] = {}
    at_least: Mapping[str, Decimal] = {}


class CountRows(_Rule):
    """k/of over the rows answered "yes", capped at 1; rows in ``together`` count as one."""

    rule: Literal["count_rows"]
    of: PositiveInt
    together: tuple[str, ...] = ()


class Count(_Rule):
    """k/of over the options chosen and proven, capped at 1; options in ``none`` count nothing."""

    rule: Literal["count"]
    of: PositiveInt
    together: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Ratio(_Rule):
    """part/whole, capped at 1. If the whole is 0, the question is not counted (``drop``) or scores 0 (``zero``)."""

    rule: Literal["ratio"]
    part: str
    whole: str
    whole_field: str
    at_zero: Literal["drop", "zero"]


class Channel(_Rule):
    """Full credit for a channel with its URL; the option ``half`` is worth one half, if ``unless`` is not chosen."""

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
    """Points given by the agency: open until they are entered, 0 if ``zero_when`` is chosen."""

    rule: Literal["external"]
    zero_when: tuple[str, str] | None = None


Question = Annotated[Choice | Matrix | CountRows | Count | Ratio | Channel | Best | External, Discriminator("rule")]


class IndicatorRule(Frozen):
    """An indicator: the equal split over its parts, or the mean of its questions.

    ``substitute`` is the question among them that has no share of its own: it takes the place of the one worth least,
    if it is worth more.
    """

    id: str
    basis: Basis
    substitute: str | None = None
    indicators: tuple["IndicatorRule", ...] = ()
    questions: tuple[Question, ...] = ()


class PillarRule(Frozen):
    """A pillar with its weight in points of 100."""

    id: str
    weight: Decimal
    basis: Basis
    indicators: tuple[IndicatorRule, ...]


class Unscored(Frozen):
    """A question or section that is asked and earns nothing: as the form prints it, or as is assumed."""

    id: str
    basis: Basis


class Rubric(Frozen):
    """A whole rubric. ``progress`` is p, the credit of work in progress, less than 1."""

    id: str
    edition: str
    progress: Annotated[Decimal, Field(ge=0, lt=1)]
    progress_basis: Basis
    pillars: tuple[PillarRule, ...]
    unscored: tuple[Unscored, ...] = ()

    @cached_property
    def questions(self) -> tuple[tuple[str, Question], ...]:
        """Every question with its indicator's id, in order."""
        return tuple(one for pillar in self.pillars for one in _questions(pillar.indicators))

    @cached_property
    def in_progress(self) -> tuple[int, ...]:
        """The positions in `questions` of those whose worth depends on p."""
        return tuple(at for at, (_, question) in enumerate(self.questions) if uses_progress(question))

    @cached_property
    def substitutes(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """The positions in `questions` of each substitute, and of those it may take the place of."""
        found = []
        for indicator in self.indicators:
            places = [at for at, (id, _) in enumerate(self.questions) if id == indicator.id]
            own = [at for at in places if self.questions[at][1].field == indicator.substitute]
            found += [(at, tuple(one for one in places if one != at)) for at in own]
        return tuple(found)

    @cached_property
    def indicators(self) -> tuple[IndicatorRule, ...]:
        """Every indicator, in order, each before its parts."""
        return tuple(one for pillar in self.pillars for one in _rules(pillar.indicators))

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


def _rules(indicators: tuple[IndicatorRule, ...]) -> Iterator[IndicatorRule]:
    for indicator in indicators:
        yield indicator
        yield from _rules(indicator.indicators)


def _questions(indicators: tuple[IndicatorRule, ...]) -> Iterator[tuple[str, Question]]:
    for indicator in indicators:
        for question in indicator.questions:
            yield indicator.id, question
        yield from _questions(indicator.indicators)


def load_rubric(path: Path, *, shipped: bool = False) -> Rubric:
    """Read a rubric file; one that is ``shipped`` with the program in the quicker way (`compiled_tree`).

    Raises:
        FileError: ``rubric.invalid`` with the reason.
    """
    tree = compiled_tree(path) if shipped else None
    try:
        return Rubric.model_validate(_tree(path) if tree is None else tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise FileError("rubric.invalid", file=path.name, reason=f"{place}: {first['type']}") from error


def _tree(path: Path) -> Any:
    import yaml  # see `dgdesk.system.compiled`

    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CBaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError("rubric.invalid", file=path.name, reason=unreadable_reason(error)) from error


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
            yield from question.at_least
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
