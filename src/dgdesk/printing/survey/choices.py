"""What a person may choose about a print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Variant = Literal["final", "draft", "blank", "answers", "problems"]
VARIANTS: Final[tuple[Variant, ...]] = ("final", "draft", "blank", "answers", "problems")


@dataclass(frozen=True)
class PrintChoices:
    """The options of one print.

    ``draft`` is ``final`` with a watermark; ``blank`` is the form to be filled in by hand; ``answers`` leaves out
    options that were not chosen, and the form's notes; ``problems`` is the list of what is missing. ``section`` prints
    one section only. ``skipped``: with ``reasons`` the whole form is printed, with the reason where a part need not be
    filled in; with ``leave-out`` only what is asked. ``thai_digits`` is for figures, dates and page numbers; the texts
    of the form and what a person typed stay as they are.
    """

    variant: Variant = "final"
    section: str | None = None
    thai_digits: bool = False
    large: bool = False
    notes: bool = True
    skipped: Literal["reasons", "leave-out"] = "reasons"

    @property
    def whole_form(self) -> bool:
        """Whether what is not asked is printed too."""
        return self.variant == "blank" or (self.variant != "answers" and self.skipped == "reasons")

    @property
    def with_notes(self) -> bool:
        """Whether the form's notes are printed."""
        return self.notes and self.variant != "answers"
