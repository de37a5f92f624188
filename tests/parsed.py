"""Modules read as syntax trees: many tests read the whole program, and parsing it takes seconds each time."""

from __future__ import annotations

import ast
from functools import cache


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Return every node of a module, in the order of `ast.walk`. All tests of a run share them: change none."""
    return tuple(ast.walk(ast.parse(source)))


def tree_of(source: str) -> ast.Module:
    """Return the tree of a module; it is shared as well."""
    tree = nodes_of(source)[0]
    assert isinstance(tree, ast.Module)
    return tree
