"""The model, exact JSON and published schema of data/submission.json: the answers that are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, published_schema, read_json, stated_format
from dgdesk.survey.answers.marks import LAST_PAGE, LONGEST_NOTE, LONGEST_TEXT, MOST_MARKS, MOST_RECTS, PLACES, Mark
from dgdesk.survey.respondents import ISO_3166_2, Respondent, respondent_key
from dgdesk.system.bounds import (
    LARGEST_NUMBER,
    LARGEST_SIZE,
    LONGEST_NAME,
    LONGEST_PAGES,
    LONGEST_PASSAGES,
    LONGEST_UNREAD,
    fits_number,
)
from dgdesk.system.bounds import LONGEST_TEXT as LONGEST_ANSWER

FORMAT = 1
FORMAT_TWO = 2
"""Names any respondent, and what a correction replaces. Format 1 is written wherever it can be."""
SCHEMA_FILE = "docs/submission.schema.json"
SCHEMA_TWO_FILE = "docs/submission-2.schema.json"
LONGEST_REASON = 500
MOST_REVISIONS = 99_999


def _exact(number: Any) -> Any:
    return Decimal(number) if type(number) is int else number  # 0 and 1 are written so


def _bounded(number: Decimal) -> Decimal:
    if not fits_number(number):
        raise ValueError("more than a number may have")
    return number


def _in_order(rect: tuple[Decimal, Decimal, Decimal, Decimal]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    if not (rect[0] < rect[2] and rect[1] < rect[3]):
        raise ValueError("not left, top, right, bottom")
    return rect


def _true(said: bool) -> bool:
    if not said:
        raise ValueError("absent if it was not said")
    return said


def _without_default(schema: dict[str, Any]) -> None:
    """Leave the default out of the schema: in a file absent is not the same as empty, and empty is refused."""
    schema.pop("default", None)


_WORDS = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Reason = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON, pattern=_WORDS)]
DRAFT_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# Not Literal[1], which accepts true as 1.
Format = Annotated[int, Field(ge=FORMAT, le=FORMAT), WithJsonSchema({"const": FORMAT, "type": "integer"})]
FormatTwo = Annotated[
    int, Field(ge=FORMAT_TWO, le=FORMAT_TWO), WithJsonSchema({"const": FORMAT_TWO, "type": "integer"})
]
_MOST = int(LARGEST_NUMBER)
Whole = Annotated[int, Field(ge=-_MOST, le=_MOST)]
JsonNumber = Annotated[
    Decimal, AfterValidator(_bounded), WithJsonSchema({"type": "number", "minimum": -_MOST, "maximum": _MOST})
]
Answer = Annotated[str, StringConstraints(max_length=LONGEST_ANSWER)]
Ids = Annotated[tuple[Label, ...], Field(strict=False, max_length=1_000, fail_fast=True)]
Fraction = Annotated[
    Decimal,
    Field(ge=0, le=1, max_digits=PLACES + 1, decimal_places=PLACES),
    BeforeValidator(_exact),  # after the bounds, which pydantic checks itself then: a bundle may have many marks
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
RectItem = Annotated[tuple[Fraction, Fraction, Fraction, Fraction], Field(strict=False), AfterValidator(_in_order)]
MOST_ANSWERS = MOST_EVIDENCE = 20_000


Said = Annotated[bool, AfterValidator(_true), WithJsonSchema({"const": True, "type": "boolean"})]


class Unread(Strict):
    """Something typed that is not a value of its field, kept as it was typed."""

    unread: Annotated[str, StringConstraints(max_length=LONGEST_UNREAD)]


class MarkItem(Strict):
    """One marked passage of a file at one place."""

    page: int = Field(ge=1, le=LAST_PAGE, description="Counted from 1; a picture has page 1.")
    rects: Annotated[tuple[RectItem, ...], Field(strict=False, min_length=1, max_length=MOST_RECTS, fail_fast=True)] = (
        Field(
            description="Left, top, right and bottom in fractions of the page as it is displayed upright (CropBox, "
            "/Rotate and EXIF orientation applied), the origin at the top left."
        )
    )
    note: str = Field(max_length=LONGEST_NOTE, description="What the person says of it; may be empty.")
    text: str = Field(max_length=LONGEST_TEXT, description="What was selected in a PDF; may be empty.")


def mark_item(mark: Mark) -> MarkItem:
    """Return a mark in the form that is handed in, its fractions exact."""
    rects = tuple(tuple(Decimal(f"{one:.{PLACES}f}").normalize() for one in rect.corners) for rect in mark.rects)
    return MarkItem.model_validate({"page": mark.page, "rects": rects, "note": mark.note, "text": mark.text})


class EvidenceItem(Strict):
    """One evidence file at one place of the form; a file attached at several places is listed for each."""

    slot: Label
    file: Annotated[str, StringConstraints(pattern=r"^evidence/E[0-9]{4,6}(\.[a-z0-9]{1,10})?$")] = Field(
        description="Path below data/."
    )
    name: Annotated[
        str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^/\\\x00-\x1f\x7f]+$")
    ] = Field(description="The file's name as the person knew it; not to be used as a path unchecked.")
    sha256: Sha256
    size: int = Field(ge=0, le=LARGEST_SIZE, description="In bytes.")
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-zA-Z0-9.+-]{1,100}$")]
    pages: str = Field(
        max_length=LONGEST_PAGES, description="In words: on which pages the key passage stands; may be empty."
    )
    passages: str = Field(max_length=LONGEST_PASSAGES, description="In words: the key passage; may be empty.")
    marks: Annotated[tuple[MarkItem, ...], Field(strict=False, min_length=1, max_length=MOST_MARKS, fail_fast=True)] = (
        Field(
            default=(),
            description="Where the key passage stands; absent when nothing was marked on the pages.",
            json_schema_extra=_without_default,
        )
    )
    whole: Said = Field(
        default=False,
        description="True when a person said that the whole file is the key passage; absent otherwise.",
        json_schema_extra=_without_default,
    )
    marked_file: Annotated[str, StringConstraints(pattern=r"^marked/E[0-9]{4,6}\.[a-z0-9]{1,10}$")] = Field(
        default="",
        description="Path below data/ of a copy that shows the marks of all places of this file; absent without marks, "
        "and where there can be no copy (office files, a file that needs a password, a damaged one).",
        json_schema_extra=_without_default,
    )


class RespondentItem(Strict):
    """Who answers: a code in a scheme, and the name that the edition gives it."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=30)]
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=30)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")] = Field(
        description="As the sender's edition has it; what counts is scheme and id."
    )

    @property
    def key(self) -> str:
        """What tells this respondent from all others."""
        return respondent_key(self.scheme, self.id)


