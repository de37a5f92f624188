"""What many verified bundles say, as tables: files, answers, scores, evidence, and what was refused.

Answers and scores of each bundle wait in a temporary file until all are checked and it is known which ones count, so
memory does not grow with the number of bundles. All rows of a bundle are made once before, so that one with a bad row
only adds the reason. The columns do not depend on the bundles: every field of the form, in printed order, empty or not.
A text too long for a cell is split into parts in a separate table, which exists only if needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Protocol

from dgdesk.agency.check import check_files
from dgdesk.agency.scan import FoundFile
from dgdesk.agency.submission_rows import SUBMISSIONS, outcome_of, submission_row
from dgdesk.agency.submissions import SubmissionLine, submissions
from dgdesk.agency.verdicts import UNCHECKED, FileResult, InboxResult, shown_names
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.report import BundleProblem, Limits, Verification, printable
from dgdesk.bundle.respondents import province_of
from dgdesk.bundle.signing.trust_list import Trusted
from dgdesk.bundle.submission import AnySubmission, Unread, read_submission
from dgdesk.bundle.verify import Checked, read_checked
from dgdesk.errors import CheckFailed
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form
from dgdesk.system.bounds import as_text, fits_number
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.scratch import temporary
from dgdesk.text.cells import SheetCell, fits, split
from dgdesk.text.shown import plain_name

SCORE = "data/score.json"
_MOST_SCORE = 4 << 20
_MOST_PILLARS = 100
_MOST_POINTS = 1_000_000
_LONG_PART = 32_000

FILES = (
    *("file", "accepted", "province", "edition", "draft", "signer", "claimed_time", "digest", "problems", "warnings"),
    *("verdict", "same_as", "same_respondent", "respondent"),
    *("outcome", "revision", "supersedes", "reason"),
)
BUNDLE = ("file", "province", "edition", "draft", "digest", "respondent")
"""``province`` is empty for other respondents; ``respondent`` tells each from all others."""
FIGURES = ("weight", "earned", "claimed", "waiting", "open", "external")
EVIDENCE = (
    "slot",
    "file_in_bundle",
    "name",
    "sha256",
    "size",
    "media_type",
    "pages",
    "passages",
    "marks",
    "marked_file",
    "whole",
)
REJECTED = ("file", "number", "code", "reason")
FIELDS = ("field", "section", "code", "kind", "label")
OTHER = "answers_outside_the_form"
LONG = ("file", "table", "column", "part", "text")
SheetRow = tuple[str, tuple[SheetCell, ...]]
"""A table's name, and a row of it."""


class Tables(Protocol):
    """The target of the rows: a workbook, or CSV files."""

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the sheets in which a table that exceeds a sheet goes on."""

    def open(self, name: str, header: Sequence[str]) -> None:
        """Begin a table."""

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row to an open table; its texts are untrusted."""


@dataclass(frozen=True)
class _Column:
    field: str
    section: str
    code: str
    kind: str
    label: str


