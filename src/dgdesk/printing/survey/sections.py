"""The form in its printed order: sections, headings, notes, questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dgdesk.printing.blocks import Block
from dgdesk.printing.survey.asking import heading, notes
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.indicators import indicator_table
from dgdesk.printing.survey.questions import question
from dgdesk.survey.definition.models import Page, Section

_LONGEST_TITLE = 90


class Part(NamedTuple):
    """A part of the document that the contents list names."""

    key: str
    title: str


def parts_of(context: Desk) -> list[Part]:
    """The sections that are printed."""
    return [Part(section_place(section.id), section.title) for section in _sections(context)]


def section_place(section: str) -> str:
    """The link target of a section."""
    return f"section-{section}"


def field_place(address: str) -> str:
    """The link target of a question."""
    return f"field-{address}"


def section_blocks(context: Desk) -> Iterator[list[Block]]:
    """The blocks of every printed section, and after the first section of the form the table of indicators."""
    for section in _sections(context):
        yield list(_section(context, section))
        first = section.id == context.form.definition.sections[0].id
        if first and context.choices.whole_form and context.choices.section is None:
            yield list(indicator_table(context))


def _sections(context: Desk) -> list[Section]:
    wanted = context.choices.section
    return [one for one in context.form.definition.sections if wanted is None or one.id == wanted]


def _section(context: Desk, section: Section) -> Iterator[Block]:
    heading_block = context.text(section.title, context.styles.section, keep=True)
    yield Named(heading_block, section_place(section.id), section.title, 0)
    yield from notes(context, section.notes)
    level = 1
    for page in section.pages:
        if page.title and _printed(context, page):
            title = context.text(page.title, context.styles.page, keep=True)
            yield Named(title, f"page-{page.id}", page.title, 1)
            level = 2
        for item in page.items:
            at = context.form.position[item.id]
            blocks = list(question(context, at, outer=True))
            if blocks:
                text = "".join(run.text for run in heading(context, at)) or section.title
                blocks[0] = Named(blocks[0], field_place(item.id), _short(text), level)
                yield from blocks


def _printed(context: Desk, page: Page) -> bool:
    return context.choices.whole_form or any(context.shown(context.form.position[item.id]) for item in page.items)


def _short(text: str) -> str:
    if len(text) <= _LONGEST_TITLE:
        return text
    return text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
