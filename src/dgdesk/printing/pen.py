"""Draws text, lines, areas, links and link targets on the pages of a document, in its own fonts.

All measures are in points; positions are measured from the page's lower left corner. Whose ink it is, `Pen.owner` says:
an element of the structure, or None for what is no part of it. Marks in the page change only when the owner changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from dgdesk.printing.embedding import resource_name
from dgdesk.printing.fonts import Encoded, Fonts
from dgdesk.printing.style import BLACK, Colour, ParagraphStyle
from dgdesk.printing.tags import LINK, PARAGRAPH, Box, Click, Element, PageMark, Part, TagTree

ENGLISH: Final = "en"
_RUNNING: Final = "/Artifact<</Type/Pagination>>BDC"
_PLAIN: Final = "/Artifact BMC"
_FOREIGN: Final = f"/Span<</Lang({ENGLISH})>>BDC"


class PenPiece(NamedTuple):
    """Text of one style within a line.

    ``said`` is read instead of it. ``language`` is that of its words if it is not Thai, or None if it has no words.
    """

    text: Encoded
    size: float
    bold: bool
    colour: Colour
    link: str = ""
    said: str = ""
    language: str | None = ""

    @property
    def width(self) -> float:
        """The width in points."""
        return self.text.width * self.size


class PageLink(NamedTuple):
    """A link of a page: its target, its place, its element, and what it is drawn with."""

    target: str
    edges: Box
    element: Element
    pieces: tuple[PenPiece, ...]


class DrawnPage(NamedTuple):
    """The operators of a page and its links."""

    code: str
    links: tuple[PageLink, ...]


class OutlineEntry(NamedTuple):
    """A line of the PDF reader's table of contents; ``level`` counts from 0."""

    title: str
    key: str
    level: int


class TextOwners(NamedTuple):
    """The elements of a label and of the text behind it; None for what is no part of the structure."""

    label: Element | None
    text: Element | None


class _Closed:
    """What owns nothing: no mark is open."""


_CLOSED: Final = _Closed()
_DRAWN: Final = ("Figure", "Form")


