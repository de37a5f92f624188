"""THE FILE, register of exports: what was exported, when, by whom and from which state. It only grows.

Beside exports it holds what came back of them: receipts of the receiver, scans of the signed sheet. A record says
which by its ``kind``; an export has none. A scan's file lies among the files, named by ``sha256``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, func, insert, select

from dgdesk.errors import FileError
from dgdesk.package import journal
from dgdesk.package.journal import Author
from dgdesk.package.model import ExportRecord, Json
from dgdesk.package.schema import EXPORT
from dgdesk.package.values import decode, encode, moment_of, stamp

KIND: Final = "kind"
RECEIPT: Final = "receipt"
SCAN: Final = "scan"


def append(connection: Connection, record: Mapping[str, Json], author: Author) -> ExportRecord:
    """Add a line about the present state.

    Raises:
        UsageError: ``package.not_json``.
    """
    text = encode(dict(record))
    number = connection.execute(select(func.coalesce(func.max(EXPORT.c.number), 0) + 1)).scalar_one()
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
    """The whole register, oldest first.

    Raises:
        FileError: ``package.value_damaged``.
    """
    found = []
    for row in connection.execute(select(EXPORT).order_by(EXPORT.c.number)):
        record = decode(row.record)
        if not isinstance(record, dict):
            raise FileError("package.value_damaged", detail="export")
        found.append(ExportRecord(row.number, moment_of(row.at), row.who, row.state, record))
    return tuple(found)


def exports(found: tuple[ExportRecord, ...]) -> tuple[ExportRecord, ...]:
    """Those lines that are exports."""
    return tuple(line for line in found if KIND not in line.record)


def kept_files(connection: Connection) -> set[str]:
    """The SHA-256 of every file that a line of the register needs."""
    scans = (line.record for line in lines(connection) if line.record.get(KIND) == SCAN)
    return {digest for scan in scans if isinstance(digest := scan.get("sha256"), str)}