def collate(
    files: Sequence[FoundFile],
    tables: Tables,
    *,
    forms: Sequence[Form],
    trusted: Trusted,
    word: Callable[[BundleProblem], str],
    keys: Sequence[str] = (),
    edition: Callable[[str], str] = str,
    limits: Limits | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
    choices: Sequence[Choice] = (),
    decide: Callable[[InboxResult], Sequence[Choice]] | None = None,
    every: bool = False,
) -> Collated:
    """Check all files and write the content of the bundles; return the verdict on each file, and on each respondent.

    ``forms`` are the questionnaires whose fields make the columns; any other answer goes into the last column, as JSON.
    ``word`` makes a sentence of a problem, ``edition`` words of an edition's id, ``keys`` open encrypted bundles. Every
    file has a line in ``files``, every respondent one in ``submissions``. Only what counts reaches the tables of
    answers, scores and evidence: the current bundle of each respondent, once; of a fork nothing, until a person has
    chosen (``choices``, or what ``decide`` makes of the verdicts once all are known; it may raise to stop). With
    ``every`` all valid bundles reach them, copies and drafts too.
    Scores are the sender's own estimate.
    ``progress`` as `check_files`.

    Raises:
        FileError: as `read_certificates`, and what ``tables`` raises.
    """
    columns = tuple(_columns(forms))
    names = tuple(column.field for column in columns)
    shown = shown_names([one.path for one in files])
    tables = fitting = FittingTables(tables)
    tables.open("files", FILES)
    tables.open("submissions", SUBMISSIONS)
    tables.open("answers", (*BUNDLE, *names, OTHER))
    tables.open("scores", (*BUNDLE, "pillar", *FIGURES, "exempt", "high"))
    tables.open("evidence", (*BUNDLE, *EVIDENCE))
    tables.open("rejected", REJECTED)
    tables.open("fields", FIELDS)
    for column in columns:
        tables.add("fields", (column.field, column.section, column.code, column.kind, column.label))

    with temporary() as scratch, TemporaryFile(dir=scratch.path) as spool:
        spooled: dict[Path, _Spooled] = {}

        def use(path: Path, stream: BinaryIO, checked: Checked) -> None:
            kept = _spool(spool, stream, checked)
            for _ in kept.rows(spool, shown[path], names, edition):
                pass  # a bundle with a bad row is refused before it counts
            spooled[path] = kept

        result = check_files(files, trusted=trusted, keys=keys, limits=limits, use=use, progress=progress, now=now)
        lines = submissions(result.files, choices if decide is None else decide(result))
        outcomes = outcome_of(lines)
        for one in result.files:
            if one.accepted and (every or (outcomes.get(one.path) == "current" and one.verdict != "copy")):
                for name, row in spooled[one.path].rows(spool, shown[one.path], names, edition):
                    tables.add(name, row)
    for line in lines:
        tables.add("submissions", submission_row(line, shown, word, edition))
    for one in result.files:
        tables.add("files", file_row(one, shown, word, edition, outcomes.get(one.path, "")))
        refused = one.verdict == "refused" or one.verdict in UNCHECKED
        for number, problem in enumerate(one.problems if refused else (), 1):
            tables.add("rejected", (shown[one.path], number, problem.code, word(problem)))
    return Collated(result.files, fitting.long_texts, fitting.further, lines)


@dataclass(frozen=True)
class Collated(InboxResult):
    """The verdicts on all files, and a line for each respondent."""

    submissions: tuple[SubmissionLine, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was refused or could not be checked, and nothing waits for a person's choice."""
        return super().holds and not any(line.state == "fork" for line in self.submissions)


@dataclass(frozen=True, slots=True)
class _Spooled:
    """A valid bundle's answers and scores in a temporary file: which ones count is known when all are checked."""

    verdict: Verification
    start: int
    answers: int
    scores: int | None
    """Bytes; None without scores."""

    def rows(
        self, spool: IO[bytes], file: str, names: Sequence[str], edition: Callable[[str], str]
    ) -> Iterator[SheetRow]:
        """Yield all rows of the bundle. Raises CheckFailed ``collate.bad_figure``."""
        spool.seek(self.start)
        submission = read_submission(spool.read(self.answers))
        scores = None if self.scores is None else spool.read(self.scores)
        yield from _rows(_bundle(file, self.verdict, edition), submission, scores, names)


def _spool(spool: IO[bytes], stream: BinaryIO, checked: Checked) -> _Spooled:
    """Raises as `read_checked`."""
    assert checked.submission is not None
    answers = checked.submission.to_bytes()
    scores = read_checked(stream, checked, SCORE, _MOST_SCORE) if SCORE in checked.entries else None
    start = spool.seek(0, os.SEEK_END)
    spool.write(answers + (scores or b""))
    return _Spooled(checked.verdict, start, len(answers), None if scores is None else len(scores))


class FittingTables:
    """Tables whose texts fit their cells: longer texts also go, in parts, into the table ``long_texts``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._headers: dict[str, Sequence[str]] = {}
        self.long_texts = 0

    @property
    def further(self) -> tuple[str, ...]:
        """See `Tables.further`."""
        return self._tables.further

    def open(self, name: str, header: Sequence[str]) -> None:
        """Begin a table."""
        self._headers[name] = header
        self._tables.open(name, header)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row, and its long texts in parts."""
        self._tables.add(name, row)
        for column, cell in zip(self._headers[name], row, strict=True):
            if isinstance(cell, str) and not fits(cell):
                self._add_long(row[0], name, column, cell)

    def _add_long(self, file: SheetCell, name: str, column: str, text: str) -> None:
        if "long_texts" not in self._headers:
            self.open("long_texts", LONG)
        self.long_texts += 1
        for number, part in enumerate(split(text, _LONG_PART), 1):
            self._tables.add("long_texts", (file, name, column, number, part))


def file_row(
    one: FileResult,
    shown: Mapping[Path, str],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str] = str,
    outcome: str = "",
) -> tuple[str, ...]:
    """Return a file's row of the table ``files``; ``shown``: what each file is called."""
    problems, warnings = ("; ".join(map(word, found)) for found in (one.problems, one.warnings))
    found = one.verification or Verification(False)
    known = one.verification is not None
    return (
        shown[one.path],
        "yes" if one.accepted else "no",
        province_of(found.respondent),
        edition(found.edition or ""),
        ("yes" if found.draft else "no") if known else "",
        found.signer or "",
        found.claimed_time.isoformat() if found.claimed_time else "",
        found.digest or "",
        problems,
        warnings,
        one.verdict,
        "; ".join(shown[path] for path in one.same_as),
        "; ".join(
            f"{shown[other.path]} ({other.claimed_time.isoformat() if other.claimed_time else '-'})"
            for other in one.same_respondent
        ),
        found.respondent or "",
        outcome,
        str(found.revision) if found.revision > 1 else "",
        found.supersedes or "",
        found.reason,
    )


