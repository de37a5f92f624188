"""docs/commands.md names every command, argument and option of the parser, and nothing else."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest

from cli.grammar import ALL, options, positionals

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### `dgdesk ([a-z][a-z -]*[a-z]) ?([^`\n]*)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMON = {"--help", "--json", "--lang"}


def sections() -> dict[str, tuple[str, str]]:
    """By the words that call a command: its arguments as written in the heading, and the text below it."""
    return {words: (arguments, text) for words, arguments, text in SECTION.findall(PAGE)}


SECTIONS = sections()


def test_the_page_has_a_section_for_each_command_and_no_other() -> None:
    assert sorted(SECTIONS) == sorted(ALL)
    assert len(SECTIONS) == PAGE.count("\n### ")


@pytest.mark.parametrize(("name", "parser"), ALL.items())
def test_a_section_lists_the_options_of_its_command(name: str, parser: ArgumentParser) -> None:
    listed = [OPTION.search(item) for item in re.findall(r"^- `(--.*?)`:", SECTIONS[name][1], re.MULTILINE)]
    assert sorted(found.group() for found in listed if found) == sorted(options(parser) - COMMON - {"-h"})


@pytest.mark.parametrize(("name", "parser"), ALL.items())
def test_a_heading_shows_the_arguments_of_its_command(name: str, parser: ArgumentParser) -> None:
    shape = {None: "X", "?": "[X]", "+": "X…", "*": "[X…]"}
    asked = [shape[nargs] for nargs in positionals(parser)]
    assert [re.sub("[A-Z]+", "X", word) for word in SECTIONS[name][0].split()] == asked


def test_no_option_is_named_that_does_not_exist() -> None:
    known = (
        COMMON | {"--version", "--selftest", "--platform"} | {one for parser in ALL.values() for one in options(parser)}
    )
    assert set(OPTION.findall(PAGE)) <= known
