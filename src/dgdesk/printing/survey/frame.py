"""What every page carries, so that a loose page names itself: head, foot, code, and the marks of a draft."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from dgdesk.printing.document import MM, SheetSize
from dgdesk.printing.page_code import LONGEST_NAME, SIZE, draw_page_code, page_text
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK
from dgdesk.printing.survey.context import LINE, PrintContext
from dgdesk.printing.survey.cover import draw_watermark, short_digest
from dgdesk.text.editions import edition_words

_HEAD: Final = 8.0
_FOOT: Final = 8.5
_BOLD: Final = 11.0  # the word for a draft
_LARGEST: Final = 1.15  # head and foot grow with the print only so far: they lie in the margins
_CODE_LOW: Final = 6.5 * MM  # a scan that is turned by 3° still has its quiet zone
_CODE_GAP: Final = 4 * MM
_UNFIT: Final = re.compile(r"[^0-9A-Z.-]")
_INITIALS: Final = (32 * MM, 9.5 * MM)


class RunningTitle(NamedTuple):
    """A part of the print, the page on which it begins, and whether it begins that page; the head of pages names it."""

    page: int
    title: str
    at_top: bool = False


def frame(
    context: PrintContext, sheet: SheetSize, titles: Sequence[RunningTitle], *, cover: bool
) -> Callable[[Pen, int, int], None]:
    """Draws head, foot and code of a page over its contents, and on a draft the outlined word across it.

    ``titles`` is filled in the order of pages before anything is drawn. A cover has no running head.
    """
    marks = _Frame(context, sheet)

    def draw(pen: Pen, page: int, pages: int) -> None:
        if marks.draft:
            draw_watermark(pen, sheet, context.say("print.watermark"))
        marks.head(pen, page, "" if cover and page == 1 else title_at(titles, page), named=not (cover and page == 1))
        marks.foot(pen, page, pages)

    return draw


def title_at(titles: Sequence[RunningTitle], page: int) -> str:
    """The part to which the top of a page belongs; on the page where the first part begins, that one."""
    at = bisect_right([one.page for one in titles], page) - 1
    while at > 0 and titles[at].page == page and not titles[at].at_top:
        at -= 1
    return titles[at].title if at >= 0 else ""


def print_name(context: PrintContext) -> str:
    """What stands for a print in the code of its pages: the answers digest, or its kind and the respondent.

    Editions and codes of respondents are data: what does not fit into the code becomes a hyphen.
    """
    return _UNFIT.sub("-", _print_name(context))[:LONGEST_NAME]


def _print_name(context: PrintContext) -> str:
    section = context.choices.section
    parts = [] if section is None else [section.upper()]
    if context.blank:
        return ".".join(("BLANK", context.form.definition.edition.upper(), *parts))
    digest = context.source.answers_digest
    if digest is not None and context.choices.variant == "final":
        return ".".join((digest[:16].upper(), *parts))
    respondent = context.form.respondent_in(context.answers)
    whose = [respondent.key] if respondent is not None else []
    kind = context.choices.variant.upper()
    return ".".join((kind, *whose, *([digest[:8].upper()] if digest else []), *parts))


class _Frame:
    """Draws the frame of one print's pages."""

    def __init__(self, context: PrintContext, sheet: SheetSize) -> None:
        self.draft = context.choices.variant == "draft" and not context.blank
        self._context, self._sheet = context, sheet
        self._scale = min(context.styles.scale, _LARGEST)
        self._name = print_name(context)
        title = context.form.definition.title
        self._title = " · ".join(part for part in (title, "" if context.blank else context.named) if part)
        self._words = " · ".join(self._foot_words())

    def head(self, pen: Pen, page: int, title: str, *, named: bool) -> None:
        """Draw survey, respondent and section above the text; the word for a draft on every page."""
        left, right = self._sheet.edges(page)
        size = _HEAD * self._scale
        y = self._sheet.height - 28
        wide = right - left
        if self.draft:
            word = pen.piece(self._context.say("print.watermark"), _BOLD * self._scale, True)
            pen.line(right - word.width, y, (word,))
            wide -= word.width + 10
        if not named:
            return
        _fitted(pen, left, y, self._title, size, wide)
        if title:
            _fitted(pen, left, y - 1.45 * size, title, size, wide)
        pen.rule(left, y - 1.45 * size - 5, right, y - 1.45 * size - 5, 0.4, LINE)

    def foot(self, pen: Pen, page: int, pages: int) -> None:
        """Draw digest and date, or the word for a draft, the page's number, its code, and the box for initials."""
        context, sheet = self._context, self._sheet
        left, right = sheet.edges(page)
        draw_page_code(pen, right - SIZE, _CODE_LOW, page_text(self._name, page, pages))
        right -= SIZE + _CODE_GAP
        size = _FOOT * self._scale
        y = sheet.foot - 22
        pen.rule(left, y + 13, right, y + 13, 0.5, BLACK)
        number = context.say("print.foot.page", page=context.digits(str(page)), pages=context.digits(str(pages)))
        pen.text(left, y, f"{self._words} ", size, self.draft)
        pen.text_right(right, y, number, size)
        if context.choices.initials:
            wide, high = _INITIALS
            low = y - 6 - high
            pen.box(right - wide, low, wide, high, 0.5, LINE)
            pen.text_right(right - wide - 4, low + 3, context.say("print.initials"), size)

    def _foot_words(self) -> list[str]:
        """The digest, or where there is none the edition; then what the print is for, or its date."""
        context = self._context
        digest = None if context.blank else context.source.answers_digest
        words = [
            context.say("print.foot.digest", digest=short_digest(digest))
            if digest
            else edition_words(context.say, context.form.definition.edition)
        ]
        claimed = context.source.claimed
        if self.draft:
            words.append(f"{context.say('print.watermark')} {context.time(claimed)}")
        elif context.choices.variant == "final" and not context.blank:
            words.append(context.date(claimed))
        elif context.blank:
            words.append(context.say("print.kind.blank"))
        elif context.choices.variant == "answers":
            words.append(f"{context.say('print.kind.answers')} {context.time(claimed)}")
        else:
            words.append(context.time(claimed))
        return words


def _fitted(pen: Pen, x: float, y: float, text: str, size: float, width: float) -> None:
    """Draw one line, in a smaller size if it would not fit."""
    piece = pen.piece(f"{text} ", size)
    pen.text(x, y, f"{text} ", size if piece.width <= width else size * width / piece.width)
