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
    extra = ["กลม", "ตา", "ตากลม", "ตากลมๆ", "แมว", "ก" * 21]
    assert tool.combined(base, extra) == sorted([*base, "ตากลมๆ", "แมว"])


def test_a_compound_of_words_that_only_one_list_knows_is_a_word(tool: ModuleType) -> None:
    assert tool.combined(["ตา", "การ"], ["ตา", "การตา"]) == ["การ", "การตา", "ตา"]


def test_compounds_are_what_the_dictionary_leaves_out(tool: ModuleType) -> None:
    assert tool.compounds(["ตา", "ตากลม", "ก" * 23], ["กลม", "ตา"]) == ["ตากลม"]


def test_the_dictionary_reads_word_lists_with_remarks(tool: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\ufeff# remark\nแมว\nก.ค.\n  # ดี.ซี.\nก\nABC\nต่างๆ\nแมว\n", encoding="utf-8")
    assert tool.words_of(path) == ["แมว"]


def test_the_tool_writes_what_it_reads_again(tool: ModuleType, tmp_path: Path) -> None:
    words, compounds = resource("i18n/words.txt"), resource("i18n/compounds.txt")
    both = tmp_path / "both.txt"
    both.write_bytes(words.read_bytes() + compounds.read_bytes())
    tool.main(str(words), str(both), str(tmp_path / "words.txt"), str(tmp_path / "compounds.txt"))
    assert (tmp_path / "words.txt").read_bytes() == words.read_bytes()
    assert (tmp_path / "compounds.txt").read_bytes() == compounds.read_bytes()
    assert words.with_name("words-LICENSE.txt").is_file()
