"""What the list of editions says of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from dgdesk.text.dates import days_left
from dgdesk.text.deadlines import period_words
from dgdesk.text.editions import EditionHead, edition_versions, edition_words
from dgdesk.ui.widgets.label import Texts

LONGEST_NAME = 60
"""The most letters of an edition's name in a list to choose from."""


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition in the list. ``mark`` is its status icon; ``removable``: a version of it was installed."""

    edition: str
    mark: Literal["complete", "warning", "problems"]
    lines: tuple[str, ...]
    removable: bool


def edition_rows(texts: Texts, today: date, damaged: Collection[Path] = ()) -> tuple[EditionRow, ...]:
    """Return the editions that the program knows, the latest year first; ``damaged`` are folders of versions."""
    versions = edition_versions()
    order = sorted(versions.values(), key=lambda found: (found[0].year, found[0].id), reverse=True)
    return tuple(_row(texts, found, today, damaged) for found in order)


def choice_words(texts: Texts, heads: Collection[EditionHead]) -> dict[str, str]:
    """Return the names of editions to choose from, by id; equal ones are told apart by their ids."""
    names = {one.id: texts.cut(edition_words(texts.say, one.id), LONGEST_NAME) for one in heads}
    said = list(names.values())
    return {one: f"{name} ({one})" if said.count(name) > 1 else name for one, name in names.items()}


def _row(texts: Texts, found: tuple[EditionHead, ...], today: date, damaged: Collection[Path]) -> EditionRow:
    head, say = found[0], texts.say
    origin = say("ui.editions.shipped" if head.shipped else "ui.editions.installed")
    about = say("ui.editions.about", name=edition_words(say, head.id), version=head.version, origin=origin)
    days = period_words(say, head.opens, head.closes, today, texts.catalogue.language)
    lines = [head.title, about, days or say("ui.editions.no_days")]
    left = days_left(head.closes, today)
    is_damaged = any(one.folder in damaged for one in found)
    if is_damaged:
        lines.append(say("ui.editions.damaged"))
    mark: Literal["complete", "warning", "problems"] = "problems" if is_damaged else "complete"
    if mark == "complete" and left is not None and left < 0:
        mark = "warning"
    return EditionRow(head.id, mark, tuple(lines), any(not one.shipped for one in found))
