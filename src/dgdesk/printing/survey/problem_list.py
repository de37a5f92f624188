"""The list of what is missing or wrong, to be ticked off by hand."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import BAND, HEAD
from dgdesk.printing.survey.sections import section_place
from dgdesk.printing.tables import Cell, Grid, Table, TableRow, row
from dgdesk.survey.definition.form import option_of
from dgdesk.survey.rules.evidence_overview import full_code
from dgdesk.survey.rules.pages import label_now
from dgdesk.survey.rules.problems import Problem

_LONGEST = 160


def problem_list(context: Desk) -> Iterator[Block]:
    """All problems by section, each with a box to tick; the background distinguishes errors and warnings."""
    state = context.source.state
    if state is None:
        return
    yield context.text(context.say("print.problems"), context.styles.title)
    errors = sum(one.severity == "error" for one in state.problems)
    counts = {"errors": context.number(errors), "warnings": context.number(len(state.problems) - errors)}
    yield context.text(context.say("print.problems.counts", **counts), context.styles.style(after=6))
    head = row(
        *(
            (context.text(context.say(f"print.problems.{name}"), context.styles.head),)
            for name in ("done", "code", "what")
        ),
        fill=HEAD,
    )
    for section in context.form.definition.sections:
        if context.choices.section not in (None, section.id):
            continue
        here = [one for one in state.problems if context.form.node(one.address).section == section.id]
        if not here:
            continue
        title = context.text(section.title, context.styles.page, keep=True)
        yield Named(title, section_place(section.id), section.title, 0)
        yield Table(Grid((7, 18, 75)), tuple(_row(context, one) for one in here), (head,))
    if not state.problems:
        yield context.text(context.say("print.problems.none"), context.styles.label)


def _row(context: Desk, problem: Problem) -> TableRow:
    style = context.styles.cell
    node = context.form.node(problem.address)
    slot = context.form.slots[problem.slot] if problem.slot is not None else None
    option = option_of(node, slot.option) if slot is not None and slot.option is not None else None
    label = (
        (option.label if option is not None else "")
        or label_now(context.form, context.answers, node)
        or node.field.hint
    )
    texts = [context.text(_cut(label), style)] if label else []
    severity = context.say(f"print.problems.{problem.severity}")
    texts.append(context.text(f"{severity}: {context.say(problem.code)}", context.styles.head))
    warning = problem.severity == "warning"
    return TableRow(
        (
            Cell((context.text("☐", style),)),
            Cell((context.text(full_code(context.form, problem.address) or node.address, style),)),
            Cell((Group(texts, keep=True),), fill=BAND if warning else None),
        )
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
