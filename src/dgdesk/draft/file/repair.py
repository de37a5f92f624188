"""Saves what can be saved of a damaged draft into a new file, and lists the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert

from dgdesk.draft.file.beside import journal_of, require_own_files
from dgdesk.draft.file.copying import write_rebuilt
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.disk import copy_bytes, existing, free_name, new_package, new_place_faults, size_of
from dgdesk.draft.file.evidence import CHUNK_BYTES
from dgdesk.draft.file.faults import file_error, system_faults
from dgdesk.draft.file.inspection import check
from dgdesk.draft.file.lock import acquire, this_process
from dgdesk.draft.file.model import Clock, Damage, decode, digest_in, is_sound, moment_of
from dgdesk.draft.file.rebuild import Rebuilt, rebuild
from dgdesk.draft.file.salvage import FoundRows, gather, is_digest
from dgdesk.draft.file.scan import Scan, ScannedRow
from dgdesk.draft.file.schema import APPLICATION_ID, CHUNK, EXPORT, FILE, VERSION, create_schema
from dgdesk.draft.file.splitting import ROW_KIND, RowLine
from dgdesk.draft.file.trial import take_back_in_copy
from dgdesk.errors import FileError, UsageError
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.scratch import temporary

_NEWER = 100  # a version number further ahead than this is damage
_EDITION = "edition"
_LISTED = ("package.check_file", "package.check_missing_file")  # reported as losses already


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was saved: the numbers of answers, changes and whole files; and what was lost or is doubtful.

    The codes of ``losses`` are ``repair.…``, with subject and detail as for `Damage`.
    """

    path: Path
    answers: int
    changes: int
    files: int
    losses: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class _File:
    sha256: str
    size: int
    pieces: tuple[ScannedRow, ...]
    """Empty if the content is lost: attaching the same file again repairs it."""


def repair_draft_file(
    source: Path,
    target: Path,
    *,
    editions: Mapping[str, bytes],
    clock: Clock,
    who: str,
    progress: Progress = NO_PROGRESS,
) -> Repaired:
    """Save what can be saved of ``source``, which is only read, into the new draft file ``target``.

    ``editions`` are the frozen definitions that ship with the program, by name: one replaces a damaged definition if
    its SHA-256 is the stored one, or, reported as a loss, if only the name of the definition is left.

    Raises:
        Cancelled: the person stopped it; there is no new file.
        FileError: ``package.missing``, ``package.not_a_package``, ``package.newer``, ``package.held``,
            ``package.exists``, ``repair.no_definition`` (the questions are lost), disk errors.
        UsageError: ``package.copy_onto_itself``.
    """
    source = existing(source)
    with suppress(OSError):
        if target.samefile(source):
            raise UsageError("package.copy_onto_itself", name=target.name)
    target = free_name(target)
    holder = this_process(who, clock())
    with ExitStack() as resources:
        try:
            resources.enter_context(acquire(source, holder))
        except FileError as error:
            if error.code not in ("package.read_only_place", "package.no_locks", "package.beside_foreign"):
                raise  # in the cases above no process can write, so no lock is needed
        with new_place_faults(target):
            resources.enter_context(acquire(target, holder))
        settled, unused = _rolled_back(source, resources)
        progress = progress.count(2 * size_of(settled))
        with system_faults(source, denied="package.cannot_open"):
            stream = resources.enter_context(settled.open("rb"))
        with system_faults(source):
            scan = Scan(stream, size_of(settled))
            _require_ours(scan, source)
            found = gather(scan, progress.check)
            progress.reach(size_of(settled))
            return _Repair(scan, found, source, progress, unused).write(target, editions, who, clock)


