"""One line for each respondent: what counts of all that came, and who has sent nothing yet. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from dgdesk.agency.verdicts import FileResult
from dgdesk.bundle.chains import BundleFact, Chain, Choice, LinkFlaw, Member, chains
from dgdesk.bundle.report import Verification
from dgdesk.bundle.respondents import name_of
from dgdesk.survey.respondents import respondent_key
from dgdesk.text.editions import edition_heads, edition_respondents

LineState = Literal["current", "fork", "drafts", "not_yet"]
"""As `dgdesk.bundle.chains.ChainState`; ``not_yet``: nothing has come that holds."""
STATES: Final[tuple[LineState, ...]] = get_args(LineState)


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """What one respondent sent for one edition. ``files``: every file of each bundle, by its digest."""

    edition: str
    respondent: str
    name: str
    state: LineState
    chain: Chain | None = None
    files: Mapping[str, tuple[Path, ...]] | None = None

    @property
    def current(self) -> Member | None:
        """The bundle that counts."""
        return self.chain.current if self.chain is not None else None

    @property
    def file(self) -> Path | None:
        """The first file of the bundle that counts."""
        return self.first_of(self.current) if self.current is not None else None

    def first_of(self, member: Member) -> Path | None:
        """The first file of a bundle."""
        return next(iter((self.files or {}).get(member.digest, ())), None)

    @property
    def remarks(self) -> tuple[tuple[LinkFlaw, Member], ...]:
        """What is wrong with the corrections, by bundle."""
        members = self.chain.members if self.chain is not None else ()
        return tuple((one.flaw, one) for one in members if one.flaw is not None)


def fact_of(found: Verification) -> BundleFact:
    """Return what a chain needs of a verified bundle."""
    return BundleFact(
        digest=found.digest or "",
        edition=found.edition or "",
        respondent=found.respondent or "",
        signer=found.fingerprint or "",
        draft=found.draft is True,
        revision=found.revision,
        supersedes=found.supersedes or "",
        reason=found.reason,
        draft_id=found.draft_id,
        bound=found.bound,
        claimed_time=found.claimed_time,
    )


def submissions(files: Sequence[FileResult], choices: Iterable[Choice] = ()) -> tuple[SubmissionLine, ...]:
    """Return the lines of `submission_lines` for the valid bundles among files."""
    held: list[tuple[Path | None, Verification]] = [
        (one.path, one.verification) for one in files if one.accepted and one.verification is not None
    ]
    return submission_lines(held, choices)


def submission_lines(
    held: Sequence[tuple[Path | None, Verification]], choices: Iterable[Choice] = ()
) -> tuple[SubmissionLine, ...]:
    """Return a line for each respondent that sent a valid bundle, and each other one of the editions that came.

    By edition, then by respondent. A bundle whose file is no longer known has the path None.
    """
    names = {found.respondent or "": found.respondent_name for _, found in held}
    return lines_of_facts([(path, fact_of(found)) for path, found in held], names, choices)


def lines_of_facts(
    held: Sequence[tuple[Path | None, BundleFact]], names: Mapping[str, str], choices: Iterable[Choice] = ()
) -> tuple[SubmissionLine, ...]:
    """Return the lines of `submission_lines`; ``names``: what respondents are called that the program does not know."""
    paths: dict[str, list[Path]] = {}
    for path, fact in held:
        some = paths.setdefault(fact.digest, [])
        if path is not None:
            some.append(path)
    lines = [
        SubmissionLine(
            chain.edition,
            chain.respondent,
            name_of(chain.respondent, names.get(chain.respondent, "")),
            chain.state,
            chain,
            {one.digest: tuple(paths[one.digest]) for one in chain.members},
        )
        for chain in chains((fact for _, fact in held), choices)
    ]
    sent = {(line.edition, line.respondent) for line in lines}
    for edition in dict.fromkeys(line.edition for line in lines):
        lines += [
            SubmissionLine(edition, key, name, "not_yet")
            for key, name in respondents_of(edition).items()
            if (edition, key) not in sent
        ]
    return tuple(sorted(lines, key=lambda line: (line.edition, line.respondent)))


def respondents_of(edition: str) -> Mapping[str, str]:
    """Return the names of all respondents of an edition that this program knows, by what tells them apart."""
    head = edition_heads().get(edition)
    if head is None:
        return {}
    return {respondent_key(head.scheme, code): name for code, name in edition_respondents(head.id).items()}


def counted(lines: Iterable[SubmissionLine]) -> Mapping[LineState, int]:
    """Return how many respondents have each state; together all lines."""
    found = Counter(line.state for line in lines)
    return {state: found[state] for state in STATES}
