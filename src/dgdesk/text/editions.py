"""The editions that this program knows, and what each is called: its id is for machines.

An edition ships with the program, or a person has installed it (`dgdesk.editions`). Several versions of one edition may
be there; the newest counts. What an edition says of itself is its head: for a shipped one in its ``edition.yaml``, for
an installed one in ``edition.json``, which is quicker to read.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple

from dgdesk.errors import FileError
from dgdesk.resources import resource
from dgdesk.system.bounds import UNFIT
from dgdesk.system.compiled import shipped_tree

HEAD: Final = "edition.yaml"
INSTALLED_HEAD: Final = "edition.json"
_LARGEST_HEAD: Final = 1 << 20
_MOST_VERSIONS: Final = 1_000


class EditionHead(NamedTuple):
    """What an edition says of itself: its title, name in two languages, Buddhist year, days (ISO), and who answers.

    ``folder`` has its data files. ``respondent`` is the question that says who answers, ``scheme`` that of the codes,
    ``listed`` the name of their list. Empty texts are not said.
    """

    id: str
    version: int
    folder: Path
    shipped: bool
    title: str
    th: str
    en: str
    year: str
    opens: str = ""
    closes: str = ""
    respondent: str = ""
    scheme: str = ""
    listed: str = ""


def edition_year(edition: str) -> str:
    """Return the Buddhist year of an edition; empty if the program does not know the edition."""
    head = edition_heads().get(edition)
    return head.year if head is not None else ""


def edition_words(say: Callable[..., str], edition: str) -> str:
    """Return an edition in words, "ระดับจังหวัด พ.ศ. 2568"; an id that the program does not know stays as it is."""
    head = edition_heads().get(edition) or _Installed.seen.get(edition)
    return edition if head is None else in_language(say, head.th, head.en)


def edition_called(say: Callable[..., str], edition: str) -> str:
    """Return what those who answer an edition are, in the language of ``say``: "จังหวัด", "กรม"."""
    whose = _mapping(_said_by(edition).get("respondent"))
    words = _mapping(whose.get("called"))
    thai = _text(words.get("th"))
    return in_language(say, thai, _text(words.get("en"))) if thai else say("respondent.province.called")


def edition_asks(edition: str) -> frozenset[str]:
    """Return which facts about the office and the person an edition has questions for: ``address``, ``first_name`` …"""
    return frozenset(_mapping(_said_by(edition).get("contact")))


def last_day(edition: str, otherwise: str = "") -> str:
    """Return the last day (ISO) for submitting, by the newest version of an edition; ``otherwise`` if it says none."""
    head = edition_heads().get(edition)
    return (head.closes if head is not None else "") or otherwise


def in_language(say: Callable[..., str], thai: str, english: str) -> str:
    """Return words of an edition in the language of ``say``; Thai where there is no English."""
    return english if english and say("ui.language_code") == "en" else thai


def edition_respondents(edition: str) -> Mapping[str, str]:
    """Return the names of those who may answer an edition that the program knows, by their codes."""
    head = edition_heads().get(edition)
    return MappingProxyType({}) if head is None or not head.listed else _listed(head.folder / f"{head.listed}.yaml")


def edition_heads() -> Mapping[str, EditionHead]:
    """Return the newest head of every edition that the program knows, by id; those that cannot be read are left out."""
    return MappingProxyType({edition: versions[0] for edition, versions in edition_versions().items()})


def edition_versions() -> Mapping[str, tuple[EditionHead, ...]]:
    """Return the heads of every version that is there, newest first, by the edition's id."""
    return _found(_Installed.folder)


def use_editions(folder: Path | None) -> None:
    """Say where a person's editions are installed; None: nowhere."""
    _Installed.folder = folder
    _Installed.seen.clear()


def read_editions_again() -> None:
    """Forget what was known: an edition was installed or removed."""
    _found.cache_clear()
    _listed.cache_clear()
    _tree.cache_clear()


def is_shipped(folder: Path) -> bool:
    """Return whether a folder of data files is a part of the program."""
    return folder.parent == resource("questionnaires")