def _rolled_back(source: Path, resources: ExitStack) -> tuple[Path, tuple[Damage, ...]]:
    """Return the file as SQLite would read it: after a killed writer's change, a copy in which it is rolled back.

    A journal that does not fit is reported and not used.
    """
    journal = journal_of(source)
    unused = (Damage("repair.journal", journal.name, "does not fit"),)
    try:
        if not require_own_files(source):
            return source, ()
    except FileError as error:
        if error.code == "package.beside_foreign":
            return source, unused
        raise
    with system_faults(source):
        folder = resources.enter_context(temporary()).path
    try:
        return take_back_in_copy(source, folder), ()
    except FileError as error:
        if error.code == "package.beside_foreign":
            return source, unused
        if error.code != "package.unfinished":
            raise
    copy = folder / "repair.dgdesk"
    copy_bytes(source, copy)
    copy_bytes(journal, journal_of(copy))
    try:
        with closing(Database(copy, "rw")):
            pass  # the change is rolled back on opening
    except FileError:
        if journal_of(copy).exists():  # not completely rolled back
            copy_bytes(source, copy)
            return copy, unused
    return copy, ()


def _require_ours(scan: Scan, source: Path) -> None:
    if not scan.head_sound:
        return
    if scan.application != APPLICATION_ID and not _near(scan.application):
        raise file_error(source, "package.not_a_package", detail="application_id")
    if VERSION < scan.version <= VERSION + _NEWER:
        raise file_error(source, "package.newer", version=scan.version, known=VERSION)


def _near(application: int) -> bool:
    """Return whether a number may be our application ID with one byte changed."""
    return any((application ^ APPLICATION_ID) & ~(0xFF << shift) == 0 for shift in (0, 8, 16, 24))


