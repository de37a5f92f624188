"""The list of what is missing or wrong: each place in words, its page in the full print, and who is to see to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dgdesk.draft.unsent import unsent_notices, unsent_summary
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.context import BAND, HEAD, PrintContext
from dgdesk.printing.survey.sections import section_place
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.places import problem_name
from dgdesk.survey.rules.problems import Problem

_LIST = (("done", 8), ("where", 39), ("what", 30), ("page", 7), ("owner", 16))  # columns and their shares of the width


def problem_list(context: PrintContext, pages: Mapping[str, int]) -> Iterator[Block]:
    """All problems and notices by section, each with a box to tick; the background tells errors from the others.

    ``pages`` has the page of every address in the full print.
    """
    state = context.source.state
    if state is None:
        return
    yield context.text(context.say("print.problems"), context.styles.title)
    problems = state.problems + unsent_notices(context.form, state.facts.answers, state.unsent)
    summary = unsent_summary(state.unsent, context.say)
    yield context.text(problem_counts(context, state.problems), context.styles.style(after=2))
    if summary:
        yield context.text(summary, context.styles.style(after=2))
    if problems:
        yield context.text(context.say("print.problems.pages"), context.styles.note)
    if not state.problems:
        yield context.text(context.say("print.problems.none"), context.styles.label)
    names = [name for name, _ in _LIST]
    head = row(*(context.text(context.say(f"print.problems.{name}"), context.styles.head) for name in names), fill=HEAD)
    for section in context.form.definition.sections:
        if context.choices.section not in (None, section.id):
            continue
        here = [one for one in problems if context.form.node(one.address).section == section.id]
        if not here:
            continue
        title = context.text(section.title, context.styles.page, keep=True)
        yield Named(title, section_place(section.id), context.prose(section.title), 0)
        rows = tuple(_row(context, one, pages.get(one.address)) for one in here)
        yield Table(Grid(tuple(share for _, share in _LIST), padding=2.2), rows, (head,), cells="equal")


def problem_counts(context: PrintContext, problems: Sequence[Problem]) -> str:
    """How much must be mended, and how much should be checked."""
    errors = sum(one.severity == "error" for one in problems)
    counts = {"errors": context.number(errors), "warnings": context.number(len(problems) - errors)}
    return context.say("print.problems.counts", **counts)


def where_and_what(context: PrintContext, problem: Problem, style: ParagraphStyle) -> tuple[Block, Block]:
    """The place of a problem in words after its code, and what there is to do."""
    name = problem_name(context.form, problem.address, problem.slot, context.answers)
    code = name.code or full_code(context.form, problem.address)
    runs = [TextRun(code, bold=True)] if code else []
    if words := name.words():
        runs.append(TextRun(f" {words}" if runs else words))
    severity = TextRun(f"{context.say(f'print.problems.{problem.severity}')}: ", bold=True)
    what = TextRun(context.say(problem.code, **problem.values))
    return context.text(runs, style), context.text((severity, what), style)


def _row(context: PrintContext, problem: Problem, page: int | None) -> PrintRow:
    style = context.styles.cell
    where, what = where_and_what(context, problem, style)
    number = context.digits(str(page)) if page is not None else "–"
    texts = (context.text((context.mark("☐", None),), style), where, what, context.text(number, style), None)
    tint = None if problem.severity == "error" else BAND
    return PrintRow(
        tuple(PrintCell((Group((text,), keep=True),) if text is not None else (), fill=tint) for text in texts)
    )