def require_whole(folder: Path) -> None:
    """Check that the files of an installed version are still what was installed; a shipped one passes.

    Raises:
        FileError: ``edition.damaged``.
    """
    if is_shipped(folder):
        return
    path = folder / INSTALLED_HEAD
    try:
        tree = json.loads(path.read_bytes())
        for one in tree["files"]:
            if hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest() != one["sha256"]:
                raise ValueError(one["path"])
    except (OSError, KeyError, TypeError, *UNFIT) as error:
        raise FileError("edition.damaged", edition=folder.parent.name, version=folder.name) from error


class _Installed:
    """Where installed editions lie: said once at the start of a process, like the place of the shipped files."""

    folder: Path | None = None
    seen: ClassVar[dict[str, EditionHead]] = {}
    """What was there since the start: an edition that is removed while its draft is open keeps its name."""


@cache
def _found(installed: Path | None) -> Mapping[str, tuple[EditionHead, ...]]:
    heads: dict[str, list[EditionHead]] = {}
    for head in (*_shipped(), *_installed(installed)):
        heads.setdefault(head.id, []).append(head)
    # of two with one number the shipped one counts
    ordered = {one: sorted(found, key=lambda head: (-head.version, not head.shipped)) for one, found in heads.items()}
    _Installed.seen |= {one: found[0] for one, found in ordered.items()}
    return MappingProxyType({one: tuple(found) for one, found in ordered.items()})


def _shipped() -> Iterator[EditionHead]:
    for path in sorted(resource("questionnaires").glob(f"*/{HEAD}")):
        head = read_head(path.parent, _shipped_tree(path), shipped=True)
        if head is not None:
            yield head


def _installed(folder: Path | None) -> Iterator[EditionHead]:
    """Installed editions lie in a folder for each version: ``<id>/<version>/``."""
    if folder is None:
        return
    try:
        paths = sorted(folder.glob(f"*/*/{INSTALLED_HEAD}"))[:_MOST_VERSIONS]
    except OSError:
        return
    for path in paths:
        try:
            found = path.stat()  # a pipe of that name would never end
            sound = stat.S_ISREG(found.st_mode) and found.st_size <= _LARGEST_HEAD
            tree = json.loads(path.read_bytes()) if sound else None
        except (OSError, *UNFIT):
            continue
        head = read_head(path.parent, tree if isinstance(tree, dict) else {}, shipped=False)
        if head is not None and (head.id, str(head.version)) == (path.parent.parent.name, path.parent.name):
            yield head


def read_head(folder: Path, tree: Mapping[str, Any], *, shipped: bool) -> EditionHead | None:
    """Return the head in a mapping as the files hold it; None if it names no edition."""
    if not isinstance(tree.get("id"), str):
        return None
    words, whose = (tree[key] if isinstance(tree.get(key), dict) else {} for key in ("name", "respondent"))
    title = str(tree.get("title", tree["id"]))
    version = str(tree.get("version", "1"))
    return EditionHead(
        id=tree["id"],
        version=int(version) if version.isascii() and version.isdigit() else 0,
        folder=folder,
        shipped=shipped,
        title=title,
        th=str(words.get("th") or title),
        en=str(words.get("en") or ""),
        year=str(tree.get("year") or ""),
        opens=str(tree.get("opens") or ""),
        closes=str(tree.get("closes") or ""),
        respondent=str(whose.get("field") or ""),
        scheme=str(whose.get("scheme") or ""),
        listed=str(whose.get("list") or ""),
    )


@cache
def _listed(path: Path) -> Mapping[str, str]:
    listed = _tree(path).get(path.stem)
    found = listed if isinstance(listed, list) else []
    sound = (one for one in found if isinstance(one, dict) and "id" in one and "label" in one)
    return MappingProxyType({str(one["id"]): str(one["label"]) for one in sound})


def _shipped_tree(path: Path) -> dict[str, Any]:
    tree = shipped_tree(path)
    return tree if isinstance(tree, dict) else {}


@cache
def _tree(path: Path) -> dict[str, Any]:
    if is_shipped(path.parent):
        return _shipped_tree(path)
    import yaml

    try:
        with path.open(encoding="utf-8") as stream:
            tree = yaml.load(stream, Loader=yaml.CBaseLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _said_by(edition: str) -> dict[str, Any]:
    """What the newest version of an edition says of itself, in its ``edition.yaml``."""
    head = edition_heads().get(edition)
    return _tree(head.folder / HEAD) if head is not None else {}


def _mapping(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""
