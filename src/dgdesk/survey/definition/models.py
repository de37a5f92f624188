"""The questionnaire as frozen models: sections, pages, fields, options, tables, notes.

A `Field` is anything that is asked or shown; `kind` says which. Most conditions are expressed by structure: a follow-up
is inside the option that opens it. Addresses of answers are built in `form`.

The annotations are no strings (no ``from __future__ import annotations``): pydantic would compile each at every start.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, StringConstraints

from dgdesk.system.bounds import LARGEST_NUMBER, LARGEST_SIZE, LONGEST_TEXT, MOST_DECIMALS

Kind = Literal[
    "text",
    "long_text",
    "number",
    "percent",
    "url",
    "email",
    "phone",
    "month_year",
    "single",
    "multiple",
    "matrix",
    "repeat",
    "group",
]
Rule = Literal["required", "or_url", "optional"]
NoteKind = Literal["note", "example", "definition", "instruction", "question", "heading"]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$", max_length=60)]
Number = Annotated[Decimal, pydantic.Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, decimal_places=MOST_DECIMALS)]
Size = Annotated[int, pydantic.Field(ge=1, le=LARGEST_SIZE)]
OptionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=30)]


class Frozen(BaseModel):
    """A model that is immutable and refuses unknown keys. Its validator is built at the first use."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=LONGEST_TEXT, defer_build=True)


class Note(Frozen):
    """A text printed with a question, with numbered items where the form prints them.

    ``kind``: a ``note`` only remarks; an ``example``; a ``definition`` says what a word means or what counts; an
    ``instruction`` says how to answer; ``question`` continues the question's own text; a ``heading`` is over what
    follows. An item that is a ``note`` is what the text around it is (`notes.resolved`).
    """

    kind: NoteKind = "note"
    label: str = ""
    text: str = ""
    items: tuple["Note", ...] = ()


class Chosen(Frozen):
    """True when the field is relevant and the option is chosen in it."""

    chosen: tuple[Id, OptionId]


class All(Frozen):
    """True if every part is true."""

    all: tuple["Condition", ...]


class Any_(Frozen):
    """True if at least one part is true."""

    any: tuple["Condition", ...]


class Not(Frozen):
    """True if the part is false."""

    not_: "Condition"


Condition = Chosen | All | Any_ | Not


class EvidenceRequest(Frozen):
    """A request for evidence: ``required``, ``or_url`` (the URL field may be used instead) or ``optional``.

    ``at`` says whether the request is printed after the label or after the follow-up fields.
    """

    rule: Rule = "required"
    text: str
    url: Id | None = None
    at: Literal["label", "end"] = "label"


class Skip(Frozen):
    """A printed skip: when the option is chosen, everything up to field ``to`` is left out."""

    to: Id
    text: str


class Option(Frozen):
    """One choice of a single or multiple field. ``own`` marks an option that the printed form lacks.

    ``negative`` marks the option that says "no" to the question: nothing of what it asks for is there.
    """

    id: OptionId
    label: str = ""
    code: str | None = None
    hint: str = ""
    notes: tuple[Note, ...] = ()
    evidence: EvidenceRequest | None = None
    skip: Skip | None = None
    fields: tuple["Field", ...] = ()
    exclusive: bool = False
    own: bool = False
    negative: bool = False


class Column(Frozen):
    """A column of a matrix; ``group`` names its question if a row asks several. ``negative`` as in an option."""

    id: OptionId
    label: str
    group: OptionId | None = None
    evidence: EvidenceRequest | None = None
    negative: bool = False


class ColumnGroup(Frozen):
    """One of several questions asked in each row of a matrix."""

    id: OptionId
    label: str


class Cell(Frozen):
    """What a single cell has in addition to its column."""

    evidence: EvidenceRequest | None = None
    fields: tuple["Field", ...] = ()


class Row(Frozen):
    """A row of a matrix; ``header`` rows ask nothing."""

    id: OptionId
    label: str
    header: bool = False
    required: bool = True
    notes: tuple[Note, ...] = ()
    cells: Mapping[str, Cell] = {}


