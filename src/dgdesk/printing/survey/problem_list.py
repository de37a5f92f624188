"""Printing, survey: the list of what is missing or wrong, to be ticked off by hand."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.definition.form import option_of
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import BAND, HEAD
from dgdesk.printing.survey.sections import section_place
from dgdesk.printing.tables import Cell, Grid, Table, TableRow, row
from dgdesk.rules.numbering import label_now
from dgdesk.rules.places import full_code
from dgdesk.rules.problems import Problem

_LONGEST = 160


def problem_list(desk: Desk) -> Iterator[Block]:
    """All problems by section, errors and warnings apart by their sign; a box beside each."""
    state = desk.source.state
    if state is None:
        return
    yield desk.text(desk.say("print.problems"), desk.looks.title)
    errors = sum(one.severity == "error" for one in state.problems)
    counts = {"errors": desk.number(errors), "warnings": desk.number(len(state.problems) - errors)}
    yield desk.text(desk.say("print.problems.counts", **counts), desk.looks.style(after=6))
    head = row(
        *((desk.text(desk.say(f"print.problems.{name}"), desk.looks.head),) for name in ("done", "code", "what")),
        fill=HEAD,
    )
    for section in desk.form.definition.sections:
        if desk.choices.section not in (None, section.id):
            continue
        here = [one for one in state.problems if desk.form.node(one.address).section == section.id]
        if not here:
            continue
        title = desk.text(section.title, desk.looks.page, keep=True)
        yield Named(title, section_place(section.id), section.title, 0)
        yield Table(Grid((7, 18, 75)), tuple(_row(desk, one) for one in here), (head,))
    if not state.problems:
        yield desk.text(desk.say("print.problems.none"), desk.looks.label)


def _row(desk: Desk, problem: Problem) -> TableRow:
    style = desk.looks.cell
    node = desk.form.node(problem.address)
    slot = desk.form.slots[problem.slot] if problem.slot is not None else None
    option = option_of(node, slot.option) if slot is not None and slot.option is not None else None
    label = (option.label if option is not None else "") or label_now(desk.form, desk.answers, node) or node.field.hint
    texts = [desk.text(_cut(label), style)] if label else []
    severity = desk.say(f"print.problems.{problem.severity}")
    texts.append(desk.text(f"{severity}: {desk.say(problem.code)}", desk.looks.head))
    warning = problem.severity == "warning"
    return TableRow(
        (
            Cell((desk.text("☐", style),)),
            Cell((desk.text(full_code(desk.form, problem.address) or node.address, style),)),
            Cell((Group(texts, keep=True),), fill=BAND if warning else None),
        )
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
