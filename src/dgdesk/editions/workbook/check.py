"""Checks what a workbook holds as an edition, and says in which cell everything that is wrong stands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from dgdesk.editions.workbook.columns import ROLE
from dgdesk.editions.workbook.files import definition_tree, file_texts
from dgdesk.editions.workbook.grid import Book, BookFlaw, Part, Tree
from dgdesk.editions.workbook.origins import cell_of
from dgdesk.editions.workbook.reading import Trees, read_book
from dgdesk.editions.workbook.tables import Edition
from dgdesk.errors import DgdeskError
from dgdesk.survey.definition.load import freeze
from dgdesk.survey.definition.models import Definition, Frozen
from dgdesk.survey.rules.edition_check import check_edition
from dgdesk.survey.rules.rubric import Rubric
from dgdesk.survey.rules.search_words import NO_WORDS, SearchWords

_REASONS: Final = {
    **{"string_pattern_mismatch": "pattern", "literal_error": "choice", "string_too_long": "long"},
    **{
        "missing": "missing",
        "extra_forbidden": "extra",
        "union_tag_invalid": "choice",
        "union_tag_not_found": "missing",
    },
    **{"date_from_datetime_parsing": "date", "date_parsing": "date", "date_type": "date"},
    **{"int_parsing": "number", "decimal_parsing": "number", "decimal_type": "number", "int_type": "number"},
    **{"greater_than_equal": "range", "less_than_equal": "range", "less_than": "range", "greater_than": "range"},
    **{"decimal_max_places": "range", "int_from_float": "number", "bool_parsing": "choice"},
}


def check_book(book: Book) -> tuple[Trees, tuple[BookFlaw, ...]]:
    """Return what a workbook holds, and every flaw of the first part that has any, in the order of its sheets."""
    trees, flaws = read_book(book)
    flaws = flaws or tuple(_models(trees))
    if not flaws:
        with tempfile.TemporaryDirectory(prefix="dgdesk-workbook-") as folder:
            write_texts(Path(folder), file_texts(trees))
            flaws = tuple(_rules(trees, Path(folder)))
    return trees, flaws


def write_texts(folder: Path, texts: dict[str, str]) -> None:
    """Write the data files into a folder."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def same_edition(edition: Edition, trees: Trees) -> bool:
    """Whether a workbook holds exactly an edition: form, rubric, words and what it says of itself."""
    try:
        definition = Definition.model_validate(definition_tree(trees))
        rubric = Rubric.model_validate(trees.rubric) if trees.rubric is not None else None
        words = SearchWords.model_validate(trees.words) if trees.words is not None else NO_WORDS
    except ValidationError:
        return False
    said = ("name", "year", "version", "opens")
    listed = [dict(one) for one in trees.listed]
    return (
        definition == edition.definition
        and freeze(definition) == freeze(edition.definition)
        and (rubric, words) == (edition.rubric, edition.words)
        and listed == [dict(one) for one in edition.listed]
        and all((edition.head.get(name) or None) == (trees.head.get(name) or None) for name in said)
    )


def _models(trees: Trees) -> Iterator[BookFlaw]:
    yield from _model(Definition, definition_tree(trees), trees, "")
    if trees.rubric is not None:
        yield from _model(Rubric, trees.rubric, trees, "rubric::")
    if trees.words is not None:
        yield from _model(SearchWords, trees.words, trees, "")


def _model(kind: type[Frozen], tree: Tree, trees: Trees, prefix: str) -> Iterator[BookFlaw]:
    try:
        kind.model_validate(tree)
    except ValidationError as error:
        cells: set[str] = set()
        for one in error.errors(include_url=False):
            by_tag = ("rule",) if one["type"].startswith("union_tag") else ()
            cell = _cell_at(tree, (*one["loc"], *by_tag), trees, prefix)
            if cell not in cells:
                cells.add(cell)
                yield BookFlaw(f"workbook.value.{_REASONS.get(one['type'], 'other')}", cell, _values(one))


def _values(error: Any) -> dict[str, object]:
    context = error.get("ctx") or {}
    expected = context.get("expected") or context.get("expected_tags") or ""
    limit = next(
        (context[name] for name in ("ge", "le", "gt", "lt", "max_length", "decimal_places") if name in context), ""
    )
    given = error.get("input")
    text = given[:60] if isinstance(given, str) else str(context.get("tag", ""))[:60]
    name = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str)), "")
    return {"text": text, "expected": str(expected).replace(" or ", ", "), "limit": str(limit), "column": name}


def _cell_at(tree: Tree, location: Sequence[int | str], trees: Trees, prefix: str) -> str:
    """Return the cell of what pydantic found at ``location``: that of the innermost part on the path."""
    cell, part, outer = "", tree, ""
    for step in location:
        if isinstance(part, Part) and isinstance(step, str) and (step in part or not cell or step in part.row.columns):
            cell = part.cell(step)
        outer = step if isinstance(step, str) else outer
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(part, Part):
            cell = part.cell("id")
    return cell or _setting(trees, location, prefix)


def _setting(trees: Trees, location: Sequence[int | str], prefix: str) -> str:
    steps = [str(step) for step in location]
    if steps[:2] == ["signoff", "roles"] and len(steps) > 2 and steps[2].isdecimal():
        roles = [row for name, row in trees.settings.items() if name.startswith(ROLE)]
        return roles[int(steps[2])].cell("name")
    names = [prefix + "::".join(steps[:end]) for end in range(len(steps), 0, -1)]
    names += ["id" if steps[:1] == ["edition"] else ""]
    found = next((trees.settings[name] for name in names if name in trees.settings), None)
    if found is not None:
        return found.cell("value")
    begins = f"{prefix}{steps[0] if steps else ''}"
    return next((row.cell("value") for name, row in trees.settings.items() if name.startswith(begins)), "settings!A1")


def _rules(trees: Trees, folder: Path) -> Iterator[BookFlaw]:
    try:
        _, flaws = check_edition(folder)
    except DgdeskError as error:
        yield BookFlaw(error.code, "survey!A1", error.values)
        return
    for flaw in flaws:
        yield BookFlaw(flaw.code, cell_of(flaw, trees), {"item": flaw.item, "detail": flaw.detail})
