"""What every part of a print uses: form, facts, and the style of every kind of text (in points)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import BLACK, GREY, Colour, ParagraphStyle, TextRun
from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.survey.answers.values import Answers, Value
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.respondent import called, named
from dgdesk.survey.respondents import Respondent
from dgdesk.survey.rules.state import Rules, State
from dgdesk.text.dates import format_date, format_time, iso_month_text, thai_day, thai_time
from dgdesk.text.digits import format_number, prose_to_thai, to_thai
from dgdesk.text.messages import Catalogue


@dataclass(frozen=True)
class PrintSource:
    """What is printed. ``state`` is None for a form to be filled in by hand.

    ``respondent`` is None before it is said who answers; ``numbers`` gives the number of every submitted file
    (``E0001``) by its SHA-256;
    ``answers_digest`` is the hex SHA-256 of data/submission.json, None before there is one.
    """

    rules: Rules
    state: State | None
    claimed: datetime
    respondent: Respondent | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    answers_digest: str | None = None

    @property
    def form(self) -> Form:
        """The form that is printed."""
        return self.rules.form

    @property
    def respondent_name(self) -> str:
        """The name of who answers; empty before it is said."""
        return self.respondent.name if self.respondent is not None else ""


@dataclass(frozen=True)
class PrintContext:
    """What the parts of one print share.

    ``anchored`` collects the evidence slots that were printed, so that the index links only to those. ``reasons`` has
    the text printed above a node that need not be filled in, by the node's position. ``grey`` is set for such a part,
    and ``item_number`` inside the item of a repeat. With ``spots`` every question can be found (`Named`), not only the
    outer ones: for a layout that is never written.
    """

    source: PrintSource
    choices: PrintChoices
    setter: LineBreaker
    styles: PrintStyles
    catalogue: Catalogue
    anchored: set[str] = field(default_factory=set)
    reasons: Mapping[int, str] = field(default_factory=dict)
    grey: bool = False
    item_number: int | None = None
    spots: bool = False
    _read: dict[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form that is printed."""
        return self.source.form

    @property
    def called(self) -> str:
        """What a respondent of this survey is: "จังหวัด"."""
        return called(self.form.respondent, self.say)

    @property
    def named(self) -> str:
        """Who answers, as one speaks of it: "จังหวัดเชียงใหม่"; empty before it is said."""
        return named(self.form.respondent, self.source.respondent_name, self.say)

    @property
    def blank(self) -> bool:
        """Whether the print is to be filled in by hand."""
        return self.choices.variant == "blank" or self.source.state is None

    @cached_property
    def answers(self) -> Answers:
        """The answers; empty on a form to be filled in by hand."""
        return {} if self.blank or self.source.state is None else self.source.state.facts.answers

    @property
    def greyed(self) -> PrintContext:
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

    def prose(self, text: str) -> str:
        """``text`` of the form or the program, with its numbers in the chosen digits; codes and addresses stay."""
        return prose_to_thai(text) if self.choices.thai_digits else text

    def number(self, value: Decimal | int) -> str:
        """A number as Thai offices write it, in the chosen digits."""
        return format_number(Decimal(value), self.choices.thai_digits)

    def month(self, iso: str) -> str:
        """A month with its Buddhist year; text that is no month stays as it is."""
        return self.digits(iso_month_text(iso, "th"))

    def date(self, moment: datetime) -> str:
        """A date with its Buddhist year, in the chosen digits."""
        return self.digits(format_date(thai_day(moment)))

    def time(self, moment: datetime) -> str:
        """Date and time of day."""
        return f"{self.date(moment)} {self.digits(format_time(thai_time(moment)))}"

    def describe(self, target: str, text: str, page: int | None) -> str:
        """A link in words: where it leads."""
        words = " ".join(text.split())
        if page is not None:
            return self.say("print.read.to_page", page=self.digits(str(page)), text=words)
        if target.startswith("mailto:"):
            return self.say("print.read.to_mail", text=words)
        return self.say("print.read.to_web", text=words)

    def mark(self, sign: str, chosen: bool | None, colour: Colour | None = None) -> TextRun:
        """The mark of an option as it is read: whether it is ``chosen``, or None if that is left to be filled in."""
        words = "to_tick" if self.blank or chosen is None else "chosen" if chosen else "not_chosen"
        return TextRun(sign, colour=colour, said=self.read(words))

    def read(self, name: str) -> str:
        """What is read instead of something printed."""
        known = self._read.get(name)
        if known is None:
            known = self._read[name] = self.say(f"print.read.{name}")
        return known

    def text(
        self,
        text: str | Sequence[TextRun],
        style: ParagraphStyle,
        *,
        label: str | TextRun = "",
        place: str = "",
        keep: bool = False,
    ) -> Block:
        """A paragraph; grey if the part need not be filled in."""
        if self.grey:
            style = _greyed(style)
        return Paragraph(self.setter, text, style, label=label, place=place, keep_with_next=keep)


