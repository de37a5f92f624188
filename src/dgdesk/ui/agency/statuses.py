"""The verdict on a file of the inbox in one word, the groups of verdicts that filters show, and their icons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from dgdesk.agency.overview import FileLine
from dgdesk.agency.verdicts import FileVerdict
from dgdesk.bundle.report import BundleProblem, Verification

NotVerified = Literal["encrypted", "receipt", "packed", "arriving", "link", "foreign"]
VerdictStatus = Literal[
    "verified",
    "draft",
    "tied",
    "untied",
    "unchecked",
    "unchecked_draft",
    "stranger",
    "refused",
    "unread",
    "waiting",
    NotVerified,
]
"""``untied``: a valid addendum whose bundle is not here. ``unchecked_draft``: counted as a draft, whoever signed it.
``waiting``: not judged yet. The last six are no bundles that could be verified, as `dgdesk.agency.kinds.FileKind`."""
VerdictFilter = Literal["all", "attention", "good", "draft", "doubt", "bad", "waiting", "other"]
FILTERS: Final[tuple[VerdictFilter, ...]] = get_args(VerdictFilter)
"""``attention``: all that needs a person, which is in ``doubt``, ``bad`` or ``waiting``."""
_GROUPS: Final[Mapping[VerdictStatus, VerdictFilter]] = {
    "verified": "good",
    "tied": "good",
    "draft": "draft",
    "unchecked_draft": "draft",
    "untied": "doubt",
    "unchecked": "doubt",
    "stranger": "bad",
    "refused": "bad",
    "unread": "bad",
    "waiting": "waiting",
    "encrypted": "waiting",
    "packed": "waiting",
    "arriving": "waiting",
    "link": "waiting",
    "receipt": "other",
    "foreign": "other",
}
_ATTENTION: Final = frozenset({"doubt", "bad", "waiting"})
_OF_VERDICT: Final[Mapping[FileVerdict, VerdictStatus]] = {
    "encrypted": "encrypted",
    "receipt": "receipt",
    "packed": "packed",
    "arriving": "arriving",
    "link": "link",
    "unreadable": "unread",
    "foreign": "foreign",
    "litter": "foreign",
}
MARKS: Final[Mapping[VerdictStatus, str]] = {
    status: {"good": "complete", "bad": "problems", "waiting": "not_begun", "other": "not_begun"}.get(group, "warning")
    for status, group in _GROUPS.items()
}
"""The status icon of each."""


def status_of(found: Verification) -> VerdictStatus:
    """Return the status of a bundle; ``verified`` needs a trusted signer."""
    if found.ok:
        return "draft" if found.draft else "verified"
    status = _refused(found.problems)
    return "unchecked_draft" if status == "unchecked" and found.draft else status


def file_status(one: FileLine) -> VerdictStatus:
    """Return the status of a file."""
    verdict = one.file.verdict
    if verdict is None:
        return "waiting"
    if verdict == "addendum":
        return "tied" if one.known else "untied"
    found = one.verification
    if verdict in ("accepted", "refused") and found is not None:
        return status_of(found)
    return _refused(one.problems) if verdict == "refused" else _OF_VERDICT[verdict]


def _refused(problems: Iterable[BundleProblem]) -> VerdictStatus:
    codes = {problem.code for problem in problems}
    if codes == {"verify.origin_unchecked"}:
        return "unchecked"
    if codes in ({"signature.untrusted"}, {"signature.issuer_missing"}, {"signature.root_unknown"}):
        return "stranger"
    return "refused"


def group_of(status: VerdictStatus) -> VerdictFilter:
    """Return the filter that lists a status."""
    return _GROUPS[status]


def is_listed(group: str, wanted: str) -> bool:
    """Return whether a filter lists a group."""
    return wanted in ("all", group) or (wanted == "attention" and group in _ATTENTION)


def counted(groups: Iterable[str]) -> Mapping[VerdictFilter, int]:
    """Return the number of files for each filter."""
    found = Counter(groups)
    whole = {group: found[group] for group in FILTERS}
    attention = sum(whole[group] for group in FILTERS if group in _ATTENTION)
    return {**whole, "all": found.total(), "attention": attention}
