"""Every X server that the project starts goes on when its last client has gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "build", "docs", "tests")
STARTED = {"benchmarks/bench_frozen.py", "build/windows/screen.py", "tests/journeys/screen.py"}


def started(source: Path) -> Iterator[set[object]]:
    """The constant arguments of each list or tuple that begins with the X server and has one of its options."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Tuple):
            words = [one.value for one in node.elts if isinstance(one, ast.Constant)]
            if words[:1] == ["Xvfb"] and "-screen" in words:
                yield set(words)


def test_each_is_started_without_a_reset() -> None:
    sources = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): list(started(path)) for path in sources}
    assert {name for name, servers in found.items() if servers} == STARTED
    assert [name for name, servers in found.items() for one in servers if "-noreset" not in one] == []
