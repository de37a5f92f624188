"""What was put together of a damaged package goes into the tables of a new one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, Table, insert

from dgdesk.package.retelling import Told
from dgdesk.package.schema import CHANGE, DEFINITION, EDIT, META, STATE


def write_told(into: Connection, definition: bytes, meta: Mapping[str, str], rebuilt: Told) -> None:
    """Write everything but files and the register into empty tables, inside the caller's transaction."""
    digest = hashlib.sha256(definition).hexdigest()
    into.execute(insert(DEFINITION), {"id": 1, "sha256": digest, "content": definition})
    _write(into, META, [{"key": key, "value": value} for key, value in meta.items()])
    _write(into, STATE, [{"kind": kind, "target": at, "value": value} for (kind, at), value in rebuilt.state.items()])
    _write(into, CHANGE, [{"number": number, **asdict(entry)} for number, entry in sorted(rebuilt.entries.items())])
    edits = [
        {"change": number, "position": position, **asdict(line)}
        for number, lines in sorted(rebuilt.lines.items())
        for position, line in enumerate(lines)
    ]
    _write(into, EDIT, edits)


def _write(into: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        into.execute(insert(table), rows)
