"""Every program that tests, fault runs, benchmarks and documentation scripts call is declared, with its package."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.declared import DISPLAY_LIBRARIES, OFFSCREEN_LIBRARIES, RUNS, TOOLS, libraries_of, tools_of
from parsed import tree_of

ROOT = Path(__file__).parents[2]
STARTERS = {"subprocess.run", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call", "shutil.which"}
STARTERS |= {"os.execve", "os.execv", "public", "needs"}
RUN_OF_FOLDER = {
    "tests/faults": "faults",
    "tests/evidence/inspection/real": "goldens",
    "tests": "test",
    "benchmarks": "benchmarks",
}


def called_programs(source: str) -> Iterator[str]:
    """Yield the programs that a module starts or looks for by a name that stands in it."""
    tree = tree_of(source)
    handed: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in STARTERS:
            for each in node.args:
                if isinstance(each, ast.List) and each.elts:
                    each = each.elts[0].value if isinstance(each.elts[0], ast.Starred) else each.elts[0]
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value
                handed.update(name.id for name in ast.walk(each) if isinstance(name, ast.Name))
    # a command that is put together first, and started by its variable's name
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id in handed for to in node.targets):
            first = node.value.elts[0] if isinstance(node.value, ast.List) and node.value.elts else node.value
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.strip():
                yield first.value.split()[0]


def run_of(path: Path) -> str:
    relative = path.relative_to(ROOT).as_posix()
    return next(run for folder, run in RUN_OF_FOLDER.items() if relative.startswith(folder + "/"))


def test_the_walk_sees_programs_however_they_are_called() -> None:
    source = 'command = ["age", "-d"]\nsubprocess.run([*command, y])\nsubprocess.run(["zip", x])\n'
    source += 'shutil.which("xev")\nos.execv("a.out")\nneeds("b", "c")\n'
    assert set(called_programs(source)) == {"age", "zip", "xev", "a.out", "b", "c"}


def test_every_program_that_is_called_is_declared_for_its_run() -> None:
    missing = []
    for folder in ("tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            # these start programs in the made-up machine of their test, and none on this one
            if path.parent == ROOT / "tests" / "build":
                continue
            declared = tools_of(run_of(path)).keys() | (
                tools_of("services") | tools_of("journey") if run_of(path) == "test" else {}
            )
            source = path.read_text(encoding="utf-8")
            missing += [
                f"{path.relative_to(ROOT)}: {name}"
                for name in called_programs(source)
                if re.fullmatch(r"[A-Za-z0-9_.+-]+", name) and name not in declared
            ]
    assert missing == []


@pytest.mark.parametrize("run", RUNS)
def test_every_run_has_tools_and_every_tool_a_run(run: str) -> None:
    assert tools_of(run)
    assert all(tool.package and tool.runs <= set(RUNS) for tool in TOOLS)


def test_a_run_that_may_open_a_window_on_a_screen_brings_what_qt_loads_for_it() -> None:
    for run in RUNS:
        wanted = {*OFFSCREEN_LIBRARIES, *(DISPLAY_LIBRARIES if "Xvfb" in tools_of(run) else ())}
        assert set(libraries_of(run)) == wanted
    assert "libxcb-cursor.so.0" in libraries_of("benchmarks") and "libxcb-cursor.so.0" not in libraries_of("test")
