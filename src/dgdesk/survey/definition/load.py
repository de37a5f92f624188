"""Read the questionnaire's data files into the frozen definition.

A folder ``questionnaires/<edition>/`` holds ``edition.yaml`` (title, order of sections, respondent, checks, limits,
sign-off), ``common.yaml`` (texts printed more than once, templates), ``indicators.yaml``, the list of respondents and
one file per section.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dgdesk.errors import FileError
from dgdesk.survey.definition.models import Definition
from dgdesk.system.bounds import UNFIT

# What YAML gives: every scalar is a string (CBaseLoader), so that `no` and `1.10` stay as written.
Tree = Any

FROZEN_FILE = "definition.json"
_NOT_THE_DEFINITION = ("rubric.yaml", "search.yaml")
_LIST = re.compile("[a-z][a-z0-9_]{0,39}")
_MOST_PARTS = 100_000  # some 20 times what the real edition has


def load_definition(folder: Path, *, shipped: bool = False) -> Definition:
    """Read and validate the edition in ``folder``; one that is ``shipped`` with the program from `frozen_file`.

    Raises:
        FileError: ``definition.unreadable`` or ``definition.invalid`` with the file, the place and the reason.
    """
    if shipped and (known := _read_frozen(folder)) is not None:
        return known
    try:
        tree = _tree(folder)
    except RecursionError as error:
        raise FileError("definition.invalid", folder=folder.name, place="", reason="nested without end") from error
    try:
        return Definition.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise FileError(
            "definition.invalid", folder=folder.name, place=_place(tree, first["loc"]), reason=first["type"]
        ) from error


def _tree(folder: Path) -> Tree:
    edition = _read(folder / "edition.yaml", "id", "title", "sections")
    common = _read(folder / "common.yaml")
    respondent = edition.get("respondent")
    for name in ("texts", "templates"):
        if not isinstance(common.get(name) or {}, dict):
            raise FileError(
                "definition.invalid", folder=folder.name, place="common.yaml", reason=f"{name} is no mapping"
            )
    shared = _Shared(common.get("texts") or {}, common.get("templates") or {}, _lists(folder, respondent))
    return {
        "edition": edition["id"],
        "title": edition["title"],
        "checks": edition.get("checks", []),
        "evidence_limits": edition.get("evidence_limits"),
        "signoff": edition.get("signoff"),
        "respondent": _without_list(respondent),
        "contact": edition.get("contact"),
        "issued": edition.get("issued"),
        "closes": edition.get("closes"),
        "indicators": _expand(_read(folder / "indicators.yaml"), shared, "indicators.yaml"),
        "sections": [_expand(_read(folder / f"{name}.yaml"), shared, f"{name}.yaml") for name in edition["sections"]],
    }


def freeze(definition: Definition) -> bytes:
    """Return the definition as canonical JSON, as drafts and bundles store it."""
    return definition.model_dump_json(exclude_defaults=True, by_alias=True).encode()


def thaw(frozen: bytes) -> Definition:
    """Read what `freeze` wrote.

    Raises:
        FileError: ``definition.frozen_invalid``: these bytes are not a definition.
    """
    try:
        return Definition.model_validate_json(frozen)
    except UNFIT as error:  # a ValidationError is a ValueError
        raise FileError("definition.frozen_invalid") from error


def frozen_file(folder: Path) -> bytes:
    """Return the content of ``definition.json``, which lies beside the files of an edition that ships with the program.

    The first line has the SHA-256 of each file it was made of, the rest is what `freeze` gives: it is read in an eighth
    of the time that the files take, and without a reader of YAML.

    Raises:
        FileError: as `load_definition`.
    """
    frozen = freeze(load_definition(folder))
    names = sorted(path.name for path in folder.glob("*.yaml") if path.name not in _NOT_THE_DEFINITION)
    return json.dumps({name: digest((folder / name).read_bytes()) for name in names}).encode() + b"\n" + frozen


def _read_frozen(folder: Path) -> Definition | None:
    """Return what `frozen_file` wrote; None if it is not there, or one of the files was changed since."""
    try:
        head, _, frozen = (folder / FROZEN_FILE).read_bytes().partition(b"\n")
        made_of = json.loads(head)
        same = all(digest((folder / name).read_bytes()) == wanted for name, wanted in made_of.items())
        return thaw(frozen) if same and "edition.yaml" in made_of else None
    except (OSError, ValueError, AttributeError, TypeError, FileError):
        return None


def digest(frozen: bytes) -> str:
    """Return the SHA-256 of a frozen definition, in hex."""
    return hashlib.sha256(frozen).hexdigest()


class _Shared:
    """What section files may refer to: texts (``@key``), templates (``use``), option lists (``options_from``)."""

    def __init__(self, texts: Mapping[str, str], templates: Mapping[str, Tree], lists: Mapping[str, Tree]) -> None:
        self.texts = texts
        self.templates = templates
        self.lists = lists
        self._left = _MOST_PARTS

    def take_part(self, file: str) -> None:
        """Count a part of a file and refuse too many: templates and YAML aliases can multiply a few lines."""
        self._left -= 1
        if self._left < 0:
            raise FileError("definition.invalid", folder="", place=file, reason="too many parts")


def _read(path: Path, *needed: str) -> dict[str, Tree]:
    """Read one file, which must hold a mapping with the keys ``needed``."""
    import yaml  # nobody waits for it who opens a draft, which brings its own definition

    try:
        with path.open(encoding="utf-8") as stream:
            tree = yaml.load(stream, Loader=yaml.CBaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError("definition.unreadable", file=path.name, reason=unreadable_reason(error)) from error
    missing = "mapping" if not isinstance(tree, dict) else next((key for key in needed if key not in tree), None)
    if missing is not None:
        raise FileError("definition.invalid", folder=path.parent.name, place=path.name, reason=f"no {missing} in it")
    return dict(tree)


def unreadable_reason(error: Exception) -> str:
    """Return why a file cannot be read, without a library's wording."""
    import yaml

    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}"
    if isinstance(error, OSError):
        return "no such file" if isinstance(error, FileNotFoundError) else "not to be opened"
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not YAML"