class _Repair:
    def __init__(
        self, scan: Scan, found: FoundRows, source: Path, progress: Progress, losses: tuple[Damage, ...]
    ) -> None:
        self._scan, self._found, self._source, self._progress = scan, found, source, progress
        self._losses = list(losses)

    def write(self, target: Path, editions: Mapping[str, bytes], who: str, clock: Clock) -> Repaired:
        found = self._found
        if not found.anything:
            raise file_error(self._source, "package.not_a_package", detail="nothing of a package in it")
        definition = self._definition(editions)
        rebuilt = rebuild(found, who, clock())
        self._losses += rebuilt.losses
        exports = self._exports()
        files = self._files(rebuilt, exports)
        if found.pages_lost:
            self._losses.insert(0, Damage("repair.pages", str(found.pages_lost), "not readable"))
        with new_package(target) as part:
            with closing(Database(part, "rwc")) as database:
                database.prepare_writing()
                with database.writing() as into:
                    create_schema(into)
                    write_rebuilt(into, definition, found.meta, rebuilt)
                    for number, line in exports.items():
                        into.execute(insert(EXPORT), {"number": number, **line})
                    for number, file in enumerate(files, start=1):
                        self._write_file(into, number, file)
            with closing(Database(part, "ro")) as database:
                flaws = [one for one in check(database, progress=self._progress.silent()) if one.code not in _LISTED]
                if flaws:
                    raise file_error(target, "package.copy_failed", detail=str(flaws[0]))
        changes = sum(number in found.entries for number in rebuilt.entries)
        whole = sum(bool(file.pieces) or file.size == 0 for file in files)
        answers = len({key[:2] for key in rebuilt.state})
        return Repaired(target, answers, changes, whole, tuple(dict.fromkeys(self._losses)))

    def _definition(self, editions: Mapping[str, bytes]) -> bytes:
        known = {hashlib.sha256(content).hexdigest(): content for content in editions.values()}
        digests = [sha256 for sha256, _ in self._found.definitions]
        for sha256, content in self._found.definitions:
            if hashlib.sha256(content).hexdigest() in (sha256, *known):
                return content
        digests += self._stored_digests()
        for sha256 in digests:
            if sha256 in known:
                return known[sha256]
        edition = self._found.meta.get(_EDITION, "")
        if edition not in editions:
            raise file_error(self._source, "repair.no_definition")
        self._losses.append(Damage("repair.definition", edition, "taken from the program"))
        return editions[edition]

    def _stored_digests(self) -> list[str]:
        """Return the digests of definitions whose content cannot be read: they come before it, in the page itself."""
        return [text for row in self._found.torn_definitions if is_digest(text := self._scan.text_at(row, 1))]

    def _exports(self) -> dict[int, dict[str, object]]:
        sound: dict[int, dict[str, object]] = {}
        last = max(self._found.exports, default=0)
        for at, who, state, record in (self._found.exports[number] for number in sorted(self._found.exports)):
            if _readable(at, record):
                sound[len(sound) + 1] = {"at": at, "who": who, "state": state, "record": record}
        lost = min(last, len(self._found.exports) + 1000) - len(sound)
        if lost > 0:
            self._losses.append(Damage("repair.register", str(lost), "lines of the register"))
        return sound

    def _files(self, rebuilt: Rebuilt, exports: Mapping[int, Mapping[str, object]]) -> list[_File]:
        needed = _named(rebuilt)
        for line in exports.values():
            record = decode(str(line["record"]))
            digest = record.get("sha256") if isinstance(record, dict) else None
            if isinstance(digest, str):
                needed.setdefault(digest, 0)
        pieces: dict[int, dict[int, ScannedRow]] = {}
        for (file, position), row in sorted(self._found.chunks.items()):
            pieces.setdefault(file, {})[position] = row
        once = {digest for line in self._found.lines.values() for digest in _digests(line)}
        sound: dict[str, _File] = {}
        sizes: dict[str, int] = {}
        for number in sorted(self._found.files.keys() | pieces.keys()):
            if number in self._found.files:
                sizes[self._found.files[number][0]] = self._found.files[number][1]
            rows = pieces.get(number, {})
            ordered = tuple(rows[position] for position in sorted(rows))
            if sorted(rows) == list(range(len(rows))) and (rows or number in self._found.files):
                digest, size = self._digest(ordered)
                if digest in needed or digest in sizes or digest in once:
                    sound.setdefault(digest, _File(digest, size, ordered))
        for digest in sorted((needed.keys() | sizes.keys()) - sound.keys()):
            code = "repair.file" if digest in needed else "repair.unused_file"
            self._losses.append(Damage(code, digest, ", ".join(_places(rebuilt, digest))))
        lost = [_File(one, sizes.get(one, needed[one]), ()) for one in needed if one not in sound and is_digest(one)]
        return [*sound.values(), *lost]

    def _digest(self, rows: tuple[ScannedRow, ...]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        for data in self._contents(rows):
            digest.update(data)
            size += len(data)
        return digest.hexdigest(), size

    def _contents(self, rows: tuple[ScannedRow, ...]) -> Iterator[bytes]:
        for row in rows:
            self._progress.check()
            values = self._scan.values(row)
            data = values[2] if values is not None else None
            if not isinstance(data, bytes) or len(data) > CHUNK_BYTES:
                return
            yield data

    def _write_file(self, into: Connection, number: int, file: _File) -> None:
        for position, data in enumerate(self._contents(file.pieces)):
            into.execute(insert(CHUNK), {"file": number, "position": position, "data": data})
            self._progress.advance(len(data))
        into.execute(insert(FILE), {"id": number, "sha256": file.sha256, "size": file.size})


def _named(rebuilt: Rebuilt) -> dict[str, int]:
    """Return the files that evidence names, with the size it states."""
    found: dict[str, int] = {}
    for key, text in rebuilt.state.items():
        one = decode(text) if key.kind == ROW_KIND else None
        digest = digest_in(one)
        if isinstance(one, dict) and digest is not None:
            size = one.get("size")
            found[digest] = size if isinstance(size, int) and size >= 0 else 0
    return found


def _digests(line: RowLine) -> set[str]:
    """Return the files that an edit names."""
    if line.kind != ROW_KIND:
        return set()
    named = (digest_in(decode(text)) for text in (line.old, line.new) if is_sound(text))
    return {digest for digest in named if digest is not None}


def _places(rebuilt: Rebuilt, digest: str) -> list[str]:
    return [
        key.target for key, text in rebuilt.state.items() if key.kind == ROW_KIND and digest_in(decode(text)) == digest
    ]


def _readable(at: str, record: str) -> bool:
    try:
        return moment_of(at).tzinfo is not None and isinstance(decode(record), dict)
    except FileError:
        return False
