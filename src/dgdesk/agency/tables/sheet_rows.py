"""The rows of a sheet as XML (ISO/IEC 29500-1, 18.3.1): a text is stored as text, never as a formula or a shared one.

openpyxl writes everything else of a workbook. A cell costs it 10 µs, and here a seventh: an inbox has millions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from dgdesk.text.cells import SheetCell, cut, escaped, is_formula, keeps_digits, number_text

_SHORT: Final = 64
"""Characters of a text that is remembered: ids, yes and no, names of files, repeated in each row."""
_MOST_KNOWN: Final = 20_000
_PLAIN: Final = re.compile(r"[^_&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]*")
"""Texts that are written as they are."""


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters


class SheetRows:
    """Makes XML of rows. ``quoted``: the number of the cell format with Excel's “quote prefix”."""

    def __init__(self, quoted: int) -> None:
        self._quoted = f' s="{quoted}"'
        self._known: dict[str, str] = {}
        self._letters: list[str] = []

    def row(self, number: int, cells: Iterable[SheetCell]) -> str:
        """Return the XML of a row; empty cells, and those of an empty text, are left out."""
        parts = [f'<row r="{number}">']
        letters = self._letters
        for at, value in enumerate(cells):
            if value is None or value == "":
                continue
            while at >= len(letters):
                letters.append(f'<c r="{column_letters(len(letters) + 1)}')
            parts.append(f'{letters[at]}{number}"{self._cell(value)}')
        parts.append("</row>")
        return "".join(parts)

    def _cell(self, value: str | int | Decimal) -> str:
        """Return a cell's XML after its place."""
        if not isinstance(value, str):
            if keeps_digits(value):
                return f"><v>{number_text(value)}</v></c>"
            value = number_text(value)
        if (known := self._known.get(value)) is not None:
            return known
        made = self._text(value)
        if len(value) <= _SHORT and len(self._known) < _MOST_KNOWN:
            self._known[value] = made
        return made

    def _text(self, value: str) -> str:
        text = cut(value)
        if not _PLAIN.fullmatch(text):
            text = escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # "#N/A" would become an error value
        style = self._quoted if is_formula(value) or value.startswith("#") else ""
        space = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() or "\n" in value else ""
        return f'{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'
