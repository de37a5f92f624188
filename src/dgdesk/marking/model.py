"""Marking, value types: a mark with the question it belongs to, and what became of a copy."""

from __future__ import annotations

from dataclasses import dataclass

from dgdesk.survey.answers.marks import Mark


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark and the printed code of the question whose evidence it marks."""

    code: str
    mark: Mark


def in_words(placed: PlacedMark) -> str:
    """Return the text that a reader shows for a mark: the question's code and the note."""
    return f"{placed.code} {placed.mark.note}".strip()
