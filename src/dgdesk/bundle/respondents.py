"""Respondents by code or name: the provinces, and who answers the editions that ship with the program.

What tells a respondent from all others is the code of a province (``TH-50``), or scheme and code of another office
(``th-department/0301``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from dgdesk.bundle.report import printable
from dgdesk.resources import resource
from dgdesk.survey.respondents import ISO_3166_2, respondent_key
from dgdesk.system.compiled import shipped_tree
from dgdesk.text.editions import EditionHead, edition_heads, edition_respondents
from dgdesk.text.normalise import fold

LONGEST: Final = 200
OTHER_SCHEME: Final = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[A-Za-z0-9][A-Za-z0-9._-]{0,29}")
"""A respondent that is no province: scheme and code."""
_BANGKOK: Final = "TH-10"
_OTHER_NAMES: Final = {"กรุงเทพ": _BANGKOK, "กรุงเทพฯ": _BANGKOK, "กทม": _BANGKOK, "กทม.": _BANGKOK}
_BEFORE: Final = re.compile("^(จังหวัด|จ\\.|changwat|provinceof)")
_AFTER: Final = re.compile("province$")
_CODE: Final = re.compile(r"th[-_ ]?([0-9]{2})", re.IGNORECASE)


def shown(respondent: str) -> str:
    """Return a respondent as code and Thai name, if it is known; any other text unchanged, safe to print."""
    code = find_respondent(respondent)
    name = _names().get(code or "")
    return f"{code} {name}" if code and name else printable(respondent) or "-"


def name_of(respondent: str, otherwise: str = "") -> str:
    """Return the Thai name of a respondent by what tells it from others; ``otherwise``, or that, if it is unknown."""
    return _names().get(respondent) or otherwise or respondent


@cache
def provinces() -> Mapping[str, tuple[str, str]]:
    """Return the Thai and the English name of each province, by its code (ISO 3166-2)."""
    found = shipped_tree(resource("provinces.yaml"))
    return MappingProxyType({one["id"]: (one["label"], one["en"]) for one in found})


def find_respondent(text: str) -> str | None:
    """Return what tells a respondent from all others, by code or name; None if none is meant.

    A province is given by code, Thai or English name: จังหวัด in front, blanks, case, Thai digits, and the typing order
    of sara am and marks do not matter. Any other respondent is given by its name, if an edition of this program lists
    it, or by scheme and code, with a slash between them.
    """
    if len(text) > LONGEST:
        return None
    if OTHER_SCHEME.fullmatch(text.strip()):
        return text.strip()
    key = _key(text)
    code = _CODE.fullmatch(key)
    if code:
        wanted = f"TH-{code[1]}"
        return wanted if wanted in provinces() else None
    return _by_name().get(_BEFORE.sub("", _AFTER.sub("", key)), _by_name().get(key))


def province_of(key: str | None) -> str:
    """Return the code of the province that a key tells from others; empty for any other respondent."""
    return "" if key is None or "/" in key else key


def same_respondent(one: str, other: str) -> bool:
    """Return whether two texts name the same respondent; a text that names no known one equals only itself."""
    first, second = find_respondent(one), find_respondent(other)
    return first == second if first or second else _key(one) == _key(other)


def _names() -> Mapping[str, str]:
    return _names_of(tuple(edition_heads().values()))


def _by_name() -> Mapping[str, str]:
    return _by_name_of(tuple(edition_heads().values()))


# Known again when the editions are others: the window installs and removes them.


@lru_cache(maxsize=1)
def _names_of(heads: tuple[EditionHead, ...]) -> Mapping[str, str]:
    """Thai names by what tells respondents apart: the provinces, and who answers the editions of this program."""
    found = {code: names[0] for code, names in provinces().items()}
    for head in heads:
        if head.scheme != ISO_3166_2:
            listed = edition_respondents(head.id).items()
            found |= {respondent_key(head.scheme, code): name for code, name in listed}
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _by_name_of(heads: tuple[EditionHead, ...]) -> Mapping[str, str]:
    found = {_key(name): code for code, name in _names_of(heads).items()}
    found |= {_key(name): code for name, code in _OTHER_NAMES.items()}
    for code, names in provinces().items():
        found |= {_key(name): code for name in names}
    return MappingProxyType(found)


def _key(text: str) -> str:
    return fold(text)
