"""State machines: whatever a person does with a draft and its file, in any order, it holds what a simple model holds.

    python -m faults machines --examples 60 --seed 1

`tests/draft/session/test_model.py` has the actions and the model; added here are hiding and coming back, restoring
from the history, looking ahead, copies and working on in a copy, repair, compaction, second openers, a clock that
turns back, and what would be handed in. dgdesk does not merge histories.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dgdesk.draft.drafts import Draft, new_draft, open_draft, repair_draft
from dgdesk.draft.file.model import StateKey
from dgdesk.draft.file.ranks import without_rank
from dgdesk.draft.history import steps, values_after, values_before
from dgdesk.errors import DgdeskError
from dgdesk.submission.gather import gather
from draft.session.test_model import FILES, Model, act, actions, content_of, differing, refused

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PROVINCE = "general.province"


def _say(code: str, /, **values: object) -> str:
    return code


def restored(draft: Draft, values: dict[StateKey, Any]) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
    """What restored values leave, in the form of the model: a file comes or goes, and all others stay in order."""
    answers = {key.target: value for key, value in values.items() if key.kind == "answer"}
    given = {key: value for key, value in values.items() if key.kind == "attachment"}
    evidence: dict[str, list[tuple[str, str]]] = {}
    for slot in {key.target for key in given}:
        there = draft.package.evidence().get(slot, [])
        for key, value in given.items():
            found = [one for one in there if key.target == slot and one["sha256"] == key.file]
            assert key.target != slot or found == ([] if value is None else [without_rank(value)])
        evidence[slot] = [(one["name"], one["pages"]) for one in there]
    return answers, evidence


class DraftMachine(RuleBasedStateMachine):
    """A draft, its file and copies of it, beside a dictionary with two stacks."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dgdesk-machine-"))
        for file, content in FILES.items():
            (self.folder / file).write_bytes(content)
        self.moment = NOW
        self.copies = 0
        self.changes = 0
        self.model = Model()
        self.draft: Draft = new_draft(self.folder / "a.dgdesk", clock=self.clock, who="-")

    def clock(self) -> datetime:
        return self.moment

    def teardown(self) -> None:
        try:
            if self.draft.package.check() != ():
                raise AssertionError(self.draft.package.check())
        finally:
            self.draft.close()
            shutil.rmtree(self.folder)

    @initialize()
    def choose_a_province(self) -> None:
        self.model.put({PROVINCE: "TH-55"})
        self.draft.session.answer(PROVINCE, "TH-55")
        self.changes += 1

    @rule(what=actions.filter(lambda one: one[0] != "reopen"))
    def do(self, what: tuple[str, Any]) -> None:
        name, value = what
        before = content_of(self.draft)
        counter = self.draft.package.state_counter
        changes = act(self.draft, self.model, self.folder, name, value)
        after = content_of(self.draft)
        if changes is None:
            assert refused(self.draft, self.folder, name, value) and content_of(self.draft) == before
        else:
            assert bool(changes) == (after != before)
            assert (changes.answers, changes.evidence) == (
                differing(before[0], after[0]),
                differing(before[1], after[1]),
            )
        self.changes += after != before
        assert self.draft.package.state_counter - counter == (after != before)

    @rule(minutes=st.integers(-600, 600))
    def clock_moves(self, minutes: int) -> None:
        """Backwards too: the journal goes by numbers."""
        self.moment += timedelta(minutes=minutes)

    @precondition(lambda self: self.changes)
    @rule(back=st.integers(0, 12), after=st.booleans())
    def restore(self, back: int, after: bool) -> None:
        records = self.draft.package.history(back + 1)
        step = steps(self.draft.session.form, self.draft.session.state.facts.answers, records[-1:], _say)[0]
        values = values_after(step) if after else values_before(step)
        if not values:
            return
        before = content_of(self.draft)
        others = self.others(values)
        try:
            self.draft.session.restore(values)
        except DgdeskError as error:
            assert error.code == "package.unknown_file", error
            assert content_of(self.draft) == before
            return
        assert self.others(values) == others
        self.model.put(*restored(self.draft, values))

    def others(self, values: dict[StateKey, Any]) -> dict[str, list[Any]]:
        """The attachments that are not restored, by slot and in order."""
        files = {key[1:] for key in values}
        there = self.draft.package.evidence().items()
        kept = {slot: [one for one in ones if (slot, one["sha256"]) not in files] for slot, ones in there}
        return {slot: ones for slot, ones in kept.items() if ones}

    @rule(choice=st.sampled_from(["no", "yes", None]))
    def hide_and_come_back(self, choice: str | None) -> None:
        """What is hidden stays stored, is not handed in, and is there again."""
        session = self.draft.session
        inside = {key: value for key, value in content_of(self.draft)[0].items() if key.startswith("g3.")}
        self.model.put({"g3": choice})
        session.answer("g3", choice)
        kept = content_of(self.draft)[0]
        assert {key: kept.get(key) for key in inside} == inside
        if PROVINCE not in kept:  # undone or restored away
            return
        handed_in = gather(self.draft).submission
        for address in handed_in.answers:
            assert session.state.shown[session.form.position[address]], address
        if choice != "yes":
            assert not [one for one in handed_in.answers if one.startswith("g3.")]
            assert not [one for one in handed_in.evidence if one.slot.startswith("g3.")]

    @rule(what=actions.filter(lambda one: one[0] in ("answer", "toggle", "add_item")))
    def look_ahead(self, what: tuple[str, Any]) -> None:
        """A session beside this one keeps nothing."""
        before, counter = content_of(self.draft), self.draft.package.state_counter
        ahead = self.draft.session.optimistic_copy()
        try:
            match what:
                case "answer", (address, value):
                    ahead.answer(address, value)
                case "toggle", (option, on):
                    ahead.toggle("p5.3", option, on)
                case _:
                    ahead.add_item("g3.projects")
        except DgdeskError as error:
            assert error.code == "value.too_many_items"
        assert (content_of(self.draft), self.draft.package.state_counter) == (before, counter)

    @rule(go_on=st.booleans())
    def save_a_copy(self, go_on: bool) -> None:
        target = self.folder / f"copy{self.copies}.dgdesk"
        self.copies += 1
        assert self.draft.package.backup(target) == ()
        self._same_in(target)
        if go_on:
            self._move_to(target)

    @rule(go_on=st.booleans())
    def repair(self, go_on: bool) -> None:
        """Nothing is lost by the repair of a sound file, not even undo."""
        path, target = self.draft.path, self.folder / f"copy{self.copies}.dgdesk"
        self.copies += 1
        self.draft.close()
        done = repair_draft(path, target, clock=self.clock, who="-")
        assert done.losses == (), done.losses
        self.draft = open_draft(path, clock=self.clock, who="-")
        self._same_in(target)
        if go_on:
            self._move_to(target)

    @rule()
    def reopen(self) -> None:
        before = self.draft.session.state
        self._move_to(self.draft.path)
        if before.today == self.draft.session.state.today:
            assert self.draft.session.state == before

    @rule()
    def somebody_else_opens_it(self) -> None:
        try:
            open_draft(self.draft.path, clock=self.clock, who="ข").close()
        except DgdeskError as error:
            assert error.code == "package.held"
        else:
            raise AssertionError("two writers")
        self._same_in(self.draft.path)

    @rule(keep_undo=st.booleans())
    def compact(self, keep_undo: bool) -> None:
        self.draft.package.compact(keep_undo=keep_undo)
        if not keep_undo:
            self.model.past.clear()
            self.model.future.clear()

    def _same_in(self, path: Path) -> None:
        with open_draft(path, clock=self.clock, who="-", read_only=True) as other:
            assert content_of(other) == content_of(self.draft)
            assert other.package.history(10_000) == self.draft.package.history(10_000)
            assert other.package.files() == self.draft.package.files()

    def _move_to(self, path: Path) -> None:
        self.draft.close()
        self.draft = open_draft(path, clock=self.clock, who="-")

    @invariant()
    def as_the_model_says(self) -> None:
        session = self.draft.session
        assert content_of(self.draft) == self.model.content
        assert (session.can_undo, session.can_redo) == (bool(self.model.past), bool(self.model.future))
        assert session.state == session.rules.evaluate(session.state.facts, session.state.today)
        there = {one.sha256 for one in self.draft.package.files()}
        assert {one.sha256 for files in session.state.facts.evidence.values() for one in files} <= there


def machine_test(examples: int, steps_each: int, seed_of: int) -> Callable[[], None]:
    """The machine as a function that raises where the model is not met."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps_each,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=True,
    )

    def go() -> None:
        machine = seed(seed_of)(DraftMachine)
        run_state_machine_as_test(machine, settings=chosen)

    return go


def main(argv: list[str] | None = None) -> int:
    """Run the machine; 1 where it finds a way that the model does not go, which hypothesis prints as a program."""
    parser = argparse.ArgumentParser(prog="machines")
    parser.add_argument("--examples", type=int)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(argv)
    examples = options.examples or (8 if options.short else 150)
    start = time.monotonic()
    code = 0
    try:
        machine_test(examples, options.steps, options.seed)()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        import traceback

        traceback.print_exc()
        code = 1
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s")
    print(
        f"found: {examples} lives of a draft of up to {options.steps} steps, {'WRONG' if code else 'as the model says'}"
    )
    return code


if __name__ == "__main__":
    raise SystemExit(main())
