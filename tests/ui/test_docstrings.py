"""Every public method of the window says what it promises, but for overrides of Qt's virtual functions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from parsed import nodes_of

UI = Path(__file__).parents[2] / "src" / "dgdesk" / "ui"
QT_NAMES = {name for kit in (QtCore, QtGui, QtWidgets) for kind in dir(kit) for name in dir(getattr(kit, kind))}


def without_docstring(code: str) -> list[str]:
    """Return the public methods in ``code`` that have no docstring and override nothing of Qt."""
    return [
        f"{kind.name}.{method.name}"
        for kind in nodes_of(code)
        if isinstance(kind, ast.ClassDef) and not kind.name.startswith("_")
        for method in kind.body
        if isinstance(method, ast.FunctionDef) and re.match(r"[a-z]", method.name)
        if method.name not in QT_NAMES and ast.get_docstring(method) is None
    ]


def test_a_method_without_a_docstring_is_found_and_an_override_is_not() -> None:
    code = "class A:\n  def go_on(self): ...\n  def paintEvent(self, event): ...\n  def _own(self): ...\n"
    assert without_docstring(code) == ["A.go_on"]


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix())
def test_public_methods_say_what_they_promise(path: Path) -> None:
    assert without_docstring(path.read_text(encoding="utf-8")) == []
