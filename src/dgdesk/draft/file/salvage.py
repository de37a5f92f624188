"""What the rows found in a damaged draft are, recognised by their shape; the schema itself may be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from dgdesk.draft.file.scan import Scan, ScannedCell, ScannedRow

FoundKey = tuple[str, str]
"""Kind ("answer" or "evidence") and target."""
_KINDS = ("answer", "evidence")


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry of the journal, without its edits."""

    at: str
    who: str
    action: str
    undoes: int | None
    redoes: int | None
    undo_top: int | None
    redo_top: int | None


@dataclass(frozen=True, slots=True)
class FoundLine:
    """An edit as it is stored."""

    kind: str
    target: str
    old: str | None
    new: str | None


@dataclass(slots=True)
class FoundRows:
    """The readable rows of a draft. ``chunks`` are not read yet; ``pages_lost`` counts the unreadable pages."""

    meta: dict[str, str] = field(default_factory=dict)
    definitions: list[tuple[str, bytes]] = field(default_factory=list)
    torn_definitions: list[ScannedRow] = field(default_factory=list)
    state: dict[FoundKey, str] = field(default_factory=dict)
    entries: dict[int, FoundEntry] = field(default_factory=dict)
    lines: dict[tuple[int, int], FoundLine] = field(default_factory=dict)
    indexed_lines: set[tuple[str, int, int]] = field(default_factory=set)
    files: dict[int, tuple[str, int]] = field(default_factory=dict)
    chunks: dict[tuple[int, int], ScannedRow] = field(default_factory=dict)
    exports: dict[int, tuple[str, str, int, str]] = field(default_factory=dict)
    pages_lost: int = 0
    clashes: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is any content of a draft."""
        return bool(self.definitions or self.state or self.lines or self.files)


def gather(scan: Scan, check_cancelled: Callable[[], None]) -> FoundRows:
    """Read all rows except pieces of files. ``check_cancelled`` is called for each row and may raise to stop."""
    found = FoundRows()
    for row in scan.rows():
        check_cancelled()
        table = row.number is not None
        if table and row.kinds == "iib":
            file, position = scan.whole_numbers(row, 2)
            found.chunks[file, position] = row
            continue
        reader = next((read for shape, read in _READERS[table] if shape.fullmatch(row.kinds)), None)
        if reader is None:
            continue
        values = scan.values(row)
        if values is None and reader is _definition:
            found.torn_definitions.append(row)
        if values is None or not reader(found, scan, row.number or 0, values):
            scan.lost.add(row.page)
    found.pages_lost = len(scan.lost)
    return found


# The shape of a row guarantees the types of its values.


def _meta(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    found.meta.setdefault(str(values[0]), str(values[1]))
    return True


def _definition(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    if isinstance(values[2], bytes):
        found.definitions.append((str(values[1]), values[2]))
    return True


def _state(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    kind, target, value = map(str, values)
    if kind not in _KINDS:
        return False
    found.clashes += found.state.setdefault((kind, target), value) != value
    return True


def _entry(
    found: FoundRows, number: int, action: str, values: tuple[ScannedCell, ...], links: tuple[ScannedCell, ...]
) -> bool:
    undoes, redoes, undo_top, redo_top = (link if isinstance(link, int) else None for link in links)
    made = FoundEntry(str(values[1]), str(values[2]), action, undoes, redoes, undo_top, redo_top)
    found.clashes += found.entries.setdefault(number, made) != made
    return number > 0


def _change(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    return _entry(found, number, str(values[3]), values, values[4:8])


def _older_change(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    """Version 1 had no action; a column added later comes last."""
    return _entry(found, number, str(values[7]) if len(values) > 7 else "", values, values[3:7])


def _line(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    change, position, kind, target, old, new = values
    if kind not in _KINDS or not isinstance(change, int) or not isinstance(position, int):
        return False
    made = FoundLine(str(kind), str(target), None if old is None else str(old), None if new is None else str(new))
    found.clashes += found.lines.setdefault((change, position), made) != made
    return True


def _indexed_line(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    target, change, position = values
    if isinstance(change, int) and isinstance(position, int):
        found.indexed_lines.add((str(target), change, position))
    return True


def _file(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    sha256, size = str(values[1]), values[2]
    if not is_digest(sha256) or not isinstance(size, int) or size < 0:
        return False
    found.files[number] = (sha256, size)
    return True


def _export(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    at, who, state, record = values[1:5]
    if not isinstance(state, int) or number < 1:
        return False
    found.exports[number] = (str(at), str(who), state, str(record))
    return True


def _master(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    if isinstance(values[3], int) and values[3]:
        scan.expect(values[3])
    return True


def is_digest(text: str) -> bool:
    """Return whether a text is a SHA-256 in lower-case hex."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


_Reader = Callable[[FoundRows, Scan, int, tuple[ScannedCell, ...]], bool]
_READERS: dict[bool, list[tuple[re.Pattern[str], _Reader]]] = {
    True: [
        (re.compile("[ni]tb"), _definition),
        (re.compile("nttt[ni]{4}"), _change),
        (re.compile("ntt[ni]{4}t?"), _older_change),
        (re.compile("nti"), _file),
        (re.compile("nttit"), _export),
        (re.compile("tttit"), _master),
        (re.compile("tttin"), _master),
    ],
    False: [
        (re.compile("tt"), _meta),
        (re.compile("ttt"), _state),
        (re.compile("iitt[nt][nt]"), _line),
        (re.compile("tii"), _indexed_line),
    ],
}