class Field(Frozen):
    """A question, a blank, a table or a group of them.

    ``code`` is the printed code or None. ``heading`` is the printed heading over a question that is not the first
    of its page; the first has the page's title. A ``required`` field must be answered if it is relevant; an
    ``advised`` one, which is not required, is a warning if it is not. ``{n}`` in the label of a field inside a
    repeat is replaced by the item's printed number. ``headings`` are those of a table's answers, of a repeat's
    parts, or of a group of single choices printed as a table: one over the questions, one over the answers. A url
    field takes ``several`` addresses or one; a phone field may be meant for ``mobile`` numbers only, and names the
    field beside it that takes the ``extension``.
    """

    id: Id
    kind: Kind
    code: str | None = None
    heading: str = ""
    label: str = ""
    hint: str = ""
    unit: str = ""
    blanks: tuple[str, ...] = ()
    required: bool = True
    advised: bool = False
    notes: tuple[Note, ...] = ()
    notes_after: tuple[Note, ...] = ()
    when: Condition | None = None
    fields: tuple["Field", ...] = ()
    options: tuple[Option, ...] = ()
    groups: tuple[ColumnGroup, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    headings: tuple[str, ...] = ()
    max_items: Annotated[int, pydantic.Field(ge=1, le=99)] | None = None
    first_number: Annotated[int, pydantic.Field(ge=0, le=10_000)] = 1
    evidence: EvidenceRequest | None = None
    min: Number | None = None
    max: Number | None = None
    decimals: Annotated[int, pydantic.Field(ge=0, le=MOST_DECIMALS)] = 0
    several: bool = False
    mobile: bool = False
    extension: Id | None = None

    def children(self) -> Iterator["Field"]:
        """Yield the fields directly inside this one, in printed order."""
        yield from self.fields
        for option in self.options:
            yield from option.fields
        for row in self.rows:
            for cell in row.cells.values():
                yield from cell.fields

    def walk(self) -> Iterator["Field"]:
        """Yield this field and all fields inside it, in printed order."""
        yield self
        for child in self.children():
            yield from child.walk()


class Page(Frozen):
    """Questions shown together; ``title`` is the printed heading over them, if one begins here.

    ``short`` says in a few words what is asked, for navigation; definitions of 0.1.0 have none.
    """

    id: Id
    short: str = ""
    title: str = ""
    items: tuple[Field, ...]

    def headed(self) -> Iterator[tuple[str, Field]]:
        """Yield each question with the printed heading over it, empty if there is none."""
        for at, item in enumerate(self.items):
            yield self.title if at == 0 else item.heading, item


class Section(Frozen):
    """A part of the form. ``indicator`` and ``weight`` (per cent of the whole) are as printed, if it is scored.

    ``short`` is its name in a few words, for navigation.
    """

    id: Id
    title: str
    short: str = ""
    indicator: str | None = None
    weight: Number | None = None
    notes: tuple[Note, ...] = ()
    pages: tuple[Page, ...]

    def fields(self) -> Iterator[Field]:
        """Yield every field of the section, nested ones too, in printed order."""
        for page in self.pages:
            for item in page.items:
                yield from item.walk()


class Indicator(Frozen):
    """A line of the table of indicators; ``id`` is the corrected number, ``number`` the printed one."""

    id: str
    number: str
    name: str
    purpose: str = ""
    starred: bool = False
    indicators: tuple["Indicator", ...] = ()


class Pillar(Frozen):
    """One of the seven weighted areas."""

    id: str
    heading: str
    title: str
    weight: Number
    weight_text: str
    indicators: tuple[Indicator, ...]


class IndicatorTable(Frozen):
    """The form's two-page table of indicators."""

    headings: tuple[str, ...]
    pillars: tuple[Pillar, ...]
    footnote: Note


class Check(Frozen):
    """A comparison of two answers, named by their addresses. ``code`` is the sentence for what it finds.

    ============== =================================================================================================
    at_most        the number ``left`` must not exceed the number ``right``
    positive       the number ``left`` must be above zero; it has no ``right``
    needs          where ``left_option`` is chosen in ``left``, ``right_option`` must be in ``right``
    needs_positive there, ``right`` must be a number above zero
    excludes       there, ``right_option`` must not be in ``right``; without one, ``right`` must be empty or 0
    named          if the number ``left`` is above zero, the repeat ``right`` must have an item
    all_named      it must have as many items as ``left``, if it has any and can have so many
    counted        it must not have more items than the number ``left``
    ============== =================================================================================================
    """

    code: str
    kind: Literal["at_most", "positive", "needs", "needs_positive", "excludes", "named", "all_named", "counted"]
    left: str
    right: str = ""
    left_option: str | None = None
    right_option: str | None = None
    severity: Literal["error", "warning"]


class EvidenceLimits(Frozen):
    """How much evidence an edition accepts, in bytes: ``file`` in one file, ``total`` in all different files."""

    file: Size
    total: Size


class Role(Frozen):
    """A person who signs the print by hand; ``title`` is the position as printed on the sheet."""

    id: Id
    title: str


class SignOff(Frozen):
    """What is certified by hand, and by whom, in the order of signing. The texts are the program's, not the form's."""

    certification: str
    roles: tuple[Role, ...]


class Words(Frozen):
    """The same in two languages; ``en`` may be left out."""

    th: str
    en: str = ""


class RespondentField(Frozen):
    """The question that says who answers, and the scheme of its codes.

    ``called`` is what such an office is ("กรม"), ``named`` how one is spoken of ("กรม{name}"); the program's own words
    for provinces where they are left out.
    """

    field: Id
    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=30)]
    called: Words | None = None
    named: Words | None = None


class Issued(Frozen):
    """Who asks, by what law, and whose original the words of the form follow; the papers say it.

    ``law`` begins as a law is cited ("มาตรา 10 (3) แห่ง…"). What is left out is not said.
    """

    owner: Words
    law: Words | None = None
    original: Words | None = None


class Contact(Frozen):
    """The questions about the office's address and the person who fills in the form; the window asks them first."""

    address: Id | None = None
    first_name: Id | None = None
    last_name: Id | None = None
    position: Id | None = None
    office_phone: Id | None = None
    mobile: Id | None = None


class Definition(Frozen):
    """The whole questionnaire of one edition.

    Limits, sign-off, respondent, contact and who issued it are None in drafts from before they existed.
    """

    edition: Id
    title: str
    sections: tuple[Section, ...]
    indicators: IndicatorTable
    checks: tuple[Check, ...] = ()
    evidence_limits: EvidenceLimits | None = None
    signoff: SignOff | None = None
    respondent: RespondentField | None = None
    contact: Contact | None = None
    issued: Issued | None = None
    closes: date | None = None
    """The last day for submitting, if the edition names one."""

    def fields(self) -> Iterator[Field]:
        """Yield every field in printed order."""
        for section in self.sections:
            yield from section.fields()
