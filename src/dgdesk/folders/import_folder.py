"""Attaches a folder of files: its files, the plan that the person confirms, then each file to its slot."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple, Protocol

from dgdesk.draft.changes import Changes, merged
from dgdesk.draft.file.underneath import CHANGED
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.evidence.inspection.issue import FileIssue, Incoming
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.folders.full_index import FULL_INDEX, LARGEST_FULL_INDEX, FullIndex, read_full_index
from dgdesk.folders.index import INDEX, LARGEST_INDEX, YES, IndexRow, read_index
from dgdesk.folders.indexed import from_index
from dgdesk.folders.matching import Matcher, make_matcher, match_path
from dgdesk.folders.ordering import put_in_order, turn
from dgdesk.folders.placing import folder_issues, known_files
from dgdesk.folders.plan import FoundFile, ImportPlan, PlanItem, as_indexed
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.survey.rules.state import Facts
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress

_ALREADY_THERE: Final = frozenset({"evidence.already_there", "evidence.already_there_as"})


def make_plan(
    form: Form,
    matcher: Matcher,
    found: Sequence[FoundFile],
    facts: Facts,
    open_slots: Iterable[str],
    indexes: Indexes,
) -> ImportPlan:
    """Match every file to its slot; ``indexes`` are those of the folder if dgdesk exported it."""
    asked, full = frozenset(open_slots), indexes.full
    matches = {one.path: match_path(matcher, one.path, asked) for one in found} if full.entries else {}
    meant = {path: match.slots for path, match in matches.items()}
    known = known_files(full, ((one.path, one.sha256) for one in found), meant)
    rows = {} if full.state == "read" else indexes.rows
    items = []
    for one in found:
        if one.path in known and not one.refused:
            row = indexes.rows.get(str(one.path))
            taken = from_index(form, facts.answers, one.path, known[one.path], matches[one.path], row)
            items.append(as_indexed(one, taken, facts.evidence))
        else:
            items.append(_item(form, matcher, one, facts.evidence, asked, rows))
    has_list = bool(indexes.rows)
    told = folder_issues(form, facts.answers, full, known.values(), has_list=has_list)
    return ImportPlan(tuple(items), tuple(told))


def _item(
    form: Form,
    matcher: Matcher,
    found: FoundFile,
    evidence: Evidence,
    open_slots: frozenset[str],
    index: Mapping[str, IndexRow],
) -> PlanItem:
    if any(finding.severity == "refuse" for finding in found.findings):
        return PlanItem(found, "refused", name=found.path.name)
    row = index.get(str(found.path))
    if row is not None and row.slot in form.slots:
        item = _by_index(matcher, row, found)
        item = replace(item, pages=row.pages, passages=row.passages, whole=row.whole_file.strip() == YES)
    else:
        match = match_path(matcher, found.path, open_slots)
        if match.sure:
            item = PlanItem(found, "matched", match.slots[0], match.slots, found.path.name)
        else:
            item = PlanItem(found, "ambiguous" if match.slots else "unmatched", None, match.slots, found.path.name)
    there = evidence.get(item.slot, ()) if item.slot is not None else ()
    if found.sha256 is not None and any(one.sha256 == found.sha256 for one in there):
        return replace(item, status="already")
    return item


def _by_index(matcher: Matcher, row: IndexRow, found: FoundFile) -> PlanItem:
    """Return the place that the index of an exported folder names.

    The item of a repeat may have been removed or moved since, and its key given to another one: unless its number and
    its name are still the same, the person is asked.
    """
    name, label = row.name or found.path.name, matcher.labels.get(row.slot)
    if label is not None and (not label.in_item or (label.text, label.item) == (row.label, row.item)):
        return PlanItem(found, "matched", row.slot, (row.slot,), name)
    question = row.slot.partition("#")[0]
    like = [one for one in matcher.labels.values() if one.slot.partition("#")[0] == question]
    like.sort(key=lambda one: (one.item != row.item, one.text != row.label, one.slot != row.slot))
    return PlanItem(found, "ambiguous" if like else "unmatched", None, tuple(one.slot for one in like), name)


@dataclass(frozen=True)
class ImportedFolder:
    """The result of a plan: files attached, attached already, failed with the reason; and what views must redraw.

    ``late`` are files that changed after the plan: their highlights were not taken.
    """

    attached: tuple[PlanItem, ...]
    already: tuple[PlanItem, ...]
    failed: tuple[tuple[PlanItem, DgdeskError], ...]
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)
    late: tuple[PlanItem, ...] = ()


def plan_folder(session: FormSession, folder: Path, *, progress: Progress = NO_PROGRESS) -> ImportPlan:
    """Plan the import of a folder. Reads the session, changes nothing. Raises as `read_folder`."""
    form, state = session.form, session.state
    evidence = state.facts.evidence
    sizes = frozenset(one.size for attached in evidence.values() for one in attached)
    limits = form.definition.evidence_limits
    found, indexes = read_folder(folder, limits, sizes, session.documents.inspect, progress=progress)
    asked = (row.slot for row in place_rows(form, state) if row.is_open)
    return make_plan(form, make_matcher(form, state.facts.answers), found, state.facts, asked, indexes)


def import_files(
    session: FormSession,
    folder: Path,
    plan: ImportPlan,
    *,
    progress: Progress = NO_PROGRESS,
) -> ImportedFolder:
    """Attach the files that a plan matched, each in a separate durable step; ``progress`` counts bytes of all files.

    A file that fails is reported and the others go on. If cancelled, the files attached so far stay.

    Raises:
        FileError: another program has changed the draft; what was attached is in the copy that the error names.
    """
    attached: list[PlanItem] = []
    already: list[PlanItem] = []
    failed: list[tuple[PlanItem, DgdeskError]] = []
    changes: list[Changes] = []
    late: list[PlanItem] = []
    placed: list[tuple[PlanItem, str]] = []
    stopped = False
    total, done = sum(item.found.size for item in plan.to_attach), 0
    for item in sorted(plan.to_attach, key=turn):
        found = item.found
        request = AttachmentRequest(
            folder / found.path,
            found.inspected,
            name=item.name,
            pages=item.pages,
            passages=item.passages,
            marks=item.marks,
            whole=item.whole,
        )
        try:
            progress.check()
            step = progress.mapped(partial(_after, done, total))
            change, (result,) = session.attach_files(item.slot or "", [request], progress=step)
            error = next(iter(result.errors), None)
        except Cancelled:
            stopped = True
            break
        except DgdeskError as draft_error:
            if draft_error.code in CHANGED:  # no further file can come in
                raise
            change, error = Changes(), draft_error
        changes.append(change)
        if error is None:
            attached.append(item)
            sha256 = result.attachment.sha256 if result.attachment is not None else ""
            placed.append((item, sha256))
            if item.marks and sha256 != found.sha256:
                changes.append(session.mark(item.slot or "", sha256, marks=()))
                late.append(item)
        elif error.code in _ALREADY_THERE:
            already.append(item)
        else:
            failed.append((item, error))
        done += item.found.size
    changes += put_in_order(session, plan, placed)
    return ImportedFolder(tuple(attached), tuple(already), tuple(failed), stopped, merged(changes), tuple(late))


def _after(before: int, total: int, done: int, _: int) -> tuple[int, int]:
    return min(before + done, total), total


MOST_FILES = 10_000
_DEEPEST = 20
_PIECE = 1 << 20
# Files that systems and office programs leave among people's files.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "__macosx"})
_LITTER_BEGINS = (".", "~$", "~lock")
# Drafts with their locks and half-made copies: opening an open draft again would release SQLite's locks (POSIX).
_OWN_ENDS = (".dgdesk", ".dgdesk.lock", ".dgdesk-journal", ".part")


class Inspect(Protocol):
    """Inspects a file, as `dgdesk.evidence.documents.Documents.inspect`."""

    def __call__(self, path: Path, limits: EvidenceLimits | None, *, name: str = "") -> Incoming:
        """Inspect a file that is known as ``name``."""


class Indexes(NamedTuple):
    """The indexes of a folder that dgdesk exported: the rows of the list by path, and the full one."""

    rows: Mapping[str, IndexRow]
    full: FullIndex


InspectedFile = Callable[[int, int], None]
"""Called with (files inspected, files in all)."""


def read_folder(
    folder: Path,
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    inspect: Inspect,
    *,
    progress: Progress = NO_PROGRESS,
) -> tuple[tuple[FoundFile, ...], Indexes]:
    """Inspect every file below ``folder``, and read the indexes if dgdesk exported the folder.

    Links are not followed. Digests are computed only for files of ``known_sizes`` and of sizes in the index: no others
    can be in the draft or the index. A file of the index is inspected under its original name.

    Raises:
        FileError: ``carry.no_folder``.
        UsageError: ``carry.too_many``: more than `MOST_FILES` files.
        Cancelled: the person stopped it.
    """
    if not folder.is_dir():
        raise FileError("carry.no_folder", name=folder.name)
    paths = sorted(_files(folder, PurePosixPath(), 0, folder.name), key=str)
    if len(paths) > MOST_FILES:
        raise UsageError("carry.too_many", name=folder.name, most=MOST_FILES)
    indexes = Indexes(_list(folder), _full_index(folder))
    names = {(one.path, one.attachment.sha256): one.attachment.name for one in indexes.full.entries}
    sizes = known_sizes | {one.attachment.size for one in indexes.full.entries}
    found = []
    for number, path in enumerate(paths, start=1):
        progress.check()
        found.append(_look(folder, path, limits, sizes, names, inspect, progress))
        progress.report(number, len(paths))
    return tuple(found), indexes


def _files(folder: Path, inside: PurePosixPath, depth: int, name: str) -> Iterator[PurePosixPath]:
    """Yield the paths of files, at most one more than `MOST_FILES`."""
    try:
        entries = sorted(os.scandir(folder / inside), key=lambda entry: entry.name)
    except OSError as error:
        raise FileError("carry.unreadable", name=str(inside) if depth else name) from error
    count = 0
    for entry in entries:
        if _is_litter(entry.name) or _is_link(entry):
            continue
        if entry.is_dir(follow_symlinks=False):
            below = _files(folder, inside / entry.name, depth + 1, name) if depth < _DEEPEST else iter(())
        else:
            below = iter((inside / entry.name,)) if depth or entry.name not in (INDEX, FULL_INDEX) else iter(())
        for path in below:
            yield path
            count += 1
            if count > MOST_FILES:
                return


def _look(
    folder: Path,
    path: PurePosixPath,
    limits: EvidenceLimits | None,
    known_sizes: frozenset[int],
    names: Mapping[tuple[str, str], str],
    inspect: Inspect,
    progress: Progress,
) -> FoundFile:
    try:
        size = (folder / path).stat().st_size
        known = size in known_sizes and (limits is None or size <= limits.file) and (folder / path).is_file()
        digest = _digest(folder / path, progress) if known else None
        name = names.get((str(path), digest or ""), "")
        looked = inspect(folder / path, limits, name=name) if name else inspect(folder / path, limits)
        return FoundFile(path, looked.size, digest if looked.size == size else None, looked)
    except FileError as error:
        return FoundFile(path, 0, trouble=FileIssue(error.code, "refuse", error.values))
    except OSError:
        return FoundFile(path, 0, trouble=FileIssue("evidence.unreadable", "refuse", {"name": path.name}))


def _digest(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            progress.check()
            digest.update(piece)
    return digest.hexdigest()


def _list(folder: Path) -> Mapping[str, IndexRow]:
    content = _bounded(folder / INDEX, LARGEST_INDEX)
    return {} if content is None else read_index(content)


def _full_index(folder: Path) -> FullIndex:
    content = _bounded(folder / FULL_INDEX, LARGEST_FULL_INDEX)
    if content is None:
        return FullIndex("broken" if os.path.lexists(folder / FULL_INDEX) else "absent")
    return read_full_index(content)


def _bounded(path: Path, most: int) -> bytes | None:
    """Return the content of a regular file of at most so many bytes; None for anything else."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError:
        return None
    return content if len(content) <= most else None


def _is_litter(name: str) -> bool:
    return name.lower() in _LITTER or name.startswith(_LITTER_BEGINS) or name.lower().endswith(_OWN_ENDS)


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link, or a junction of Windows."""
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return entry.is_symlink() or bool(attributes & 0x400 and entry.is_dir())
