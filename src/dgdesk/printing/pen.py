"""Draws text, lines, areas, links and link targets on a ReportLab canvas, in the document's own fonts.

All measures are in points; positions are measured from the page's lower left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dgdesk.printing.embedding import EmbeddedFace
from dgdesk.printing.fonts import Encoded, Fonts
from dgdesk.printing.style import BLACK, Colour

_NEAR: Final = 1e-6


class PenPiece(NamedTuple):
    """Text of one style within a line."""

    text: Encoded
    size: float
    bold: bool
    colour: Colour
    link: str = ""

    @property
    def width(self) -> float:
        """The width in points."""
        return self.text.width * self.size


class Pen:
    """Draws on the current page of ``canvas``, a `reportlab.pdfgen.canvas.Canvas`."""

    def __init__(self, canvas: Any, fonts: Fonts) -> None:
        self.canvas = canvas
        self.fonts = fonts
        document = canvas._doc
        self._faces = {
            False: EmbeddedFace(fonts.regular, "R", document),
            True: EmbeddedFace(fonts.bold, "B", document),
        }
        self.places: dict[str, int] = {}  # the page of every link target drawn so far
        self._links: list[tuple[str, tuple[float, float, float, float]]] = []

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
        code: list[str] = [f"BT 1 0 0 1 {_number(x)} {_number(y)} Tm"]
        font: tuple[str, float] | None = None
        colour: Colour | None = None
        held = ""
        for piece in pieces:
            for file, digits in piece.text.codes:
                wanted = (self._faces[piece.bold].resource_name(file), piece.size)
                if wanted != font or piece.colour != colour:
                    if held:
                        code.append(f"<{held}> Tj")
                        held = ""
                    if wanted != font:
                        font = wanted
                        code.append(f"/{font[0]} {_number(font[1])} Tf")
                    if piece.colour != colour:
                        colour = piece.colour
                        code.append(_paint(colour, "rg"))
                held += digits
            if piece.link:
                self._mark_link(piece, x, y)
            x += piece.width
        if held:
            code.append(f"<{held}> Tj")
        code.append("ET")
        self.canvas._code.append(" ".join(code))

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
        self.places.setdefault(key, self.canvas.getPageNumber())
        self.canvas.bookmarkPage(key, fit="FitH", top=top)

    def outline_entry(self, title: str, key: str, level: int) -> None:
        """Add a link target to the table of contents of the PDF reader."""
        self.canvas.addOutlineEntry(title, key, level)

    def finish_page(self) -> None:
        """Write the links of the page and close it."""
        for target, edges in self._links:
            if target.startswith("#"):
                self.canvas.linkAbsolute("", target[1:], edges)
            else:
                self.canvas.linkURL(target, edges)
        self._links.clear()
        self.canvas.showPage()

    def _mark_link(self, piece: PenPiece, x: float, y: float) -> None:
        edges = (x, y - 0.35 * piece.size, x + piece.width, y + piece.size)
        if self._links:
            target, (left, low, right, high) = self._links[-1]
            if target == piece.link and abs(right - x) < _NEAR and abs(low - edges[1]) < _NEAR:
                self._links[-1] = (target, (left, low, edges[2], high))
                return
        self._links.append((piece.link, edges))

    def _emit(self, code: str) -> None:
        self.canvas._code.append(code)


class PlacePen(Pen):
    """A pen that draws nothing and notes the page of every link target: for a layout that is never written."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self.places = {}
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


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return " ".join(_number(value) for value in (x, y, width, height)) + " re"


def _paint(colour: Colour, operator: str) -> str:
    return " ".join(_number(part) for part in colour) + " " + operator
