"""A person's work on a draft, evidence: looked at, attached, marked, taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.incoming import check_mark, check_room, check_total, clean_name
from dgdesk.answers.inspecting.finding import Incoming
from dgdesk.answers.marks import Mark, tidy_marks
from dgdesk.changes import Changes
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.package.model import Cancelled, Edit, Outcome, Progress, StoredFile
from dgdesk.session.work import Work


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file: attached, or why it was not. ``healed``: the draft's copy was damaged, and is whole now;
    where the file lies at the place already, that is all that was done.
    """

    source: Path
    name: str
    attachment: Attachment | None = None
    error: DgdeskError | None = None
    healed: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFiles:
    """What attaching several files changed, and what became of each, in the order given."""

    changes: Changes
    files: tuple[FileOutcome, ...]


class Attaching(Work):
    """The part of a session that takes evidence."""

    def look(self, source: Path) -> Incoming:
        """Look at a file before it is attached: what it is, what forbids it, what the person must be told first.

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
        name: str | None = None,
        pages: str = "",
        passages: str = "",
        marks: Iterable[Mark] = (),
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Changes:
        """Attach a copy of a file at a place for evidence; ``name`` is what people know it by (default: its own).

        What `look` asks about is attached in spite of it: telling the person is the front end's.

        Raises:
            UsageError: no such place, the mark is too long or not sound, the file is already there, or what `look`
                refuses: empty, a program, an archive, larger than the edition's limits.
            FileError: the file cannot be read, or the draft cannot be written; nothing is changed.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        check_mark(slot, pages, passages)
        drawn = _sound(slot, marks)
        limits = self.form.definition.evidence_limits
        looked = self.documents.inspect(source, limits, deep=False)
        looked.check()
        known_as = clean_name(name) if name else looked.name
        check_room(self._state.facts.evidence, looked.size, known_as, limits)
        there = self._state.facts.evidence.get(slot, ())

        def edit(stored: StoredFile) -> Edit:
            if any(one.sha256 == stored.sha256 for one in there):
                raise UsageError("evidence.already_there", name=known_as, slot=slot)
            check_total(self._state.facts.evidence, stored.sha256, stored.size, known_as, limits)
            new = Attachment(stored.sha256, known_as, stored.size, looked.media_type, pages, passages, drawn)
            return self._edit("evidence", slot, [one.as_json() for one in (*there, new)])

        record = self._store.attach_file(source, edit, "attach", progress=progress, cancelled=cancelled)
        return self._take(record)

    def attach_files(
        self,
        slot: str,
        sources: Sequence[Path],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        begun: Callable[[int], None] | None = None,
    ) -> AttachedFiles:
        """Attach copies of files at a place in one durable step, which one undo takes back.

        A file that cannot be attached is left out and told of; the others are attached. ``begun`` is called with the
        place of each file in ``sources`` when its turn comes.

        Raises:
            UsageError: no such place.
            FileError: the draft cannot be written; nothing is changed.
            CancelledError: nothing is changed.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        limits = self.form.definition.evidence_limits
        outcomes = [FileOutcome(source, clean_name(source.name)) for source in sources]
        taken: list[tuple[int, str]] = []  # place in ``sources``, media type
        coming = dict(self._state.facts.evidence)
        for at, source in enumerate(sources):
            try:
                looked = self.documents.inspect(source, limits, deep=False)
                looked.check()
                check_room(coming, looked.size, looked.name, limits)
            except DgdeskError as error:
                outcomes[at] = replace(outcomes[at], error=error)
                continue
            coming[f"?{at}"] = (Attachment(f"?{at}", looked.name, looked.size, looked.media_type),)
            taken.append((at, looked.media_type))
        if not taken:
            return AttachedFiles(Changes(), tuple(outcomes))

        def make_edits(stored: Sequence[Outcome]) -> Sequence[Edit]:
            evidence = dict(self._state.facts.evidence)
            for (at, media_type), one in zip(taken, stored, strict=True):
                outcomes[at] = self._outcome(slot, outcomes[at], one, media_type, evidence)
            return (
                [self._edit("evidence", slot, [one.as_json() for one in evidence[slot]])]
                if any(one.attachment for one in outcomes)
                else []
            )

        attached = self._store.attach_files(
            [sources[at] for at, _ in taken],
            make_edits,
            "attach",
            progress=progress,
            cancelled=cancelled,
            begun=None if begun is None else lambda number: begun(taken[number][0]),
        )
        changes = Changes() if attached.record is None else self._take(attached.record)
        return AttachedFiles(changes, tuple(outcomes))

    def attach_again(self, slot: str, files: Iterable[Attachment]) -> Changes:
        """Attach files that the draft has already at a further place, without copying; their marks stay where they are.

        Those that lie there already are left out.

        Raises:
            UsageError: no such place, or the draft has no such file.
        """
        if slot not in self.form.slots:
            raise UsageError("evidence.unknown_slot", slot=slot)
        there = self._state.facts.evidence.get(slot, ())
        known = {one.sha256 for one in there}
        new = {one.sha256: replace(one, pages="", passages="", marks=()) for one in files if one.sha256 not in known}
        return self._put({}, {slot: (*there, *new.values())}, "attach")

    def detach(self, slot: str, sha256: str) -> Changes:
        """Take a file away from a place; the file itself stays in the draft until it is compacted."""
        there = self._attachments(slot, sha256)
        return self._put({}, {slot: tuple(one for one in there if one.sha256 != sha256)}, "detach")

    def mark(
        self,
        slot: str,
        sha256: str,
        *,
        pages: str | None = None,
        passages: str | None = None,
        marks: Iterable[Mark] | None = None,
    ) -> Changes:
        """Say where the key passage of a file is: in words, by marks on its pages, or both. None leaves as it is.

        Raises:
            UsageError: the file is not attached there, a text is too long, or the marks are not sound or too many.
        """
        check_mark(slot, pages or "", passages or "")
        drawn = None if marks is None else _sound(slot, marks)
        there = self._attachments(slot, sha256)

        def marked(one: Attachment) -> Attachment:
            return replace(
                one,
                pages=one.pages if pages is None else pages,
                passages=one.passages if passages is None else passages,
                marks=one.marks if drawn is None else drawn,
            )

        return self._put({}, {slot: tuple(marked(one) if one.sha256 == sha256 else one for one in there)}, "mark")

    def _outcome(
        self,
        slot: str,
        file: FileOutcome,
        stored: Outcome,
        media_type: str,
        evidence: dict[str, tuple[Attachment, ...]],
    ) -> FileOutcome:
        """Say what becomes of a file, and enter it into ``evidence`` where it is attached."""
        if not isinstance(stored, StoredFile):
            return replace(file, error=stored)
        there = evidence.get(slot, ())
        if same := next((one for one in there if one.sha256 == stored.sha256), None):
            if stored.healed:
                return replace(file, name=same.name, healed=True, sha256=stored.sha256)
            return replace(file, error=UsageError("evidence.already_there", name=file.name, slot=slot))
        try:
            check_total(evidence, stored.sha256, stored.size, file.name, self.form.definition.evidence_limits)
        except UsageError as error:
            return replace(file, error=error)
        new = Attachment(stored.sha256, file.name, stored.size, media_type)
        evidence[slot] = (*there, new)
        return replace(file, attachment=new, healed=stored.healed, sha256=stored.sha256)

    def _attachments(self, slot: str, sha256: str) -> tuple[Attachment, ...]:
        there = self._state.facts.evidence.get(slot, ())
        if all(one.sha256 != sha256 for one in there):
            raise UsageError("evidence.not_there", slot=slot)
        return there


def _sound(slot: str, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    try:
        return tidy_marks(marks)
    except ValueError as error:
        raise UsageError(str(error.args[0]), field=slot) from error
