"""The session's evidence: inspected, attached, marked, removed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dgdesk.draft.changes import Changes
from dgdesk.draft.file.model import Edit, StateKey, StoredFile
from dgdesk.draft.session.base import SessionBase
from dgdesk.draft.targets import targets_named
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.evidence.inspection.issue import Incoming, file_stamp
from dgdesk.evidence.limits import (
    AttachmentRequest,
    AttachmentResult,
    Tally,
    assess,
    check_mark,
    check_pages,
    check_total,
)
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from dgdesk.survey.answers.marks import Mark, tidy_marks
from dgdesk.system.progress import NO_PROGRESS, Progress


class EvidenceActions(SessionBase):
    """The part of a session that stores evidence."""

    def look(self, source: Path) -> Incoming:
        """Inspect a file before it is attached: what it is, what forbids it, what the person must read first.

        Reads the edition's limits only, so that it may run in another thread.

        Raises:
            FileError: ``evidence.unreadable``.
        """
        return self.documents.inspect(source, self.form.definition.evidence_limits)

    def attach(
        self,
        slot: str,
        source: Path,
        *,
        name: str = "",
        pages: str = "",
        passages: str = "",
        marks: Iterable[Mark] = (),
        whole: bool = False,
        progress: Progress = NO_PROGRESS,
    ) -> Changes:
        """Attach one file; see `attach_files` and `AttachmentRequest`.

        Raises:
            UsageError: no such slot, the mark is too long or not sound, the file is already there, or `look` refuses
                it: empty, a program, an archive, larger than the edition's limits.
            FileError: the file cannot be read, or the draft cannot be written; nothing is changed.
        """
        request = AttachmentRequest(source, None, None, name, pages, passages, tuple(marks), whole)
        changes, (result,) = self.attach_files(slot, [request], progress=progress)
        for error in result.errors:
            raise error
        return changes

    def attach_files(
        self,
        slot: str,
        requests: Sequence[AttachmentRequest],
        *,
        progress: Progress = NO_PROGRESS,
    ) -> tuple[Changes, tuple[AttachmentResult, ...]]:
        """Attach copies of files to a slot in one durable step with one undo.

        A file that cannot be attached is left out, and its result says why; the others are attached. The results come
        in the order of the requests. Doubtful files are attached too: the front end asks the person first.

        Raises:
            UsageError: no such slot.
            FileError: the draft cannot be written; nothing is changed.
            Cancelled: nothing is changed.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        first = self._first_look(requests[0]) if len(requests) == 1 else None
        looked = [self._inspected(slot, one) for one in requests] if first is None else [first]
        results = list(assess(looked, self._tally, self.form.definition.evidence_limits))
        taken = [at for at, one in enumerate(results) if one.status != "refused"]
        if not taken:
            return Changes(), tuple(results)
        if first is None:
            return self._attach(slot, looked, results, taken, lambda: looked, progress)
        with ThreadPoolExecutor(1, "inspection") as beside:
            inspection = beside.submit(self._inspected, slot, requests[0])
            return self._attach(slot, looked, results, taken, lambda: [inspection.result()], progress)

    def _attach(
        self,
        slot: str,
        looked: Sequence[AttachmentRequest],
        results: list[AttachmentResult],
        taken: Sequence[int],
        inspections: Callable[[], Sequence[AttachmentRequest]],
        progress: Progress,
    ) -> tuple[Changes, tuple[AttachmentResult, ...]]:
        """Copy the files at ``taken``; ``inspections`` waits for the requests with what is inside the files."""

        def make_edits(stored: Sequence[StoredFile | DgdeskError]) -> Sequence[Edit]:
            inspected = inspections()
            new: dict[StateKey, Attachment] = {}
            tally = Tally(base=self._tally)
            for at, one in zip(taken, stored, strict=True):
                results[at] = self._result(slot, inspected[at], one, new, tally)
                if attached := results[at].attachment:
                    new[StateKey("attachment", slot, attached.sha256)] = attached
                    tally.add(attached.sha256, attached.size)
            return self._attachment_edits(new)

        with targets_named(self.form, self._state.facts.answers):
            record = self._store.attach_files(
                [looked[at].source for at in taken], make_edits, "attach", progress=progress
            )
        return Changes() if record is None else self._apply_record(record), tuple(results)

    def attach_again(self, slot: str, files: Iterable[Attachment]) -> Changes:
        """Attach files that the draft already has to a further slot, without copying and without their marks.

        Files that are attached there already are left out.

        Raises:
            UsageError: no such slot, or the draft has no such file.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        given = {StateKey("attachment", slot, one.sha256): one for one in files}
        new = {key: one.bare() for key, one in given.items() if self._attachment_at(key) is None}
        return self._commit_edits({}, new, "attach")

    def detach(self, slot: str, sha256: str) -> Changes:
        """Remove a file from a slot; its content stays in the draft until it is compacted."""
        self._attached(slot, sha256)
        return self._commit_edits({}, {StateKey("attachment", slot, sha256): None}, "detach")

    def mark(
        self,
        slot: str,
        sha256: str,
        *,
        pages: str | None = None,
        passages: str | None = None,
        marks: Iterable[Mark] | None = None,
        whole: bool | None = None,
    ) -> Changes:
        """Set where the key passage of a file is: in words, by marks on its pages, as the whole file. None: as it was.

        Raises:
            UsageError: the file is not attached there, a text is too long, or the marks are not sound, too many, or on
                pages that the file does not have.
        """
        marked = self._marked(slot, sha256, pages, passages, marks, whole)
        return self._commit_edits({}, {StateKey("attachment", slot, sha256): marked}, "mark")

    def mark_all(self, wanted: Iterable[tuple[str, Attachment]]) -> Changes:
        """Set the key passages of several files at their slots in one step with one undo; other facts stay as they are.

        Raises:
            UsageError: as `mark`; nothing is changed.
        """
        marked = {
            StateKey("attachment", slot, one.sha256): self._marked(
                slot, one.sha256, one.pages, one.passages, one.marks, one.whole
            )
            for slot, one in wanted
        }
        return self._commit_edits({}, marked, "mark")

    def _marked(
        self,
        slot: str,
        sha256: str,
        pages: str | None,
        passages: str | None,
        marks: Iterable[Mark] | None,
        whole: bool | None,
    ) -> Attachment:
        """Return an attachment with another key passage; None: as it was. Raises as `mark`."""
        check_mark(slot, pages or "", passages or "")
        drawn = None if marks is None else _sound(slot, marks)
        one = self._attached(slot, sha256)
        if drawn and one.inspected is not None:
            check_pages(drawn, one.inspected.pages, one.name)
        return replace(
            one,
            pages=one.pages if pages is None else pages,
            passages=one.passages if passages is None else passages,
            marks=one.marks if drawn is None else drawn,
            whole=one.whole if whole is None else whole,
        )

    def mark_whole(self, files: Mapping[str, Collection[str]]) -> Changes:
        """Say of several files (their SHA-256 by slot) that the whole file is the key passage: one step, one undo.

        Raises:
            UsageError: a file is not attached there; nothing is changed.
        """
        marked = {
            StateKey("attachment", slot, sha256): replace(self._attached(slot, sha256), whole=True)
            for slot, chosen in files.items()
            for sha256 in chosen
        }
        return self._commit_edits({}, marked, "mark")

    def _as_copied(self, slot: str, request: AttachmentRequest, stored: StoredFile) -> AttachmentRequest:
        """Return a request with an inspection of what was copied, or with the reason against attaching it."""
        if request.inspection is None or request.inspection.stamp == stored.stamp:
            return request
        # The file has changed since its inspection, which might have refused what was copied.
        request = self._inspected(slot, request)
        if request.inspection is None or request.error is not None or request.inspection.stamp == stored.stamp:
            return request
        return request._replace(error=FileError("package.source_changing", name=request.known_as))

    def _first_look(self, request: AttachmentRequest) -> AttachmentRequest | None:
        """Return a request with a first look at its file, if that tells whether it is refused; else None.

        Such a file is inspected while it is copied. One with marks is inspected before, since they may be on pages
        that it does not have.
        """
        if request.inspection is not None or request.marks:
            return None
        with suppress(DgdeskError):  # reported by its inspection
            check_mark("", request.pages, request.passages)
            limits = self.form.definition.evidence_limits
            if (found := self.documents.first_look(request.source, limits, name=request.name)) is not None:
                return request._replace(inspection=found)
        return None

    def _inspected(self, slot: str, request: AttachmentRequest) -> AttachmentRequest:
        """Return a request with an inspection of the current file, or with the reason against attaching it.

        A file that has not changed since its last inspection is not inspected again.
        """
        inspection = request.inspection
        try:
            check_mark(slot, request.pages, request.passages)
            marks = _sound(slot, request.marks)
            now = _stamp(request.source)
            if inspection is None or now != inspection.stamp:
                limits = self.form.definition.evidence_limits
                inspection = self.documents.inspect(request.source, limits, name=request.name, again=False)
            check_pages(marks, inspection.pages, request.known_as)
        except DgdeskError as error:
            return request._replace(error=error)
        return request._replace(inspection=inspection, marks=marks)

    def _result(
        self,
        slot: str,
        request: AttachmentRequest,
        stored: StoredFile | DgdeskError,
        new: Mapping[StateKey, Attachment],
        tally: Tally,
    ) -> AttachmentResult:
        """Return the result for a file that was copied into the draft; ``new`` were attached in the same step."""
        if not isinstance(stored, StoredFile):
            return AttachmentResult(request, "refused", (stored,))
        name = request.known_as
        key = StateKey("attachment", slot, stored.sha256)
        if same := new.get(key) or self._attachment_at(key):
            code = "evidence.already_there" if same.name == name else "evidence.already_there_as"
            error = UsageError(code, name=name, there=same.name, slot=slot)
            healed = (same.name, same.sha256) if stored.healed else None
            return AttachmentResult(request, "refused", (error,), healed=healed)
        request = self._as_copied(slot, request, stored)
        found = request.inspection
        try:
            if request.error is not None or found is None:
                raise request.error or UsageError("evidence.unreadable", name=name)
            found.check()
            check_total(tally, stored.sha256, stored.size, name, self.form.definition.evidence_limits)
        except DgdeskError as error:
            return AttachmentResult(request, "refused", (error,))
        from dgdesk.evidence.inspection.outcome import outcome  # only whoever attaches needs its lists of kinds

        marked = (request.pages, request.passages, request.marks, request.whole)
        attached = Attachment(stored.sha256, name, stored.size, found.media_type, *marked, outcome(found))
        return AttachmentResult(request, "attached", (), attached, (name, stored.sha256) if stored.healed else None)

    def _attached(self, slot: str, sha256: str) -> Attachment:
        one = self._attachment_at(StateKey("attachment", slot, sha256))
        if one is None or slot not in self.form.slots:
            raise UsageError("evidence.not_there", slot=slot)
        return one

    def _attachment_at(self, key: StateKey) -> Attachment | None:
        stored = self._stored.get(key)
        return None if stored is None else attachment_from_json(stored)


def _sound(slot: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    try:
        return tidy_marks(marks)
    except ValueError as error:
        raise UsageError(str(error.args[0]), field=slot) from error


def _stamp(source: Path) -> tuple[int, ...] | None:
    try:
        return file_stamp(source.stat())
    except (OSError, ValueError):
        return None
