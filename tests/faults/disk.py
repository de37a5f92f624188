"""Faults, disk: every system call of every operation fails once, or all from one on; and disks that really fail.

    python -m tests.faults --run disk [--short] [--seed N] [--again CASE]

Each operation ends done, or with a sentence that says what to do; the draft then holds what was told before, is sound,
and is worked on as soon as the disk is back. Nothing is left in the folder that the next try does not take away.
"""

from __future__ import annotations

import argparse
import errno
import gc
import json
import re
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from dgdesk.errors import DgdeskError
from dgdesk.text.messages import load_catalogue
from faults.jobs import each_apart
from faults.operations import OPERATIONS, Desk, Operation, Told
from faults.places import PLACES
from faults.shim import CHANGING, Action, Call, with_shim
from faults.world import World, content_of, make_world, scratch, sound

BY_NAME = {one.name: one for one in OPERATIONS}


@dataclass(frozen=True)
class Mode:
    """A way for system calls to fail."""

    calls: Call
    action: Action
    error: int
    leaves: bool = False
    """Whether what cannot be removed then may stay until the next try."""


GROWING = Call.CREATE | Call.WRITE | Call.MKDIR | Call.CUT
MODES = {
    "full": Mode(GROWING, Action.FAIL_ONCE, errno.ENOSPC),
    "full from then on": Mode(GROWING, Action.FAIL_ON, errno.ENOSPC),
    "I/O error": Mode(CHANGING & ~Call.UNLINK, Action.FAIL_ONCE, errno.EIO),
    "I/O error in removing": Mode(Call.UNLINK, Action.FAIL_ONCE, errno.EIO, leaves=True),
    "I/O error in reading": Mode(Call.READ, Action.FAIL_ONCE, errno.EIO),
    "gone from then on": Mode(CHANGING | Call.READ | Call.STAT, Action.FAIL_ON, errno.EIO, leaves=True),
    "read-only from then on": Mode(CHANGING & ~Call.SYNC & ~Call.OPEN, Action.FAIL_ON, errno.EROFS, leaves=True),
    "refused": Mode(Call.OPEN | Call.CREATE | Call.RENAME | Call.MKDIR, Action.FAIL_ONCE, errno.EACCES),
    "short write": Mode(Call.WRITE, Action.SHORT, 0),
}
_MOST_CALLS = 8
"""Of one operation in one mode; as many are drawn from longer ones."""
_SHORT_CASES = 60


