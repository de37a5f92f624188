"""Styles of text: sizes in points, colours as red, green and blue from 0 to 1."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Colour = tuple[float, float, float]

BLACK: Final[Colour] = (0.0, 0.0, 0.0)
WHITE: Final[Colour] = (1.0, 1.0, 1.0)
GREY: Final[Colour] = (0.35, 0.35, 0.35)
LEADING: Final = 1.6  # of the size: what stacked Thai marks need
BOLD_LEADING: Final = 1.62  # the same for bold text
TALL_LEADING: Final = 1.83  # and for what few texts have, as a vowel below the tail of ฎ (กระฎุมพี) or a tone on ็


class ParagraphStyle(NamedTuple):
    """The style of a paragraph; all lengths in points."""

    size: float = 10.5
    bold: bool = False
    colour: Colour = BLACK
    align: Literal["left", "centre", "right"] = "left"
    leading: float = LEADING  # of the size; less than marks need is raised to that
    left: float = 0.0
    right: float = 0.0
    hang: float = 0.0  # how far the lines are indented from the label
    before: float = 0.0
    after: float = 0.0
    rank: int = 0  # of a heading, from 1 for the title; 0 for other text
    skipped: bool = False  # whether the text belongs to what need not be filled in

    @property
    def line_height(self) -> float:
        """From one baseline to the next."""
        return line_height(self.size, self.leading, self.bold)


def line_height(size: float, leading: float, bold: bool) -> float:
    """From one baseline to the next, for text of which some may be ``bold``."""
    return size * max(leading, BOLD_LEADING if bold else LEADING)


class TextRun(NamedTuple):
    """Text of one style. What is None comes from the paragraph's style.

    ``link`` is ``#`` and the name of a link target, or an address that starts with ``https://``, ``http://`` or
    ``mailto:``. ``typed`` text is printed as it is: what a person typed, the name of a file, a digest. ``said`` is read
    to those who listen instead of the text.
    """

    text: str
    bold: bool | None = None
    colour: Colour | None = None
    size: float | None = None
    link: str = ""
    typed: bool = False
    said: str = ""
