"""The register of exports in a draft file: what was exported, when, by whom and from which state. It only grows.

It also holds the replies to exports: receipts of the receiver and why it returned one, scans of the signed sheet, and
the steps after an export that a person has ticked; and the prints, so that what was changed since can be shown. The
``kind`` of a record says which; an export has none. A scan's file is stored with the other files, referred to by
``sha256``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, func, insert, select

from dgdesk.draft.file import journal
from dgdesk.draft.file.journal import Author
from dgdesk.draft.file.model import ExportRecord, StoredJson, decode, encode, moment_or_none, stamp
from dgdesk.draft.file.schema import EXPORT
from dgdesk.errors import FileError
from dgdesk.system.bounds import LARGEST_SIZE, LONGEST_NAME, SHA256, has_surrogates, is_count

KIND: Final = "kind"
RECEIPT: Final = "receipt"
RETURN: Final = "return"
SCAN: Final = "scan"
STEP: Final = "step"
PRINT: Final = "print"
_LONGEST: Final = 512 << 10
"""Characters of a text: a receipt is stored whole."""


def append(connection: Connection, record: Mapping[str, StoredJson], author: Author) -> ExportRecord:
    """Add a line about the current state.

    Raises:
        UsageError: ``package.not_json``.
        FileError: ``package.journal_full``: the last line has the highest possible number.
    """
    text = encode(dict(record))
    number = connection.execute(select(func.coalesce(func.max(EXPORT.c.number), 0))).scalar_one() + 1
    if not is_count(number):
        raise FileError("package.journal_full")
    values = {
        "number": number,
        "at": stamp(author.at),
        "who": author.who,
        "state": journal.top(connection).number,
        "record": text,
    }
    connection.execute(insert(EXPORT), values)
    return lines(connection)[-1]


def lines(connection: Connection) -> tuple[ExportRecord, ...]:
    """Return the whole register, oldest first.

    Raises:
        FileError: ``package.value_damaged``.
    """
    found = []
    for row in connection.execute(select(EXPORT).order_by(EXPORT.c.number)):
        record = decode(row.record)
        if not isinstance(record, dict):
            raise FileError("package.value_damaged", detail="export")
        found.append(ExportRecord(row.number, moment_or_none(row.at), row.who, row.state, fit_record(record)))
    return tuple(found)


def fit_record(record: Mapping[str, StoredJson]) -> dict[str, StoredJson]:
    """Return the values of a record that are within bounds (texts, counts, booleans); others count as absent."""
    return {key: value for key, value in record.items() if len(key) <= LONGEST_NAME and _fits(key, value)}


def _fits(key: str, value: StoredJson) -> bool:
    if key == "sha256":  # used to find a file
        return isinstance(value, str) and SHA256.fullmatch(value) is not None
    if isinstance(value, str):
        return len(value) <= _LONGEST and not has_surrogates(value)
    return value is None or isinstance(value, bool) or is_count(value, LARGEST_SIZE)


def exports(found: tuple[ExportRecord, ...]) -> tuple[ExportRecord, ...]:
    """Return the lines that are exports."""
    return tuple(line for line in found if KIND not in line.record)


def kept_files(connection: Connection) -> set[str]:
    """Return the SHA-256 of every file that a line of the register needs."""
    scans = (line.record for line in lines(connection) if line.record.get(KIND) == SCAN)
    return {digest for scan in scans if isinstance(digest := scan.get("sha256"), str)}
