"""Damages of a draft file in words: places by their full names and editions by theirs, never by an id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dgdesk.draft.changes import EXTERNAL
from dgdesk.errors import UsageError
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.places import full_name, slot_name
from dgdesk.text.editions import edition_words

if TYPE_CHECKING:
    from dgdesk.draft.file.model import Damage

_BETWEEN = ", "
_OF_AN_EDITION = "repair.definition"


def damage_words(say: Callable[..., str], form: Form, damage: Damage) -> str:
    """Return the sentence of a damage; what the form does not have is named as it was stored."""
    subject = damage.subject
    subject = edition_words(say, subject) if damage.code == _OF_AN_EDITION else target_words(form, subject)
    return say(damage.code, subject=subject, detail=target_words(form, damage.detail))


def target_words(form: Form, target: str) -> str:
    """Return the full names of the journal's targets in a text such as "p1.4, p1.4/yes"; other parts stay."""
    return _BETWEEN.join(_one(form, part) for part in target.split(_BETWEEN))


@contextmanager
def targets_named(form: Form) -> Iterator[None]:
    """Let an error say where by full names, where it names the journal's ``target``."""
    try:
        yield
    except UsageError as error:
        target = error.values.get("target")
        if not isinstance(target, str):
            raise
        raise UsageError(error.code, **{**error.values, "target": target_words(form, target)}) from error


def _one(form: Form, target: str) -> str:
    if target in form.slots:
        return slot_name(form, target).line()
    if target in form.position:
        return full_name(form, target).line()
    return target.removeprefix(EXTERNAL)