def _rows(
    first: tuple[SheetCell, ...], submission: AnySubmission, scores: bytes | None, names: Sequence[str]
) -> Iterator[SheetRow]:
    """Yield all rows of a valid bundle. Raises CheckFailed ``collate.bad_figure``."""
    pillars = list(_pillars(scores)) if scores is not None else []
    yield "answers", (*first, *_answers(submission, names))
    for row in pillars:
        yield "scores", (*first, *row)
    for item in submission.evidence:
        marks = len(item.marks) or None
        name = plain_name(item.name)
        row = (item.slot, item.file, name, item.sha256, item.size, item.media_type, item.pages, item.passages)
        whole = "yes" if item.whole else None
        yield "evidence", (*first, *row, marks, item.marked_file or None, whole)


def _columns(forms: Sequence[Form]) -> Iterator[_Column]:
    seen = set()
    for form in forms:
        for node in form.nodes:
            if node.kind not in WITHOUT_ANSWER and node.address not in seen:
                seen.add(node.address)
                yield _Column(node.address, node.section, node.code or "", node.kind, node.label)


def _bundle(file: str, verdict: Verification, edition: Callable[[str], str]) -> tuple[SheetCell, ...]:
    status = "yes" if verdict.draft else "no"
    whose = verdict.respondent or ""
    return file, province_of(verdict.respondent), edition(verdict.edition or ""), status, verdict.digest, whose


def _answers(submission: AnySubmission, names: Sequence[str]) -> Iterator[SheetCell]:
    for name in names:
        yield _cell(submission.answers.get(name))
    known = frozenset(names)
    other = {name: str(_cell(value)) for name, value in submission.answers.items() if name not in known}
    yield json.dumps(other, ensure_ascii=False, sort_keys=True) if other else None


def _cell(value: object) -> SheetCell:
    match value:
        case Unread():
            return value.unread
        case tuple():
            return "; ".join(str(one) for one in value)
        case str() | int() | Decimal() | None:
            return value
    return str(value)


def _pillars(content: bytes) -> Iterator[tuple[SheetCell, ...]]:
    """Yield the total and the pillars of data/score.json; a value that is no number becomes empty."""
    try:
        parsed: Any = read_json(content)
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
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if not fits_number(Decimal(value)) or not -_MOST_POINTS <= value <= _MOST_POINTS:
        raise CheckFailed("collate.bad_figure")
    return value
