"""Printing, kind: a month of a year of the Buddhist era, beside the form's own words for them."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.asking import unread
from dgdesk.printing.survey.boxes import Band, Beside, WritingLines
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.kinds.line import missing
from dgdesk.thai.dates import format_month_year


def blocks(desk: Desk, at: int, label: tuple[Run, ...], style: Style) -> Iterator[Block]:
    """The label, then month and year, each after its word on the form."""
    field = desk.form.nodes[at].field
    words = (*field.blanks, "", "")[:2]
    if desk.grey:
        yield desk.text([*label, Run(f" {words[0]} … {words[1]} …")], style)
        return
    if desk.blank:
        if label:
            yield desk.text(label, style, keep=True)
        for word in (one for one in words if one):
            yield Beside(Paragraph(desk.setter, word, desk.looks.label), WritingLines(1, share=0.4))
        return
    band = Band((desk.text(_answer(desk, at, words), desk.looks.answer),))
    yield Beside(Paragraph(desk.setter, label, style), band) if label else band


def _answer(desk: Desk, at: int, words: tuple[str, ...]) -> list[Run]:
    value = desk.answer(at)
    plain = desk.looks.label.colour
    month, year = "", ""
    if isinstance(value, str):
        try:
            month, _, year = format_month_year(value).rpartition(" ")
        except ValueError:
            return list(unread(desk, value))
    elif value is not None:
        return list(unread(desk, getattr(value, "text", str(value))))
    none = missing(desk, desk.form.nodes[at].field)
    return [
        Run(f"{words[0]} ", colour=plain),
        Run(month) if month else none,
        Run(f"  {words[1]} ", colour=plain),
        Run(desk.digits(year)) if year else none,
    ]
