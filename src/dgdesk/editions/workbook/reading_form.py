"""Puts the rows of a form together: sections, pages and questions, and what other sheets say of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, get_args

from dgdesk.editions.workbook.columns import FOOTNOTE
from dgdesk.editions.workbook.conditions import read_condition
from dgdesk.editions.workbook.grid import BookFlaw, Part, Row, Tree
from dgdesk.editions.workbook.reading_cells import taken
from dgdesk.editions.workbook.tables import column_name
from dgdesk.survey.definition.models import Kind

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


class Form:
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
                row, id=row["id"], title=row["label"], **taken(row, ("short", "indicator", "weight"), self._flaws)
            )
            part["pages"] = []
        elif kind == "page":
            part = Part(row, id=row["id"], **taken(row, ("short",), self._flaws))
            if row["label"]:
                part["title"] = row["label"]
            part["items"] = []
        else:
            part = Part(row, id=row["id"], kind=kind, **taken(row, _FIELD, self._flaws))
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
            made = Part(row, **taken(row, columns, self._flaws, always))
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
        owner["evidence"] = Part(row, **taken(row, ("rule", "text", "url", "at"), self._flaws, ("text",)))

    def _skip(self, row: Row) -> None:
        owner = self._part(row, "option", ("option",))
        if owner is None:
            return
        if not row["option"] or "skip" in owner:
            code = "workbook.skip_twice" if row["option"] else "workbook.needed"
            self._say(code, row, "option", id=row["option"], column="option")
            return
        owner["skip"] = Part(row, **taken(row, ("to", "text"), self._flaws, ("to", "text")))

    def _notes(self, rows: list[Row]) -> None:
        above: list[Part] = []
        owners: dict[int, tuple[str, str, str]] = {}
        for row in rows:
            made = Part(row, **taken(row, ("kind", "label", "text"), self._flaws))
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
