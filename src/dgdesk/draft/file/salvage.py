"""What the rows found in a damaged draft are, recognised by their shape; the schema itself may be lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from dgdesk.draft.file.model import StateKey, is_sound
from dgdesk.draft.file.scan import Scan, ScannedCell, ScannedRow
from dgdesk.draft.file.splitting import LIST_KIND, ListLine, Repeated, RowLine, Splitter

_KINDS = ("answer", "attachment")
_OLDER_KINDS = ("answer", LIST_KIND)


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


@dataclass(slots=True)
class FoundRows:
    """The readable rows of a draft. ``chunks`` are not read yet; ``pages_lost`` counts the unreadable pages.

    Rows of versions before 3 (``older_…``) are in ``state`` and ``lines`` too, as rows of attachments.
    ``missing_lines`` are the targets and changes of edits that only an index has.
    """

    meta: dict[str, str] = field(default_factory=dict)
    definitions: list[tuple[str, bytes]] = field(default_factory=list)
    torn_definitions: list[ScannedRow] = field(default_factory=list)
    state: dict[StateKey, str] = field(default_factory=dict)
    entries: dict[int, FoundEntry] = field(default_factory=dict)
    lines: dict[tuple[int, int], RowLine] = field(default_factory=dict)
    older_state: dict[tuple[str, str], str] = field(default_factory=dict)
    older_lines: dict[tuple[int, int], ListLine] = field(default_factory=dict)
    missing_lines: set[tuple[str, int]] = field(default_factory=set)
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
    there = found.lines.keys() | found.older_lines.keys()
    found.missing_lines = {(target, number) for target, number, at in found.indexed_lines if (number, at) not in there}
    if not found.state and not found.lines:
        _split_older(found)
    return found


def _split_older(found: FoundRows) -> None:
    """Make rows of attachments of the lists that versions before 3 stored; what cannot be read counts as missing."""
    splitter = Splitter()
    older: dict[int, list[ListLine]] = {}
    for (number, _), line in sorted(found.older_lines.items()):
        if is_sound(line.old) and is_sound(line.new):
            older.setdefault(number, []).append(line)
        else:
            found.missing_lines.add((line.target, number))
    split: dict[int, list[RowLine]] = {}
    for number, lines in older.items():
        entry = found.entries.get(number)
        repeats = None
        if entry is not None and entry.undoes in split:
            repeats = Repeated(older[entry.undoes], split[entry.undoes]).reversed()
        elif entry is not None and entry.redoes in split:
            repeats = Repeated(older[entry.redoes], split[entry.redoes])
        split[number] = splitter.entry(lines, repeats)
        found.lines.update({(number, position): line for position, line in enumerate(split[number])})
    for (kind, target), value in found.older_state.items():
        if not is_sound(value):
            found.missing_lines.add((target, 0))
            continue
        for *key, text in splitter.state(kind, target, value):
            found.state[StateKey(*key)] = text


# The shape of a row guarantees the types of its values.


def _meta(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    found.meta.setdefault(str(values[0]), str(values[1]))
    return True


def _definition(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    if isinstance(values[2], bytes):
        found.definitions.append((str(values[1]), values[2]))
    return True


def _state(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    kind, target, file, value = map(str, values)
    if kind not in _KINDS:
        return False
    found.clashes += found.state.setdefault(StateKey(kind, target, file), value) != value
    return True


def _older_state(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    """Before version 3 the state of a slot was one list."""
    kind, target, value = map(str, values)
    if kind not in _OLDER_KINDS:
        return False
    found.clashes += found.older_state.setdefault((kind, target), value) != value
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
    change, position, kind, target, file, old, new = values
    if kind not in _KINDS or not isinstance(change, int) or not isinstance(position, int):
        return False
    made = RowLine(str(kind), str(target), str(file), _text_or_none(old), _text_or_none(new))
    found.clashes += found.lines.setdefault((change, position), made) != made
    return True


def _older_line(found: FoundRows, scan: Scan, number: int, values: tuple[ScannedCell, ...]) -> bool:
    change, position, kind, target, old, new = values
    if kind not in _OLDER_KINDS or not isinstance(change, int) or not isinstance(position, int):
        return False
    made = ListLine(str(kind), str(target), _text_or_none(old), _text_or_none(new))
    found.clashes += found.older_lines.setdefault((change, position), made) != made
    return True


def _text_or_none(value: ScannedCell) -> str | None:
    return None if value is None else str(value)


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
        (re.compile("tttt"), _state),
        (re.compile("ttt"), _older_state),
        (re.compile("iittt[nt][nt]"), _line),
        (re.compile("iitt[nt][nt]"), _older_line),
        (re.compile("tii"), _indexed_line),
    ],
}