class _Submission(Strict):
    """What every format of a submission has."""

    edition: Label
    definition_sha256: Sha256 = Field(description="SHA-256 of data/definition.json.")
    answers: dict[Label, Answer | Whole | JsonNumber | Ids | Unread] = Field(
        description="By the id of the field: a text, an option's id or a number; the ids of several options or of a "
        "repeat's items; or what was typed and could not be read. No answer is no entry. The text of a telephone, "
        "e-mail or web field may be several entries with a comma and a space between them."
    )
    evidence: Annotated[tuple[EvidenceItem, ...], Field(strict=False, max_length=MOST_EVIDENCE, fail_fast=True)]

    @field_validator("answers", mode="before")
    @classmethod
    def _bound(cls, answers: Any) -> Any:
        # For the same reason as above.
        if isinstance(answers, Mapping) and len(answers) > MOST_ANSWERS:
            raise ValueError("too many answers")
        return answers

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        # Fields with a default were added later and are not written if they say nothing.
        return canonical_json(self.model_dump(exclude_defaults=True))


class Submission(_Submission):
    """What one province hands in, without the evidence files themselves."""

    format: Format
    province: Label

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.province

    @property
    def respondent_id(self) -> str:
        """The code of the respondent, as its question has it."""
        return self.province


CORRECTION = ("revision", "supersedes", "reason")
"""The keys of a correction; a submission has all of them or none."""


