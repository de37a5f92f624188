"""The sheets of an edition's workbook and their columns; the names are for machines, the second row is for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

READ_FIRST: Final = "อ่านก่อน"
"""The sheet with the instructions; it is not read back."""
NUMBER: Final = "no"
"""The column with running numbers: whoever sorts a sheet sorts it back by them."""

SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "settings": ("name", "value"),
    "survey": (
        *(NUMBER, "type", "id", "in", "under", "code", "short", "heading", "label", "hint", "unit", "blanks"),
        *("required", "advised", "when", "options_from", "headings", "max_items", "first_number", "min", "max"),
        *("decimals", "several", "mobile", "extension", "indicator", "weight"),
    ),
    "choices": (
        *(NUMBER, "of", "part", "id", "group", "code", "label", "hint", "exclusive", "negative", "own", "header"),
        "required",
    ),
    "evidence": (NUMBER, "of", "part", "rule", "text", "url", "at"),
    "skips": (NUMBER, "of", "option", "to", "text"),
    "texts": (NUMBER, "of", "part", "place", "level", "kind", "label", "text"),
    "checks": (NUMBER, "code", "kind", "left", "left_option", "right", "right_option", "severity"),
    "indicators": (
        *(NUMBER, "type", "id", "in", "number", "name", "purpose", "starred", "weight", "weight_text", "heading"),
    ),
    "rubric": (
        *(NUMBER, "type", "id", "in", "rule", "basis", "weight", "credit", "kind", "of", "base", "together", "none"),
        *("fields", "needs", "at_least", "part", "whole", "whole_field", "at_zero", "urls", "half", "unless"),
        *("status", "zero_when", "substitute", "note"),
    ),
    "respondents": (NUMBER, "id", "label", "en", "code", "hint"),
    "search": (NUMBER, "type", "words", "at"),
}

SETTINGS: Final = (
    *("id", "title", "name::th", "name::en", "year", "version", "opens", "closes"),
    *("respondent::field", "respondent::scheme", "respondent::list"),
    *("respondent::called::th", "respondent::called::en", "respondent::named::th", "respondent::named::en"),
    *("contact::address", "contact::first_name", "contact::last_name", "contact::position", "contact::office_phone"),
    *("issued::owner::th", "issued::owner::en", "issued::law::th", "issued::law::en"),
    *("issued::original::th", "issued::original::en"),
    *("contact::mobile", "evidence_limits::file", "evidence_limits::total", "signoff::certification"),
    *("rubric::id", "rubric::edition", "rubric::progress", "rubric::progress_basis"),
)
"""The names in the sheet ``settings``, each once; besides them ``signoff::role::ID`` for everyone who signs."""
ROLE: Final = "signoff::role::"
FOOTNOTE: Final = "(indicators)"
"""What the sheet ``texts`` names as the owner of the footnote below the table of indicators."""

LISTS: Final = frozenset({"blanks", "headings", "words", "at", "fields", "together", "none"})
"""Columns (of ``survey``, ``search``, ``rubric``) whose cells hold several texts, each in a line of its own."""
MAPPINGS: Final = frozenset({"credit", "needs", "at_least", "urls", "status"})
"""Columns of ``rubric`` whose cells hold lines of ``name = value``."""
PAIRS: Final = frozenset({"unless", "zero_when"})
"""Columns of ``rubric`` whose cells hold one ``place = option``."""
TRUTHS: Final = frozenset(
    {"required", "advised", "several", "mobile", "exclusive", "negative", "own", "header", "starred"}
)
"""Columns whose cells hold yes or no."""
NAMES: Final = frozenset(
    {
        *("type", "id", "in", "under", "of", "part", "rule", "url", "option", "to", "place", "kind", "left", "right"),
        *("left_option", "right_option", "severity", "group", "extension", "options_from", "basis", "whole", "half"),
        *("whole_field", "at_zero", "substitute"),
    }
)
"""Columns of ids and keywords: blanks around them mean nothing, and a number typed there may have lost its zeros."""


def letter(column: int) -> str:
    """Return the letters of a column; the first is 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return how a person calls a cell: ``survey!B12``."""
    return f"{sheet}!{letter(column)}{row}"
