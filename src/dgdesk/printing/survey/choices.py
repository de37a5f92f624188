"""What a person may choose about a print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.notes import PART_OF_QUESTION, of_kinds, resolved, without_remarks

Variant = Literal["signing", "final", "draft", "blank", "answers", "compact", "problems"]
VARIANTS: Final[tuple[Variant, ...]] = ("final", "draft", "blank", "answers", "compact", "problems")
"""The prints of the survey alone; a signing set needs an export too."""

_SHORT: Final = ("answers", "compact")
"""What leaves out of the form what was not answered."""


class PrintChoices(NamedTuple):
    """The options of one print.

    ``final`` has no score estimate: it is what is signed. ``signing`` is ``final`` behind the papers that are signed.
    ``draft`` is the whole form, marked as a draft on every page, with the score estimate. ``blank`` is the form to be
    filled in by hand; ``answers`` leaves out options that were not chosen, and all notes but parts of a question;
    ``compact`` is a short copy for whoever approves; ``problems`` is the list of what is missing.
    ``section`` prints one section only. Without ``notes`` remarks ("หมายเหตุ") are left out; what defines, instructs or
    is printed as an example stays. ``skipped``: with ``reasons`` the whole form is printed, with the reason where a
    part need not be filled in; with ``leave-out`` only what is asked. ``thai_digits`` is for figures, dates and page
    numbers, and numbers in the texts of the form; codes, addresses and what a person typed stay as they are.
    ``initials`` adds a box for initials to every page; ``duplex`` mirrors the margins of even pages, for a print on
    both sides.
    """

    variant: Variant = "final"
    section: str | None = None
    thai_digits: bool = False
    large: bool = False
    notes: bool = True
    skipped: Literal["reasons", "leave-out"] = "reasons"
    initials: bool = False
    duplex: bool = False

    @property
    def whole_form(self) -> bool:
        """Whether what is not asked is printed too."""
        return self.variant == "blank" or (self.variant not in _SHORT and self.skipped == "reasons")

    def printed_notes(self, these: Iterable[Note]) -> tuple[Note, ...]:
        """Return those of the form's notes that are printed, with the true kind of each."""
        if self.variant in _SHORT:
            return of_kinds(these, PART_OF_QUESTION)
        return resolved(these) if self.notes else without_remarks(these)
