"""Sets a whole document: blocks on pages, headers and footers, link targets and links, and writes the file.

    fonts = Fonts()
    setter = Setter(fonts, thai_breaker())
    story = [Paragraph(setter, "หัวข้อ", HEADING, keep_with_next=True), Paragraph(setter, "ข้อความ", BODY)]
    printed = typeset(story, fonts, Facts("แบบสำรวจ", "จังหวัด", claimed), Sheet(), decorate=footer)

Fonts, setter and blocks belong to one document: they collect what it prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from dgdesk.printing.assembly import Describe, assembled, described
from dgdesk.printing.blocks import Block, Placed
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.pagination import Continued, pages
from dgdesk.printing.pdfa import PdfFacts
from dgdesk.printing.pen import Pen
from dgdesk.system.progress import NO_PROGRESS, Progress

MM: Final = 72 / 25.4
Pages: TypeAlias = Sequence[tuple[Placed, ...]]


class SheetSize(NamedTuple):
    """A page and its margins in points; portrait A4 by default."""

    width: float = 210 * MM
    height: float = 297 * MM
    left: float = 25 * MM
    right: float = 20 * MM
    top: float = 20 * MM
    foot: float = 22 * MM
    mirrored: bool = False
    """Whether left and right change places on even pages, for prints on both sides that are bound."""

    @property
    def inner_width(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        """The height between the margins."""
        return self.height - self.top - self.foot

    def edges(self, page: int) -> tuple[float, float]:
        """Where the text of a page begins and ends, from the left edge of the paper."""
        left = self.right if self.mirrored and page % 2 == 0 else self.left
        return left, left + self.inner_width


class Printed(NamedTuple):
    """The file, its number of pages, and the characters that it shows as a frame with their code."""

    data: bytes
    pages: int
    missing: Mapping[str, int]


def typeset(
    blocks: Sequence[Block],
    fonts: Fonts,
    facts: PdfFacts,
    sheet: SheetSize,
    *,
    continued: Continued | None = None,
    laid_out: Callable[[Pages], None] | None = None,
    underlay: Callable[[Pen, int, int], None] | None = None,
    decorate: Callable[[Pen, int, int], None] | None = None,
    describe: Describe = described,
    progress: Progress = NO_PROGRESS,
) -> Printed:
    """Set ``blocks`` on pages of ``sheet`` and return the file, a PDF/A-2a and PDF/UA-1.

    ``continued`` as for `pages`. ``laid_out`` is called with the pages before anything is drawn. ``underlay`` draws
    behind a page's text and ``decorate`` over it; both get the page's number from 1 and the number of pages, and what
    they draw is no part of the structure. ``describe`` gives a link in words.
    ``progress`` is called after each page with the same numbers; if it is cancelled, the printing ends.

    Raises:
        ValueError: no block has the target of a link; the claimed time has no time zone.
    """
    laid = pages(blocks, sheet.inner_width, sheet.inner_height, continued) or [()]
    if laid_out is not None:
        laid_out(laid)
    pen = Pen(fonts)
    for number, placed in enumerate(laid, start=1):
        if underlay is not None:
            _drawn_everywhere(pen, underlay, number, len(laid))
        left, _ = sheet.edges(number)
        for block, down in placed:
            pen.owner = pen.tree.section
            block.draw(pen, left, sheet.height - sheet.top - down, sheet.inner_width)
        if decorate is not None:
            _drawn_everywhere(pen, decorate, number, len(laid))
        pen.finish_page()
        progress.at(number, len(laid))
    return Printed(assembled(pen, (sheet.width, sheet.height), facts, describe), len(laid), fonts.missing)


def _drawn_everywhere(pen: Pen, draw: Callable[[Pen, int, int], None], page: int, pages: int) -> None:
    """Draw what stands on every page and is no part of the structure."""
    pen.owner, pen.running = None, True
    draw(pen, page, pages)
    pen.running = False
