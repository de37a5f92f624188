"""What a ledger knows, as tables: the same as of bundles (`dgdesk.agency.collate`), and no bundle is read again.

Facts that the chains need are in memory for all bundles, and where the files lie, which are listed as those of a folder
are: in the order of a dictionary, whatever the database's is. Everything else comes from the ledger page by page. Which
bundles count is decided by `dgdesk.agency.submissions` alone.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.agency.bundle_rows import BUNDLE, BundleTables, Cells, bundle_cells
from dgdesk.agency.collate import add_file, open_tables
from dgdesk.agency.file_rows import FileFacts
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import BundleContent, BundleKey, LedgerBundle, LedgerFile
from dgdesk.agency.ledger.reading import bundles, choices, content, files
from dgdesk.agency.ledger.selecting import bundles_of, inboxes
from dgdesk.agency.submission_rows import submission_row
from dgdesk.agency.submissions import SubmissionLine, fact_of, lines_of_facts
from dgdesk.agency.tables.model import Kinds, Tables
from dgdesk.agency.verdicts import VERDICTS, FileVerdict, Totals, sums_of, totals_hold
from dgdesk.bundle.chains import BundleFact, Choice, Member
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.bundle.submission import read_submission
from dgdesk.errors import CheckFailed, FileError
from dgdesk.survey.definition.form import Form
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.cells import SheetCell
from dgdesk.text.collation import CollationKey, collation_key

LEDGER_BUNDLE: Final = (*BUNDLE, "respondent_name", "revision", "outcome", "arrived")
"""The columns that every row of a bundle begins with. ``outcome``: what became of it among its respondent's."""
LEDGER_KINDS: Final[Kinds] = {"revision": "whole", "arrived": "time"}
LEDGER_FILES: Final[Kinds] = {"state": "text", "seen": "time", "judged": "time", "moved_to": "text"}
"""Further columns of the table ``files``."""
_PAGE: Final = 500
_MOST_NAMED: Final = 20
"""Copies of a bundle, or others of its respondent, that a file's row names."""


class CollatedLedger(NamedTuple):
    """What was put into the tables.

    ``totals`` count the files that are in the inboxes now; of ``waiting`` nobody knows yet what they are.
    """

    totals: Totals
    waiting: int
    submissions: tuple[SubmissionLine, ...]
    long_texts: int = 0
    further: tuple[str, ...] = ()

    @property
    def sums(self) -> Mapping[str, int]:
        """As `sums_of`."""
        return sums_of(self.totals)

    @property
    def holds(self) -> bool:
        """Whether nothing was refused or could not be checked, and nothing waits, for a worker or for a choice."""
        forks = any(line.state == "fork" for line in self.submissions)
        return totals_hold(self.totals) and not self.waiting and not forks


class LedgerFacts(NamedTuple):
    """What is in memory of a ledger: a line for each respondent, and when each valid bundle arrived."""

    lines: tuple[SubmissionLine, ...]
    arrived: Mapping[str, datetime]
    """By bundle digest."""


class ShownNames(Mapping[Path, str]):
    """What the files of `ledger_facts` are called: as they are named there, safe to show."""

    def __getitem__(self, path: Path) -> str:
        return printable(path.as_posix())

    def __iter__(self) -> Iterator[Path]:
        return iter(())

    def __len__(self) -> int:
        return 0


def listed_files(ledger: Ledger, names: FileNames) -> tuple[LedgerFile, ...]:
    """Return every file, as `scan` orders those of a folder. Raises FileError."""

    def place(one: LedgerFile) -> tuple[tuple[CollationKey, ...], str]:
        return tuple(collation_key(part, numbers=True) for part in names.of(one).split("/")), one.moved_to

    return tuple(sorted(files(ledger), key=place))


