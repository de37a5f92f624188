"""Two people work on copies of one draft, and one copy is written over the other: neither gets the other's work."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.file.model import Clock, Edit, StoredFile
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import FileError
from rows import attached

NIT, MALI = "นิด", "มะลิ"
STEPS = st.lists(st.sampled_from(["a", "b", "c", "clear", "attach", "detach", "undo", "redo"]), max_size=6)


def ticking(microsecond: int = 0) -> Clock:
    """A clock; no two computers save in the same millionth of a second."""
    begun, seconds = datetime(2026, 11, 20, 9, 0, 0, microsecond, tzinfo=UTC), count()
    return lambda: begun + timedelta(seconds=next(seconds))


class Worker:
    """A person who answers, attaches and undoes; what she writes bears her name, her account perhaps does not."""

    def __init__(self, folder: Path, name: str, clock: Clock, who: str = NIT) -> None:
        self.folder, self.name, self.clock, self.who, self.count = folder, name, clock, who, 0

    def open(self, path: Path, *, read_only: bool = False) -> DraftFile:
        return open_draft_file(path, clock=self.clock, who=self.who, read_only=read_only)

    def attach(self, stored: StoredFile) -> Edit:
        return attached("s", stored.sha256, self.count, size=stored.size)

    def take(self, draft: DraftFile, steps: Sequence[str]) -> None:
        for step in steps:
            self.count += 1
            answers = draft.answers()
            if step in ("undo", "redo"):
                draft.undo() if step == "undo" else draft.redo()
            elif step == "attach":
                source = self.folder / f"{self.name} {self.count}.pdf"
                source.write_bytes(f"%PDF-1.7 {self.name} {self.count}".encode())
                draft.attach_file(source, self.attach, "attach")
            elif step == "detach" and draft.attachments():
                key, value = next(iter(draft.attachments().items()))
                draft.apply([Edit(key.kind, key.target, value, None, key.file)], "remove")
            elif step == "clear" and answers:
                target = min(answers)
                draft.apply([Edit("answer", target, answers[target], None)], "clear")
            elif step in ("a", "b", "c"):
                draft.apply([Edit("answer", step, answers.get(step), f"{self.name} {self.count}")], "answer")


def stored(draft: DraftFile) -> tuple[object, object]:
    return draft.answers(), draft.attachments()


@settings(max_examples=25, deadline=None)
@given(shared=STEPS, alone=STEPS, theirs=STEPS, mine=STEPS, account=st.sampled_from([NIT, MALI]), closing=st.booleans())
def test_the_kept_copy_is_what_its_writer_had_and_nothing_else(shared, alone, theirs, mine, account, closing):
    """``alone``: what Nit did after Mali took her copy, before she opened the draft again.

    It is noticed at her next change, or only when she closes the draft (``closing``).
    """
    with TemporaryDirectory() as folder:
        path, taken = Path(folder, "d.dgdesk"), Path(folder, "taken.tmp")
        nit, mali = Worker(Path(folder), NIT, ticking()), Worker(Path(folder), MALI, ticking(5), account)
        with create_draft_file(path, definition=b"{}", meta={}, clock=nit.clock, who=NIT) as draft:
            nit.take(draft, shared)
        shutil.copy(path, taken)
        with mali.open(taken) as other:
            mali.take(other, [*theirs, "b"])
        with nit.open(path) as draft:
            nit.take(draft, alone)
        draft = nit.open(path)
        nit.take(draft, [*mine, "c"])
        had, entries = stored(draft), draft.history(1000)
        contents = {one["sha256"]: b"".join(draft.read_file(one["sha256"])) for one in draft.evidence().get("s", [])}
        path.write_bytes(theirs_now := taken.read_bytes())
        if not closing:
            with pytest.raises(FileError, match="changed_underneath"):
                draft.apply([Edit("answer", "d", None, "not saved")], "answer")
        draft.close()
        lost = draft.keep_ours().lost
        assert path.read_bytes() == theirs_now
        (kept,) = Path(folder).glob("*.kept-*")
        with mali.open(kept, read_only=True) as copy:
            assert stored(copy) == had
            assert not lost or alone
            for sha256 in contents.keys() - set(lost):
                assert b"".join(copy.read_file(sha256)) == contents[sha256]
            assert {one.subject for one in copy.check()} <= set(lost)
            assert MALI not in str(copy.history(1000))
            if not alone:
                assert copy.history(1000) == entries


def test_what_was_undone_before_can_be_undone_in_the_kept_copy(desk, tmp_path):
    """As in the draft: also a removed file comes back, from the copy that was written over it."""
    nit = Worker(tmp_path, NIT, desk.clock)
    with desk.create() as draft:
        nit.take(draft, ["a", "attach"])
    content = desk.path.read_bytes()
    other = tmp_path / "other.tmp"
    other.write_bytes(content)
    with Worker(tmp_path, MALI, desk.clock, MALI).open(other) as theirs:
        theirs.apply([Edit("answer", "b", None, "theirs")], "answer")
    draft = desk.open()
    before = stored(draft)
    nit.take(draft, ["detach", "c", "a", "undo"])
    desk.path.write_bytes(other.read_bytes())
    assert draft.look_underneath()
    kept = draft.keep_ours()
    draft.close()
    assert not kept.lost
    with open_draft_file(kept.path, clock=desk.clock, who="สมชาย") as copy:
        copy.redo()
        for _ in range(3):
            copy.undo()
        assert stored(copy) == before
        assert [b"".join(copy.read_file(one["sha256"])) for one in copy.evidence()["s"]]
        assert not copy.check()


def test_what_another_program_writes_while_the_draft_is_opened_is_read_whole(desk, tmp_path, monkeypatch):
    """Half of one and half of the other must not count as what the session has read."""
    nit = Worker(tmp_path, NIT, desk.clock)
    with desk.create() as draft:
        nit.take(draft, ["a"])
    other = tmp_path / "other.tmp"
    shutil.copy(desk.path, other)
    with Worker(tmp_path, MALI, desk.clock, MALI).open(other) as theirs:
        theirs.apply([Edit("answer", "b", None, "theirs")], "answer")
    from dgdesk.draft.file.ours import Ours

    read, times = Ours.read, []

    def read_and_be_overtaken(connection):
        found = read(connection)
        if not times:
            desk.path.write_bytes(other.read_bytes())
        times.append(found)
        return found

    monkeypatch.setattr(Ours, "read", read_and_be_overtaken)
    draft = desk.open()
    assert len(times) == 2
    assert draft.answers()["b"] == "theirs"
    nit.take(draft, ["c"])  # nothing was read before it, so that nothing is refused
    draft.close()
    assert not list(tmp_path.glob("*.kept-*"))
