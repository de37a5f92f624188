"""Random changes, undos, redos, reopenings and compactions against a model of two lists and a dictionary."""

from __future__ import annotations

import io
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dgdesk.draft.file.model import Edit, StateKey, StoredFile, StoredJson
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from rows import attached, detached

VALUES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text("กาน้ำ", max_size=3), max_size=2)
)


def clock() -> datetime:
    return datetime(2026, 11, 20, tzinfo=UTC)


class PackageMachine(RuleBasedStateMachine):
    """The package must do what a dictionary with snapshots does."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dgdesk-test-"))
        self.path = self.folder / "m.dgdesk"
        self.package = create_draft_file(self.path, definition=b"{}", meta={}, clock=clock, who="m")
        self.state: dict[StateKey, StoredJson] = {}
        self.undo_stack: list[dict[StateKey, StoredJson]] = []
        self.redo_stack: list[dict[StateKey, StoredJson]] = []
        self.count = 0

    def teardown(self) -> None:
        assert self.package.check() == ()
        self.package.close()
        shutil.rmtree(self.folder)

    def changed(self, edits: list[Edit]) -> None:
        self.undo_stack.append(dict(self.state))
        self.redo_stack.clear()
        self.count += 1
        for edit in edits:
            self.state.pop(edit.key, None)
            if edit.new is not None:
                self.state[edit.key] = edit.new

    @rule(changes=st.lists(st.tuples(st.sampled_from("abc"), VALUES), min_size=1, max_size=3))
    def answer(self, changes: list[tuple[str, StoredJson]]) -> None:
        now = dict(self.state)
        edits = []
        for target, value in changes:
            edits.append(Edit("answer", target, now.get(StateKey("answer", target)), value))
            now[StateKey("answer", target)] = value
        self.package.apply(edits, "answer")
        self.changed(edits)

    @rule(slot=st.sampled_from("xy"), content=st.binary(max_size=2))
    def attach(self, slot: str, content: bytes) -> None:
        made: list[Edit] = []

        def edit(stored: StoredFile) -> Edit:
            old = self.state.get(("attachment", slot, stored.sha256))
            made.append(attached(slot, stored.sha256, rank=self.count)._replace(old=old))
            return made[0]

        self.package.attach_file(io.BytesIO(content), edit, "attach")
        self.changed(made)

    @rule(slot=st.sampled_from("xy"))
    def detach(self, slot: str) -> None:
        if edits := detached(self.package, slot):
            self.package.apply(edits, "detach")
            self.changed(edits)

    @rule()
    def undo(self) -> None:
        record = self.package.undo()
        assert (record is None) == (not self.undo_stack)
        if record is not None:
            self.count += 1
            self.redo_stack.append(self.state)
            self.state = self.undo_stack.pop()

    @rule()
    def redo(self) -> None:
        record = self.package.redo()
        assert (record is None) == (not self.redo_stack)
        if record is not None:
            self.count += 1
            self.undo_stack.append(self.state)
            self.state = self.redo_stack.pop()

    @rule()
    def reopen(self) -> None:
        self.package.close()
        self.package = open_draft_file(self.path, clock=clock, who="m")

    @precondition(lambda self: self.count)
    @rule(keep_undo=st.booleans())
    def compact(self, keep_undo: bool) -> None:
        self.package.compact(keep_undo=keep_undo)
        if not keep_undo:
            self.count += 1
            self.undo_stack.clear()
            self.redo_stack.clear()

    @invariant()
    def same_as_the_model(self) -> None:
        answers = {key.target: value for key, value in self.state.items() if key.kind == "answer"}
        attachments = {key: value for key, value in self.state.items() if key.kind == "attachment"}
        assert self.package.answers() == answers
        assert self.package.attachments() == attachments
        assert self.package.can_undo == bool(self.undo_stack)
        assert self.package.can_redo == bool(self.redo_stack)
        assert self.package.state_counter == self.count
        stored = {file.sha256 for file in self.package.files()}
        assert {key.file for key in attachments} <= stored


TestPackageAgainstModel = PackageMachine.TestCase
TestPackageAgainstModel.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
