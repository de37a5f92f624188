"""The form in its printed order: sections, headings, notes, questions, the table of indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Final, Literal, NamedTuple

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band, Named
from dgdesk.printing.survey.context import BAND, HEAD, PrintContext
from dgdesk.printing.survey.keeps import headed, owned
from dgdesk.printing.survey.kinds.choices import is_list, multiple_choice, single_choice
from dgdesk.printing.survey.kinds.lines import line, long_text, month_year
from dgdesk.printing.survey.kinds.tables import group, matrix, repeat
from dgdesk.printing.survey.question_parts import PrintedQuestion, field_place, heading, heading_style, notes
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from dgdesk.printing.tagged import Reason
from dgdesk.printing.ties import Kept, Tie, indented, kept, together
from dgdesk.survey.definition.form import is_choice_table
from dgdesk.survey.definition.models import Field, Indicator, Page, Pillar, Section
from dgdesk.survey.definition.texts import joined

_LONGEST_TITLE = 90


class SurveyPart(NamedTuple):
    """A part of the document that the contents list names."""

    key: str
    title: str


def parts_of(context: PrintContext) -> list[SurveyPart]:
    """The sections that are printed."""
    return [SurveyPart(section_place(section.id), section.title) for section in sections_of(context)]


def section_place(section: str) -> str:
    """The link target of a section."""
    return f"section-{section}"


def section_blocks(context: PrintContext) -> Iterator[list[Block]]:
    """The blocks of every printed section, and after the first section of the form the table of indicators."""
    for section in sections_of(context):
        yield list(_section(context, section))
        first = section.id == context.form.definition.sections[0].id
        if first and context.choices.whole_form and context.choices.section is None:
            yield list(indicator_table(context))


def sections_of(context: PrintContext) -> list[Section]:
    """The sections that are printed: all, or the chosen one."""
    wanted = context.choices.section
    return [one for one in context.form.definition.sections if wanted is None or one.id == wanted]


def _section(context: PrintContext, section: Section) -> Iterator[Block]:
    heading_block = context.text(section.title, context.styles.section, keep=True)
    yield Named(heading_block, section_place(section.id), context.prose(section.title), 0)
    yield from notes(context, section.notes)
    level = 1
    for page in section.pages:
        for title, item in page.headed():
            if title and _printed(context, _headed_by(page, item)):
                heading_block = context.text(title, context.styles.page, keep=True)
                yield Named(
                    heading_block,
                    f"page-{page.id}" if item is page.items[0] else f"heading-{item.id}",
                    context.prose(title),
                    1,
                )
                level = 2
            at = context.form.position[item.id]
            blocks = list(question(context, at, outer=True))
            if blocks:
                text = "".join(run.text for run in heading(context, at)) or section.title
                blocks[0] = Named(blocks[0], field_place(item.id), context.prose(_short(text)), level)
                yield from blocks


def _headed_by(page: Page, first: Field) -> Iterator[Field]:
    """Yield the questions under the heading over ``first``."""
    items = page.items[page.items.index(first) :]
    yield first
    yield from takewhile(lambda item: not item.heading, items[1:])


def _printed(context: PrintContext, items: Iterable[Field]) -> bool:
    return context.choices.whole_form or any(context.shown(context.form.position[item.id]) for item in items)


def _short(text: str) -> str:
    if len(text) <= _LONGEST_TITLE:
        return text
    return text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


KindPrinter = Callable[[PrintContext, PrintedQuestion], Iterator[Block]]
HeadingPlace = Literal["beside", "above", "inside"]

# How each kind of question is printed, and where its heading is: next to the answer or inside the table, printed by the
# kind's own function; or above the answer, printed by `question`.
KINDS: Final[dict[str, tuple[KindPrinter, HeadingPlace]]] = {
    **dict.fromkeys(("text", "number", "percent", "url", "email", "phone"), (line, "beside")),
    "long_text": (long_text, "beside"),
    "month_year": (month_year, "beside"),
    "single": (single_choice, "above"),
    "multiple": (multiple_choice, "above"),
    "group": (group, "above"),
    "repeat": (repeat, "above"),
    "matrix": (matrix, "inside"),
}


def question(context: PrintContext, at: int, *, outer: bool = False, owner_code: str | None = None) -> Iterator[Block]:
    """As `_question`; with `PrintContext.spots` its first block can be found."""
    blocks = _question(context, at, outer, owner_code)
    if context.spots and not outer and (first := next(blocks, None)) is not None:
        key = field_place(context.form.nodes[at].address)
        yield replace(first, block=Named(first.block, key)) if isinstance(first, Kept) else Named(first, key)
    yield from blocks


def _question(context: PrintContext, at: int, outer: bool, owner_code: str | None) -> Iterator[Block]:
    """The blocks of the node at ``at`` and of all nodes inside it.

    What need not be filled in is grey, and the reason is printed above it, if there is one to print. If the person
    chose to leave such parts out, there are no blocks.
    """
    head: list[Block] = []
    if at in context.reasons and context.choices.whole_form:
        head.append(Reason(Band((context.text(context.reasons[at], context.styles.small),), tint=None, before=6.0)))
    if not context.shown(at):
        if not context.choices.whole_form:
            return
        context = context.greyed
    node = context.form.nodes[at]
    label = heading(context, at, owner_code)
    style = heading_style(context, outer, _depth(context, at))
    print_kind, place = KINDS[node.kind]
    if is_list(node.field):
        place = "beside"
    if place == "above" and label:
        head.append(context.text(label, style, keep=True))
    flush = place == "inside" or is_choice_table(node)
    question_notes = list(notes(context, node.field.notes, 0.0 if flush else context.styles.indent * 0.6))
    body = list(print_kind(context, PrintedQuestion(at, label, style, question)))
    if place == "beside":
        body = list(together((*body, *question_notes), Tie.WHOLE))
    else:
        head += question_notes
    after = list(notes(context, node.field.notes_after))
    if body and after:
        body[-1] = kept(body[-1], Tie.PART)
    blocks = (*headed(head, body), *after)
    yield from owned(blocks, "".join(run.text for run in label)) if outer else blocks


def _depth(context: PrintContext, at: int) -> int:
    """In how many questions the node at ``at`` is nested."""
    nodes = context.form.nodes
    depth = 0
    while (at := nodes[at].parent) >= 0:
        depth += 1
    return depth


def indicator_table(context: PrintContext) -> Iterator[Block]:
    """One table for each pillar, under its heading."""
    table = context.form.definition.indicators
    for pillar in table.pillars:
        yield context.text(pillar.heading, context.styles.question, keep=True)
        rows = _pillar(context, pillar, table.headings)
        yield kept(rows, Tie.WHOLE) if pillar is table.pillars[-1] else rows
    yield from notes(context, (table.footnote,))


def _pillar(context: PrintContext, pillar: Pillar, headings: tuple[str, ...]) -> Table:
    head = row(*(context.text(text, context.styles.head) for text in headings), fill=HEAD)
    count = len(headings)
    title = joined(pillar.title, pillar.weight_text)
    rows = [PrintRow((PrintCell((context.text(title, context.styles.head),), count, BAND, True),), keep_with_next=True)]
    for indicator in pillar.indicators:
        rows += _rows(context, indicator, count, 0)
    return Table(Grid((42, *((58 / max(1, count - 1),) * (count - 1))), padding=2.0), tuple(rows), (head,), after=2)


def _rows(context: PrintContext, indicator: Indicator, count: int, depth: int) -> Iterator[PrintRow]:
    name = joined(indicator.number, indicator.name + ("*" if indicator.starred else ""))
    label = indented(context.text((TextRun(name),), context.styles.style(8.8)), depth * context.styles.indent * 0.7)
    cells = [PrintCell((label,))]
    if count > 1:
        cells.append(PrintCell((context.text(indicator.purpose, context.styles.style(8.8)),), count - 1))
    yield PrintRow(tuple(cells))
    for part in indicator.indicators:
        yield from _rows(context, part, count, depth + 1)
