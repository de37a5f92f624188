"""The score sheet: an estimate, and labelled so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band
from dgdesk.printing.survey.context import BAND, HEAD, PrintContext
from dgdesk.printing.tables import Grid, PrintRow, Table, row
from dgdesk.printing.ties import indented
from dgdesk.survey.definition.models import Indicator
from dgdesk.survey.rules.explain import explain_unscored
from dgdesk.survey.rules.figures import FigureNode, Figures, figures_of
from dgdesk.survey.rules.rubric import IndicatorRule, PillarRule
from dgdesk.text.score_words import figures_line

_COLUMNS = ("weight", "earned", "waiting", "open", "external", "lost")


def score_sheet(context: PrintContext) -> Iterator[Block]:
    """Points by pillar and indicator; each row adds up to its weight."""
    state = context.source.state
    if state is None:
        return
    rubric = context.source.rules.rubric
    sheet = figures_of(rubric, state.score)
    yield Band((context.text(context.say("cli.estimate"), context.styles.style(bold=True)),), tint=None)
    total, cautious = sheet.total, sheet.cautious
    yield context.text(
        context.say(
            "print.score.interval",
            figures=figures_line(context.say, *map(context.number, (total.earned, total.claimed, total.high))),
        ),
        context.styles.style(11, bold=True, before=6),
    )
    yield context.text(
        context.say(
            "print.score.cautious",
            p=context.number(rubric.progress),
            earned=context.number(cautious.earned),
            claimed=context.number(cautious.claimed),
        ),
        context.styles.small,
    )
    yield context.text(context.say("score.meaning"), context.styles.note)
    yield context.text(context.say("print.score.columns"), context.styles.note)
    names = _names(context)
    head = row(
        (context.text(context.say("print.score.name"), context.styles.head),),
        *(
            (context.text(context.say(f"print.score.{name}"), _right(context.styles.style(7.4, bold=True))),)
            for name in _COLUMNS
        ),
        fill=HEAD,
    )
    rows: list[PrintRow] = []
    for pillar, rule in zip(sheet.pillars, rubric.pillars, strict=True):
        rows.append(_row(context, names.get(pillar.node.id, pillar.node.id), pillar.figures, 0, bold=True))
        rows += _indicators(context, pillar, rule, names, 1)
    rows.append(_row(context, context.say("print.score.total"), total, 0, bold=True))
    yield Table(Grid((52, *((8,) * len(_COLUMNS))), padding=1.4), tuple(rows), (head,), before=5)
    for one in explain_unscored(rubric, context.form):
        yield context.text(context.say(one.code, **one.values), context.styles.note)


def _indicators(
    context: PrintContext, node: FigureNode, rule: PillarRule | IndicatorRule, names: dict[str, str], depth: int
) -> Iterator[PrintRow]:
    inner = {one.id: one for one in rule.indicators}
    for part in node.parts:
        if part.node.id in inner:
            yield _row(context, names.get(part.node.id, part.node.id), part.figures, depth)
            yield from _indicators(context, part, inner[part.node.id], names, depth + 1)


def _row(context: PrintContext, name: str, figures: Figures, depth: int, *, bold: bool = False) -> PrintRow:
    style = context.styles.style(8, bold=bold)
    values = [_figure(context, getattr(figures, column), style) for column in _COLUMNS]
    label = indented(context.text((TextRun(name),), style), depth * context.styles.indent * 0.6)
    return row((label,), *((value,) for value in values), fill=BAND if bold else None)


def _figure(context: PrintContext, value: Decimal, style: ParagraphStyle) -> Block:
    return context.text(context.number(value), _right(style))


def _right(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(style.size, style.bold, style.colour, "right")


def _names(context: PrintContext) -> dict[str, str]:
    """Names of pillars and indicators by their corrected numbers."""
    found: dict[str, str] = {}

    def add(indicator: Indicator) -> None:
        found[indicator.id] = f"{indicator.id} {indicator.name}"
        for part in indicator.indicators:
            add(part)

    for pillar in context.form.definition.indicators.pillars:
        found[pillar.id] = pillar.title
        for indicator in pillar.indicators:
            add(indicator)
    return found
