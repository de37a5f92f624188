"""Finds the cell that a flaw of an edition stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dgdesk.editions.workbook.grid import Row
from dgdesk.editions.workbook.reading import Trees
from dgdesk.survey.definition.lint import DefinitionFlaw

_FORM: Final = ("survey", "choices", "evidence", "skips", "texts")
_WORD: Final = re.compile(r"[^\s,;()'\"{}]+")
_OWNER: Final = ("of", "id")
"""The columns that say to what a row belongs, the first that the sheet has."""


def cell_of(flaw: DefinitionFlaw, trees: Trees) -> str:
    """Return the cell of a flaw: where its detail is written among the rows of its item, else the item's own."""
    if flaw.code == "lint.rubric":
        return _of_words(flaw.detail, trees, ("rubric", "indicators"), "rubric!A1")
    if flaw.code == "lint.search":
        return _of_words(flaw.detail, trees, ("search",), "search!A1")
    if flaw.code == "lint.broken_thai":
        return _of_text(flaw.item, trees)
    if flaw.item == "respondent" or flaw.item.startswith("contact"):
        return _of_setting(flaw, trees)
    owner, part = _parted(flaw.item)
    rows = list(_rows(trees, owner))
    if not rows:
        return _of_check(flaw, trees)
    words = [part, "short" if "_short" in flaw.code else "", *_last_words(flaw.detail)]
    return next(_holding(rows, [word for word in words if word]), rows[0].cell("id"))


def _parted(item: str) -> tuple[str, str]:
    """Return the question that an item names, and its part: ``p1.2a:1.1``, ``g3#2``, ``p1.1/yes``, ``p1.1: yes``."""
    owner, _, rest = re.sub("#[0-9]+", "", item).partition(":")
    owner, _, option = owner.partition("/")
    return owner.strip(), (rest or option).strip().partition("/")[0]


def _last_words(detail: str) -> list[str]:
    words = _WORD.findall(detail.replace("/", " "))
    return [word.rstrip(":") for word in reversed(words)]


def _rows(trees: Trees, owner: str) -> Iterator[Row]:
    for sheet in _FORM:
        for row in trees.rows.get(sheet, ()):
            name = next(column for column in _OWNER if column in row.columns)
            if row[name] == owner:
                yield row


def _holding(rows: Iterable[Row], words: Iterable[str]) -> Iterator[str]:
    """Yield the cells that hold one of the words: a cell of just this word before one that has it among others."""
    rows = list(rows)
    for word in words:
        for row in rows:
            yield from (row.cell(column) for column, text in row.texts.items() if text == word and column != "of")
        for row in rows:
            yield from (row.cell(column) for column, text in row.texts.items() if column == "when" and word in text)
        # a word that names a part of the models: the column of that name
        named = [row for row in rows if word in row.columns and not (word == "url" and row["rule"] != "or_url")]
        yield from (row.cell(word) for row in named if not row[word])
        yield from (row.cell(word) for row in named)


def _of_words(detail: str, trees: Trees, sheets: tuple[str, ...], else_cell: str) -> str:
    rows = [row for sheet in sheets for row in trees.rows.get(sheet, ())]
    words = _last_words(detail)
    for word in words:
        for row in rows:
            for column, text in row.texts.items():
                if column not in ("no", "note") and word in _WORD.findall(text):
                    return row.cell(column)
    for row in rows:
        for column, text in row.texts.items():
            if column == "words" and text.split("\n")[0] in detail:
                return row.cell(column)
    return else_cell


def _of_text(text: str, trees: Trees) -> str:
    """Return the cell of a text, which a form may print behind a code or a label."""
    cells = [
        (row.cell(column), content)
        for sheet in (*_FORM, "indicators", "respondents")
        for row in trees.rows.get(sheet, ())
        for column, content in row.texts.items()
        if column != "no"
    ]
    for cell, content in cells:
        if content.startswith(text):
            return cell
    inside = [(len(content), cell) for cell, content in cells if content in text or text.endswith(content[: len(text)])]
    return max(inside)[1] if inside else "survey!A1"


def _of_setting(flaw: DefinitionFlaw, trees: Trees) -> str:
    names = ["respondent::field"]
    if flaw.item.startswith("contact"):
        names = [flaw.item.replace(" ", "::")]
    elif flaw.code == "lint.missing_part":
        names = ["respondent::called::th", "respondent::scheme"]
    elif flaw.detail == "named":
        names = ["respondent::named::th"]
    found = next((trees.settings[name] for name in names if name in trees.settings), None)
    return found.cell("value") if found is not None else "settings!A1"


def _of_check(flaw: DefinitionFlaw, trees: Trees) -> str:
    """Return the cell of a comparison between answers, which has a code for an id."""
    rows = [row for row in trees.rows.get("checks", ()) if row["code"] == flaw.item]
    words = [flaw.detail, *flaw.detail.split("/")[::-1]]
    return next(_holding(rows, words), rows[0].cell("code") if rows else "survey!A1")
