"""Who may hand in: provinces by code, found by code or name as people write them in a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import yaml

from dgdesk.resources import resource
from dgdesk.text.normalise import fold

LONGEST: Final = 200
_BANGKOK: Final = "TH-10"
_OTHER_NAMES: Final = {"กรุงเทพ": _BANGKOK, "กรุงเทพฯ": _BANGKOK, "กทม": _BANGKOK, "กทม.": _BANGKOK}
_BEFORE: Final = re.compile("^(จังหวัด|จ\\.|changwat|provinceof)")
_AFTER: Final = re.compile("province$")
_CODE: Final = re.compile(r"th[-_ ]?([0-9]{2})", re.IGNORECASE)


@cache
def provinces() -> Mapping[str, tuple[str, str]]:
    """Return the Thai and the English name of each province, by its code (ISO 3166-2)."""
    with resource("provinces.yaml").open(encoding="utf-8") as stream:
        found = yaml.load(stream, Loader=yaml.CSafeLoader)
    return MappingProxyType({one["id"]: (one["label"], one["en"]) for one in found})


def find_respondent(text: str) -> str | None:
    """Return the code of a province given by code, Thai or English name; None if there is no such province.

    จังหวัด in front, blanks, case, Thai digits, and the typing order of sara am and marks do not matter.
    """
    if len(text) > LONGEST:
        return None
    key = _key(text)
    code = _CODE.fullmatch(key)
    if code:
        wanted = f"TH-{code[1]}"
        return wanted if wanted in provinces() else None
    return _by_name().get(_BEFORE.sub("", _AFTER.sub("", key)), _by_name().get(key))


def same_respondent(one: str, other: str) -> bool:
    """Return whether two texts name the same respondent; a text that is no province equals only itself."""
    first, second = find_respondent(one), find_respondent(other)
    return first == second if first or second else _key(one) == _key(other)


@cache
def _by_name() -> Mapping[str, str]:
    found = {_key(name): code for name, code in _OTHER_NAMES.items()}
    for code, names in provinces().items():
        found |= {_key(name): code for name in names}
    return MappingProxyType(found)


def _key(text: str) -> str:
    return fold(text)