def main(argv: list[str]) -> int:
    """Let everything fail; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="disk")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--calls", type=int, default=_MOST_CALLS, help="of one operation in one mode at most")
    parser.add_argument("--again", metavar="CASE", help="as a failure prints it")
    chosen = parser.parse_args(argv)
    shim = with_shim()
    began = time.monotonic()
    with scratch() as folder:
        world = make_world(folder / "world")
        world.shim = shim
        gc.freeze()
        run = _Run(world, folder)
        cases = [chosen.again] if chosen.again else run.cases(chosen.seed, chosen.calls, chosen.short)
        print(f"world made in {time.monotonic() - began:.1f} s; {len(cases)} cases, seed {chosen.seed}", flush=True)
        found = each_apart(cases, run)
        return _report(cases, found, chosen.seed, time.monotonic() - began)


CHANGED = "package.changed_underneath"


class _Run:
    """Runs one case, named ``operation|mode|call`` or ``operation|place``, in this process."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._catalogue = load_catalogue("th")

    def cases(self, seed: int, most: int, short: bool) -> list[str]:
        """All cases of a run."""
        chance = Random(f"{seed}/disk")
        places = [
            f"{name}|{place}" for place in PLACES for name in PLACES[place].operations(BY_NAME, bool(self._world.shim))
        ]
        calls = []
        if self._world.shim:
            for name, (word, trouble) in zip(BY_NAME, each_apart([*BY_NAME], self.count), strict=True):
                counts = json.loads(word) if not trouble else {"full": 1}  # it will be told
                for mode, count in counts.items():
                    picked = sorted(chance.sample(range(1, count + 1), min(most, count)))
                    calls += [f"{name}|{mode}|{call}" for call in picked]
        for place, one in PLACES.items():
            if why := one.why_not(bool(self._world.shim)):
                print(f"skipped: {place}: {why}", flush=True)
        if short:
            places = chance.sample(places, min(len(places), _SHORT_CASES // 2))
            calls = chance.sample(calls, min(len(calls), _SHORT_CASES - len(places)))
        return places + calls

    def count(self, name: str) -> str:
        """How many calls an operation makes, unharmed, that each mode looks at."""
        folder = self._folder / "at" / name.replace(" ", "-")
        folder.mkdir(parents=True)
        operation, desk, shim = BY_NAME[name], Desk(self._world, folder), self._world.shim
        shutil.copyfile(self._world.base(operation.base), desk.path)
        operation.prepare(desk)
        shim.arm(folder, CHANGING | Call.READ | Call.STAT, 0, Action.COUNT)
        operation.run(desk)
        shim.disarm()
        return json.dumps({name: shim.seen_of(mode.calls) for name, mode in MODES.items()})

    def __call__(self, case: str) -> str:
        name, mode, *call = case.split("|")
        operation = BY_NAME[name]
        folder = self._folder / "at" / case.replace("|", "-").replace("/", "-")
        folder.mkdir(parents=True)
        try:
            if call:
                return self._by_call(operation, MODES[mode], int(call[0]), folder)
            return PLACES[mode].run(self._world, operation, folder, self.judge)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _by_call(self, operation: Operation, mode: Mode, call: int, folder: Path) -> str:
        desk = Desk(self._world, folder)
        shutil.copyfile(self._world.base(operation.base), desk.path)
        operation.prepare(desk)
        shim = self._world.shim
        shim.arm(folder, mode.calls, call, mode.action, mode.error)
        try:
            return self.judge(desk, operation, shim.disarm, leaves=mode.leaves)
        finally:
            shim.disarm()

    def judge(
        self, desk: Desk, operation: Operation, end: Any, *, leaves: bool = False, codes: frozenset[str] | None = None
    ) -> str:
        """Do it under the fault, end the fault, and look at what is there; the word is ``done``, or the code told.

        ``leaves``: the fault keeps the program from tidying up, which the next try does.
        """
        before = _expected_before(desk, operation)
        word = "done"
        try:
            operation.run(desk)
        except DgdeskError as error:
            word = error.code
            self._require_sentence(self._catalogue.error(error))
        except Told as told:
            word = "told"
            self._require_sentence(str(told))
        end()
        done = operation.done(before)
        wanted = [done] if word == "done" else [before]
        if codes is not None:
            assert word in codes, f"told {word}, not one of {sorted(codes)}"
        if word == CHANGED:
            # The draft takes no more changes, even if its file is back: what it held is in a copy beside it.
            try:
                desk.session.answer("p4.2.2.3", 1)
            except DgdeskError as error:
                assert error.code == CHANGED, error
            else:
                raise AssertionError("a change was taken")
        elif operation.keeps_open and desk.draft is not None:
            # The fault is over: what the window shows is what the file holds, and work goes on.
            shown, held = content_of(desk.draft), (desk.package.answers(), desk.package.evidence())
            assert shown in wanted, f"{word}: shown {shown}, wanted {wanted}"
            assert shown[0] == held[0] and {s: [one["name"] for one in files] for s, files in held[1].items()} == {
                slot: [name for name, _ in files] for slot, files in shown[1].items()
            }, f"shown {shown}, held {held}"
            desk.session.answer("p4.2.2.3", 1)
            wanted = [({**content[0], "p4.2.2.3": 1}, content[1]) for content in wanted]
        desk.close()
        if word == CHANGED:
            self._require_kept(desk, before)
        if not leaves:
            # SQLite's journal, where it is left, is what undoes the half-made change when the file is opened next.
            self._require_tidy(desk, operation, {path.name + "-journal" for path in desk.folder.glob("*.dgdesk")})
        with self._world.open(desk.path) as draft:
            found = content_of(draft)
            assert found in wanted, f"{word}: found {found}, wanted {wanted}"
            sound(draft.package)
        operation.proof(desk, word == "done")
        if word != "done" or leaves:
            # Again, now that the disk is well: it succeeds, and takes away what was left.
            operation.prepare(desk)
            if not (desk.folder / "signer" / "signer.key").exists() and operation.name not in ("new", "redo"):
                try:
                    operation.run(desk)
                except DgdeskError as error:
                    assert error.code in ("evidence.already_there", "package.exists", "carry.exists"), error
            desk.close()
            # Of a copy that nobody opens, an unlocked lock file may stay: it is taken by whoever opens it.
            self._require_tidy(desk, operation, {f"{name}.lock" for name in operation.makes} if leaves else set())
        return word

    def _require_kept(self, desk: Desk, content: Any) -> None:
        """Require that what was saved here is in a copy beside the draft, and take that away."""
        (kept,) = [path for path in desk.folder.iterdir() if ".kept-" in path.name and path.suffix == ".dgdesk"]
        with self._world.open(kept) as draft:
            assert content_of(draft) == content
        kept.unlink()

    def _require_sentence(self, sentence: str) -> None:
        assert "โปรด" in sentence and "{" not in sentence, f"does not say what to do: {sentence}"

    def _require_tidy(self, desk: Desk, operation: Operation, allowed: Set[str]) -> None:
        strays = {path.name for path in desk.folder.iterdir()} - {desk.path.name} - operation.makes - allowed
        # What others put in the place of a lock file is renamed and reported, and is theirs.
        strays -= {name for name in strays if name.endswith(".lock.set-aside")}
        assert not strays, f"left in the folder: {sorted(strays)}"


def _expected_before(desk: Desk, operation: Operation) -> Any:
    if desk.draft is not None:
        return content_of(desk.draft)
    return desk.world.contents[operation.base]


def _report(cases: list[str], found: list[tuple[str, str]], seed: int, seconds: float) -> int:
    by_mode: dict[str, Counter[str]] = defaultdict(Counter)
    failures = []
    for case, (word, trouble) in zip(cases, found, strict=True):
        mode = case.split("|")[1]
        if trouble:
            failures.append(f"FAILED --run disk --again {case!r} --seed {seed}\n{trouble}")
            by_mode[mode]["FAILED"] += 1
        else:
            by_mode[mode][word.split(" ")[0]] += 1
    for mode, words in by_mode.items():
        print(
            f"{mode:24} {sum(words.values()):5}  {', '.join(f'{word} {count}' for word, count in words.most_common())}"
        )
    print(f"seed {seed}, {seconds:.0f} s")
    print(f"found: {len(cases):,} cases of failing disks and files, {len(failures)} did not hold", flush=True)
    alike = Counter(re.sub(r"\d+|--again '[^']*'", "", failure) for failure in failures)
    for failure in failures:
        key = re.sub(r"\d+|--again '[^']*'", "", failure)
        if count := alike.pop(key, 0):
            print(f"{failure}  ({count} alike)", file=sys.stderr)
    return 1 if failures else 0
