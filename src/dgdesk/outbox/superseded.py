"""Which bundle of the outbox is replaced by another one in it, so that it is not sent without a word. No files.

Sending both would do no harm, as the office follows the digests. But it takes an hour over a slow line, and whoever
exported a correction meant that one to be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dgdesk.outbox.entries import OPEN, Entry
from dgdesk.outbox.exports import Exported


def replaced_by(entry: Entry, found: Sequence[Entry], known: Sequence[Exported]) -> Entry | None:
    """Return the newest of ``found`` that replaces ``entry``; None if ``entry`` is not to be sent, or nothing does.

    ``known`` are the exports of this PC, newest first. A bundle replaces what it corrects, also through corrections
    that are not in the outbox, and what was exported before it from the same draft to replace the same one ("the last
    one was never sent").
    """
    if entry.status not in OPEN:
        return None
    exports = {one.digest: one for one in reversed(known)}
    age = {one.digest: at for at, one in reversed(list(enumerate(known)))}
    own = exports.get(entry.digest)
    for other in reversed(found):
        its = exports.get(other.digest)
        if its is None or other.digest == entry.digest:
            continue
        if _corrects(its, entry.digest, exports):
            return other
        if own is not None and _is_instead(its, own) and age[its.digest] < age[own.digest]:
            return other
    return None


def _is_instead(one: Exported, other: Exported) -> bool:
    return (one.draft, one.supersedes) == (other.draft, other.supersedes)


def _corrects(one: Exported, digest: str, exports: Mapping[str, Exported]) -> bool:
    """Whether ``one`` replaces a digest, directly or through what it replaces."""
    passed: set[str] = set()
    before: str = one.supersedes
    while before and before not in passed:
        if before == digest:
            return True
        passed.add(before)
        before = exports[before].supersedes if before in exports else ""
    return False
