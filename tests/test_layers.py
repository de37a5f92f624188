"""Layers that no contract can state: Qt stays in ui/, and the two front ends know nothing of each other.

The order of the folders is import-linter's business (pyproject.toml). These checks read the imports themselves, so
that they hold for imports inside functions and by name as well.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsed import nodes_of

SOURCE = Path(__file__).parents[1] / "src"
MODULES = sorted((SOURCE / "dgdesk").rglob("*.py"))
QT = {"PySide6", "shiboken6"}


def imports_of(code: str, package: list[str]) -> Iterator[str]:
    """Yield every module that ``code`` in ``package`` imports: relative ones and `import_module("...")` too."""
    for node in nodes_of(code):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield start
            yield from (f"{start}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def imported(path: Path) -> set[str]:
    return set(imports_of(path.read_text(encoding="utf-8"), [*path.relative_to(SOURCE).parts[:-1]]))


def room(path: Path) -> str:
    """The first folder or module under `dgdesk` that ``path`` belongs to."""
    return path.relative_to(SOURCE / "dgdesk").with_suffix("").parts[0]


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_the_walk_sees_every_way_to_import() -> None:
    code = "def f():\n  import a.b\n  from c import d\n  from ..rules import score\n  importlib.import_module('e.f')\n"
    assert set(imports_of(code, ["dgdesk", "ui"])) == {
        *("a.b", "c", "c.d", "dgdesk.rules", "dgdesk.rules.score", "e.f"),
    }


THREADS = {
    *("threading.Thread", "threading.Timer", "_thread", "concurrent", "concurrent.futures", "multiprocessing"),
    *("PySide6.QtCore.QThread", "PySide6.QtCore.QThreadPool", "PySide6.QtCore.QRunnable", "PySide6.QtConcurrent"),
}


def threads_in(code: str) -> set[str]:
    """Return what ``code`` uses to run something in a thread, imported by name or by its module."""
    used = {ast.unparse(node) for node in nodes_of(code) if isinstance(node, ast.Attribute)}
    full = {f"PySide6.{one}" for one in used if one.startswith("QtCore.")} | used
    return THREADS & (full | set(imports_of(code, ["dgdesk", "ui"])))


def test_every_way_to_begin_a_thread_is_seen() -> None:
    code = "import threading\nfrom PySide6.QtCore import QThread as Q\nthreading.Thread(target=f)\n"
    code += "class A(QtCore.QRunnable): ...\n"
    assert threads_in(code) == {"threading.Thread", "PySide6.QtCore.QThread", "PySide6.QtCore.QRunnable"}
    assert threads_in("import threading\nthreading.Event()\nfrom threading import Lock") == set()


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "ui"], ids=name)
def test_the_window_has_one_mechanism_of_each_kind_for_threads(path: Path) -> None:
    """Jobs on the draft and modal jobs in `jobs.py`, the newest of many requests in `latest.py` of `ui/widgets/`."""
    allowed = {"jobs.py": {"PySide6.QtCore.QThread"}, "latest.py": {"threading.Thread"}}.get(path.name, set())
    assert threads_in(path.read_text(encoding="utf-8")) <= allowed


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "ui"], ids=name)
def test_qt_stays_in_ui(path: Path) -> None:
    assert not [module for module in imported(path) if module.split(".")[0] in QT]


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in ("cli", "ui")], ids=name)
def test_the_front_ends_know_nothing_of_each_other(path: Path) -> None:
    other = {"cli": "dgdesk.ui", "ui": "dgdesk.cli"}[room(path)]
    assert not [module for module in imported(path) if f"{module}.".startswith(f"{other}.")]


def test_everything_but_ui_loads_without_qt() -> None:
    names = [".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in MODULES if room(path) != "ui"]
    names = [each.removesuffix(".__init__") for each in names]
    code = """
import importlib, sys
for each in sys.argv[1:]:
    importlib.import_module(each)
sys.exit(", ".join({"PySide6", "shiboken6"} & set(sys.modules)) or 0)
"""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", code, *names], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
