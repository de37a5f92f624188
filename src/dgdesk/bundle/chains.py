"""From the facts of verified bundles to one chain of corrections for each respondent. Pure functions; no clock decides.

A bundle replaces the one whose digest it names, if both are of one respondent and edition and the signer is the same,
or one whom the trust list binds to that respondent. Everything else that a bundle says is reported and decides nothing.
What nothing replaces is a head. One head is current; two are a fork, which a person resolves by a `Choice`.
The same facts and choices give the same chains, in whatever order they came and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ChainState = Literal["current", "fork", "drafts"]
"""``fork``: several heads, and no choice between them. ``drafts``: nothing but exports marked as drafts."""
Outcome = Literal["current", "superseded", "fork", "set_aside", "draft"]
"""What became of a bundle. ``fork``: one of several heads. ``set_aside``: a head that a person chose another one over.
``draft``: an export marked as a draft, which is no submission."""
LinkFlaw = Literal["unknown", "itself", "cycle", "other_respondent", "of_draft", "other_signer", "revision"]
"""Why a bundle does not replace what it names: that is not here, is of somebody else, is a draft, was signed by
somebody else. With ``revision`` it does replace it, and only the number does not follow."""


@dataclass(frozen=True, slots=True)
class BundleFact:
    """What a chain needs of a verified bundle; digests and fingerprints are hex. ``supersedes`` is empty for none.

    ``bound``: the trust list binds the signer to this respondent. ``claimed_time`` is shown and decides nothing.
    """

    digest: str
    edition: str
    respondent: str
    signer: str
    draft: bool = False
    revision: int = 1
    supersedes: str = ""
    reason: str = ""
    draft_id: str = ""
    bound: bool = False
    claimed_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's choice between the heads of a fork: ``chosen`` counts, and those in ``over`` do not.

    It says nothing of a head that comes later.
    """

    edition: str
    respondent: str
    chosen: str
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Member:
    """One bundle of a chain, however many copies of it there are. ``replaced_by`` are the digests that replace it."""

    fact: BundleFact
    copies: int
    outcome: Outcome
    flaw: LinkFlaw | None = None
    replaced_by: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The bundle digest."""
        return self.fact.digest


@dataclass(frozen=True, slots=True)
class Chain:
    """All that one respondent sent for one edition, as one submission. ``members`` are by revision, then by digest."""

    edition: str
    respondent: str
    state: ChainState
    members: tuple[Member, ...] = field(default=())

    @property
    def current(self) -> Member | None:
        """The one that counts; None for a fork, and for drafts alone."""
        return next((one for one in self.members if one.outcome == "current"), None)

    @property
    def heads(self) -> tuple[Member, ...]:
        """What a person has to choose from, or chose from: all that nothing replaces."""
        return tuple(one for one in self.members if one.outcome in ("current", "fork", "set_aside"))

    @property
    def revisions(self) -> int:
        """How many different bundles there are, without drafts."""
        return sum(one.outcome != "draft" for one in self.members)

    @property
    def copies(self) -> int:
        """How many files are the same as another one."""
        return sum(one.copies - 1 for one in self.members)

    @property
    def drafts(self) -> tuple[Member, ...]:
        """The exports marked as drafts."""
        return tuple(one for one in self.members if one.outcome == "draft")

    @property
    def gaps(self) -> tuple[str, ...]:
        """The digests of bundles that are named as replaced and have not come."""
        return tuple(sorted({one.fact.supersedes for one in self.members if one.flaw == "unknown"}))


@dataclass(frozen=True, slots=True)
class _Known:
    """A bundle, and all its copies: one that stands for them, how many, and everybody who signed any of them.

    The digest covers all but the signature, so that copies differ in their signers alone.
    """

    fact: BundleFact
    copies: int
    signers: frozenset[str]
    bound: bool


def _together(facts: Iterable[BundleFact]) -> dict[str, _Known]:
    found: dict[str, list[BundleFact]] = {}
    for one in facts:
        found.setdefault(one.digest, []).append(one)
    return {
        digest: _Known(
            min(some, key=_place),
            len(some),
            frozenset(one.signer for one in some),
            any(one.bound for one in some),
        )
        for digest, some in found.items()
    }


def _place(one: BundleFact) -> tuple[object, ...]:
    """An order that no arrival changes."""
    moment = one.claimed_time.isoformat() if one.claimed_time is not None else ""
    kept = (one.edition, one.respondent, one.draft, one.revision, one.supersedes, one.reason, one.draft_id)
    return (*kept, moment, one.signer, one.bound)


def _links(known: Mapping[str, _Known]) -> tuple[dict[str, str], dict[str, LinkFlaw]]:
    """Return which bundle each one replaces, and what is wrong with what they name."""
    links: dict[str, str] = {}
    flaws: dict[str, LinkFlaw] = {}
    for digest, one in known.items():
        named = one.fact.supersedes
        if not named or one.fact.draft:
            continue
        flaw = _flaw(one, known.get(named))
        if flaw is not None:
            flaws[digest] = flaw
        if flaw in (None, "revision"):
            links[digest] = named
    for digest in tuple(_in_circles(links)):
        del links[digest]
        flaws[digest] = "cycle"
    return links, flaws


def _flaw(one: _Known, named: _Known | None) -> LinkFlaw | None:
    fact = one.fact
    if fact.supersedes == fact.digest:
        return "itself"
    if named is None:
        return "unknown"
    if (named.fact.edition, named.fact.respondent) != (fact.edition, fact.respondent):
        return "other_respondent"
    if named.fact.draft:
        return "of_draft"
    if not (one.bound or one.signers & named.signers):
        return "other_signer"
    return None if fact.revision == named.fact.revision + 1 else "revision"


def _in_circles(links: Mapping[str, str]) -> Iterator[str]:
    """Yield every bundle that replaces itself by way of others. Each leads to one other, so each is visited once."""
    done: set[str] = set()
    for start in links:
        walked: dict[str, None] = {}
        at = start
        while at in links and at not in done:
            done.add(at)
            walked[at] = None
            at = links[at]
        if at in walked:
            order = list(walked)
            yield from order[order.index(at) :]


def _chain(key: tuple[str, str], some: Sequence[_Known], choice: Choice | None, known: _Linked) -> Chain:
    edition, respondent = key
    final = [one.fact.digest for one in some if not one.fact.draft]
    heads = [digest for digest in final if digest not in known.replaced_by]
    aside: frozenset[str] = frozenset()
    if choice is not None and choice.chosen in final and not set(heads) <= choice.over:
        aside = choice.over
    left = [digest for digest in heads if digest not in aside]
    state: ChainState = "drafts" if not final else "current" if len(left) == 1 else "fork"

    def outcome(fact: BundleFact) -> Outcome:
        if fact.draft:
            return "draft"
        if fact.digest in known.replaced_by:
            return "superseded"
        if fact.digest in aside:
            return "set_aside"
        return "current" if state == "current" else "fork"

    members = (
        Member(
            one.fact,
            one.copies,
            outcome(one.fact),
            known.flaws.get(one.fact.digest),
            tuple(sorted(known.replaced_by.get(one.fact.digest, ()))),
        )
        for one in some
    )
    return Chain(edition, respondent, state, tuple(members))


@dataclass(frozen=True, slots=True)
class _Linked:
    """What replaces what, over all respondents."""

    replaced_by: Mapping[str, Sequence[str]]
    flaws: Mapping[str, LinkFlaw]


def chains(facts: Iterable[BundleFact], choices: Iterable[Choice] = ()) -> tuple[Chain, ...]:
    """Return the chain of each respondent and edition, in the order of their keys.

    Of several choices for one respondent the last one counts.
    """
    known = _together(facts)
    links, flaws = _links(known)
    replaced_by: dict[str, list[str]] = {}
    for digest, named in links.items():
        replaced_by.setdefault(named, []).append(digest)
    groups: dict[tuple[str, str], list[_Known]] = {}
    for one in known.values():
        groups.setdefault((one.fact.edition, one.fact.respondent), []).append(one)
    made = {(one.edition, one.respondent): one for one in choices}
    linked = _Linked(replaced_by, flaws)
    return tuple(
        _chain(key, sorted(some, key=lambda one: (one.fact.revision, one.fact.digest)), made.get(key), linked)
        for key, some in sorted(groups.items())
    )


def choose(chain: Chain, digest: str) -> Choice:
    """Return the choice of one head over all others of a chain.

    Raises:
        ValueError: it is none of the heads.
    """
    heads = {one.digest for one in chain.heads}
    if digest not in heads:
        raise ValueError("not a head")
    return Choice(chain.edition, chain.respondent, digest, frozenset(heads - {digest}))
