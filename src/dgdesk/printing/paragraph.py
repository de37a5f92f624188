"""A paragraph: measured once for each width, split at any height, never leaving a single line alone on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.lines import LineBreaker, TextLine, shape_text
from dgdesk.printing.pen import Pen, PenPiece
from dgdesk.printing.style import TALL_LEADING, ParagraphStyle, TextRun, line_height
from dgdesk.printing.tags import Part

_TALL: Final = re.compile("[ฎฏฤฦ][\u0e38-\u0e3a]|\u0e47[\u0e48-\u0e4e]|[\u0e31-\u0e3a\u0e4d]\u0e4e")
_ALONE: Final = 2  # fewer lines than this are not left alone before or after a page break
_FUZZ: Final = 1e-6
BASELINE: Final = 0.72  # of the line's height down to the baseline: marks need more space above than vowels below
_GAP: Final = 0.5  # ems between a label and its text, where the label is wider than the hang


class Paragraph:
    """Text with an optional label hanging before its first line.

    ``place`` names the paragraph's top for links; ``outline`` enters it in the table of contents at that level.
    """

    def __init__(
        self,
        setter: LineBreaker,
        text: str | Sequence[TextRun],
        style: ParagraphStyle,
        *,
        label: str | TextRun = "",
        place: str = "",
        outline: int | None = None,
        keep_with_next: bool = False,
    ) -> None:
        self.runs = (TextRun(text),) if isinstance(text, str) else tuple(text)
        self.style = style
        self.keep_with_next = keep_with_next
        self.place = place
        self.outline = outline
        self._setter = setter
        self._label, self._label_part = prepared_label(setter, label, style)
        self._words = setter.words(self.runs, style)
        # What the largest text in the paragraph needs, from one baseline to the next.
        largest = max([run.size or style.size for run in self.runs], default=style.size)
        self.line_height = _line_height(self.runs, style) * max(1.0, largest / style.size)
        self._lines: dict[float, tuple[TextLine, ...]] = {}

    @property
    def before(self) -> float:
        """See `Block.before`."""
        return self.style.before

    @property
    def after(self) -> float:
        """See `Block.after`."""
        return self.style.after

    @property
    def title(self) -> str:
        """The text without styles, for the table of contents."""
        return " ".join("".join(run.text for run in self.runs).split())

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return len(self.lines(width)) * self.line_height

    def lines(self, width: float) -> tuple[TextLine, ...]:
        """The lines at ``width``."""
        if width not in self._lines:
            style = self.style
            inner = max(1.0, width - style.left - style.right - style.hang)
            pushed = self._pushed(inner)
            self._lines[width] = tuple(self._setter.lines(self._words, inner, pushed))
        return self._lines[width]

    def dearest_end(self, width: float) -> float:
        """What the worst line end at ``width`` costs (`dgdesk.text.line_ends`)."""
        return max(line.cost for line in self.lines(width))

    def least_width(self, dearest: float) -> float:
        """The width at which no line has to end at a cost of ``dearest`` or more."""
        style = self.style
        return self._setter.widest(self._words, dearest) + style.left + style.right + style.hang

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        at = parting(len(self.lines(width)), int((space + _FUZZ) / self.line_height), forced)
        return (
            (ParagraphSlice(self, 0, at, width), ParagraphSlice(self, at, len(self.lines(width)), width))
            if at
            else None
        )

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        self.draw_lines(pen, x, top, width, 0, len(self.lines(width)))

    def draw_lines(self, pen: Pen, x: float, top: float, width: float, start: int, end: int) -> None:
        """Draw some of the lines, the first of them at ``top``."""
        style = self.style
        if start == 0 and self.place:
            pen.place(self.place, top)
            if self.outline is not None:
                pen.outline_entry(self.title, self.place, self.outline)
        owners = pen.text_owners(self, style, self._label_part)
        around = pen.owner  # after a heading the section that it has opened
        left = x + style.left + style.hang
        inner = width - style.left - style.right - style.hang
        last = len(self.lines(width)) - 1
        pen.owner = owners.text
        for number, line in enumerate(self.lines(width)[start:end], start=start):
            y = top - (number - start) * self.line_height - self.line_height * BASELINE
            pushed = self._pushed(inner) if number == 0 else 0.0
            if number == 0 and self._label is not None:
                pen.owner = owners.label
                pen.line(x + style.left, y, (self._label, self._blank()))
                pen.owner = owners.text
            spare = inner - pushed - line.width
            at = left + pushed + (spare if style.align == "right" else spare / 2 if style.align == "centre" else 0.0)
            # The space keeps words apart in PDF readers that do not notice the end of a line.
            closing = (self._blank(),) if number == last else ()
            if line.pieces:
                pen.line(at, y, (*line.pieces, *closing))
        pen.owner = around

    def _pushed(self, inner: float) -> float:
        """How far the label moves the first line to the right; at most half of the width."""
        if self._label is None:
            return 0.0
        over = self._label.width + _GAP * self.style.size - self.style.hang
        return min(max(0.0, over), inner / 2)

    def _blank(self) -> PenPiece:
        return self._setter.blank(self.style)


class ParagraphSlice:
    """Some lines of a paragraph, at the width for which it was split."""

    def __init__(self, whole: Paragraph, start: int, end: int, width: float) -> None:
        self.whole, self.start, self.end = whole, start, end
        self._width = width
        self.keep_with_next = whole.keep_with_next and end == len(whole.lines(width))

    @property
    def before(self) -> float:
        """See `Block.before`."""
        return self.whole.before if self.start == 0 else 0.0

    @property
    def after(self) -> float:
        """See `Block.after`."""
        return self.whole.after if self.end == len(self.whole.lines(self._width)) else 0.0

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return (self.end - self.start) * self.whole.line_height

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        at = parting(self.end - self.start, int((space + _FUZZ) / self.whole.line_height), forced)
        if not at:
            return None
        middle = self.start + at
        return ParagraphSlice(self.whole, self.start, middle, width), ParagraphSlice(
            self.whole, middle, self.end, width
        )

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        self.whole.draw_lines(pen, x, top, width, self.start, self.end)


def parting(lines: int, fitting: int, forced: bool) -> int:
    """After how many of ``lines`` to split if ``fitting`` of them fit; 0 for no split.

    At least two lines stay on each side. If forced, as many stay as fit, at least one.
    """
    at = min(fitting, lines - _ALONE)
    if at >= _ALONE:
        return at
    if not forced or lines < 2:
        return 0
    return max(1, min(fitting, lines - 1))


def _line_height(runs: Sequence[TextRun], style: ParagraphStyle) -> float:
    """The height of a line in the size of ``style``, by the marks that the text may have."""
    bold = style.bold or any([run.bold for run in runs])
    leading = style.leading
    if any([_TALL.search(run.text) for run in runs]):
        leading = max(leading, TALL_LEADING)
    return line_height(style.size, leading, bold)


def prepared_label(
    setter: LineBreaker, label: str | TextRun, style: ParagraphStyle
) -> tuple[PenPiece | None, Part | None]:
    """A label as it is drawn, and what it is in the structure, with the words that are read instead of it."""
    run = TextRun(label) if isinstance(label, str) else label
    if not run.text:
        return None, None
    piece = setter.piece(run.text, shape_text(run, style))
    return piece._replace(said=""), Part("Lbl", said=run.said)
