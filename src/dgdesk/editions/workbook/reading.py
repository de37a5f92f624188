"""Reads the rows of a workbook into the trees that an edition's data files hold; every part knows its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from dgdesk.editions.workbook.columns import FOOTNOTE, LISTS, ROLE, SETTINGS, SHEETS, TRUTHS
from dgdesk.editions.workbook.conditions import read_condition
from dgdesk.editions.workbook.grid import Book, BookFlaw, Part, Row, Tree, rows_of
from dgdesk.editions.workbook.reading_rubric import read_indicators, read_rubric, read_words
from dgdesk.editions.workbook.tables import EMPTY, column_name
from dgdesk.survey.definition.models import Kind

_YES: Final = frozenset({"yes", "true", "1", "ใช่"})
_NO: Final = frozenset({"no", "false", "0", "ไม่ใช่", "ไม่"})
_ID: Final = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
"""As `dgdesk.survey.definition.models.Id`; said before what refers to it."""
_KINDS: Final = frozenset(get_args(Kind))
_FIELD: Final = (
    *("code", "heading", "label", "hint", "unit", "blanks", "required", "advised", "options_from", "headings"),
    *("max_items", "first_number", "min", "max", "decimals", "several", "mobile", "extension"),
)
_CHOICES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "option": ("options", ("id", "code", "label", "hint", "exclusive", "negative", "own")),
    "group": ("groups", ("id", "label")),
    "column": ("columns", ("id", "group", "label", "negative")),
    "row": ("rows", ("id", "label", "header", "required")),
}
_NULLABLE: Final = frozenset({"code", "indicator", "left_option", "right_option"})
"""Columns where two quotation marks are an empty text, and nothing is none."""


@dataclass
class Trees:
    """What the data files of an edition hold. ``rows`` are all rows, for whoever looks for a cell."""

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
        Part(row, **_taken(row, ("id", "label", "en", "code", "hint"), flaws)) for row in rows["respondents"]
    ]
    form = _Form(flaws)
    form.read(rows)
    trees.sections = form.sections
    trees.indicators = {**read_indicators(rows["indicators"], flaws), "footnote": form.footnote}
    trees.head = _head(trees, flaws)
    trees.head["checks"] = [
        Part(row, **_taken(row, SHEETS["checks"][1:], flaws, always=("code", "kind", "left", "severity")))
        for row in rows["checks"]
    ]
    said = {name: row["value"] for name, row in trees.settings.items() if name.startswith("rubric::") and row["value"]}
    trees.rubric = read_rubric(said, rows["rubric"], flaws)
    trees.words = read_words(rows["search"], flaws)
    return trees, tuple(flaws)


def _taken(row: Row, columns: tuple[str, ...], flaws: list[BookFlaw], always: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the cells of a row that are not empty, and those of ``always``, as the data files hold them."""
    found: dict[str, Any] = {name: "" for name in always}
    for name in columns:
        text = row[name]
        if not text:
            continue
        if name in TRUTHS:
            found[name] = _truth(row, name, flaws)
        elif name in LISTS and row.sheet == "survey":
            found[name] = text.split("\n")
        else:
            found[name] = "" if name in _NULLABLE and text == EMPTY else text
    return found


def _truth(row: Row, name: str, flaws: list[BookFlaw]) -> str:
    text = row[name].strip().casefold()
    if text not in _YES | _NO:
        flaws.append(BookFlaw("workbook.no_truth", row.cell(name), {"text": row[name][:40]}))
    return "true" if text in _YES else "false"


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
    for name in ("name", "respondent", "contact", "evidence_limits", "signoff"):
        if group := _group(said, name):
            head[name] = group
    roles = [
        {"id": name.removeprefix(ROLE), "title": said.get(name, "")} for name in trees.settings if name.startswith(ROLE)
    ]
    if roles or "signoff" in head:
        head["signoff"] = {"certification": said.get("signoff::certification", ""), "roles": roles}
    return head


_WORDED: Final = ("title", "name::", "respondent::called", "respondent::named", "signoff::")
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


