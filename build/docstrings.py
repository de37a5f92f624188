"""Compiles modules for the frozen program without their docstrings, which nothing in it reads.

Python's own way (``-OO``) takes the assertions too, by which libraries check their input; here they stay.
"""

from __future__ import annotations

import ast
from types import CodeType

_WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def compiled(source: bytes, name: str) -> CodeType:
    """Return the code of a module without docstrings; ``name`` stands in tracebacks.

    Raises:
        SyntaxError: it is not for this Python.
    """
    tree = ast.parse(source, name)
    for node in ast.walk(tree):
        if isinstance(node, _WITH_DOCSTRINGS) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.Pass(lineno=node.lineno, col_offset=0, end_lineno=node.lineno, end_col_offset=0))
    return compile(tree, name, "exec", dont_inherit=True, optimize=0)
