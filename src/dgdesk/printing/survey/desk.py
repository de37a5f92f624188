"""What every part of a print uses: the form, what is known, the styles, and what a person may choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from dgdesk.printing.blocks import Block
from dgdesk.printing.lines import Setter
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import GREY, Run, Style
from dgdesk.printing.survey.choices import Choices
from dgdesk.printing.survey.looks import Looks
from dgdesk.survey.answers.values import Answers, Value
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import Rules, State
from dgdesk.text.dates import THAILAND, format_date, format_time
from dgdesk.text.digits import format_number, to_thai
from dgdesk.text.messages import Catalogue

"""Times are printed in Thailand's time zone, whatever the PC is set to."""


@dataclass(frozen=True)
class Source:
    """What is printed. ``state`` is None for a form to be filled in by hand.

    ``province`` is its Thai name; ``numbers`` gives the number of every submitted file (``E0001``) by its SHA-256;
    ``answers_digest`` is the hex SHA-256 of data/submission.json, None before there is one.
    """

    rules: Rules
    state: State | None
    claimed: datetime
    province: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    answers_digest: str | None = None

    @property
    def form(self) -> Form:
        """The form that is printed."""
        return self.rules.form


@dataclass(frozen=True)
class Desk:
    """What the parts of one print share.

    ``anchored`` collects the evidence slots that were printed, so that the index links only to those. ``reasons`` has
    the text printed above a node that need not be filled in, by the node's position. ``grey`` is set for such a part,
    and ``item_number`` inside the item of a repeat.
    """

    source: Source
    choices: Choices
    setter: Setter
    styles: Looks
    catalogue: Catalogue
    anchored: set[str] = field(default_factory=set)
    reasons: Mapping[int, str] = field(default_factory=dict)
    grey: bool = False
    item_number: int | None = None

    @property
    def form(self) -> Form:
        """The form that is printed."""
        return self.source.form

    @property
    def blank(self) -> bool:
        """Whether the print is to be filled in by hand."""
        return self.choices.variant == "blank" or self.source.state is None

    @cached_property
    def answers(self) -> Answers:
        """The answers; empty on a form to be filled in by hand."""
        return {} if self.blank or self.source.state is None else self.source.state.facts.answers

    @property
    def greyed(self) -> Desk:
        """The same context for a part that need not be filled in."""
        return replace(self, grey=True)

    def shown(self, at: int) -> bool:
        """Whether the node at ``at`` is asked now; always true on a form to be filled in by hand."""
        return True if self.blank or self.source.state is None else self.source.state.shown[at]

    def answer(self, at: int) -> Value | None:
        """The answer at position ``at`` if it is asked, else None."""
        return self.answers.get(self.form.nodes[at].address) if self.shown(at) else None

    def say(self, code: str, /, **values: object) -> str:
        """The program's text for a message code."""
        return self.catalogue.text(code, **values)

    def digits(self, text: str) -> str:
        """``text`` with its figures in the chosen digits, Thai or Arabic."""
        return to_thai(text) if self.choices.thai_digits else text

    def number(self, value: Decimal | int) -> str:
        """A number as Thai offices write it, in the chosen digits."""
        return format_number(Decimal(value), self.choices.thai_digits)

    def date(self, moment: datetime) -> str:
        """A date with its Buddhist year, in the chosen digits."""
        return self.digits(format_date(moment.astimezone(THAILAND).date()))

    def time(self, moment: datetime) -> str:
        """Date and time of day."""
        return f"{self.date(moment)} {self.digits(format_time(moment.astimezone(THAILAND)))}"

    def text(
        self,
        text: str | Sequence[Run],
        style: Style,
        *,
        label: str | Run = "",
        place: str = "",
        keep: bool = False,
    ) -> Block:
        """A paragraph; grey if the part need not be filled in."""
        if self.grey:
            style = replace(style, colour=GREY)
        return Paragraph(self.setter, text, style, label=label, place=place, keep_with_next=keep)
