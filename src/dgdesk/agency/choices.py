"""The file of a person's choices between several submissions of one respondent, which the receiver keeps.

JSON: ``{"format": 1, "choices": [{"edition", "respondent", "chosen", "over": [...]}]}``, all digests of bundles.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError

from dgdesk.bundle.chains import Choice
from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, read_json
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.submission import Label
from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.causes import why_not_written

FORMAT: Final = 1
ENDING: Final = ".choices.json"
_LARGEST: Final = 16 << 20
_MOST: Final = 20_000


class _ChoiceItem(Strict):
    """One choice."""

    edition: Label
    respondent: Label
    chosen: Sha256
    over: Annotated[tuple[Sha256, ...], Field(strict=False, min_length=1, max_length=_MOST)]


class _ChoicesFile(Strict):
    """The whole file."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    choices: Annotated[tuple[_ChoiceItem, ...], Field(strict=False, max_length=_MOST)]


def choices_beside(table: Path) -> Path:
    """Return where the choices for a table lie: in its folder, under its name."""
    return table.with_name(table.stem + ENDING)


def read_choices(path: Path) -> tuple[Choice, ...]:
    """Read the choices; none if there is no file yet.

    Raises:
        FileError: ``choices.damaged``; as `read_small`.
    """
    if not os.path.exists(path):  # a name too long for the system is not there either
        return ()
    try:
        found = _ChoicesFile.model_validate(read_json(read_small(path, _LARGEST)))
    except (ValidationError, ValueError) as error:
        raise FileError("choices.damaged", name=path.name) from error
    return tuple(Choice(one.edition, one.respondent, one.chosen, frozenset(one.over)) for one in found.choices)


def with_choice(choices: Iterable[Choice], made: Choice) -> tuple[Choice, ...]:
    """Return the choices with a new one, in place of an earlier one for the same respondent and edition."""
    whose = (made.edition, made.respondent)
    return (*(one for one in choices if (one.edition, one.respondent) != whose), made)


def write_choices(path: Path, choices: Iterable[Choice]) -> None:
    """Write the file; it takes the place of an earlier one.

    Raises:
        FileError: ``choices.not_written``; as `atomic_write`.
    """
    rows = [
        {"edition": one.edition, "respondent": one.respondent, "chosen": one.chosen, "over": sorted(one.over)}
        for one in sorted(choices, key=lambda one: (one.edition, one.respondent))
    ]
    content = canonical_json({"format": FORMAT, "choices": rows})
    atomic_write(path, content, replace=True, kind="json", explain=_not_written)


def _not_written(error: OSError, path: Path) -> FileError:
    return why_not_written(error, path, "choices.not_written")
