"""The footer of every page, and the watermark of a draft."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from dgdesk.printing.document import Sheet
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import WATER

_SIZE = 8.5
_SHORT = 16


def footer(context: Desk, sheet: Sheet) -> Callable[[Pen, int, int], None]:
    """Draws province, short answers digest, page number and number of pages."""
    province = "" if context.blank else context.source.province
    digest = None if context.blank else context.source.answers_digest
    left = [context.say("print.foot.province", province=province)] if province else []
    left.append(
        context.say("print.foot.digest", digest=short_digest(digest)) if digest else context.form.definition.edition
    )
    words = " · ".join(left)

    def draw(pen: Pen, page: int, pages: int) -> None:
        y = sheet.foot - 22
        pen.rule(sheet.left, y + 13, sheet.width - sheet.right, y + 13, 0.5, BLACK)
        number = context.say("print.foot.page", page=context.digits(str(page)), pages=context.digits(str(pages)))
        pen.text(sheet.left, y, f"{words} ", _SIZE)
        pen.text_right(sheet.width - sheet.right, y, number, _SIZE)

    return draw


def watermark(context: Desk, sheet: Sheet) -> Callable[[Pen, int, int], None]:
    """Draws the word for "draft" across the page, behind the text; it cannot be copied as text."""
    word = context.say("print.watermark")
    return lambda pen, page, pages: draw_watermark(pen, sheet, word)


def draw_watermark(pen: Pen, sheet: Sheet, word: str) -> None:
    """Draw one word across the page."""
    turn = pi / 4
    matrix = (cos(turn), sin(turn), -sin(turn), cos(turn))
    pen.outline(sheet.width / 2, sheet.height / 2, word, 210, matrix, WATER)


def short_digest(digest: str) -> str:
    """The first sixteen digits of a digest in groups of four: enough to distinguish two prints by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, _SHORT, 4))