def ledger_facts(ledger: Ledger, choices: Iterable[Choice], listed: Sequence[LedgerFile] | None = None) -> LedgerFacts:
    """Return the lines of all respondents, and the arrivals. A file is called as `FileNames` says.

    ``listed``: the files, if they are known already.

    Raises:
        FileError: as `bundles`.
    """
    names = FileNames(inboxes(ledger))
    listed = listed_files(ledger, names) if listed is None else listed
    held: dict[BundleKey, BundleFact] = {}
    called: dict[str, str] = {}
    arrived: dict[str, datetime] = {}
    for one in bundles(ledger):
        if one.verification.ok:
            held[one.key] = fact = _fact(one.verification)
            called[fact.respondent] = one.verification.respondent_name
            arrived[fact.digest] = min(one.arrived, arrived.get(fact.digest, one.arrived))
    found: list[tuple[Path | None, BundleFact]] = []
    seen: set[BundleKey] = set()
    for file in listed:
        if file.key in held and file.verdict == "accepted":
            seen.add(file.key)
            found.append((Path(names.of(file)), held[file.key]))
    found += [(None, held[key]) for key in sorted(held.keys() - seen)]
    return LedgerFacts(lines_of_facts(found, called, choices), arrived)


class FileNames:
    """What the files of a ledger are called: by their path in the inbox, after its name if there are several."""

    def __init__(self, inboxes: Sequence[str]) -> None:
        last = Counter(_last(one) for one in inboxes)
        alone = len(inboxes) == 1
        self._before = {one: "" if alone else f"{_last(one) if last[_last(one)] == 1 else one}/" for one in inboxes}

    def of(self, one: LedgerFile) -> str:
        """Return the name of a file."""
        return f"{self._before.get(one.inbox, one.inbox + '/')}{one.path}"


def _last(inbox: str) -> str:
    return inbox.rstrip("/").rpartition("/")[2]


def collate_ledger(
    ledger: Ledger,
    tables: Tables,
    *,
    forms: Sequence[Form],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str] = str,
    since: datetime | None = None,
    every: bool = False,
    long: bool = False,
    progress: Progress = NO_PROGRESS,
) -> CollatedLedger:
    """Write what the ledger knows; return the totals, and a line for each respondent.

    As `dgdesk.agency.collate.collate_bundles`. ``since``: of answers, scores, evidence and files only what arrived
    then or later; what counts is still decided by all. ``progress`` counts bundles.

    Raises:
        Cancelled: the person stopped it.
        FileError: the ledger cannot be read, or is damaged; what ``tables`` raises.
    """
    of_bundles = BundleTables(forms, LEDGER_BUNDLE, LEDGER_KINDS, long=long)
    open_tables(tables, of_bundles, LEDGER_FILES)
    names = FileNames(inboxes(ledger))
    listed = listed_files(ledger, names)
    facts = ledger_facts(ledger, choices(ledger), listed)
    count = sum(1 for _ in _wanted(facts, since, every=every))
    for done, (one, kept) in enumerate(_contents(ledger, _wanted(facts, since, every=every)), 1):
        first = one.cells(edition, facts.arrived[one.member.digest])
        with reading_faults(ledger.shown):
            submission = read_submission(kept.submission)
        try:
            for name, row in of_bundles.rows(first, submission, kept.scores):
                tables.add(name, row)
        except CheckFailed as error:  # before the first row
            problem = BundleProblem(error.code, error.values)
            tables.add("rejected", (first[0], 1, problem.code, word(problem)))
        progress.check()
        progress.report(done, count)
    shown = ShownNames()
    for line in facts.lines:
        tables.add("submissions", submission_row(line, shown, word, edition))
    totals, waiting = _add_files(ledger, tables, facts, (names, listed), word, edition, since)
    return CollatedLedger(totals, waiting, facts.lines, tables.long_texts, tables.further)


def _fact(found: Verification) -> BundleFact:
    """Return what the chains need; texts that many bundles share are in memory once."""
    fact = fact_of(found)
    edition, respondent, signer = map(sys.intern, (fact.edition, fact.respondent, fact.signer))
    return replace(fact, edition=edition, respondent=respondent, signer=signer)


class _Wanted(NamedTuple):
    """A bundle whose content is written, once for each ``file`` that is asked for."""

    line: SubmissionLine
    member: Member
    file: str

    @property
    def key(self) -> BundleKey:
        return BundleKey(self.member.digest, self.member.fact.signer)

    def cells(self, edition: Callable[[str], str], arrived: datetime) -> Cells:
        fact = self.member.fact
        found = Verification(
            True, digest=fact.digest, draft=fact.draft, respondent=fact.respondent, edition=fact.edition
        )
        more = (self.line.name, fact.revision, self.member.outcome, arrived.isoformat())
        return (*bundle_cells(self.file, found, edition), *more)


