"""Whether an id means the same in two editions: ids are the keys of every answer ever stored. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Final

from dgdesk.editions.places import Place, parts_of, places_of
from dgdesk.survey.definition.models import Definition
from dgdesk.text.normalise import fold

_ALIKE: Final = 0.5
"""From this share of common letters on, two texts are wordings of one question."""
_MOST_COMPARED: Final = 600
"""Letters of a text that are compared: the time grows with their square."""
_LEAST_COMMON: Final = 0.5
"""Of the options of the smaller list."""


def reused_ids(old: Definition, new: Definition) -> tuple[str, ...]:
    """Return the ids that mean something else in ``new``: another kind of place, or quite other text and options.

    Ids are the keys of every answer ever stored, so a newer version that has any must not be taken.
    """
    before, after = places_of(old), places_of(new)
    return tuple(id for id, now in after.items() if id in before and not _same_meaning(before[id], now))


def _same_meaning(was: Place, now: Place) -> bool:
    if was.field is None or now.field is None:
        return was.kind == now.kind
    if _FAMILY.get(was.kind, was.kind) != _FAMILY.get(now.kind, now.kind):
        return False
    parts = [{text for _, text in parts_of(one.field)} for one in (was, now) if one.field is not None]
    if alike(was.text, now.text):
        return True
    if not parts[0] and not parts[1]:
        return not fold(was.text) or not fold(now.text)
    common = len(parts[0] & parts[1])
    return common >= _LEAST_COMMON * max(1, min(map(len, parts)))


_FAMILY: Final[Mapping[str, str]] = {"long_text": "text", "percent": "number"}
"""Kinds whose stored answers can be read as each other."""


def alike(old: str, new: str) -> bool:
    """Whether two texts are wordings of one: at least half of their letters are common, in order."""
    one, two = fold(old)[:_MOST_COMPARED], fold(new)[:_MOST_COMPARED]
    if one == two:
        return True
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
