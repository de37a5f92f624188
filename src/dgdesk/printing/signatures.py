"""The lines for a signature as Thai offices write them, centred, and blocks beside blocks.

(ลงชื่อ) .................................. ผู้จัดทำ
       (............................................)
ตำแหน่ง ............................................
วันที่ ........ เดือน ...................... พ.ศ. ..........
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from dgdesk.draft.signatories import Signatory
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Drawn

Say = Callable[..., str]

_SPACES: Final = re.compile(r"(\{[a-z]+\})")
_HAND: Final = 32.0
"""Points above the line, for the signature itself."""
_LINE: Final = ParagraphStyle(10.5, align="centre", before=1.5)
_SMALL: Final = ParagraphStyle(9.5, align="centre")


class SideBySide:
    """Blocks in columns of equal width, from one height; never split."""

    keep_with_next = False

    def __init__(self, columns: Sequence[Block], *, gap: float = 12.0, before: float = 0.0, after: float = 0.0) -> None:
        self._columns = tuple(columns)
        self._gap = gap
        self.before, self.after = before, after

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return max(block.height(self._width(width)) for block in self._columns)

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        own = self._width(width)
        for at, block in enumerate(self._columns):
            block.draw(pen, x + at * (own + self._gap), top, own)

    def _width(self, width: float) -> float:
        return (width - self._gap * (len(self._columns) - 1)) / len(self._columns)


class SignatureForm(NamedTuple):
    """Makes the lines of a signatory. ``digits`` writes figures in the chosen digits."""

    setter: LineBreaker
    say: Say
    digits: Callable[[str], str] = str

    def block(self, one: Signatory, *, dated: bool = True) -> Block:
        """Return the lines of one signatory as a block that is not split; what is not known is left to be written."""
        duty = self.say(f"signing.duty.{one.duty}")
        sign = (
            TextRun(f"{self.say('signing.sheet.sign')} "),
            self._dots(125, f"{self.say('print.read.signature')} {duty}"),
            TextRun(f" {duty}"),
        )
        lines: list[Block] = [
            Drawn(_HAND, lambda pen, x, top, width: None, None, keep_with_next=True),
            self._text(sign, _LINE, keep=True),
            self._text(
                (TextRun("("), TextRun(one.name) if one.name else self._dots(150), TextRun(")")), _LINE, keep=True
            ),
            self._text(self._position(one), _LINE, keep=True),
        ]
        if one.acting:
            lines.append(self._text(f"{self.say(f'signing.as.{one.acting}')}{one.office}", _LINE, keep=True))
        elif one.position != one.office:
            lines.append(self._text(one.office, _SMALL, keep=True))
        if dated:
            lines.append(self._text(tuple(self._date()), _LINE))
        return Group(lines, keep=True)

    def _position(self, one: Signatory) -> tuple[TextRun, ...]:
        word = TextRun(f"{self.say('signing.sheet.position')} ")
        return (word, TextRun(self.digits(one.position)) if one.position else self._dots(150))

    def _date(self) -> Iterator[TextRun]:
        """The line for the date: its words, and dots for day, month and year."""
        spaces = {"{day}": 22, "{month}": 62, "{year}": 34}
        words = self.say("signing.sheet.date", day="{day}", month="{month}", year="{year}")
        for text in _SPACES.split(words):
            if text:
                yield self._dots(spaces[text]) if text in spaces else TextRun(text)

    def _dots(self, width: float, said: str = "") -> TextRun:
        """Return dots of about this width in points, to write on; ``said`` is read instead of them."""
        dot = self.setter.piece(".", TextRun("", False, _LINE.colour, _LINE.size))
        return TextRun("." * max(3, round(width / dot.width)), said=said or self.say("print.read.blank"))

    def _text(self, text: str | tuple[TextRun, ...], style: ParagraphStyle, *, keep: bool = False) -> Paragraph:
        return Paragraph(self.setter, text, style, keep_with_next=keep)
