"""What many verified bundles say, as tables: files, submissions, answers, scores, evidence, and what was refused.

Answers and scores of each bundle wait in a temporary file until all are checked and it is known which ones count, so
memory does not grow with the number of bundles. All rows of a bundle are made once before, so that one with a bad row
only adds the reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Final

from dgdesk.agency.bundle_rows import BundleTables, SheetRow, bundle_cells
from dgdesk.agency.check import check_files
from dgdesk.agency.file_rows import (
    FILES,
    FILES_KINDS,
    REJECTED,
    REJECTED_KINDS,
    FileFacts,
    facts_of,
    file_row,
    rejected_rows,
)
from dgdesk.agency.scan import FoundFile
from dgdesk.agency.submission_rows import SUBMISSIONS, SUBMISSIONS_KINDS, outcome_of, submission_row
from dgdesk.agency.submissions import SubmissionLine, submissions
from dgdesk.agency.tables.model import ONLY_TEXTS, Kinds, Tables
from dgdesk.agency.verdicts import InboxResult, shown_names
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.report import BundleProblem, Limits, Verification
from dgdesk.bundle.signing.trust_list import Trusted
from dgdesk.bundle.submission import read_submission
from dgdesk.bundle.verify import Checked, read_checked
from dgdesk.survey.definition.form import Form
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.scratch import temporary
from dgdesk.text.cells import SheetCell

SCORE: Final = "data/score.json"
_MOST_SCORE: Final = 4 << 20


@dataclass(frozen=True)
class Collated(InboxResult):
    """The verdicts on all files, and a line for each respondent."""

    submissions: tuple[SubmissionLine, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was refused or could not be checked, and nothing waits for a person's choice."""
        return super().holds and not any(line.state == "fork" for line in self.submissions)


def collate_bundles(
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
    long: bool = False,
) -> Collated:
    """Check all files and write the content of the bundles; return the verdict on each file, and on each respondent.

    ``forms`` are the questionnaires whose fields make the columns; any other answer goes into the last column, as JSON.
    ``word`` makes a sentence of a problem, ``edition`` words of an edition's id, ``keys`` open encrypted bundles. Every
    file has a line in ``files``, every respondent one in ``submissions``. Only what counts reaches the tables of
    answers, scores and evidence: the current bundle of each respondent, once; of a fork nothing, until a person has
    chosen (``choices``, or what ``decide`` makes of the verdicts once all are known; it may raise to stop). With
    ``every`` all valid bundles reach them, copies and drafts too. ``long``: a row for each answer, see `BundleTables`.
    Scores are the sender's own estimate.
    ``progress`` as `check_files`.

    Raises:
        FileError: as `read_certificates`, and what ``tables`` raises.
    """
    of_bundles = BundleTables(forms, long=long)
    shown = shown_names([one.path for one in files])
    open_tables(tables, of_bundles)
    with temporary() as scratch, TemporaryFile(dir=scratch.path) as spool:
        spooled: dict[Path, _Spooled] = {}

        def rows(path: Path, kept: _Spooled) -> Iterator[SheetRow]:
            return kept.rows(spool, of_bundles, shown[path], edition)

        def use(path: Path, stream: BinaryIO, checked: Checked) -> None:
            kept = _spool(spool, stream, checked)
            for _ in rows(path, kept):
                pass  # a bundle with a bad row is refused before it counts
            spooled[path] = kept

        result = check_files(files, trusted=trusted, keys=keys, limits=limits, use=use, progress=progress, now=now)
        lines = submissions(result.files, choices if decide is None else decide(result))
        outcomes = outcome_of(lines)
        for one in result.files:
            if one.accepted and (every or (outcomes.get(one.path) == "current" and one.verdict != "copy")):
                for name, row in rows(one.path, spooled[one.path]):
                    tables.add(name, row)
    for line in lines:
        tables.add("submissions", submission_row(line, shown, word, edition))
    for one in result.files:
        add_file(tables, facts_of(one, shown, outcomes), word, edition)
    return Collated(result.files, tables.long_texts, tables.further, lines)


def open_tables(tables: Tables, of_bundles: BundleTables, more: Kinds = ONLY_TEXTS) -> None:
    """Begin all tables, ``files`` first; ``more``: further columns of ``files``."""
    tables.open("files", (*FILES, *more), {**FILES_KINDS, **more})
    tables.open("submissions", SUBMISSIONS, SUBMISSIONS_KINDS)
    of_bundles.open(tables)
    tables.open("rejected", REJECTED, REJECTED_KINDS)
    of_bundles.describe(tables)


def add_file(
    tables: Tables,
    one: FileFacts,
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str],
    more: Sequence[SheetCell] = (),
) -> None:
    """Write what became of a file, and why it was refused."""
    tables.add("files", (*file_row(one, word, edition), *more))
    for why in rejected_rows(one, word):
        tables.add("rejected", why)


@dataclass(frozen=True, slots=True)
class _Spooled:
    """A valid bundle's answers and scores in a temporary file: which ones count is known when all are checked."""

    verdict: Verification
    start: int
    answers: int
    scores: int | None
    """Bytes; None without scores."""

    def rows(
        self, spool: IO[bytes], tables: BundleTables, file: str, edition: Callable[[str], str]
    ) -> Iterator[SheetRow]:
        """Yield all rows of the bundle. Raises CheckFailed ``collate.bad_figure``."""
        spool.seek(self.start)
        submission = read_submission(spool.read(self.answers))
        scores = None if self.scores is None else spool.read(self.scores)
        yield from tables.rows(bundle_cells(file, self.verdict, edition), submission, scores)


def _spool(spool: IO[bytes], stream: BinaryIO, checked: Checked) -> _Spooled:
    """Raises as `read_checked`."""
    assert checked.submission is not None
    answers = checked.submission.to_bytes()
    scores = read_checked(stream, checked, SCORE, _MOST_SCORE) if SCORE in checked.entries else None
    start = spool.seek(0, os.SEEK_END)
    spool.write(answers + (scores or b""))
    return _Spooled(checked.verdict, start, len(answers), None if scores is None else len(scores))
