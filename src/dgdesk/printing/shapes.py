"""Signs that no Thai font has, as outlines: answer marks, the frame of an unprintable character.

They become glyphs of the document's font: they are printed as vectors, take the size and colour of the text around
them, and a PDF reader copies the sign itself. All measures are in thousandths of an em; curves are quadratic.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

ShapePoint = tuple[float, float]

_MIDDLE: Final = 300.0  # height of the centre of a mark above the baseline
_LEFT: Final = 40.0
_SIZE: Final = 720.0
_LINE: Final = 60.0
MARK_ADVANCE: Final = round(_SIZE + 2 * _LEFT)
FRAME: Final = "frame"
FRAME_TOP: Final = 760.0
FRAME_FOOT: Final = -60.0
_TICK: Final[tuple[ShapePoint, ...]] = (
    (0.13, 0.50),
    (0.25, 0.61),
    (0.41, 0.44),
    (0.82, 0.93),
    (0.94, 0.82),
    (0.43, 0.20),
)


def _circle(pen: TTGlyphPen, radius: float, hole: bool = False) -> None:
    """A circle of eight curves around the middle of a mark; a hole is drawn in the opposite direction."""
    centre, turn = _LEFT + _SIZE / 2, 1 if hole else -1
    outer = radius / cos(pi / 8)

    def at(step: float, distance: float) -> ShapePoint:
        angle = turn * step * pi / 4
        return centre + distance * cos(angle), _MIDDLE + distance * sin(angle)

    pen.moveTo(at(0, radius))
    for step in range(8):
        pen.qCurveTo(at(step + 0.5, outer), at(step + 1, radius))
    pen.closePath()


def _box(pen: TTGlyphPen, left: float, foot: float, right: float, top: float, line: float) -> None:
    """An empty frame."""
    _polygon(pen, ((left, foot), (left, top), (right, top), (right, foot)))
    inner_left, inner_foot, inner_right, inner_top = left + line, foot + line, right - line, top - line
    _polygon(
        pen,
        ((inner_left, inner_foot), (inner_right, inner_foot), (inner_right, inner_top), (inner_left, inner_top)),
    )


def _polygon(pen: TTGlyphPen, points: tuple[ShapePoint, ...]) -> None:
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def _radio(pen: TTGlyphPen) -> None:
    _circle(pen, _SIZE / 2)
    _circle(pen, _SIZE / 2 - _LINE, hole=True)


def _chosen_radio(pen: TTGlyphPen) -> None:
    _radio(pen)
    _circle(pen, _SIZE * 0.29)


def _check_box(pen: TTGlyphPen) -> None:
    _box(pen, _LEFT, _MIDDLE - _SIZE / 2, _LEFT + _SIZE, _MIDDLE + _SIZE / 2, _LINE)


def _tick(pen: TTGlyphPen) -> None:
    foot = _MIDDLE - _SIZE / 2
    _polygon(pen, tuple((_LEFT + _SIZE * x, foot + _SIZE * y) for x, y in _TICK))


def _chosen_box(pen: TTGlyphPen) -> None:
    _check_box(pen)
    _tick(pen)


MARKS: Final[dict[str, Callable[[TTGlyphPen], None]]] = {
    "◉": _chosen_radio,
    "○": _radio,
    "☑": _chosen_box,
    "☐": _check_box,
    "✓": _tick,
}


def mark(sign: str) -> Glyph:
    """The outline of one of `MARKS`."""
    pen = TTGlyphPen(None)
    MARKS[sign](pen)
    return pen.glyph()


def frame(width: float) -> Glyph:
    """The empty frame, ``width`` wide, that holds the code of a character that cannot be printed."""
    pen = TTGlyphPen(None)
    _box(pen, _LEFT, FRAME_FOOT, width - _LEFT, FRAME_TOP, 30.0)
    return pen.glyph()
