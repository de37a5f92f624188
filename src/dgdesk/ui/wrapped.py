"""Window, wrapped: text of several styles laid out and painted by ourselves, where Qt's own widgets cannot wrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from dgdesk.thai.breaks import plain
from dgdesk.ui import colours
from dgdesk.ui.text import LINK, Texts

_ADDRESS = "http"
"""Begins every web address; most texts have none, and need not be searched for one."""
_ONE_LINE = 100_000.0
_MOST_WIDTHS = 8

Look = Literal["plain", "strong", "code", "hint", "own"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look."""

    text: str
    look: Look = "plain"


class WrappedText:
    """Runs beside each other, wrapped to a width. Heights and widths are in pixels."""

    def __init__(self, texts: Texts, runs: Sequence[Run], font: QFont) -> None:
        shown = [(texts.show(run.text), run.look) for run in runs if run.text]
        self.plain = " ".join(run.text for run in runs if run.text)
        self._text = " ".join(text for text, _ in shown)
        self._layout = QTextLayout(self._text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        self._links: list[tuple[int, int, str]] = []
        self._layout.setFormats(self._formats(shown, font))
        self._laid_for = self._width = -1.0
        self._heights: dict[float, float] = {}
        self._natural: int | None = None

    def _formats(self, shown: list[tuple[str, Look]], font: QFont) -> list[QTextLayout.FormatRange]:
        formats = []
        at = 0
        for text, look in shown:
            if look != "plain":
                formats.append(_range(at, len(text), _format(look, font)))
            at += len(text) + 1
        if _ADDRESS not in self._text:
            return formats
        bare, places = _without_marks(self._text)
        for link in LINK.finditer(bare):
            first, last = places[link.start()], places[link.end() - 1] + 1
            char = QTextCharFormat()
            char.setForeground(QColor(colours.in_use().link))
            char.setFontUnderline(True)
            formats.append(_range(first, last - first, char))
            self._links.append((first, last, link[0]))
        return formats

    def height(self, width: float) -> int:
        """Return the height at a width, which is the one to paint for from now on."""
        self._width = width
        if width not in self._heights:
            self._lay()
        return math.ceil(self._heights[width])

    @property
    def natural_width(self) -> int:
        """The width of the text on one line."""
        if self._natural is None:
            self.height(_ONE_LINE)
            self._natural = math.ceil(self._layout.maximumWidth())
        return self._natural

    @property
    def first_line(self) -> float:
        """The height of the first line."""
        return self._layout.lineAt(0).height() if self._layout.lineCount() else 0.0

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Paint with the painter's pen, for the width whose height was asked for last."""
        self._stand()
        self._layout.draw(painter, at)

    def link_at(self, point: QPointF) -> str | None:
        """Return the web address at a point of the laid-out text."""
        self._stand()
        for number in range(self._layout.lineCount() if self._links else 0):
            line = self._layout.lineAt(number)
            if line.y() <= point.y() < line.y() + line.height() and 0 <= point.x() <= line.naturalTextWidth():
                place = line.xToCursor(point.x())
                return next((link for first, last, link in self._links if first <= place <= last), None)
        return None

    def _stand(self) -> None:
        """Lay the text out for the width asked for last, if it stands for another."""
        if self._laid_for != self._width:
            self._lay()

    def _lay(self) -> None:
        width = self._laid_for = self._width
        height = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width, 1.0))
            line.setPosition(QPointF(0, height))
            height += line.height()
        self._layout.endLayout()
        if len(self._heights) >= _MOST_WIDTHS:
            self._heights.clear()
        self._heights[width] = height


def _range(start: int, length: int, char: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = start, length, char
    return found


def _format(look: Look, font: QFont) -> QTextCharFormat:
    char = QTextCharFormat()
    if look in ("code", "strong"):
        char.setFontWeight(QFont.Weight.DemiBold)
    if look == "code":
        char.setForeground(QColor(colours.in_use().code))
    if look in ("hint", "own"):
        char.setForeground(QColor(colours.in_use().hint))
    if look == "own":
        char.setFontItalic(False)
        char.setFontPointSize(font.pointSizeF() - 1)
    return char


def _without_marks(text: str) -> tuple[str, list[int]]:
    places = [at for at, char in enumerate(text) if plain(char)]
    return "".join(text[at] for at in places), places