def _wanted(facts: LedgerFacts, since: datetime | None, *, every: bool) -> Iterator[_Wanted]:
    for line in facts.lines:
        for member in line.chain.members if line.chain is not None else ():
            if not every and member.outcome != "current":
                continue
            if since is None or facts.arrived[member.digest] >= since:
                paths = (line.files or {}).get(member.digest, ())
                named = [printable(path.as_posix()) for path in (paths if every else paths[:1])] or [""]
                yield from (_Wanted(line, member, name) for name in named)


def _contents(ledger: Ledger, wanted: Iterable[_Wanted]) -> Iterator[tuple[_Wanted, BundleContent]]:
    """Yield what each bundle holds. Raises FileError ``ledger.damaged``: the ledger does not keep one that is valid."""
    asked: deque[_Wanted] = deque()

    def keys() -> Iterator[BundleKey]:
        for one in wanted:
            asked.append(one)
            yield one.key

    for key, kept in content(ledger, keys()):
        one = asked.popleft()
        if one.key != key:
            raise FileError("ledger.damaged", name=ledger.shown)
        yield one, kept
    if asked:
        raise FileError("ledger.damaged", name=ledger.shown)


def _add_files(
    ledger: Ledger,
    tables: Tables,
    facts: LedgerFacts,
    listing: tuple[FileNames, Sequence[LedgerFile]],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str],
    since: datetime | None,
) -> tuple[Totals, int]:
    """Write the tables ``files`` and ``rejected``; return how many files have each verdict, and how many none."""
    placed = {
        member.digest: (line, member)
        for line in facts.lines
        for member in (line.chain.members if line.chain is not None else ())
    }
    counted: Counter[FileVerdict | None] = Counter()
    (names, listed), told = listing, set[str]()
    for page in (listed[at : at + _PAGE] for at in range(0, len(listed), _PAGE)):
        known = bundles_of(ledger, {one.key for one in page if one.key is not None})
        for one in page:
            bundle = known.get(one.key) if one.key is not None else None
            row = _facts(names.of(one), one, bundle)
            if one.key is not None and one.verdict == "accepted" and one.key.digest in placed:
                row = _among(row, *placed[one.key.digest], first=one.key.digest not in told)
                told.add(one.key.digest)
            if one.state != "gone":
                counted[row.verdict or None] += 1
            if since is None or one.seen >= since:
                judged = one.judged.isoformat() if one.judged is not None else None
                more: tuple[SheetCell, ...] = (one.state, one.seen.isoformat(), judged, one.moved_to or None)
                add_file(tables, row, word, edition, more)
    return {verdict: counted[verdict] for verdict in VERDICTS if counted[verdict]}, counted[None]


def _facts(name: str, one: LedgerFile, bundle: LedgerBundle | None) -> FileFacts:
    found = bundle.verification if bundle is not None else None
    warnings = found.warnings if found is not None else ()
    return FileFacts(printable(Path(name).as_posix()), one.verdict or "", found, one.problems, warnings)


def _among(row: FileFacts, line: SubmissionLine, member: Member, *, first: bool) -> FileFacts:
    """Return the facts of a valid bundle's file, with what else its respondent sent. ``first`` of its copies."""
    paths, shown = line.files or {}, ShownNames()
    others = (
        (shown[path], each.fact.claimed_time)
        for each in (line.chain.members if line.chain is not None else ())
        if each.digest != member.digest
        for path in paths.get(each.digest, ())
    )
    named = tuple(islice(others, _MOST_NAMED))
    copies = [shown[path] for path in paths.get(member.digest, ())[: _MOST_NAMED + 1]]
    if row.file in copies:
        copies.remove(row.file)
    return row._replace(
        verdict=("several" if named else "accepted") if first else "copy",
        same_as=tuple(copies[:_MOST_NAMED]),
        same_respondent=named,
        outcome=member.outcome,
    )
