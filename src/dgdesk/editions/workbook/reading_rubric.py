"""Reads the sheets ``indicators``, ``rubric`` and ``search`` into the trees that the data files hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dgdesk.editions.workbook.columns import LISTS, MAPPINGS, NUMBER, PAIRS
from dgdesk.editions.workbook.conditions import read_lines, read_mapping, read_pair
from dgdesk.editions.workbook.grid import BookFlaw, Part, Row, Tree
from dgdesk.editions.workbook.tables import EMPTY

_OF_RUBRIC: Final[Mapping[str, tuple[str, ...]]] = {
    "unscored": ("id", "basis"),
    "pillar": ("id", "weight", "basis"),
    "indicator": ("id", "basis", "substitute"),
}
_DETAIL: Final = ("kind", "of", "base", "together", "none", "fields")


def read_indicators(rows: list[Row], flaws: list[BookFlaw]) -> dict[str, Tree]:
    """Return the table of indicators without its footnote."""
    headings: list[str] = []
    pillars: list[Part] = []
    above: list[Part] = []
    for row in rows:
        match row["type"]:
            case "heading":
                headings.append(row["name"])
            case "pillar":
                made = Part(row, id=row["id"], heading=row["heading"], title=row["name"], weight=row["weight"].strip())
                made["weight_text"] = row["weight_text"]
                made["indicators"] = []
                made.places = {"title": row.cell("name")}
                pillars.append(made)
                above[:] = [made]
            case "indicator":
                made = Part(row, id=row["id"], number=row["number"], name=row["name"])
                if row["purpose"]:
                    made["purpose"] = row["purpose"]
                if row["starred"]:
                    made["starred"] = row["starred"].strip().casefold()
                _put("indicators", made, above, flaws)
            case other:
                flaws.append(BookFlaw("workbook.unknown_type", row.cell("type"), {"text": other[:40]}))
    return {"headings": headings, "pillars": pillars}


def read_rubric(said: Mapping[str, str], rows: list[Row], flaws: list[BookFlaw]) -> dict[str, Tree] | None:
    """Return the rubric; None if the workbook has none."""
    if not said and not rows:
        return None
    tree: dict[str, Tree] = {
        name.removeprefix("rubric::"): "" if text == EMPTY else text for name, text in said.items()
    }
    tree |= {"unscored": [], "pillars": []}
    above: list[Part] = []
    question: Part | None = None
    for row in rows:
        kind = row["type"]
        if kind == "question":
            question = _question(row, flaws)
            _put("questions", question, above, flaws, stays=False)
        elif kind == "detail":
            _detail(row, question, flaws)
        elif kind in _OF_RUBRIC:
            made = Part(row, **{name: row[name] for name in _OF_RUBRIC[kind] if row[name]})
            if kind == "indicator":
                _put("indicators", made, above, flaws)
            else:
                tree["unscored" if kind == "unscored" else "pillars"].append(made)
                above[:] = [made] if kind == "pillar" else []
                if kind == "pillar":
                    made["indicators"] = []
        else:
            flaws.append(BookFlaw("workbook.unknown_type", row.cell("type"), {"text": kind[:40]}))
    return tree


def read_words(rows: list[Row], flaws: list[BookFlaw]) -> dict[str, Tree] | None:
    """Return the words to search for; None if there are none."""
    tree: dict[str, Tree] = {"alike": [], "places": []}
    for row in rows:
        if row["type"] == "alike":
            tree["alike"].append(read_lines(row["words"]))
        elif row["type"] == "places":
            tree["places"].append(Part(row, words=read_lines(row["words"]), at=read_lines(row["at"])))
        else:
            flaws.append(BookFlaw("workbook.unknown_type", row.cell("type"), {"text": row["type"][:40]}))
    return tree if rows else None


def _put(key: str, made: Part, above: list[Part], flaws: list[BookFlaw], *, stays: bool = True) -> None:
    """Put a part below the one that it names; ``stays``: further rows may be below it."""
    parent = made.row["in"]
    for at in range(len(above) - 1, -1, -1):
        if above[at]["id"] == parent:
            above[at].setdefault(key, []).append(made)
            if stays:
                above[at + 1 :] = [made]
            return
    code = "workbook.no_parent" if parent else "workbook.needed"
    flaws.append(BookFlaw(code, made.row.cell("in"), {"id": parent, "column": "in"}))


def _question(row: Row, flaws: list[BookFlaw]) -> Part:
    made = Part(row, field=row["id"], id=row["id"])
    del made["id"]
    made.places = {"field": row.cell("id")}
    for name in row.columns:
        if name not in (NUMBER, "type", "id", "in") and row[name]:
            made[name] = _value(row, name, flaws)
    return made


def _detail(row: Row, question: Part | None, flaws: list[BookFlaw]) -> None:
    if question is None or question["field"] != row["in"]:
        flaws.append(BookFlaw("workbook.no_parent", row.cell("in"), {"id": row["in"]}))
        return
    made = Part(row, **{name: _value(row, name, flaws) for name in _DETAIL if row[name]})
    if row["id"]:
        question.setdefault("details", {})[row["id"]] = made
    else:
        question["detail"] = made


def _value(row: Row, name: str, flaws: list[BookFlaw]) -> Any:
    text = row[name]
    try:
        if name in MAPPINGS:
            return read_mapping(text)
        if name in PAIRS:
            return list(read_pair(text))
    except ValueError:
        flaws.append(BookFlaw("workbook.no_mapping", row.cell(name), {"text": text[:60]}))
        return {}
    return read_lines(text) if name in LISTS else text
