"""What may have been meant by a place or a file that a draft does not have: the sentence names what is likely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Final

from dgdesk.draft.drafts import Draft
from dgdesk.errors import UsageError
from dgdesk.folders.labels import labels_of
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.places import slot_name
from dgdesk.text.digits import to_arabic

_MOST: Final = 4
_MOST_FILES: Final = 12
_ALIKE: Final = 0.55


def require_slot(draft: Draft, slot: str) -> str:
    """Return an evidence slot of the form.

    Raises:
        UsageError: ``evidence.unknown_slot`` or, with what is likely meant, ``cli.unknown_place``.
    """
    form, answers = draft.session.form, draft.session.state.facts.answers
    if slot in form.slots:
        return slot
    labelled = labels_of(form, answers)
    known = {one: one for one in form.slots} | {label.text.casefold(): one for one, label in labelled.items()}
    near = tuple(dict.fromkeys(known[text] for text in get_close_matches(slot.casefold(), known, _MOST, _ALIKE)))
    if not near:
        raise UsageError("evidence.unknown_slot", slot=slot)
    places = "; ".join(f"{one} ({slot_name(form, one, answers).line()})" for one in near)
    raise UsageError("cli.unknown_place", typed=slot, places=places)


def chosen_file(draft: Draft, slot: str, typed: str) -> Attachment:
    """Return the file at a slot that a name, a SHA-256 or its number there means.

    Raises:
        UsageError: there is none, or several have the name; the sentence lists the files with their numbers.
    """
    there = draft.session.state.facts.evidence.get(slot, ())
    place = slot_name(draft.session.form, slot, draft.session.state.facts.answers).line()
    if not there:
        raise UsageError("cli.no_files_here", place=place)
    found = [one for one in there if typed in (one.name, one.sha256)]
    if not found and (number := number_in(typed)) is not None and 1 <= number <= len(there):
        found = [there[number - 1]]
    if len(found) == 1:
        return found[0]
    code = "cli.several_files" if found else "cli.no_such_file"
    shown = [at for at, one in enumerate(there, start=1) if not found or one in found]
    files = "; ".join(f"{at} {there[at - 1].name}" for at in shown[:_MOST_FILES])
    raise UsageError(code, typed=typed, place=place, files=files + (" …" if len(shown) > _MOST_FILES else ""))


def number_in(typed: str) -> int | None:
    """Return the whole number that was typed, in any digits; None if it is something else."""
    text = to_arabic(typed.strip())
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def numbered_at(typed: str, most: int, refuse: Callable[[], UsageError]) -> int:
    """Return the position from 0 of what has the number ``typed`` among ``most``; raise what ``refuse`` returns."""
    number = number_in(typed)
    if number is None or not 1 <= number <= most:
        raise refuse()
    return number - 1


def listed(items: Sequence[str]) -> str:
    """Return the first of many items in one line."""
    return ", ".join(items[:_MOST_FILES]) + (" …" if len(items) > _MOST_FILES else "")
