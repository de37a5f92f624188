"""The documentation hangs together: links lead somewhere, the README is short, decisions have one form and an index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def code_paths() -> set[str]:
    """Every folder or module of the package that the map, the decisions, the glossary and the five walks name."""
    docs = ROOT / "docs"
    map_page = (docs / "architecture.md").read_text(encoding="utf-8")
    walks = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Five walks")[2].partition("\n## ")[0]
    texts = [
        *re.findall(r"^\| (`.*?`) \|", map_page, re.MULTILINE),
        *re.findall(r"^Where: (.*)$", "\n".join(page.read_text(encoding="utf-8") for page in DECISIONS), re.MULTILINE),
        *re.findall(r"^\|[^|]*\|[^|]*\|([^|]*)\|", (docs / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE),
        walks,
    ]
    named = {name.rstrip("/") for text in texts for name in re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", text)}
    return {
        name for name in named if name.split("/")[0] not in ("src", "build", "docs", "resources", "tests", "benchmarks")
    }


@pytest.mark.parametrize("name", sorted(code_paths()))
def test_every_path_that_the_documentation_names_exists(name: str) -> None:
    path = ROOT / "src" / "dgdesk" / name
    assert path.exists() or path.with_suffix(".py").exists(), name
