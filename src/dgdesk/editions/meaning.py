"""Whether an id means the same in two editions: ids are the keys of every answer ever stored. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from difflib import SequenceMatcher
from typing import Final

from dgdesk.editions.places import Place, parts_of, places_of
from dgdesk.errors import CheckFailed
from dgdesk.survey.definition.models import Definition
from dgdesk.text.normalise import fold

_ALIKE: Final = 0.5
"""From this share of common letters on, two texts are wordings of one question."""
_MOST_COMPARED: Final = 600
"""Letters of a text that are compared: the time grows with their square."""
_LEAST_COMMON: Final = 0.5
"""Of the options of the smaller list."""
_LEAST_LETTERS: Final = 8
"""Of the text of an option that says what is asked: "yes" and "no" do not."""
_NAMED: Final = 20
"""Most ids that are named one by one."""
_SHOWN: Final = 80
"""Letters of a text that are shown."""


def reused_ids(old: Definition, new: Definition) -> tuple[str, ...]:
    """Return the ids that mean something else in ``new``: another kind of place, or quite other text and options.

    Ids are the keys of every answer ever stored, so a newer version that has any must not be taken.
    """
    before, after = places_of(old), places_of(new)
    shared = _shared(before.values()) | _shared(after.values())
    return tuple(id for id, now in after.items() if id in before and not _same_meaning(before[id], now, shared))


def require_meaning(old: Definition, new: Definition) -> None:
    """Refuse a form that uses ids of ``old`` for something else.

    Raises:
        CheckFailed: ``edition.reused``, whose ``details`` name them with both texts.
    """
    reused = reused_ids(old, new)
    if not reused:
        return
    before, after = places_of(old), places_of(new)
    error = CheckFailed("edition.reused", edition=old.edition, count=len(reused))
    error.details = tuple(
        ("edition.reused_id", {"id": id, "old": before[id].text[:_SHOWN], "new": after[id].text[:_SHOWN]})
        for id in reused[:_NAMED]
    )
    raise error


def _texts(place: Place) -> set[str]:
    """Return the texts of a question's options, columns and rows that are long enough to say what it is about."""
    if place.field is None:
        return set()
    return {text for _, text in parts_of(place.field) if len(text.partition(" [")[0]) >= _LEAST_LETTERS}


def _shared(places: Iterable[Place]) -> set[str]:
    """Return the texts that parts of several questions have, such as yes and no: they do not say what is asked."""
    counts = Counter(text for place in places for text in _texts(place))
    return {text for text, count in counts.items() if count > 1}


def _same_meaning(was: Place, now: Place, shared: Set[str]) -> bool:
    """Compare two questions of one id; what they have in ``shared`` says nothing."""
    if was.field is None or now.field is None:
        return was.kind == now.kind
    if _FAMILY.get(was.kind, was.kind) != _FAMILY.get(now.kind, now.kind):
        return False
    if alike(was.text, now.text) or not fold(was.text) or not fold(now.text):
        return True
    old, new = _texts(was) - shared, _texts(now) - shared
    return len(old & new) >= _LEAST_COMMON * max(1, min(len(old), len(new)))


_FAMILY: Final[Mapping[str, str]] = {"long_text": "text", "percent": "number"}
"""Kinds whose stored answers can be read as each other."""


def alike(old: str, new: str) -> bool:
    """Whether two texts are wordings of one: at least half of their letters are common, in order."""
    one, two = fold(old)[:_MOST_COMPARED], fold(new)[:_MOST_COMPARED]
    if one == two:
        return True
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
