"""The targets of the journal in words: places by their full names, never by an id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dgdesk.draft.changes import EXTERNAL, FLAG
from dgdesk.draft.signatories import SIGNING
from dgdesk.errors import UsageError
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.places import full_name, slot_name

_BETWEEN = ", "


def target_words(form: Form, answers: Answers, target: str) -> str:
    """Return the full names of the journal's targets in a text such as "p1.4, p1.4/yes"; other parts stay."""
    return _BETWEEN.join(_one(form, answers, part) for part in target.split(_BETWEEN))


@contextmanager
def targets_named(form: Form, answers: Answers) -> Iterator[None]:
    """Let an error say where by full names, where it names the journal's ``target``."""
    try:
        yield
    except UsageError as error:
        target = error.values.get("target")
        if not isinstance(target, str):
            raise
        raise UsageError(error.code, **{**error.values, "target": target_words(form, answers, target)}) from error


def _one(form: Form, answers: Answers, target: str) -> str:
    if target in form.slots:
        return slot_name(form, target, answers).line()
    target = target.removeprefix(FLAG)
    if target in form.position:
        return full_name(form, target, None, answers).line()
    return target.removeprefix(EXTERNAL).removeprefix(SIGNING)
