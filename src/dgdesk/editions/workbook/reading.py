"""Reads the rows of a workbook into the trees that an edition's data files hold; every part knows its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dgdesk.editions.workbook.columns import ROLE, SETTINGS, SHEETS
from dgdesk.editions.workbook.grid import Book, BookFlaw, Part, Row, Tree, rows_of
from dgdesk.editions.workbook.reading_cells import taken
from dgdesk.editions.workbook.reading_form import Form
from dgdesk.editions.workbook.reading_rubric import read_indicators, read_rubric, read_words
from dgdesk.editions.workbook.tables import EMPTY


@dataclass
class Trees:
    """What the data files of an edition hold. ``rows`` are all rows, to find a cell in."""

    head: dict[str, Tree] = field(default_factory=dict)
    sections: list[Part] = field(default_factory=list)
    indicators: dict[str, Tree] = field(default_factory=dict)
    rubric: dict[str, Tree] | None = None
    words: dict[str, Tree] | None = None
    listed: list[Part] = field(default_factory=list)
    settings: dict[str, Row] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


def read_book(book: Book) -> tuple[Trees, tuple[BookFlaw, ...]]:
    """Return what a workbook holds, and everything in it that cannot be understood."""
    flaws: list[BookFlaw] = []
    rows = rows_of(book, flaws)
    if flaws:  # what depends on a cell that is wrong would be found wrong again
        return Trees(rows=rows), tuple(flaws)
    trees = Trees(rows=rows)
    trees.settings = _settings(rows["settings"], flaws)
    trees.listed = [
        Part(row, **taken(row, ("id", "label", "en", "code", "hint"), flaws)) for row in rows["respondents"]
    ]
    form = Form(flaws)
    form.read(rows)
    trees.sections = form.sections
    trees.indicators = {**read_indicators(rows["indicators"], flaws), "footnote": form.footnote}
    trees.head = _head(trees, flaws)
    trees.head["checks"] = [
        Part(row, **taken(row, SHEETS["checks"][1:], flaws, always=("code", "kind", "left", "severity")))
        for row in rows["checks"]
    ]
    said = {name: row["value"] for name, row in trees.settings.items() if name.startswith("rubric::") and row["value"]}
    trees.rubric = read_rubric(said, rows["rubric"], flaws)
    trees.words = read_words(rows["search"], flaws)
    return trees, tuple(flaws)


def _settings(rows: list[Row], flaws: list[BookFlaw]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        name = row["name"].strip()
        if name not in SETTINGS and not (name.startswith(ROLE) and len(name) > len(ROLE)):
            flaws.append(BookFlaw("workbook.unknown_setting", row.cell("name"), {"name": name[:60]}))
        elif name in found:
            flaws.append(BookFlaw("workbook.double", row.cell("name"), {"id": name, "first": found[name].cell("name")}))
        else:
            found[name] = row
    return found


def _head(trees: Trees, flaws: list[BookFlaw]) -> dict[str, Tree]:
    """Return ``edition.yaml`` without its sections and checks."""
    said = {name: _said(name, row["value"]) for name, row in trees.settings.items() if row["value"]}
    for name in ("id", "title"):
        if name not in said:
            row = trees.settings.get(name)
            cell = row.cell("value") if row is not None else "settings!A1"
            flaws.append(BookFlaw("workbook.needed", cell, {"column": name}))
    head: dict[str, Tree] = {
        name: said[name] for name in ("id", "title", "year", "version", "opens", "closes") if name in said
    }
    for name in ("name", "respondent", "contact", "issued", "evidence_limits", "signoff"):
        if group := _group(said, name):
            head[name] = group
    roles = [
        {"id": name.removeprefix(ROLE), "title": said.get(name, "")} for name in trees.settings if name.startswith(ROLE)
    ]
    if roles or "signoff" in head:
        head["signoff"] = {"certification": said.get("signoff::certification", ""), "roles": roles}
    return head


_WORDED: Final = ("title", "name::", "respondent::called", "respondent::named", "issued::", "signoff::")
"""Settings that are texts; blanks around all others mean nothing."""


def _said(name: str, value: str) -> str:
    if value == EMPTY:
        return ""
    return value if name.startswith(_WORDED) else value.strip()


def _group(said: Mapping[str, str], name: str) -> dict[str, Tree]:
    """Return the settings that begin with ``name``, nested at their colons."""
    found: dict[str, Tree] = {}
    for key, value in said.items():
        if key.startswith(f"{name}::") and not key.startswith(ROLE):
            *outer, last = key.removeprefix(f"{name}::").split("::")
            inside = found
            for part in outer:
                inside = inside.setdefault(part, {})
            inside[last] = value
    return found