def _lists(folder: Path, respondent: Tree) -> dict[str, Tree]:
    """Read the list of those who may answer: a file of its own, named as the list."""
    name = respondent.get("list") if isinstance(respondent, dict) else None
    if not isinstance(name, str):
        return {}
    if _LIST.fullmatch(name) is None:
        raise FileError("definition.invalid", folder=folder.name, place="edition.yaml", reason="list is no name")
    listed = _read(folder / f"{name}.yaml", name)[name]
    return {name: [_as_option(one) for one in listed] if isinstance(listed, list) else listed}


def _without_list(respondent: Tree) -> Tree:
    if not isinstance(respondent, dict):
        return respondent
    return {key: part for key, part in respondent.items() if key != "list"}


def _as_option(respondent: Tree) -> Tree:
    return (
        {key: part for key, part in respondent.items() if key != "en"} if isinstance(respondent, dict) else respondent
    )


def _expand(tree: Tree, shared: _Shared, file: str) -> Tree:
    """Replace references, templates and short forms by their contents."""
    shared.take_part(file)
    match tree:
        case str():
            if not tree.startswith("@"):
                return tree
            if tree[1:] not in shared.texts:
                raise FileError("definition.unknown_text", file=file, key=tree)
            return shared.texts[tree[1:]]
        case list():
            return [_expand(part, shared, file) for part in tree]
        case dict():
            if "use" in tree:
                return _expand(_template(tree, shared, file), shared, file)
            expanded = {key: _expand(part, shared, file) for key, part in tree.items()}
            return _shorthands(expanded, shared)
    return tree


def _template(tree: dict[str, Tree], shared: _Shared, file: str) -> dict[str, Tree]:
    own = {key: part for key, part in tree.items() if key != "use"}
    template = shared.templates.get(tree["use"]) if isinstance(tree["use"], str) else None
    if not isinstance(template, dict):
        raise FileError("definition.unknown_template", file=file, key=str(tree["use"])[:80])
    owner = own.get("id")
    return {**_with_id(template, owner if isinstance(owner, str) else "", shared, file), **own}


def _with_id(tree: Tree, owner: str, shared: _Shared, file: str) -> Tree:
    shared.take_part(file)
    match tree:
        case str():
            return tree.replace("{id}", owner)
        case list():
            return [_with_id(part, owner, shared, file) for part in tree]
        case dict():
            return {key: _with_id(part, owner, shared, file) for key, part in tree.items()}
    return tree


def _shorthands(tree: dict[str, Tree], shared: _Shared) -> dict[str, Tree]:
    if isinstance(tree.get("evidence"), str):
        tree["evidence"] = {"text": tree["evidence"]}
    for key in ("notes", "notes_after"):
        if key in tree:
            tree[key] = [{"text": note} if isinstance(note, str) else note for note in tree[key]]
    if "not" in tree:
        tree["not_"] = tree.pop("not")
    # An unknown list is left unchanged and is refused later as an unknown key.
    if tree.get("options_from") in [*shared.lists]:
        tree["options"] = shared.lists[tree.pop("options_from")]
    return tree


def _place(tree: Tree, location: tuple[int | str, ...]) -> str:
    """Name the innermost item with an id that contains an error, for people who correct data files."""
    place, part = "", tree
    for step in location:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, dict) and isinstance(part.get("id"), str):
            place = part["id"]
    return f"{place} ({'.'.join(str(step) for step in location[-3:])})"
