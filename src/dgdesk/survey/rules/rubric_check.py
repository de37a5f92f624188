"""Checks a rubric against a form: the fields, options and rows that it names, and the printed weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import Indicator
from dgdesk.survey.rules.rubric import (
    Best,
    Channel,
    Choice,
    Count,
    CountRows,
    External,
    IndicatorRule,
    Matrix,
    Question,
    Rubric,
    addresses_of,
)

_KINDS = {
    **{"choice": "single", "ratio": "single", "channel": "single", "count": "multiple", "best": "multiple"},
    **{"matrix": "matrix", "count_rows": "matrix"},
}


def check_rubric(rubric: Rubric, form: Form) -> tuple[str, ...]:
    """Return what does not fit between a rubric and a form.

    That is: unknown fields, options and rows, rules for another kind of field, weights other than the printed ones.
    """
    flaws = []
    if rubric.edition != form.definition.edition:
        flaws.append(f"the rubric is of edition {rubric.edition}")
    printed = {pillar.id: pillar.weight for pillar in form.definition.indicators.pillars}
    weights = {pillar.id: pillar.weight for pillar in rubric.pillars}
    if weights != printed:
        flaws.append(f"pillar weights {weights} are not the printed {printed}")
    if sum(weights.values()) != 100:
        flaws.append(f"pillar weights add up to {sum(weights.values())}")
    known = {one.id for pillar in form.definition.indicators.pillars for one in _walk(pillar.indicators)}
    for pillar in rubric.pillars:
        for indicator in _walk(pillar.indicators):
            if indicator.id not in known:
                flaws.append(f"indicator {indicator.id} is not in the form's table")
            if isinstance(indicator, IndicatorRule) and bool(indicator.indicators) == bool(indicator.questions):
                flaws.append(f"indicator {indicator.id} needs either parts or questions")
            if isinstance(indicator, IndicatorRule) and indicator.substitute is not None:
                fields = [question.field for question in indicator.questions]
                if indicator.substitute not in fields or len(fields) == 1:
                    flaws.append(f"indicator {indicator.id}: no substitute {indicator.substitute}")
    places = form.position.keys() | {section.id for section in form.definition.sections}
    flaws += [f"unscored: unknown {one.id}" for one in rubric.unscored if one.id not in places]
    used: set[str] = set()
    for indicator_id, question in rubric.questions:
        if question.field in used:
            flaws.append(f"{question.field} is scored twice")
        used.add(question.field)
        if question.field in {one.id for one in rubric.unscored}:
            flaws.append(f"{question.field} is scored, and said not to be")
        for address in addresses_of(question):
            if address not in form.position:
                flaws.append(f"indicator {indicator_id}: unknown field {address}")
        kind = form.node(question.field).kind if question.field in form.position else None
        if kind not in (None, _KINDS.get(question.rule)):
            flaws.append(f"{question.field}: no rule {question.rule} for a {kind} field")
        flaws.extend(
            f"unknown option {address}/{one}"
            for address, one in _options_named(question)
            if address in form.position and one not in _options(form, address)
        )
    return tuple(flaws)


def _options(form: Form, address: str) -> set[str]:
    """Return the names that a rule may use in a field: options; or a table's columns, their groups, and rows."""
    field = form.node(address).field
    rows = {row.id for row in field.rows if not row.header}
    return {one.id for part in (field.options, field.columns, field.groups) for one in part} | rows


def _options_named(question: Question) -> Iterator[tuple[str, str]]:
    named: tuple[str, ...] = ()
    match question:
        case Choice(detail=detail):
            named = tuple(question.credit)
            if detail is not None:
                yield from ((address, one) for address in detail.fields for one in (*detail.together, *detail.none))
        case Matrix():
            named = (*question.credit, *question.details, *question.needs, *question.needs.values())
        case CountRows():
            named = question.together
        case Count():
            named = (*question.together, *question.none)
        case Channel():
            named = (*question.urls, question.half)
            yield question.unless
        case Best():
            named = (*question.status, *question.details)
            yield from ((address, one) for address in question.status.values() for one in question.credit)
        case External():
            yield from () if question.zero_when is None else (question.zero_when,)
    yield from ((question.field, one) for one in named)


def _walk(indicators: Iterable[IndicatorRule | Indicator]) -> Iterator[IndicatorRule | Indicator]:
    for indicator in indicators:
        yield indicator
        yield from _walk(indicator.indicators)
