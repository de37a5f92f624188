"""The data files of an edition: read together, and written from the trees of a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from dgdesk.editions.workbook.grid import Part, Tree
from dgdesk.editions.workbook.reading import Trees
from dgdesk.editions.workbook.tables import Edition
from dgdesk.errors import FileError
from dgdesk.survey.definition.load import load_definition, unreadable_reason
from dgdesk.survey.rules.edition_check import RUBRIC
from dgdesk.survey.rules.rubric import load_rubric
from dgdesk.survey.rules.search_words import FILE as SEARCH_WORDS
from dgdesk.survey.rules.search_words import load_search_words
from dgdesk.text.editions import HEAD

_FILE_NAME: Final = re.compile("[a-z][a-z0-9_]{0,39}")
_OWN: Final = frozenset({"edition", "common", "indicators", "rubric", "search"})
_LISTED: Final = frozenset({"id", "label", "en", "code", "hint"})


def read_files(folder: Path) -> Edition:
    """Read all data files of an edition.

    Raises:
        FileError: as `load_definition`, `load_rubric` and `load_search_words`.
    """
    definition = load_definition(folder)
    rubric = load_rubric(folder / RUBRIC) if (folder / RUBRIC).exists() else None
    words = load_search_words(folder / SEARCH_WORDS)
    head = _tree(folder / HEAD)
    whose = head.get("respondent")
    name = whose.get("list") if isinstance(whose, dict) else None
    listed = _tree(folder / f"{name}.yaml").get(name) if isinstance(name, str) else ()
    plain = tuple(one for one in listed or () if isinstance(one, dict) and one.keys() <= _LISTED)
    return Edition(head, definition, rubric, words, plain)


def definition_tree(trees: Trees) -> dict[str, Tree]:
    """Return what the models of the form are validated from: the same as the files would give."""
    head = {name: part for name, part in trees.head.items() if name in _HEADS}
    whose = head.get("respondent")
    if isinstance(whose, dict):
        # the name of the list alone is no respondent
        head["respondent"] = {name: part for name, part in whose.items() if name != "list"} or None
    options = [_kept(one, without="en") for one in trees.listed]
    name = whose.get("list") if isinstance(whose, dict) else None
    sections = _resolved(trees.sections, {name: options} if name else {})
    return {"edition": trees.head.get("id", ""), **head, "indicators": trees.indicators, "sections": sections}


def _resolved(tree: Tree, lists: Mapping[str, Tree]) -> Tree:
    """Return a tree with the short forms of the files replaced by what they stand for; parts still know their cells."""
    if isinstance(tree, list):
        return [_resolved(part, lists) for part in tree]
    if not isinstance(tree, dict):
        return tree
    made = {"not_" if key == "not" else key: _resolved(part, lists) for key, part in tree.items()}
    if made.get("options_from") in lists:
        made["options"] = lists[made.pop("options_from")]
    return _as_part(tree, made)


def _kept(part: Part, without: str) -> Tree:
    return _as_part(part, {key: one for key, one in part.items() if key != without})


def _as_part(tree: dict[str, Tree], made: dict[str, Tree]) -> dict[str, Tree]:
    if not isinstance(tree, Part):
        return made
    copy = Part(tree.row, **made)
    copy.places = tree.places
    return copy


_HEADS: Final = ("title", "checks", "evidence_limits", "signoff", "respondent", "contact", "issued", "closes")


def file_texts(trees: Trees) -> dict[str, str]:
    """Return the content of every data file by name."""
    whose = trees.head.get("respondent")
    listed = whose.get("list") if isinstance(whose, dict) else None
    names = _section_names(trees, {*_OWN, str(listed)})
    references: dict[str, str] = {}
    head = dict(trees.head)
    checks = head.pop("checks", [])
    edition = {**head, "sections": list(names), **({"checks": checks} if checks else {})}
    files: dict[str, Tree] = {"edition": edition}
    files |= {name: _marked(section, references) for name, section in zip(names, trees.sections, strict=True)}
    files["indicators"] = _marked(trees.indicators, references)
    files["common"] = {"texts": references} if references else {}
    if listed:
        files[listed] = {listed: trees.listed}
    if trees.rubric is not None:
        files["rubric"] = trees.rubric
    if trees.words is not None:
        files["search"] = trees.words
    return {f"{name}.yaml": _yaml(_plain(tree)) for name, tree in files.items()}


def _section_names(trees: Trees, taken: set[str]) -> list[str]:
    """Return a file name for every section: its id where that can be one."""
    names: list[str] = []
    for at, section in enumerate(trees.sections, 1):
        name = section["id"].replace(".", "_").replace("-", "_")
        if _FILE_NAME.fullmatch(name) is None or name in taken:
            name = f"section{at}"
        taken.add(name)
        names.append(name)
    return names


def _marked(tree: Tree, references: dict[str, str]) -> Tree:
    """Replace texts that would be read as a reference (``@…``) by one to themselves."""
    match tree:
        case str():
            if not tree.startswith("@"):
                return tree
            known = {text: key for key, text in references.items()}
            key = known.get(tree, f"text{len(references) + 1}")
            references[key] = tree
            return f"@{key}"
        case list():
            return [_marked(part, references) for part in tree]
        case dict():
            return {key: _marked(part, references) for key, part in tree.items()}
    return tree


def _plain(tree: Tree) -> Tree:
    """Return a tree of plain mappings, which are written one by one also where two are the same object."""
    if isinstance(tree, Mapping):
        return {key: _plain(part) for key, part in tree.items()}
    return [_plain(part) for part in tree] if isinstance(tree, list | tuple) else tree


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(tree: Tree) -> str:
    written: str = yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**30)
    return written


def _tree(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as stream:
            tree = yaml.load(stream, Loader=yaml.CBaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError("definition.unreadable", file=path.name, reason=unreadable_reason(error)) from error
    return tree if isinstance(tree, dict) else {}
