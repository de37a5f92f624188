"""The style of every kind of text, for ordinary and large print. Sizes in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dgdesk.printing.style import BLACK, GREY, Colour, Style

INK: Final[Colour] = (0.05, 0.13, 0.42)
"""The colour of answers. In black and white it is as dark as black; there the band and the bar mark the answers."""
BAND: Final[Colour] = (0.925, 0.925, 0.925)
HEAD: Final[Colour] = (0.86, 0.86, 0.86)
LINE: Final[Colour] = (0.45, 0.45, 0.45)
WATER: Final[Colour] = (0.9, 0.9, 0.9)
LARGE: Final = 1.35


@dataclass(frozen=True)
class Looks:
    """Styles by use; ``scale`` multiplies every size."""

    scale: float = 1.0

    def style(
        self, size: float = 10.5, *, bold: bool = False, colour: Colour = BLACK, before: float = 0, after: float = 0
    ) -> Style:
        """A style of this scale."""
        scale = self.scale
        return Style(size * scale, bold, colour, before=before * scale, after=after * scale)

    @property
    def indent(self) -> float:
        """The indent of a follow-up question."""
        return 17.0 * self.scale

    @property
    def title(self) -> Style:
        """The document's title."""
        return self.style(20, bold=True, after=6)

    @property
    def section(self) -> Style:
        """The heading of a section."""
        return self.style(14.5, bold=True, before=14, after=3)

    @property
    def page(self) -> Style:
        """A heading within a section."""
        return self.style(12, bold=True, before=12, after=2)

    @property
    def question(self) -> Style:
        """An outer question: one that is not nested in another."""
        return self.style(bold=True, before=9, after=1.5)

    @property
    def label(self) -> Style:
        """A follow-up question, or the label of a blank."""
        return self.style(before=2.5, after=1)

    @property
    def option(self) -> Style:
        """An option; its mark is left of the text."""
        size = 10.5 * self.scale
        return Style(size, hang=self.indent, before=1.5 * self.scale)

    @property
    def note(self) -> Style:
        """Notes of the form."""
        return self.style(8.8, colour=GREY, before=1, after=1)

    @property
    def unused(self) -> Style:
        """Unused items of a repeat."""
        return self.style(8.8, colour=GREY, before=2, after=1)

    @property
    def answer(self) -> Style:
        """Answers."""
        return self.style(colour=INK)

    @property
    def small(self) -> Style:
        """Evidence and remarks of the program."""
        return self.style(9)

    @property
    def cell(self) -> Style:
        """Text of a table."""
        return self.style(9.2)

    @property
    def head(self) -> Style:
        """The head of a table."""
        return self.style(8.8, bold=True)
