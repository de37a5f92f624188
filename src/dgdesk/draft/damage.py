"""Damage and losses of a draft as a person knows them: files by name, places and editions in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from dgdesk.draft.file.model import Damage
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.targets import target_words
from dgdesk.errors import DgdeskError
from dgdesk.survey.answers.reading import decode_all
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form
from dgdesk.text.editions import edition_words

_SHORT: Final = 12
"""Digits of a digest that stand for a file of which no name is left."""
_FILES: Final = frozenset({"repair.file", "repair.unused_file", "package.check_file"})
_OF_AN_EDITION: Final = "repair.definition"


@dataclass(frozen=True, slots=True)
class Named:
    """A damage in a person's words: the message code and its values."""

    code: str
    subject: str
    detail: str

    def sentence(self, say: Callable[..., str]) -> str:
        """Return the sentence for people; ``say`` is the catalogue's."""
        subject = edition_words(say, self.subject) if self.code == _OF_AN_EDITION else self.subject
        return say(self.code, subject=subject, detail=self.detail)


def name_damage(damages: Iterable[Damage], form: Form, package: DraftFile) -> tuple[Named, ...]:
    """Return damages with the names and printed places that ``package`` still has for them, in their order."""
    damages = tuple(damages)
    answers: Answers = {}
    with suppress(DgdeskError):
        answers = decode_all(form, package.answers())
    places: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    with suppress(DgdeskError):
        for slot, stored in package.evidence().items():
            for one in stored:
                if isinstance(one, dict) and isinstance(digest := one.get("sha256"), str):
                    places.setdefault(digest, []).append(target_words(form, answers, slot))
                    names.setdefault(digest, str(one.get("name") or ""))
    names |= _former(package, {digest for one in damages for digest in (one.subject, one.detail)} - names.keys())
    return tuple(_named(one, partial(target_words, form, answers), names, places) for one in damages)


def _named(
    damage: Damage, words: Callable[[str], str], names: Mapping[str, str], places: Mapping[str, list[str]]
) -> Named:
    code, subject, detail = damage
    if code in _FILES:
        there = ", ".join(dict.fromkeys(places.get(subject, [])))
        return Named(code, names.get(subject) or f"{subject[:_SHORT]}…", there or words(detail))
    if code == "package.check_missing_file":
        return Named(code, words(subject), names.get(detail) or f"{detail[:_SHORT]}…")
    return Named(code, words(subject), words(detail))


def _former(package: DraftFile, digests: set[str]) -> dict[str, str]:
    """Return the last names of files that no place uses any more."""
    with suppress(DgdeskError):
        once = package.attached_once(digests)
        return {digest: str(one.get("name") or "") for digest, one in once.items() if isinstance(one, dict)}
    return {}
