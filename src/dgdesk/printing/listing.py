"""Prints a table of plain text on landscape A4: title and notes first, column heads and page numbers on every page.

Everything is black on white. The same listing gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.document import MM, Printed, SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import ParagraphStyle
from dgdesk.printing.tables import Grid, Table, row
from dgdesk.text.breaks import WordBreaker

_SHEET: Final = SheetSize(297 * MM, 210 * MM, 11 * MM, 11 * MM, 11 * MM, 17 * MM)
_TITLE, _PLAIN, _STRONG = ParagraphStyle(14, bold=True, rank=1), ParagraphStyle(9), ParagraphStyle(9, bold=True)
_FOOT: Final = 11 * MM


@dataclass(frozen=True, slots=True)
class ListingTexts:
    """The text of a cell; ``\\n`` separates its lines."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with title, notes and footer.

    ``notes`` are lines below the title; ``foot`` is printed on every page, next to the text that ``page`` returns for a
    page number and the number of pages. ``heads`` and each of ``rows`` have a cell for each of ``widths``, which are
    shares of the sheet's width.
    """

    title: str
    notes: Sequence[str]
    foot: str
    page: Callable[[int, int], str]
    widths: Sequence[float]
    heads: Sequence[str]
    rows: Sequence[Sequence[ListingTexts]]


def print_listing(listing: Listing, claimed: datetime, breaker: WordBreaker) -> Printed:
    """Print a listing; ``claimed`` is the present time with its time zone.

    A row is not split if a page can hold it; a higher one continues on the next page.

    Raises:
        ValueError: the time has no time zone; a row does not have the table's number of cells.
    """
    fonts = Fonts()
    setter = LineBreaker(fonts, breaker)

    def cell(words: ListingTexts) -> Block:
        return Group((Paragraph(setter, words.text, _STRONG if words.strong else _PLAIN),), keep=True)

    table = Table(
        Grid(tuple(listing.widths), padding=2.5),
        tuple(row(*map(cell, cells)) for cells in listing.rows),
        (row(*(cell(ListingTexts(head, strong=True)) for head in listing.heads)),),
    )
    above = [Paragraph(setter, listing.title, _TITLE), *(Paragraph(setter, note, _PLAIN) for note in listing.notes)]

    def decorate(pen: Pen, number: int, count: int) -> None:
        pen.text(_SHEET.left, _FOOT, f"{listing.foot} ", _PLAIN.size)
        pen.text_right(_SHEET.width - _SHEET.right, _FOOT, listing.page(number, count), _PLAIN.size)

    return typeset((*above, table), fonts, PdfFacts(listing.title, listing.foot, claimed), _SHEET, decorate=decorate)
