"""The documentation hangs together: links, paths and names lead somewhere, decisions have one form."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from parsed import tree_of

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        if not link.startswith("https://"):
            target = page.parent / name if name else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_the_readme_fits_two_screens() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [page.name[:3] for page in DECISIONS] == [f"{number:03d}" for number in range(1, len(DECISIONS) + 1)]
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in DECISIONS:
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix(f"# {page.name[:3]} ")
        assert f"| [{page.name[:3]}]({page.name}) | {title} |" in index


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_what_follows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 40


def walks() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Five walks")[2].partition("\n## ")[0]


def rows_of_the_glossary() -> list[str]:
    """The third cell of each row: where a term is found in the code."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"^\|(?! term | ---)[^|]*\|[^|]*\|([^|]*)\|", text, re.MULTILINE)


def quoted(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in re.findall(r"`([^`]*)`", text)}


ELSEWHERE = (".work", "dist/", "data/", "identity/", "logs/", "viewing/")
"""Beginnings of paths in the checkout's work folders, in a bundle, or in a profile."""


def named_paths() -> set[str]:
    """Every path that the map, the decisions, and the pages for contributors and releases name."""
    names = ("architecture.md", "security.md", "dependencies.md", "release.md", "decisions/README.md")
    pages = (ROOT / "CONTRIBUTING.md", *(ROOT / "docs" / name for name in names), *DECISIONS)
    texts = quoted(page.read_text(encoding="utf-8") for page in pages)
    paths = {text for text in texts if re.fullmatch(r"[a-z_.]+/([a-z_0-9.*-]+/?)*", text)}
    return {path for path in paths if not path.startswith(ELSEWHERE)}


@pytest.mark.parametrize("name", sorted(named_paths()))
def test_every_path_that_the_documentation_names_exists(name: str) -> None:
    inside = ROOT / "src" / "dgdesk" / name
    assert any(path.exists() for path in (ROOT / name, inside, inside.with_suffix(".py"))) or any(ROOT.glob(name))


def test_each_walk_ends_at_a_module() -> None:
    ends = [quoted([step]) for step in re.findall(r"^\d\. (.*(?:\n   .*)*)", walks(), re.MULTILINE)]
    assert len(ends) == 5
    for names in ends:
        assert any((ROOT / "src" / "dgdesk" / name).is_file() for name in names), names


def defined() -> set[str]:
    """Every class, function, constant, method and field of the program: ``Name`` and ``Class.name``."""
    names = set()
    for path in (ROOT / "src" / "dgdesk").rglob("*.py"):
        for node in tree_of(path.read_text(encoding="utf-8")).body:
            names |= set(names_of(node))
            if isinstance(node, ast.ClassDef):
                names |= {f"{node.name}.{inner}" for part in node.body for inner in names_of(part)}
    return names


def names_of(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_every_name_in_the_code_column_of_the_glossary_exists() -> None:
    known = defined()
    names = {name for name in quoted(rows_of_the_glossary()) if name not in known}
    inside = ROOT / "src" / "dgdesk"
    paths = {name for name in names if (inside / name).exists() or (inside / name).with_suffix(".py").exists()}
    assert len(rows_of_the_glossary()) > 60
    assert {name for name in names - paths if not (ROOT / name).exists()} == set()


def test_the_names_in_the_journeys_of_the_map_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    journeys = text.partition("## How a change travels")[2].partition("\n## ")[0]
    names = {name for name in quoted([journeys]) if re.fullmatch(r"[A-Z]\w*[a-z]\w*(\.\w+)?|KINDS|[a-z]+_\w+", name)}
    assert len(names) > 10
    assert names - defined() == set()
