"""What an edition is called for people: its id is for machines. The names are data of the editions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from dgdesk.resources import resource

HEAD: Final = "edition.yaml"


@dataclass(frozen=True, slots=True)
class EditionHead:
    """What an edition says of itself: its name in two languages, its Buddhist year, and who answers.

    ``respondent`` is the question that says it, ``scheme`` that of its codes, ``names`` the file with their list.
    """

    id: str
    th: str
    en: str
    year: str
    respondent: str = ""
    scheme: str = ""
    names: Path | None = None


def edition_year(edition: str) -> str:
    """Return the Buddhist year of an edition; empty if the program does not know the edition."""
    head = edition_heads().get(edition)
    return head.year if head is not None else ""


def edition_words(say: Callable[..., str], edition: str) -> str:
    """Return an edition in words, "ระดับจังหวัด พ.ศ. 2568"; an id that the program does not know stays as it is."""
    head = edition_heads().get(edition)
    return edition if head is None else say("edition.named", th=head.th, en=head.en or head.th)


@cache
def edition_heads() -> Mapping[str, EditionHead]:
    """Return the heads of the editions that ship with the program, by id; those that cannot be read are left out."""
    found = (_head(path) for path in sorted(resource("questionnaires").glob(f"*/{HEAD}")))
    return MappingProxyType({head.id: head for head in found if head is not None})


def edition_respondents(edition: str) -> Mapping[str, str]:
    """Return the names of those who may answer an edition that ships with the program, by their codes."""
    head = edition_heads().get(edition)
    return MappingProxyType({}) if head is None or head.names is None else _listed(head.names)


@cache
def _listed(path: Path) -> Mapping[str, str]:
    tree = _tree(path)
    listed = tree.get(path.stem)
    found = listed if isinstance(listed, list) else []
    return MappingProxyType({str(one["id"]): str(one["label"]) for one in found if isinstance(one, dict)})


def _tree(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as stream:
            tree = yaml.load(stream, Loader=yaml.CBaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _head(path: Path) -> EditionHead | None:
    tree = _tree(path)
    if not isinstance(tree.get("id"), str):
        return None
    words, whose = (tree[key] if isinstance(tree.get(key), dict) else {} for key in ("name", "respondent"))
    return EditionHead(
        tree["id"],
        str(words.get("th") or tree.get("title", tree["id"])),
        str(words.get("en", "")),
        str(tree.get("year", "")),
        str(whose.get("field", "")),
        str(whose.get("scheme", "")),
        path.with_name(f"{whose['list']}.yaml") if isinstance(whose.get("list"), str) else None,
    )
