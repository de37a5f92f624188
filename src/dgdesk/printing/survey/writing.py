"""Text with spaces to write in by hand: label, dotted line and unit follow each other as on the printed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from dgdesk.printing.blocks import Block
from dgdesk.printing.lines import LineBreaker, TextLine, Word, shape_text
from dgdesk.printing.paragraph import prepared_label
from dgdesk.printing.pen import Pen, PenPiece
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.context import LINE, PrintContext

PITCH: Final = 22.7  # points (8 mm): the height that handwriting needs
_BASE: Final = 0.3  # of a line's height: from its lower edge up to the text and the dots
_ASIDE: Final = 3.0  # points between a text and the dots beside it
_LEAST_SHARE: Final = 0.5  # of the width: the most that a space may demand for itself in a narrow column
_FUZZ: Final = 1e-6


class Gap(NamedTuple):
    """A dotted line to write on, ``least`` to ``most`` points long; those of a line share what is left of it equally.

    ``more`` whole lines follow below it.
    """

    least: float = 110.0
    most: float = 1e6
    more: int = 0


class Together(NamedTuple):
    """Texts and gaps that stay on one line, unless no line is as wide as they need."""

    parts: tuple[Sequence[TextRun] | Gap, ...]


WritePart: TypeAlias = Sequence[TextRun] | Gap | Together


_Part: TypeAlias = list[list[Word]] | Gap


@dataclass
class _Row:
    """A line of the block: its texts and gaps from left to right, and how much of its width they take."""

    parts: list[TextLine | Gap] = field(default_factory=list)
    used: float = 0.0

    @property
    def gaps(self) -> list[Gap]:
        """The gaps of the line."""
        return [one for one in self.parts if isinstance(one, Gap)]


class WriteIn:
    """Texts and gaps in the order in which they are read. A unit stays on the line of the gap before it.

    ``label`` hangs before the first line, and ``said`` is read where there is space to write. The block is never split.
    """

    def __init__(
        self,
        setter: LineBreaker,
        parts: Sequence[WritePart],
        style: ParagraphStyle,
        *,
        label: TextRun | None = None,
        pitch: float = PITCH,
        keep_with_next: bool = False,
        said: str = "",
    ) -> None:
        self.keep_with_next = keep_with_next
        self.before = self.after = 0.0  # a line to write on has its space above the dots
        self._setter, self._style, self._pitch = setter, style, pitch
        self._parts = [
            [self._prepared(part) for part in (one.parts if isinstance(one, Together) else (one,))] for one in parts
        ]
        self._label, self._label_part = prepared_label(setter, label or "", style)
        self._said = said
        self._rows: dict[float, list[_Row]] = {}

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return sum(self._high(row) for row in self._laid(width))

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        style = self._style
        inner = self._inner(width)
        owners = pen.text_owners(self, style, self._label_part)
        around = pen.owner
        for number, row in enumerate(self._laid(width)):
            high = self._high(row)
            y = top - high + _BASE * style.line_height
            if number == 0 and self._label is not None:
                pen.owner = owners.label
                pen.line(x + style.left, y, (self._label, self._blank()))
            pen.owner = owners.text
            self._draw_row(pen, x + style.left + style.hang, y, row, inner)
            top -= high
        pen.owner = around

    def _draw_row(self, pen: Pen, x: float, y: float, row: _Row, inner: float) -> None:
        longer = _shared([gap.most - self._least(gap, inner) for gap in row.gaps], max(0.0, inner - row.used))
        for part in row.parts:
            if isinstance(part, Gap):
                long = self._least(part, inner) + longer.pop(0)
                text = pen.owner
                pen.owner = pen.space(self._said)
                pen.dots(x + _ASIDE, y - 1.0, x + long - _ASIDE, LINE)
                pen.owner = text
                x += long
            else:
                pen.line(x, y, (*part.pieces, self._blank()))
                x += part.width

    def _prepared(self, part: Sequence[TextRun] | Gap) -> _Part:
        return part if isinstance(part, Gap) else self._setter.words(part, self._style)

    def _laid(self, width: float) -> list[_Row]:
        if width not in self._rows:
            inner = self._inner(width)
            rows = [_Row()]
            for group in self._parts:
                needed = sum(self._least(part, inner) if isinstance(part, Gap) else self._whole(part) for part in group)
                if len(group) > 1 and rows[-1].used + needed > inner + _FUZZ and needed <= inner:
                    rows.append(_Row())
                for part in group:
                    if isinstance(part, Gap):
                        self._add_gap(rows, part, inner)
                    else:
                        self._add_text(rows, part, inner)
            self._rows[width] = [row for row in rows if row.parts] or [_Row()]
        return self._rows[width]

    def _add_gap(self, rows: list[_Row], gap: Gap, inner: float) -> None:
        least = self._least(gap, inner)
        if rows[-1].parts and rows[-1].used + least > inner + _FUZZ:
            rows.append(_Row())
        rows[-1].parts.append(gap)
        rows[-1].used += least
        for _ in range(gap.more):
            rows.append(_Row([Gap(inner)], inner))

    def _add_text(self, rows: list[_Row], words: list[list[Word]], inner: float) -> None:
        for number, line in enumerate(self._setter.lines(words, inner, rows[-1].used)):
            if number:
                rows.append(_Row())
            if line.pieces:
                wide = sum(piece.width for piece in line.pieces)
                rows[-1].parts.append(TextLine(line.pieces, wide))
                rows[-1].used += wide

    def _whole(self, words: list[list[Word]]) -> float:
        return max((sum(word.width for word in row) for row in words), default=0.0)

    def _least(self, gap: Gap, inner: float) -> float:
        return min(gap.least, inner) if gap.least >= inner else min(gap.least, _LEAST_SHARE * inner)

    def _high(self, row: _Row) -> float:
        return max(self._pitch, self._style.line_height) if row.gaps else self._style.line_height

    def _inner(self, width: float) -> float:
        return max(1.0, width - self._style.left - self._style.right - self._style.hang)

    def _blank(self) -> PenPiece:
        return self._setter.piece(" ", shape_text(TextRun(""), self._style))


def write_in(
    context: PrintContext,
    parts: Sequence[WritePart],
    style: ParagraphStyle,
    *,
    label: TextRun | None = None,
    keep: bool = False,
) -> WriteIn:
    """A `WriteIn` whose spaces are read as such."""
    said = context.read("blank")
    return WriteIn(context.setter, parts, style, label=label, keep_with_next=keep, said=said)


def _shared(limits: Sequence[float], spare: float) -> list[float]:
    """``spare`` divided equally, but no part larger than its limit; what one cannot take goes to the others."""
    parts = [0.0] * len(limits)
    open_parts = [at for at, limit in enumerate(limits) if limit > _FUZZ]
    while open_parts and spare > _FUZZ:
        each = spare / len(open_parts)
        for at in open_parts:
            taken = min(each, limits[at] - parts[at])
            parts[at] += taken
            spare -= taken
        open_parts = [at for at in open_parts if limits[at] - parts[at] > _FUZZ]
    return parts