@lru_cache(maxsize=256)  # a print has some twenty styles, and most parts of an empty form are grey
def _greyed(style: ParagraphStyle) -> ParagraphStyle:
    return style._replace(colour=GREY, skipped=True)


INK: Final[Colour] = (0.05, 0.13, 0.42)
"""The colour of answers. In black and white it is as dark as black; there the band and the bar mark the answers."""
BAND: Final[Colour] = (0.925, 0.925, 0.925)
HEAD: Final[Colour] = (0.86, 0.86, 0.86)
LINE: Final[Colour] = (0.45, 0.45, 0.45)
WATER: Final[Colour] = (0.62, 0.62, 0.62)
"""The outline of the word across a draft: seen on white and on every fill, and the text below it can be read."""
LARGE: Final = 1.35
COMPACT: Final = 0.92
"""The scale of what is copied for many people, or read at one sitting."""
LEAST: Final = 9.5  # points; 14.5 points of TH Sarabun


@dataclass(frozen=True)
class PrintStyles:
    """Styles by use; ``scale`` multiplies every size."""

    scale: float = 1.0

    def style(
        self,
        size: float = 10.5,
        *,
        bold: bool = False,
        colour: Colour = BLACK,
        before: float = 0,
        after: float = 0,
        rank: int = 0,
    ) -> ParagraphStyle:
        """A style of this scale."""
        scale = self.scale
        return ParagraphStyle(size * scale, bold, colour, before=before * scale, after=after * scale, rank=rank)

    def _readable(self, colour: Colour, before: float, after: float = 1.0) -> ParagraphStyle:
        """The smallest text that is read as sentences; no scale makes it smaller than `LEAST`."""
        style = self.style(LEAST, colour=colour, before=before, after=after)
        return style._replace(size=max(style.size, LEAST))

    @cached_property
    def indent(self) -> float:
        """The indent of a follow-up question."""
        return 17.0 * self.scale

    @cached_property
    def title(self) -> ParagraphStyle:
        """The document's title."""
        return self.style(20, bold=True, after=6, rank=1)

    @cached_property
    def section(self) -> ParagraphStyle:
        """The heading of a section."""
        return self.style(14.5, bold=True, before=14, after=3, rank=2)

    @cached_property
    def page(self) -> ParagraphStyle:
        """A heading within a section."""
        return self.style(12, bold=True, before=12, after=2, rank=3)

    @cached_property
    def question(self) -> ParagraphStyle:
        """An outer question: one that is not nested in another."""
        return self.style(bold=True, before=9 if self.scale >= 1 else 5, after=1.5, rank=4)

    @cached_property
    def label(self) -> ParagraphStyle:
        """A follow-up question, or the label of a blank."""
        return self.style(before=2.5, after=1)

    @cached_property
    def option(self) -> ParagraphStyle:
        """An option; its mark is left of the text."""
        size = 10.5 * self.scale
        return ParagraphStyle(size, hang=self.indent, before=1.5 * self.scale)

    @cached_property
    def note(self) -> ParagraphStyle:
        """Notes of the form."""
        return self._readable(GREY, 1)

    @cached_property
    def rule(self) -> ParagraphStyle:
        """Definitions and instructions of the form, which have to be read before answering."""
        return self._readable(BLACK, 1.5)

    @cached_property
    def unused(self) -> ParagraphStyle:
        """Unused items of a repeat."""
        return self._readable(GREY, 2)

    @cached_property
    def answer(self) -> ParagraphStyle:
        """Answers."""
        return self.style(colour=INK)

    @cached_property
    def small(self) -> ParagraphStyle:
        """Evidence and remarks of the program."""
        return self._readable(BLACK, 0, 0)

    @cached_property
    def cell(self) -> ParagraphStyle:
        """Text of a table."""
        return self.style(9.2)

    @cached_property
    def head(self) -> ParagraphStyle:
        """The head of a table."""
        return self.style(8.8, bold=True)