class _Form:
    """Puts the rows of the form together: questions first, then what the other sheets say of them."""

    def __init__(self, flaws: list[BookFlaw]) -> None:
        self.sections: list[Part] = []
        self.footnote: Tree = {}
        self._flaws = flaws
        self._owners: dict[str, Part] = {}
        self._parts: dict[tuple[str, str], Part] = {}
        """Options, columns, rows and cells, by their question and id."""
        self._below: list[tuple[Part, Part]] = []

    def read(self, rows: Mapping[str, list[Row]]) -> None:
        """Read the sheets of the form."""
        self._survey(rows["survey"])
        for row in rows["choices"]:
            self._choice(row)
        for parent, child in self._below:
            self._put_below(parent, child)
        for row in rows["evidence"]:
            self._request(row)
        for row in rows["skips"]:
            self._skip(row)
        self._notes(rows["texts"])

    def _survey(self, rows: list[Row]) -> None:
        above: list[Part] = []
        for row in rows:
            kind, name = row["type"], row["id"]
            if kind not in _KINDS | {"section", "page"}:
                self._say("workbook.unknown_type", row, "type", text=kind[:40])
                continue
            if not name:
                self._say("workbook.needed", row, "id", column="id")
                continue
            if name in self._owners:
                self._say("workbook.double", row, "id", id=name, first=self._owners[name].cell("id"))
                continue
            if _ID.fullmatch(name) is None:
                self._say("workbook.value.pattern", row, "id", text=name[:60], column="id")
            part = self._made(row, kind)
            depth = self._depth(row, kind, above)
            if depth is None:
                continue
            self._owners[name] = part
            if kind == "section":
                self.sections.append(part)
            elif kind == "page":
                above[0]["pages"].append(part)
            elif depth == 2 and not row["under"]:
                above[1]["items"].append(part)
            else:
                self._below.append((above[depth - 1], part))
            above[depth:] = [part]

    def _made(self, row: Row, kind: str) -> Part:
        if kind == "section":
            part = Part(
                row, id=row["id"], title=row["label"], **_taken(row, ("short", "indicator", "weight"), self._flaws)
            )
            part["pages"] = []
        elif kind == "page":
            part = Part(row, id=row["id"], **_taken(row, ("short",), self._flaws))
            if row["label"]:
                part["title"] = row["label"]
            part["items"] = []
        else:
            part = Part(row, id=row["id"], kind=kind, **_taken(row, _FIELD, self._flaws))
            if row["when"]:
                try:
                    part["when"] = read_condition(row["when"])
                except ValueError:
                    self._say("workbook.no_condition", row, "when", text=row["when"][:60])
        part.places = {"title": row.cell("label"), "kind": row.cell("type")}
        return part

    def _depth(self, row: Row, kind: str, above: list[Part]) -> int | None:
        """Return below how many of the rows above this one is; None if its place is wrong."""
        parent = row["in"]
        if kind == "section":
            if parent:
                self._say("workbook.section_in", row, "in")
                return None
            return 0
        for at in range(len(above) - 1, -1, -1):
            if above[at]["id"] == parent:
                fits = at == 0 if kind == "page" else at >= 1
                if not fits:
                    self._say("workbook.no_place", row, "in", id=parent)
                    return None
                return at + 1
        code = "workbook.not_below" if parent in self._owners else "workbook.no_parent"
        self._say(code if parent else "workbook.needed", row, "in", id=parent, column="in")
        return None

    def _choice(self, row: Row) -> None:
        owner, part, name = self._owners.get(row["of"]), row["part"], row["id"]
        if owner is None or "kind" not in owner:
            self._say("workbook.no_parent", row, "of", id=row["of"])
        elif part == "cell":
            self._cell(owner, row, name, "id")
        elif part not in _CHOICES:
            self._say("workbook.unknown_type", row, "part", text=part[:40])
        elif not name:
            self._say("workbook.needed", row, "id", column="id")
        elif "options_from" in owner and part == "option":
            self._say("workbook.listed", row, "of", id=row["of"])
        else:
            key, columns = _CHOICES[part]
            always = () if part == "option" else ("label",)
            made = Part(row, **_taken(row, columns, self._flaws, always))
            owner.setdefault(key, []).append(made)
            known = self._parts.setdefault((row["of"], f"{part}:{column_name(name, row['group'])}"), made)
            if known is not made:
                self._say("workbook.double", row, "id", id=name, first=known.cell("id"))

    def _cell(self, owner: Part, row: Row, name: str, column: str) -> Part | None:
        """Return the cell ``row:column`` of a matrix, which begins to exist when it is named."""
        line, mark, across = name.partition(":")
        inside = self._parts.get((owner["id"], f"row:{line}"))
        if not mark or inside is None or not across:
            self._say("workbook.no_part", row, column, id=name, of=owner["id"])
            return None
        cells = inside.setdefault("cells", {})
        if across not in cells:
            cells[across] = Part(row)
        made: Part = cells[across]
        return made

    def _part(self, row: Row, column: str, kinds: tuple[str, ...]) -> Part | None:
        """Return the option, column, row or cell that a row names; its question where it names none."""
        owner, name = self._owners.get(row["of"]), row[column]
        if owner is None:
            self._say("workbook.no_parent", row, "of", id=row["of"])
            return None
        if not name:
            return owner
        if "cell" in kinds and ":" in name:
            return self._cell(owner, row, name, column)
        for kind in kinds:
            found = self._parts.get((row["of"], f"{kind}:{name}"))
            if found is not None:
                return found
        self._say("workbook.no_part", row, column, id=name, of=row["of"])
        return None

    def _put_below(self, parent: Part, child: Part) -> None:
        row, name = child.row, child.row["under"]
        if not name:
            parent.setdefault("fields", []).append(child)
            return
        if ":" in name:
            owner = self._cell(parent, row, name, "under")
        else:
            owner = self._parts.get((parent["id"], f"option:{name}"))
            if owner is None:
                self._say("workbook.no_part", row, "under", id=name, of=parent["id"])
        if owner is not None:
            owner.setdefault("fields", []).append(child)

    def _request(self, row: Row) -> None:
        owner = self._part(row, "part", ("option", "column", "cell"))
        if owner is None:
            return
        if "evidence" in owner or ("kind" not in owner and owner is self._owners.get(row["of"])):
            self._say(
                "workbook.evidence_twice" if "evidence" in owner else "workbook.no_parent", row, "of", id=row["of"]
            )
            return
        owner["evidence"] = Part(row, **_taken(row, ("rule", "text", "url", "at"), self._flaws, ("text",)))

    def _skip(self, row: Row) -> None:
        owner = self._part(row, "option", ("option",))
        if owner is None:
            return
        if not row["option"] or "skip" in owner:
            code = "workbook.skip_twice" if row["option"] else "workbook.needed"
            self._say(code, row, "option", id=row["option"], column="option")
            return
        owner["skip"] = Part(row, **_taken(row, ("to", "text"), self._flaws, ("to", "text")))

    def _notes(self, rows: list[Row]) -> None:
        above: list[Part] = []
        owners: dict[int, tuple[str, str, str]] = {}
        for row in rows:
            made = Part(row, **_taken(row, ("kind", "label", "text"), self._flaws))
            level = row["level"].strip() or "1"
            whose = row["of"], row["part"], row["place"]
            if not level.isdecimal() or not 1 <= int(level) <= len(above) + 1:
                self._say("workbook.no_level", row, "level", text=level[:20])
                continue
            depth = int(level)
            if depth > 1:
                if owners[0] != whose:
                    self._say("workbook.no_level", row, "level", text=level)
                    continue
                above[depth - 2].setdefault("items", []).append(made)
                above[depth - 1 :] = [made]
                continue
            owners[0] = whose
            above[:] = [made]
            self._note(row, made)

    def _note(self, row: Row, made: Part) -> None:
        if row["of"] == FOOTNOTE:
            if self.footnote:
                self._say("workbook.double", row, "of", id=FOOTNOTE, first=self.footnote.cell("of"))
            self.footnote = made
            return
        if row["place"] not in ("", "before", "after"):
            self._say("workbook.unknown_type", row, "place", text=row["place"][:40])
            return
        owner = self._part(row, "part", ("option", "row"))
        key = "notes_after" if row["place"] == "after" else "notes"
        if owner is None:
            return
        if (key == "notes_after" and "kind" not in owner) or "items" in owner:
            self._say("workbook.no_note", row, "of", id=row["of"])
            return
        owner.setdefault(key, []).append(made)

    def _say(self, code: str, row: Row, column: str, /, **values: object) -> None:
        self._flaws.append(BookFlaw(code, row.cell(column), values))