class Pen:
    """Draws the pages of one document, one after the other."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self.tree = TagTree()
        self.owner: Element | None = None
        self.alone = False
        """Whether the text that is drawn next is all that its owner holds, and needs no element of its own."""
        self.running = False
        """Whether what has no owner stands on every page, as a foot does."""
        self.pages: list[DrawnPage] = []
        self.places: dict[str, int] = {}
        """The page of every link target drawn so far, counted from 1."""
        self.tops: dict[str, float] = {}
        """How high on their pages they are."""
        self.entries: list[OutlineEntry] = []
        self._code: list[str] = []
        self._links: list[PageLink] = []
        self._clicks = 0
        self._marks: list[Element] = []
        self._open: Element | _Closed | None = _CLOSED

    def piece(self, text: str, size: float, bold: bool = False, colour: Colour = BLACK) -> PenPiece:
        """``text`` prepared for `line`; its width is known."""
        return PenPiece(self.fonts.face(bold).encode(text), size, bold, colour)

    def text(self, x: float, y: float, text: str, size: float, bold: bool = False, colour: Colour = BLACK) -> float:
        """Draw ``text`` on the baseline ``y`` from ``x`` and return where it ends."""
        piece = self.piece(text, size, bold, colour)
        self.line(x, y, (piece,))
        return x + piece.width

    def text_right(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        """Draw ``text`` so that it ends at ``x``."""
        piece = self.piece(text, size, bold)
        self.line(x - piece.width, y, (piece,))

    def line(self, x: float, y: float, pieces: Sequence[PenPiece]) -> None:
        """Draw one line of text on the baseline ``y`` from ``x``; parts with a link can be clicked."""
        owner = self.owner
        if owner is None:
            self._own(None)
            self._text(x, y, pieces)
            return
        for piece in pieces:
            if piece.link or piece.said:
                self._line_in_parts(x, y, pieces, owner)
                return
        self._own(owner)
        self._text(x, y, pieces)

    def _line_in_parts(self, x: float, y: float, pieces: Sequence[PenPiece], owner: Element) -> None:
        """Draw a line in which a link, or what is read in other words, has an element of its own."""
        for run in _alike(pieces):
            first = run[0]
            width = sum([piece.width for piece in run])
            if first.said:
                self._own(_same(owner, "Span", first.said) or Element(Part("Span", said=first.said), owner))
            elif first.link:
                link = _same(owner, "Link", first.link) or Element(LINK, owner)
                link.target = first.link
                edges = (x, y - 0.35 * first.size, x + width, y + first.size)
                self._links.append(PageLink(first.link, edges, link, tuple(run)))
                self._own(link)
            else:
                self._own(owner)
            self._text(x, y, run)
            x += width

    def _text(self, x: float, y: float, pieces: Sequence[PenPiece]) -> None:
        code: list[str] = [f"BT 1 0 0 1 {_number(x)} {_number(y)} Tm"]
        font: tuple[bool, int, float] | None = None
        colour: Colour | None = None
        held = ""
        language = ""
        told = self.owner is not None
        for at, (text, size, bold, ink, _, _, spoken) in enumerate(pieces):
            if told and spoken != language:
                next_language = spoken if spoken is not None else _going_on(pieces, at, language)
                if next_language != language:
                    if held:
                        code.append(f"<{held}> Tj")
                        held = ""
                    code.append(_FOREIGN if next_language else "EMC")
                    language = next_language
            for file, digits in text.codes:
                wanted = (bold, file, size)
                if wanted != font or ink != colour:
                    if held:
                        code.append(f"<{held}> Tj")
                        held = ""
                    if wanted != font:
                        font = wanted
                        code.append(f"/{resource_name(bold, file)} {_number(size)} Tf")
                    if ink != colour:
                        colour = ink
                        code.append(_paint(colour, "rg"))
                held += digits
        if held:
            code.append(f"<{held}> Tj")
        code.append("EMC ET" if language else "ET")
        self._code.append(" ".join(code))

    def area(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle; ``y`` is its lower edge."""
        self._emit(f"{_paint(colour, 'rg')} {_rectangle(x, y, width, height)} f")

    def box(self, x: float, y: float, width: float, height: float, line: float, colour: Colour = BLACK) -> None:
        """Draw the edges of a rectangle."""
        self._emit(f"{_paint(colour, 'RG')} {_number(line)} w {_rectangle(x, y, width, height)} S")

    def rule(self, x1: float, y1: float, x2: float, y2: float, line: float, colour: Colour = BLACK) -> None:
        """Draw a straight line."""
        ends = f"{_number(x1)} {_number(y1)} m {_number(x2)} {_number(y2)} l"
        self._emit(f"{_paint(colour, 'RG')} {_number(line)} w {ends} S")

    def dots(self, x1: float, y: float, x2: float, colour: Colour = BLACK) -> None:
        """Draw a level dotted line to write on."""
        if x2 > x1:
            ends = f"{_number(x1)} {_number(y)} m {_number(x2)} {_number(y)} l"
            self._emit(f"q {_paint(colour, 'RG')} 0.9 w 1 J [0 2.4] 0 d {ends} S Q")

    def path(self, x: float, y: float, scale: float, operators: str, colour: Colour) -> None:
        """Fill what path operators describe, scaled and moved so that their origin is at (``x``, ``y``)."""
        sized = " ".join(_number(value) for value in (scale, 0.0, 0.0, scale, x, y))
        self._emit(f"q {_paint(colour, 'rg')} {sized} cm {operators} f Q")

    def outline(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        matrix: tuple[float, float, float, float],
        colour: Colour,
        line: float,
    ) -> None:
        """Draw the outlines of ``text``, ``line`` points wide and without filling them: a mark over the contents.

        It is centred on a point and turned by ``matrix``; drawn as paths, it cannot be copied as text.
        """
        paths, width = self.fonts.regular.outline(text)
        a, b, c, d = matrix
        scale = size / self.fonts.regular.em
        turned = " ".join(_number(value) for value in (a, b, c, d, x, y))
        inner = f"{_number(scale)} 0 0 {_number(scale)} {_number(-width * size / 2)} {_number(-size * 0.3)} cm"
        self._emit(f"q {_paint(colour, 'RG')} {_number(line / scale)} w 1 j {turned} cm {inner} {paths} S Q")

    def place(self, key: str, top: float) -> None:
        """Make this height of the page a link target named ``key``."""
        if key not in self.places:
            self.places[key] = len(self.pages) + 1
            self.tops[key] = top

    def outline_entry(self, title: str, key: str, level: int) -> None:
        """Add a link target to the table of contents of the PDF reader."""
        self.entries.append(OutlineEntry(title, key, level))

    def enter(self, path: Sequence[Part]) -> None:
        """What is drawn from here on belongs to these parts, each inside the one before, if it belongs to anything."""
        owner = self.owner
        if owner is not None:
            for part in path:
                owner = self.tree.element(part, part, owner)
            self.owner = owner

    def text_owners(self, key: object, style: ParagraphStyle, label: Part | None) -> TextOwners:
        """The elements of a text and of the label before it. A heading opens a section, which is then the owner.

        In an item the label and the text have elements of their own; elsewhere a label is a part of the text.
        """
        outer = self.owner
        if outer is None:
            return TextOwners(None, None)
        if label is not None and (body := outer.part.body) is not None:
            inside = self.tree.element(body, body, outer)
            text = inside if outer.part.alone else self.tree.element(key, PARAGRAPH, inside)
            return TextOwners(self.tree.element(label, label, outer), text)
        if style.rank and outer.groups:
            text = self.tree.heading(key, Part("H", rank=style.rank, skipped=style.skipped))
            self.owner = self.tree.section
        else:
            text = outer if self.alone else self.tree.element(key, PARAGRAPH, outer)
        return TextOwners(text, text)

    def space(self, said: str) -> Element | None:
        """The element of a space to write in, which goes on where nothing was drawn since; None if nothing is read."""
        if self.owner is None or not said:
            return None
        return _same(self.owner, "Form", said) or Element(Part("Form", said=said), self.owner)

    def finish_page(self) -> None:
        """Close the page; the next one is empty."""
        self._own(_CLOSED)
        for link in self._links:
            link.element.kids.append(Click(self._clicks))
            self._clicks += 1
        self.pages.append(DrawnPage("\n".join(self._code), tuple(self._links)))
        self.tree.pages.append(self._marks)
        self._code, self._links, self._marks = [], [], []

    def _own(self, owner: Element | _Closed | None) -> None:
        """What is drawn from here on belongs to ``owner``.

        Raises:
            ValueError: the block that draws has said no part, so that its text would stand in a section itself.
        """
        if owner is self._open:
            return
        end = "" if self._open is _CLOSED else "EMC "
        self._open = owner
        if owner is None:
            self._code.append(end + (_RUNNING if self.running else _PLAIN))
        elif isinstance(owner, Element):
            if owner.groups:
                raise ValueError("a block draws text that has no part in the structure (dgdesk.printing.tags)")
            owner.join()
            mark = len(self._marks)
            owner.kids.append(PageMark(len(self.pages), mark))
            self._marks.append(owner)
            self._code.append(f"{end}/{owner.role}<</MCID {mark}>>BDC")
        elif end:
            self._code.append("EMC")

    def _emit(self, code: str) -> None:
        """Draw what is no text: a figure's, a space's to write in, or no part of the structure."""
        owner = self.owner
        self._own(owner if owner is not None and owner.part.role in _DRAWN else None)
        self._code.append(code)


