"""The program knows no edition and no question by name: everything that is said of one is data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dgdesk.resources import resource
from dgdesk.survey.definition.load import load_definition
from parsed import tree_of

SOURCE = Path(__file__).parents[2] / "src" / "dgdesk"
EDITIONS = [path.parent for path in resource("questionnaires").glob("*/edition.yaml")]


def texts_in(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module that is no docstring, with its line."""
    tree = tree_of(path.read_text(encoding="utf-8"))
    notes = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.lineno, node.value


def test_no_module_names_an_edition_or_a_question() -> None:
    definitions = [load_definition(folder) for folder in EDITIONS]
    editions = {definition.edition for definition in definitions}
    # with a point in it: "general" and "g" are words of their own
    fields = {field.id for definition in definitions for field in definition.fields() if "." in field.id}
    assert len(fields) > 200
    named = [
        f"{path.relative_to(SOURCE)}:{line}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        for line, text in texts_in(path)
        if text in fields or any(edition in text for edition in editions)
    ]
    assert named == []
