"""Writes all evidence of a draft as a tree of folders by question, with an index.

One index is a list for people, which Excel opens; the other has everything, for `dgdesk.folders.import_folder`.
``P1 – title/P1.1a2-1 – title/E0001 name``: a file of several slots is written for each, with the same number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dgdesk.draft.file.disk import new_place_faults
from dgdesk.draft.file.faults import system_faults
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import leaving_name, peeked
from dgdesk.folders.full_index import FULL_INDEX, IndexEntry, item_of_slot, write_full_index
from dgdesk.folders.index import INDEX, STATES, YES, IndexRow, NamedFolder, write_index
from dgdesk.folders.labels import SlotLabel, labels_of
from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import State
from dgdesk.system.atomic import NameTaken, atomic_folder, sync
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.zone import Stamp, no_stamp

_SECTION_LONGEST = 40
_PLACE_LONGEST = 70
FileReader = Callable[[str], Iterator[bytes]]
"""Gives the content of a SHA-256 in pieces, as `DraftFile.read_file`: a wrong digest raises before the last piece."""


@dataclass(frozen=True)
class ExportedFolder:
    """The rows of the index, and among them the damaged ones, which have no file."""

    rows: tuple[IndexRow, ...]
    damaged: tuple[IndexRow, ...]

    @property
    def written(self) -> int:
        """The number of files written."""
        return len(self.rows) - len(self.damaged)


def export_folder(
    form: Form,
    state: State,
    read_file: FileReader,
    target: Path,
    *,
    progress: Progress = NO_PROGRESS,
    stamp: Stamp = no_stamp,
) -> ExportedFolder:
    """Write all evidence below a new folder ``target``, completely or not at all. Digests are checked on the way.

    Each file's ending fits its content and is none that Windows runs; ``stamp`` marks each as coming from elsewhere.
    Indexes and result name the files that cannot be read, and the slots whose stored evidence is unreadable; the others
    are written.

    Raises:
        UsageError: ``carry.nothing``: no evidence is attached; ``carry.exists``: the name is used already.
        FileError: the folder cannot be written (``package.disk_full`` …).
        Cancelled: the person stopped it.
    """
    if not any(state.facts.evidence.values()) and not state.facts.unreadable:
        raise UsageError("carry.nothing")
    if os.path.lexists(target):
        raise UsageError("carry.exists", name=target.name)
    try:
        with new_place_faults(target), system_faults(target), atomic_folder(target) as part:
            writing = _Writing(form, state, read_file, part, progress, stamp)
            rows = writing.write()
            _write_file(part / INDEX, iter((write_index(rows),)))
            _write_file(part / FULL_INDEX, iter((writing.full_index(),)))
    except NameTaken as error:  # taken during the work
        raise UsageError("carry.exists", name=target.name) from error
    return ExportedFolder(tuple(rows), tuple(row for row in rows if not row.path))


class _Writing:
    """One tree while it is written."""

    def __init__(
        self,
        form: Form,
        state: State,
        read_file: FileReader,
        part: Path,
        progress: Progress,
        stamp: Stamp,
    ) -> None:
        self._form, self._evidence, self._read = form, state.facts.evidence, read_file
        self._answers = state.facts.answers
        self._unreadable = state.facts.unreadable
        self._part, self._progress, self._stamp = part, progress, stamp
        self._labels = labels_of(form, state.facts.answers)
        self._top = NamedFolder()
        self._top.take(INDEX)
        self._top.take(FULL_INDEX)
        self._entries: list[IndexEntry] = []
        self._total = sum(one.size for attached in self._evidence.values() for one in attached)
        self._done = 0

    def write(self) -> list[IndexRow]:
        sections: dict[str, tuple[str, NamedFolder]] = {}
        numbers: dict[str, int] = {}
        rows = []
        for slot, label in self._labels.items():
            attached = self._evidence.get(slot, ())
            if slot in self._unreadable:
                rows.append(_unreadable(label))
            if not attached:
                continue
            section = self._form.nodes[self._form.slots[slot].node].section
            if section not in sections:
                sections[section] = (self._top.take(self._section(section), _SECTION_LONGEST), NamedFolder())
            above, places = sections[section]
            place = f"{above}/{places.take(_titled(label.text, label.title), _PLACE_LONGEST)}"
            names = NamedFolder()
            item = item_of_slot(self._form, self._answers, slot)
            for order, one in enumerate(attached):
                number = numbers.setdefault(one.sha256, len(numbers) + 1)
                row = self._write_one(label, one, place, names, number)
                rows.append(row)
                self._entries.append(IndexEntry(row.path, slot, order, one, item))
        return rows

    def full_index(self) -> bytes:
        """Return the index of what was written, with everything that the draft knows of it."""
        respondent = self._form.respondent_in(self._answers)
        edition = self._form.definition.edition
        return write_full_index(edition, respondent.key if respondent is not None else "", self._entries)

    def _write_one(self, label: SlotLabel, one: Attachment, place: str, names: NamedFolder, number: int) -> IndexRow:
        folder, path, before, whole = self._part / place, "", self._done, True
        folder.mkdir(parents=True, exist_ok=True)
        try:
            head, pieces = peeked(self._counted(self._read(one.sha256)))
            name = leaving_name(one.name, one.media_type, media.media_type(head) if head else media.OCTETS)
            path = f"{place}/{names.take(f'E{number:04d} {name}')}"
            _write_file(self._part / path, pieces)
            self._stamp(self._part / path)
        except (FileError, UsageError) as error:
            if error.code in ("package.busy", "package.closed"):
                raise
            if path:
                (self._part / path).unlink(missing_ok=True)
            with suppress(OSError):
                folder.rmdir()
            whole = False
        self._done = before + one.size
        return IndexRow(
            label=label.text,
            slot=label.slot,
            path=path if whole else "",
            name=one.name,
            size=str(one.size),
            sha256=one.sha256,
            media_type=one.media_type,
            pages=pages_of(one),
            passages=one.passages,
            state=STATES["whole" if whole else "damaged"],
            whole_file=YES if one.whole else "",
            item=label.item,
        )

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._progress.check()
            self._done += len(piece)
            self._progress.report(self._done, self._total)
            yield piece

    def _section(self, section: str) -> str:
        title = next(one.title for one in self._form.definition.sections if one.id == section)
        return _titled(section.upper(), title)


def _unreadable(label: SlotLabel) -> IndexRow:
    """Return a row for a slot whose stored evidence is unreadable."""
    return IndexRow(label.text, label.slot, "", "-", "0", "-", "-", "", "", STATES["damaged"])


def _titled(code: str, title: str) -> str:
    return f"{code} – {title}" if title else code


def _write_file(target: Path, pieces: Iterator[bytes]) -> None:
    with target.open("xb") as stream:
        for piece in pieces:
            stream.write(piece)
        sync(stream)