def _correction_schema(schema: dict[str, Any]) -> None:
    """Say in the schema, too, that the keys of a correction come together."""
    schema["dependentRequired"] = {key: [other for other in CORRECTION if other != key] for key in CORRECTION}


class SubmissionTwo(_Submission):
    """What one respondent hands in, without the evidence files themselves: format 2, for any scheme of respondents,
    and for corrections.
    """

    model_config = ConfigDict(json_schema_extra=_correction_schema)

    format: FormatTwo
    respondent: RespondentItem
    draft_id: Annotated[str, StringConstraints(pattern=DRAFT_ID)] = Field(
        default="",
        description="Of the draft that it was exported from, the same in all its exports; a random UUID.",
        json_schema_extra=_without_default,
    )
    revision: int = Field(
        default=1,
        ge=2,
        le=MOST_REVISIONS,
        description="2 for the first correction, and so on; absent from what replaces nothing.",
        json_schema_extra=_without_default,
    )
    supersedes: Sha256 = Field(
        default="",
        description="The bundle digest of what this one replaces: the SHA-256 of its tagmanifest-sha256.txt.",
        json_schema_extra=_without_default,
    )
    reason: Reason = Field(
        default="", description="Why it was corrected, in words.", json_schema_extra=_without_default
    )

    @model_validator(mode="after")
    def _whole_correction(self) -> SubmissionTwo:
        if len({key in self.model_fields_set for key in CORRECTION}) > 1:
            raise ValueError("revision, supersedes and reason come together")
        return self

    @property
    def respondent_key(self) -> str:
        """What tells the respondent from all others."""
        return self.respondent.key

    @property
    def respondent_id(self) -> str:
        """The code of the respondent, as its question has it."""
        return self.respondent.id


AnySubmission = Submission | SubmissionTwo


def make_submission(
    respondent: Respondent, facts: Mapping[str, object], correction: Mapping[str, object] | None = None
) -> AnySubmission:
    """Make a submission of a respondent, in the earliest format that can say all of it.

    ``correction``: the draft's id and the keys of `CORRECTION`, if it replaces an earlier one.

    Raises:
        ValidationError: the facts are not those of a submission.
    """
    if respondent.scheme == ISO_3166_2 and not correction:
        return Submission.model_validate({**facts, "format": FORMAT, "province": respondent.id})
    whose = {"scheme": respondent.scheme, "id": respondent.id, "name": respondent.name}
    return SubmissionTwo.model_validate({**facts, **(correction or {}), "format": FORMAT_TWO, "respondent": whose})


def read_submission(content: bytes) -> AnySubmission:
    """Read data/submission.json.

    Raises:
        ValueError: not JSON (duplicate key, NaN, too deep), or not of this model (pydantic's ``ValidationError``).
    """
    return parsed_submission(read_json(content))


def parsed_submission(parsed: object) -> AnySubmission:
    """Return JSON as the submission of the format that it names. Raises ValidationError: it is not of that model."""
    model = SubmissionTwo if stated_format(parsed) == FORMAT_TWO else Submission
    return model.model_validate(parsed)


def submission_schema() -> bytes:
    """Return the JSON Schema (2020-12) of data/submission.json, as published in ``docs/submission.schema.json``."""
    return published_schema(Submission, "dgdesk submission")


def submission_two_schema() -> bytes:
    """Return the JSON Schema (2020-12) of format 2, as published in ``docs/submission-2.schema.json``."""
    return published_schema(SubmissionTwo, "dgdesk submission, format 2")


def place_of_fault(error: ValidationError) -> str:
    """Return the path of the first fault in a document, joined by dots, without any content of the document."""
    steps = error.errors(include_url=False, include_input=False)[0]["loc"]
    if steps[:1] == ("answers",):
        steps = steps[:2]  # the rest only names the kinds that an answer may have
    return ".".join(map(str, steps))