class PlacePen(Pen):
    """A pen that draws nothing and notes the page of every link target: for a layout that is never written."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts)
        self.page = 0

    def place(self, key: str, top: float) -> None:
        """Note the page of a link target."""
        self.places.setdefault(key, self.page)

    def line(self, x: float, y: float, pieces: Sequence[PenPiece]) -> None:
        """Draw nothing."""

    def outline_entry(self, title: str, key: str, level: int) -> None:
        """Draw nothing."""

    def _emit(self, code: str) -> None:
        pass


def _same(owner: Element, role: str, what: str) -> Element | None:
    """The link or the text in other words that was drawn last, if it goes on here, on a new line."""
    last = owner.kids[-1] if owner.kids else None
    if isinstance(last, Element) and last.part.role == role and what in (last.target, last.part.said):
        return last
    return None


def _alike(pieces: Sequence[PenPiece]) -> Iterator[Sequence[PenPiece]]:
    """``pieces`` in runs with the same link that are read in the same words."""
    start = 0
    for at in range(1, len(pieces) + 1):
        if at == len(pieces) or (pieces[at].link, pieces[at].said) != (pieces[start].link, pieces[start].said):
            yield pieces[start:at]
            start = at


def _going_on(pieces: Sequence[PenPiece], at: int, language: str) -> str:
    """The language of a piece without words: of the words on both sides of it, or that of the document."""
    if language:
        for piece in pieces[at + 1 :]:
            if piece.language is not None:
                return language if piece.language == language else ""
    return ""


def _number(value: float) -> str:
    """``value`` in six digits, which is less than a thousandth of a point on a page; never with an exponent."""
    text = f"{value:.6g}"
    return text if "e" not in text else f"{value:.6f}".rstrip("0").rstrip(".")


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return " ".join(_number(value) for value in (x, y, width, height)) + " re"


@lru_cache(maxsize=256)
def _paint(colour: Colour, operator: str) -> str:
    return " ".join(_number(part) for part in colour) + " " + operator
