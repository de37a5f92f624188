"""Ledgers of clerks who worked apart joined into one: a union by key, the same in whatever order and however often.

Of two rows with one key the same one stays everywhere: a comparison of what they say decides, never which came first or
which ledger was the target. Times of arrival are the earliest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, and_, insert, select, update

from dgdesk.agency.ledger.conditions import after
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.making import head_of
from dgdesk.agency.ledger.recording import rank, sha256
from dgdesk.agency.ledger.rows import known_key, read_bundle, read_choice, read_file, read_problems, unpacked
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, CHOICES, CONTENTS, FILES, RECEIPTS
from dgdesk.bundle.addendum import read_addendum
from dgdesk.errors import CheckFailed
from dgdesk.system.bounds import read_moment
from dgdesk.system.progress import NO_PROGRESS, Progress

Values = Mapping[str, Any]
Order = Callable[[Values], tuple[Any, ...]]
_PAGE: Final = 100


class Merged(NamedTuple):
    """How many rows the target did not have, or has in another form now."""

    files: int = 0
    bundles: int = 0
    addenda: int = 0
    choices: int = 0
    receipts: int = 0

    def plus(self, other: Merged) -> Merged:
        """Return the sums."""
        return Merged(*map(sum, zip(self, other, strict=True)))


class _Part(NamedTuple):
    """A table and how its rows are joined: which of two stays, and the columns whose smallest value stays.

    ``check`` raises for a row that no ledger holds; ``clean`` changes what belongs to one machine alone.
    """

    table: Table
    order: Order
    least: tuple[str, ...]
    check: Callable[[Any], object]
    clean: Callable[[Values], Values] = dict


def merge(target: Ledger, source: Ledger, progress: Progress = NO_PROGRESS) -> Merged:
    """Add all that ``source`` knows to ``target``; ``source`` stays as it is.

    Killed at any moment, the same call completes it.

    Raises:
        FileError: ``ledger.damaged``, and as `Ledger.write`.
        Cancelled: the person stopped it.
    """
    if head_of(target).id == head_of(source).id and target.shown == source.shown:
        return Merged()
    # Bundles first: a file never has the key of a bundle that is not there.
    bundles = _merge(target, source, _BUNDLES, progress)
    addenda = _merge(target, source, _ADDENDA, progress)
    files = _merge(target, source, _FILES, progress)
    choices = _merge(target, source, _CHOICES, progress)
    receipts = _merge(target, source, _RECEIPTS, progress)
    return Merged(files, bundles, addenda, choices, receipts)


def _merge(target: Ledger, source: Ledger, part: _Part, progress: Progress) -> int:
    count = 0
    for page in _pages(source, part.table):
        progress.check()
        with reading_faults(source.shown):
            for row in page:
                part.check(row)
            rows = [part.clean(row._mapping) for row in page]
            contents = _contents(source, page) if part.table is BUNDLES else {}
        count += target.write(partial(_join, part, rows, contents))
    return count


def _pages(source: Ledger, table: Table) -> Iterator[Sequence[Any]]:
    keys: list[Column[Any]] = list(table.primary_key.columns)
    last: Any = None
    while True:
        query: Select[Any] = select(table).order_by(*keys).limit(_PAGE)
        if last is not None:
            query = query.where(after(keys, [last._mapping[key.name] for key in keys]))
        page = source.rows(query)
        yield page
        if len(page) < _PAGE:
            return
        last = page[-1]


def _contents(source: Ledger, page: Sequence[Any]) -> dict[tuple[str, str], Values]:
    """Return what the ledger keeps of the bundles of a page; raises ValueError if it is not what was signed."""
    digests = {row.digest for row in page}
    found: dict[tuple[str, str], Values] = {}
    signatures = {known_key(row): row.signature for row in page}
    answers = {known_key(row): row.answers_digest for row in page}
    for row in source.rows(select(CONTENTS).where(CONTENTS.c.digest.in_(digests))):
        key = known_key(row)
        if key not in signatures:
            continue
        submission = None if row.submission is None else unpacked(row.submission)
        if row.score is not None:
            unpacked(row.score)
        if (sha256(row.tagmanifest), sha256(row.p7s)) != (key.digest, signatures[key]):
            raise ValueError("not what was signed")
        if submission is not None and sha256(submission) != answers[key]:
            raise ValueError("not the answers")
        found[key] = dict(row._mapping)
    if found.keys() != signatures.keys():
        raise ValueError("no content")
    return found


def _join(
    part: _Part, rows: Sequence[Values], contents: Mapping[tuple[str, str], Values], connection: Connection
) -> int:
    """Add rows, or put each in the place of one that comes after it in the order."""
    count = 0
    keys = list(part.table.primary_key.columns)
    for new in rows:
        same = and_(*(key == new[key.name] for key in keys))
        found = connection.execute(select(part.table).where(same).with_for_update()).one_or_none()
        if found is None:
            connection.execute(insert(part.table).values(dict(new)))
            _put_content(connection, contents, new)
            count += 1
            continue
        old: Values = dict(found._mapping)
        first = min(new, old, key=part.order)
        least = {name: min(new[name], old[name]) for name in part.least}
        wanted = {**{name: first[name] for name in old}, **least}
        if wanted == old:
            continue
        connection.execute(update(part.table).where(same).values(wanted))
        if first is new:
            _put_content(connection, contents, new)
        count += 1
    return count


def _put_content(connection: Connection, contents: Mapping[tuple[str, str], Values], row: Values) -> None:
    if not contents:
        return
    content = dict(contents[row["digest"], row["fingerprint"]])
    same = and_(CONTENTS.c.digest == row["digest"], CONTENTS.c.fingerprint == row["fingerprint"])
    if not connection.execute(update(CONTENTS).where(same).values(content)).rowcount:
        connection.execute(insert(CONTENTS).values(content))


class _Last(str):
    """A text that comes first where others come last."""

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    __slots__ = ()


def _all(row: Values, *but: str) -> tuple[str, ...]:
    # SQLite has 0 and 1 where PostgreSQL has booleans.
    values = ((name, row[name]) for name in sorted(row) if name not in but)
    return tuple(repr(int(value) if isinstance(value, bool) else value) for _, value in values)


def _bundle_order(row: Values) -> tuple[Any, ...]:
    """The order of `rank`; then what was judged last, then any that is the same everywhere."""
    return (*rank(row), _Last(row["judged"]), *_all(row, "arrived"))


def _judged_order(row: Values) -> tuple[Any, ...]:
    return (_Last(row["judged"] or ""), *_all(row, "arrived", "seen"))


def _own_file(row: Values) -> Values:
    """Return a file's row without its claim: who has it there does not work here."""
    state = "waiting" if row["state"] == "claimed" else row["state"]
    return {**row, "state": state, "token": "", "lease": 0, "moving_to": ""}


def _check_addendum(row: Any) -> None:
    """Raises ValueError."""
    key = known_key(row)
    read_problems(row.problems)
    read_problems(row.warnings)
    try:
        found = read_addendum(row.content)
    except CheckFailed as error:
        raise ValueError("no addendum") from error
    if (sha256(row.tagmanifest), sha256(row.p7s), found.digest) != (key.digest, row.signature, row.bundle):
        raise ValueError("not what was signed")


def _check_receipt(row: Any) -> None:
    """Raises ValueError."""
    if sha256(row.content) != row.sha256:
        raise ValueError("no such reply")
    read_moment(row.issued)


_BUNDLES: Final = _Part(BUNDLES, _bundle_order, ("arrived",), read_bundle)
_ADDENDA: Final = _Part(ADDENDA, _judged_order, ("arrived",), _check_addendum)
_FILES: Final = _Part(FILES, _judged_order, ("seen",), read_file, _own_file)
_CHOICES: Final = _Part(CHOICES, _all, (), read_choice)
_RECEIPTS: Final = _Part(RECEIPTS, lambda row: (row["issued"], _Last(row["written_to"])), ("issued",), _check_receipt)
