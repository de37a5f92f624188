"""The tool that makes the dictionary takes the words of two lists and leaves compounds, sayings and remarks out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from dgdesk.resources import resource


@pytest.fixture
def tool() -> ModuleType:
    """``build/words.py``, which is no package."""
    path = Path(__file__).parents[2] / "build" / "words.py"
    spec = importlib.util.spec_from_file_location("words", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_dictionary_takes_words_but_not_compounds_of_them(tool: ModuleType) -> None:
    base = ["กลม", "ตา", "การ"]
    assert tool.combined(base, ["ตากลม", "ตากลมๆ", "การตา", "แมว", "ก" * 21]) == sorted([*base, "ตากลมๆ", "แมว"])


def test_the_dictionary_reads_word_lists_with_remarks(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\ufeff# remark\nแมว\nก.ค.\n  # ดี.ซี.\nก\nABC\nต่างๆ\nแมว\n", encoding="utf-8")
    assert tool.words_of(path) == ["แมว"]


def test_the_tool_writes_what_it_reads_again(tool: ModuleType, tmp_path: Path) -> None:
    shipped = resource("i18n/words.txt")
    tool.main(str(shipped), str(shipped), str(tmp_path / "again.txt"))
    assert (tmp_path / "again.txt").read_bytes() == shipped.read_bytes()
    assert shipped.with_name("words-LICENSE.txt").is_file()
