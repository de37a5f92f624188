"""Modules of dgdesk that code, comments and pages name as text are there: no tool for moving code sees them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from parsed import nodes_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "dgdesk"
MADE_UP = (Path(__file__), ROOT / "tests" / "test_layers.py")  # they name modules that are not there
PAGES = sorted(
    path
    for folder in ("src", "tests", "benchmarks", "build", "docs", "resources/i18n")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".md", ".yaml", ".spec")
    and path not in (Path(__file__), ROOT / "tests" / "test_layers.py")  # they make names up
)
NAME = re.compile(r"\bdgdesk((?:\.[a-z][a-z_0-9]*)+)")
# No modules: endings of files, and the program's name for Windows.
OTHER = re.compile(r"dgdesk\.(?:dgdesk|exe|ico|lock|log|nsi|part|xz|zip)\b")


@cache
def names_in(module: Path) -> frozenset[str]:
    """Return every name that a module defines or imports, in classes too."""
    found = set()
    for node in nodes_of(module.read_text(encoding="utf-8")):
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                found.add(node.name)
            case ast.Name():
                found.add(node.id)
            case ast.alias():
                found.add(node.asname or node.name)
    return frozenset(found)


def is_there(dotted: str) -> bool:
    """Return whether ``a.b.c`` below the package is a module, or a name in one."""
    at = PACKAGE
    for part in dotted.strip(".").split("."):
        if (at / part).is_dir():
            at /= part
            continue
        module = at / f"{part}.py"
        if module.is_file():
            at = module
            continue
        inside = at if at.is_file() else at / "__init__.py"
        return inside.is_file() and part in names_in(inside)
    return True


def test_a_module_that_moved_is_missed() -> None:
    assert is_there(".system.atomic") and is_there(".system.atomic.atomic_write") and is_there(".ui.form")
    assert not is_there(".bundle.wholly") and not is_there(".system.atomic.made_whole")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_that_are_named_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = {match[0] for match in NAME.finditer(text) if not OTHER.match(match[0]) and not is_there(match[1])}
    assert missing == set()
