"""The rows of one valid bundle: its answers, scores and list of evidence. Pure functions of what the bundle holds.

The columns do not depend on the bundles: every field of the forms, in printed order, empty or not. What is the same in
all rows of a bundle, and says which one it is, comes first; whoever calls gives it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from dgdesk.agency.long_rows import LONG, LONG_KINDS, LongRows
from dgdesk.agency.tables.model import ONLY_TEXTS, ColumnKind, Kinds, Tables
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.report import Verification, printable
from dgdesk.bundle.respondents import province_of
from dgdesk.bundle.submission import AnySubmission, Unread
from dgdesk.errors import CheckFailed
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form
from dgdesk.system.bounds import as_text, exact_number, fits_number
from dgdesk.text.cells import SheetCell
from dgdesk.text.shown import plain_name

_MOST_PILLARS: Final = 100
_MOST_POINTS: Final = 1_000_000

BUNDLE: Final = ("file", "province", "edition", "draft", "digest", "respondent")
"""``province`` is empty for other respondents; ``respondent`` tells each from all others."""
FIGURES: Final = ("weight", "earned", "claimed", "waiting", "open", "external")
SCORES: Final = ("pillar", *FIGURES, "exempt", "high")
EVIDENCE: Final = (
    *("slot", "file_in_bundle", "name", "sha256", "size", "media_type", "pages", "passages", "marks", "marked_file"),
    "whole",
)
FIELDS: Final = ("field", "section", "code", "kind", "label")
OTHER: Final = "answers_outside_the_form"
SheetRow = tuple[str, tuple[SheetCell, ...]]
"""A table's name, and a row of it."""
Cells = tuple[SheetCell, ...]
_NUMBERS: Final = ("number", "percent")


def bundle_cells(file: str, verdict: Verification, edition: Callable[[str], str]) -> Cells:
    """Return the cells of `BUNDLE` of a valid bundle; ``edition`` makes words of an edition's id."""
    status = "yes" if verdict.draft else "no"
    whose = verdict.respondent or ""
    return file, province_of(verdict.respondent), edition(verdict.edition or ""), status, verdict.digest, whose


class BundleTables:
    """The tables ``answers``, ``scores``, ``evidence`` and ``fields``: their columns, and the rows of each bundle.

    ``first``: the columns that every row begins with, and ``first_kinds`` what they hold. With ``long`` the table
    ``answers_long``, a row for each answer, stands in place of ``answers``.
    """

    def __init__(
        self,
        forms: Sequence[Form],
        first: Sequence[str] = BUNDLE,
        first_kinds: Kinds = ONLY_TEXTS,
        *,
        long: bool = False,
    ) -> None:
        self._columns = tuple(_columns(forms))
        self._names = tuple(column.field for column in self._columns)
        self._place = {name: at for at, name in enumerate(self._names)}
        self._first = tuple(first)
        self._kinds: dict[str, ColumnKind] = dict(first_kinds)
        self._long = LongRows(forms) if long else None

    def open(self, tables: Tables) -> None:
        """Begin the tables."""
        if self._long is None:
            numbers: dict[str, ColumnKind] = {one.field: "number" for one in self._columns if one.kind in _NUMBERS}
            tables.open("answers", (*self._first, *self._names, OTHER), {**numbers, **self._kinds})
        else:
            tables.open("answers_long", (*self._first, *LONG), {**LONG_KINDS, **self._kinds})
        figures: dict[str, ColumnKind] = {one: "number" for one in (*FIGURES, "high")}
        tables.open("scores", (*self._first, *SCORES), {**figures, **self._kinds})
        tables.open("evidence", (*self._first, *EVIDENCE), {"size": "whole", "marks": "whole", **self._kinds})

    def describe(self, tables: Tables) -> None:
        """Write the table ``fields``, which says what the columns of ``answers`` are."""
        tables.open("fields", FIELDS)
        for column in self._columns:
            tables.add("fields", column)

    def rows(self, first: Cells, submission: AnySubmission, scores: bytes | None) -> Iterator[SheetRow]:
        """Yield all rows of a bundle. Raises CheckFailed ``collate.bad_figure``, before the first one."""
        pillars = list(_pillars(scores)) if scores is not None else []
        if self._long is None:
            yield "answers", (*first, *self._answers(submission))
        else:
            for cells in self._long.rows(submission):
                yield "answers_long", (*first, *cells)
        for row in pillars:
            yield "scores", (*first, *row)
        for item in submission.evidence:
            marks = len(item.marks) or None
            what = (item.slot, item.file, plain_name(item.name), item.sha256, item.size, item.media_type)
            where = (item.pages, item.passages, marks, item.marked_file or None, "yes" if item.whole else None)
            yield "evidence", (*first, *what, *where)

    def _answers(self, submission: AnySubmission) -> Cells:
        cells: list[SheetCell] = [None] * (len(self._names) + 1)
        other: dict[str, str] = {}
        for name, value in submission.answers.items():
            if (at := self._place.get(name)) is not None:
                cells[at] = _cell(value)
            else:
                other[name] = str(_cell(value))
        cells[-1] = json.dumps(other, ensure_ascii=False, sort_keys=True) if other else None
        return tuple(cells)


class _Column(NamedTuple):
    """A row of ``fields``."""

    field: str
    section: str
    code: str
    kind: str
    label: str


def _columns(forms: Sequence[Form]) -> Iterator[_Column]:
    seen = set()
    for form in forms:
        for node in form.nodes:
            if node.kind not in WITHOUT_ANSWER and node.address not in seen:
                seen.add(node.address)
                yield _Column(node.address, node.section, node.code or "", node.kind, node.label)


def _cell(value: object) -> SheetCell:
    match value:
        case str() | int() | Decimal() | None:
            return value
        case Unread():
            return value.unread
        case tuple():
            return "; ".join(str(one) for one in value)
    return str(value)


class _Digits(str):
    """A number as it is written: of hundreds in a score a few are asked for, and a Decimal takes time."""


def _pillars(content: bytes) -> Iterator[Cells]:
    """Yield the total and the pillars of data/score.json; a value that is no number becomes empty."""
    try:
        parsed: Any = read_json(content, _Digits)
    except ValueError:
        return
    if not isinstance(parsed, dict):
        return
    rows = [("total", parsed.get("total"))]
    pillars = parsed.get("pillars")
    for pillar in pillars[:_MOST_PILLARS] if isinstance(pillars, list) else ():
        if isinstance(pillar, dict):
            rows.append((printable(as_text(pillar.get("id", ""))), pillar))
    for name, figures in rows:
        if isinstance(figures, dict):
            exempt = "yes" if figures.get("exempt") is True else "no"
            cells = tuple(_figure(figures.get(key)) for key in FIGURES)
            high = [cells[FIGURES.index(key)] for key in ("claimed", "open", "external")]
            numbers = [one for one in high if isinstance(one, int | Decimal)]
            yield (name, *cells, exempt, sum(numbers, Decimal(0)) if len(numbers) == len(high) else None)


def _figure(value: object) -> SheetCell:
    """Return a figure as a cell. Raises CheckFailed ``collate.bad_figure``: no score can be that number."""
    if isinstance(value, _Digits):
        try:
            value = exact_number(value)
        except ValueError as error:
            raise CheckFailed("collate.bad_figure") from error
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if not fits_number(Decimal(value)) or not -_MOST_POINTS <= value <= _MOST_POINTS:
        raise CheckFailed("collate.bad_figure")
    return value
