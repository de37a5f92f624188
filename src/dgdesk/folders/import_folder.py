"""Attaches a folder of files: its files, the plan that the person confirms, then each file to its slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from dgdesk.draft.changes import Changes, merged
from dgdesk.draft.file.underneath import CHANGED
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError
from dgdesk.evidence.inspection.outcome import pages_issue
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.folders.found import Found, FoundFile, Indexes, read_dropped, read_folder
from dgdesk.folders.index import YES, IndexRow
from dgdesk.folders.indexed import from_index
from dgdesk.folders.matcher import Matcher, make_matcher
from dgdesk.folders.matching import match_path
from dgdesk.folders.ordering import put_in_order, turn
from dgdesk.folders.placing import folder_issues, known_files
from dgdesk.folders.plan import ImportPlan, PlanItem, as_indexed
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.definition.form import Form
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
    return ImportPlan(tuple(map(_with_pages_checked, items)), tuple(told))


def _with_pages_checked(item: PlanItem) -> PlanItem:
    """Return an item that also says which pages of its key passage the file does not have."""
    count = item.found.inspected.pages if item.found.inspected is not None else 0
    issue = pages_issue(item.name, item.pages, count)
    return item if issue is None else replace(item, issues=(*item.issues, issue))


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
            item = replace(item, code=match.code if match.takes_none and not match.slots else "")
    there = evidence.get(item.slot, ()) if item.slot is not None else ()
    same = next((one for one in there if found.sha256 == one.sha256), None)
    return item if same is None else replace(item, status="already", there=same.name)


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
    return _plan(session, partial(read_folder, folder), progress)


def plan_dropped(session: FormSession, sources: Sequence[Path], *, progress: Progress = NO_PROGRESS) -> ImportPlan:
    """Plan the import of files and folders that were dropped together, as `plan_folder`. Raises as `read_dropped`."""
    return _plan(session, partial(read_dropped, sources), progress)


def _plan(session: FormSession, read: Callable[..., Found], progress: Progress) -> ImportPlan:
    form, state = session.form, session.state
    evidence = state.facts.evidence
    sizes = frozenset(one.size for attached in evidence.values() for one in attached)
    found = read(form.definition.evidence_limits, sizes, session.documents.inspect, progress=progress)
    asked = (row.slot for row in place_rows(form, state) if row.is_open)
    plan = make_plan(form, make_matcher(form, state.facts.answers), found.files, state.facts, asked, found.indexes)
    return replace(plan, skipped=found.skipped)


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
            found.source or folder / found.path,
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
            already.append(replace(item, there=str(error.values.get("there", ""))))
        else:
            failed.append((item, error))
        done += item.found.size
    changes += put_in_order(session, plan, placed)
    return ImportedFolder(tuple(attached), tuple(already), tuple(failed), stopped, merged(changes), tuple(late))


def _after(before: int, total: int, done: int, _: int) -> tuple[int, int]:
    return min(before + done, total), total
