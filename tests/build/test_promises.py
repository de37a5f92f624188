"""docs/promises.md: what it names exists, and what it states is what was measured."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def benchmarks() -> Iterator[ModuleType]:
    before = list(sys.path)
    spec = importlib.util.spec_from_file_location("dgdesk_benchmarks", ROOT / "benchmarks" / "__main__.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before


def promises() -> list[dict]:
    groups = yaml.safe_load((DOCS / "promises.yaml").read_text(encoding="utf-8"))
    return [one for group in groups for one in group["promises"]]


@pytest.mark.parametrize("one", promises(), ids=lambda one: one["promise"][:40])
def test_every_promise_names_what_shows_it_and_that_exists(one: dict, benchmarks: ModuleType) -> None:
    faults = (ROOT / "tests" / "faults" / "__main__.py").read_text(encoding="utf-8")
    assert one["shown_by"]
    for shown in one["shown_by"]:
        kind, _, name = shown.partition(" ")
        if kind == "faults":
            assert f'"{name}":' in faults
        elif kind == "benchmarks":
            assert name in benchmarks.BENCHMARKS and (ROOT / "benchmarks" / f"bench_{name}.py").is_file()
        elif kind == "audit":
            assert (ROOT / "build" / "dependencies.py").is_file()
        else:
            content = (ROOT / shown).read_text(encoding="utf-8")
            assert "def test_" in content or ".TestCase" in content  # Hypothesis' machines have the latter
    for figure in one.get("figures", []):
        assert f"benchmarks {figure.split('.')[0]}" in one["shown_by"]


def test_every_benchmark_is_run_and_has_the_one_way_in(benchmarks: ModuleType) -> None:
    found = {path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*.py")}
    assert found == benchmarks.BENCHMARKS.keys()
    for name in found:
        assert "def run(short: bool)" in (ROOT / "benchmarks" / f"bench_{name}.py").read_text(encoding="utf-8")


def test_the_pages_state_what_was_measured(benchmarks: ModuleType) -> None:
    from promises import page

    run = json.loads((DOCS / "figures.json").read_text(encoding="utf-8"))
    assert (DOCS / "figures.md").read_text(encoding="utf-8") == benchmarks.table(run)
    assert (DOCS / "promises.md").read_text(encoding="utf-8") == page(DOCS)


def test_every_figure_that_a_promise_names_was_measured() -> None:
    run = json.loads((DOCS / "figures.json").read_text(encoding="utf-8"))
    named = {figure for one in promises() for figure in one.get("figures", [])}
    assert named - {one["name"] for one in run["figures"]} == set()


def test_growth_is_judged_by_its_worse_end(benchmarks: ModuleType) -> None:
    from figures import growth

    assert growth("a.b", "", (1, 10, 100), (5, 50, 500), "s").met
    square = growth("a.b", "", (1, 10, 100), (1, 100, 10_000), "s")
    assert square.met is False and "more than linear" in square.note and round(square.value, 6) == 2
    bad_end = growth("a.b", "", (1, 10, 100, 1000), (100, 100, 100, 5_000), "s")
    assert bad_end.met is False and "last step 1.70" in bad_end.note


def test_a_ratio_is_judged_where_the_target_is_one(benchmarks: ModuleType) -> None:
    from figures import Figure, missing

    assert Figure("a.b", "", 3.0, "s", 2, "ratio", beside=2.0).met
    assert Figure("a.b", "", 3.0, "s", 2, beside=2.0).met is False
    assert missing("a.b", "", "not there").met is None
