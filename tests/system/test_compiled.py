"""Data files of the program are read from JSON, as long as that says what the YAML beside it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from dgdesk.resources import resource
from dgdesk.system.compiled import shipped_tree

SHIPPED = [path.with_suffix(".yaml") for path in resource(".").rglob("*.json") if path.with_suffix(".yaml").exists()]
YAML = b"a: [1.10, no, \xe0\xb8\x81]\n"
TREE = {"a": ["1.10", "no", "ก"]}


def test_some_files_are_shipped_so() -> None:
    assert {path.name for path in SHIPPED} == {"edition.yaml", "rubric.yaml", "provinces.yaml"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_says_what_the_yaml_says(path: Path) -> None:
    """If this fails, the YAML was changed: run build/compiled.py."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_suffix(".json").read_text(encoding="utf-8").startswith(f'{{"sha256":"{digest}"')
    assert shipped_tree(path) == yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)


@pytest.mark.parametrize(
    "beside",
    [
        *("", "{", "[]", "3", "null", "{}", '{"sha256": 1}', '{"sha256": "SAME"}', '{"tree": 1}', "\udcff", "[" * 900),
        '{"sha256": "0000", "tree": "another"}',
        '{"sha256": "SAME", "tree": null}',
    ],
)
def test_json_that_was_not_made_of_the_file_is_not_used(tmp_path: Path, beside: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(YAML)
    content = beside.replace("SAME", hashlib.sha256(YAML).hexdigest()).encode(errors="surrogateescape")
    path.with_suffix(".json").write_bytes(content)
    assert shipped_tree(path) == TREE


def test_json_of_the_same_file_is_used_and_none_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(YAML)
    assert shipped_tree(path) == TREE
    made = f'{{"sha256": "{hashlib.sha256(YAML).hexdigest()}", "tree": ["of JSON"]}}'
    path.with_suffix(".json").write_text(made, encoding="utf-8")
    assert shipped_tree(path) == ["of JSON"]


def test_what_is_not_there_or_no_yaml_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with pytest.raises(FileNotFoundError):
        shipped_tree(path)
    path.write_bytes(b"[1, 2")
    with pytest.raises(yaml.YAMLError):
        shipped_tree(path)
