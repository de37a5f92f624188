"""Damage: random changes of the bytes of packages: what is opened is true or flagged, and repair saves the rest.

    python -m faults damage --rounds 10000 --seed 1

Each round changes a copy of one of some small packages (a byte, a run, the end cut off, pages zeroed or swapped),
opens it to read or to write, compares whatever is returned with the truth, and repairs it. Wrong is: an exception other
than `DgdeskError`, a round over its time, an answer or file that is not the truth and flagged neither by an error nor
by `check()` nor by what repair lists.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.repair import repair_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import DgdeskError
from dgdesk.text.messages import load_catalogue
from rows import attached

SECONDS = 20
"""What no round may take, on however busy a machine."""
FIXTURES = Path(__file__).parents[1] / "draft" / "file" / "fixtures"
EDITION = b",".join(b"%d" % number for number in range(4_000))

Content = tuple[dict[str, Any], dict[str, Any], dict[str, bytes]]


@dataclass(frozen=True)
class Base:
    """A sound package: its bytes, and what is in it."""

    name: str
    data: bytes
    page: int
    truth: Content
    definition: bytes


def clock() -> datetime:
    return datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def content_of(package: DraftFile) -> Content:
    files: dict[str, bytes] = {}
    for one in package.files():
        try:
            files[one.sha256] = b"".join(package.read_file(one.sha256))
        except DgdeskError as error:
            if error.code != "package.evidence_damaged":
                raise
    return package.answers(), package.evidence(), files


def make_bases(folder: Path) -> list[Base]:
    """Packages of some kinds: small, with a longer history, with evidence of two pieces, of an older version."""
    made = [_make(folder, "small", 6, [900, 3000]), _make(folder, "long", 90, [20_000])]
    made.append(_make(folder, "large", 8, [100, 1_100_000]))
    for version in (1, 2):
        old = folder / f"old{version}.dgdesk"
        shutil.copy(FIXTURES / f"v{version}.dgdesk", old)
        made.append(_base(f"old{version}", old))
    return made


def _make(folder: Path, name: str, changes: int, sizes: list[int]) -> Base:
    dice = random.Random(name)
    path = folder / f"{name}.dgdesk"
    with create_draft_file(path, definition=EDITION, meta={"edition": "e"}, clock=clock, who="สมชาย") as package:
        for _ in range(changes):
            target = f"p{dice.randrange(12)}.{dice.randrange(3)}"
            old = package.answers().get(target)
            new = dice.choice(["yes", "no", dice.randrange(10_000), "คำตอบ" * dice.randrange(1, 60), ["a", "b"], None])
            package.apply([Edit("answer", target, old, new)], "answer")
        for number, size in enumerate(sizes):
            slot = f"s{number}"
            package.attach_file(io.BytesIO(dice.randbytes(size)), lambda one, slot=slot: _edit(slot, one), "attach")
        package.undo()
        package.redo()
        package.register_export({"digest": "ab" * 32})
    return _base(name, path)


def _edit(slot: str, stored: Any) -> Edit:
    return attached(slot, stored.sha256, name=f"{slot}.pdf", size=stored.size)


def _base(name: str, path: Path) -> Base:
    data = path.read_bytes()
    with open_draft_file(path, clock=clock, who="-", read_only=True) as package:
        assert package.check() == ()
        base = Base(name, data, int.from_bytes(data[16:18], "big"), content_of(package), package.definition)
    return base


# -- damage ------------------------------------------------------------------------------------------------------------


def byte(dice: random.Random, data: bytearray, page: int) -> None:
    data[dice.randrange(len(data))] ^= dice.randrange(1, 256)


def near_the_head(dice: random.Random, data: bytearray, page: int) -> None:
    """A byte where it hurts: the head of the file, or of a page."""
    at = dice.randrange(len(data) // page) * page if dice.random() < 0.8 else 0
    data[at + dice.randrange(100 if at == 0 else 40)] ^= dice.randrange(1, 256)


def run(dice: random.Random, data: bytearray, page: int) -> None:
    size = dice.choice((2, 8, 64, 512, 4096))
    at = dice.randrange(len(data))
    filler = dice.choice((bytes(size), b"\xff" * size, dice.randbytes(size)))
    data[at : at + size] = filler[: len(data) - at]


def cut(dice: random.Random, data: bytearray, page: int) -> None:
    del data[dice.choice((dice.randrange(len(data)), dice.randrange(len(data) // page) * page)) :]


def zeroed(dice: random.Random, data: bytearray, page: int) -> None:
    for _ in range(dice.choice((1, 1, 2))):
        at = dice.randrange(len(data) // page) * page
        data[at : at + page] = bytes(page)


def swapped(dice: random.Random, data: bytearray, page: int) -> None:
    one, other = (dice.randrange(len(data) // page) * page for _ in range(2))
    data[one : one + page], data[other : other + page] = data[other : other + page], data[one : one + page]


def number_in_page(dice: random.Random, data: bytearray, page: int) -> None:
    """Two or four bytes that a reader may take for an offset, a count or a page."""
    at = dice.randrange(len(data) // page) * page + dice.randrange(60)
    value = dice.choice((0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, len(data) // page, dice.randrange(page)))
    size = dice.choice((2, 4))
    data[at : at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "big")


def in_the_schema(dice: random.Random, data: bytearray, page: int) -> None:
    """Words of the tables' text in the place of others, of the same length; or only a letter."""
    starts = [found.start() for found in re.finditer(rb"CREATE (?:TABLE|INDEX|TRIGGER)", data)]
    start = dice.choice(starts)
    words = [found.span() for found in re.finditer(rb"[A-Za-z_]{4,}", data[start : start + 300])]
    first, end = dice.choice(words)
    other = dice.choice((b"CHECK(1)", b"AS (1)", b"UNIQUE", b"COLLATE NOCASE", b"/**/", b"--", b"x", b"", b"DEFAULT 1"))
    if dice.random() < 0.3:
        data[start + first] ^= dice.randrange(1, 256)
    elif len(other) <= end - first:
        data[start + first : start + end] = other.ljust(end - first)


KINDS: list[Callable[[random.Random, bytearray, int], None]] = [
    *(byte, byte, near_the_head, run, cut, zeroed, swapped, number_in_page, in_the_schema),
]


# -- a round -----------------------------------------------------------------------------------------------------------


class TooLongError(Exception):
    """A round that is over its time."""


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Raise `TooLongError` inside the block after so long."""

    def ring(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Round:
    """One damaged package: ``came`` says what became of it, ``wrong`` what may not be."""

    def __init__(self, base: Base, folder: Path, seed: int) -> None:
        self.base, self.folder = base, folder
        self.dice = random.Random(seed)
        self.path, self.new = folder / "a.dgdesk", folder / "b.dgdesk"
        self.came: list[str] = []
        self.wrong: list[str] = []

    def go(self) -> None:
        data = bytearray(self.base.data)
        kind = self.dice.choice(KINDS)
        kind(self.dice, data, self.base.page)
        self.came.append(f"kind {kind.__name__}")
        if data == self.base.data:
            self.came.append("unchanged")
        self.path.write_bytes(data)
        read_only = self.dice.random() < 0.7
        try:
            with watched(SECONDS):
                self._open(read_only)
                self.path.write_bytes(data)  # a writer may have changed it
                self._repair()
        except Exception:
            self.wrong.append(traceback.format_exc(limit=-8))
        finally:
            for path in self.folder.iterdir():
                path.unlink()

    def _open(self, read_only: bool) -> None:
        try:
            with open_draft_file(self.path, clock=clock, who="x", read_only=read_only) as package:
                flags = {damage.code for damage in package.check()}
                try:
                    found = content_of(package)
                    definition = package.definition
                    package.history(1000)
                except DgdeskError as error:
                    self._coded(error)
                    self.came.append("partly readable")
                    if not flags and error.code not in ("package.busy",):
                        self.wrong.append(f"check() is clean, yet {error}")
                    return
                true = self._true(found, not flags) and definition == self.base.definition
                if not flags:
                    self.came.append("opened, sound")
                    if not true:
                        self.wrong.append("silently wrong: " + self._difference(found))
                    elif not read_only:
                        self._work(package, found)
                else:
                    self.came.append("opened, flagged")
        except DgdeskError as error:
            self._coded(error)
            self.came.append(f"refused {error.code}")

    def _work(self, package: DraftFile, found: Content) -> None:
        """What check() calls sound takes changes, and has them."""
        package.apply([Edit("answer", "new", None, 1)], "answer")
        package.undo()
        package.undo()
        package.redo()
        package.compact()
        if package.answers() != found[0] or package.check():
            self.wrong.append(f"called sound, yet work fails: {package.check()}")

    def _true(self, found: Content, whole: bool) -> bool:
        answers, evidence, files = found
        true = self.base.truth
        if any(true[2].get(one) != content for one, content in files.items()):
            return False
        return not whole or (answers == true[0] and evidence == true[1] and files == true[2])

    def _difference(self, found: Content) -> str:
        for one, other in zip(found, self.base.truth, strict=True):
            odd = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
            if odd:
                return ", ".join(odd[:5])
        return "definition"

    def _repair(self) -> None:
        try:
            done = repair_draft_file(self.path, self.new, editions={"e": EDITION}, clock=clock, who="x")
        except DgdeskError as error:
            self._coded(error)
            self.came.append(f"not repaired {error.code}")
            if error.code not in ("package.not_a_package", "package.newer", "repair.no_definition"):
                self.wrong.append(f"repair: {error}")
            return
        codes = {loss.code for loss in done.losses}
        named = {loss.subject for loss in done.losses}
        self.came.append("repaired, nothing lost" if not codes else "repaired")
        with open_draft_file(self.new, clock=clock, who="x") as package:
            flags = {damage.code for damage in package.check()} - {"package.check_file", "package.check_missing_file"}
            answers, evidence, files = content_of(package)
            package.history(10_000)
            if flags:
                self.wrong.append(f"repaired, yet {flags}")
            if package.definition != self.base.definition and "repair.definition" not in codes:
                self.wrong.append("repaired with another definition, not told")
        true = self.base.truth
        for found, right in ((answers, true[0]), (evidence, true[1])):
            for target in found.keys() | right.keys():
                if found.get(target) == right.get(target) or target in named:
                    continue
                lost = target not in found and bool(codes & {"repair.pages", "repair.value_lost", "repair.history"})
                if not lost:
                    self.wrong.append(f"repaired wrongly, not told: {target}")
        for one, content in files.items():
            if true[2].get(one) != content:
                self.wrong.append("repaired, a file is not what it was")
        if (true[2].keys() - files.keys() - named) and not codes & {"repair.pages", "repair.file"}:
            self.wrong.append("repaired, a file is missing and not told")

    def _coded(self, error: DgdeskError) -> None:
        CATALOGUE.error(error)  # there is a sentence, and it has its values


CATALOGUE = load_catalogue()


def work(number: int, workers: int, bases: list[Base], rounds: int, seed: int, out: int) -> None:
    """A worker's share; its results go to the pipe as lines of JSON."""
    folder = Path(tempfile.mkdtemp(prefix="dgdesk-damage-", dir=memory()))
    came: Counter[str] = Counter()
    slowest = 0.0
    try:
        for at in range(number, rounds, workers):
            one_seed = seed * 1_000_003 + at
            base = bases[2] if at % 12 == 0 else (bases[0], bases[1], bases[3])[at % 3]
            one = Round(base, folder, one_seed)
            start = time.monotonic()
            one.go()
            slowest = max(slowest, time.monotonic() - start)
            came.update([*one.came, f"base {base.name}"])
            for wrong in one.wrong:
                line = json.dumps({"round": at, "base": base.name, "came": one.came, "wrong": wrong})
                os.write(out, line.encode() + b"\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    os.write(out, json.dumps({"came": came, "slowest": slowest}).encode() + b"\n")


def memory() -> str | None:
    """A place in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def share(workers: int, task: Callable[[int, int], None]) -> list[dict[str, Any]]:
    """Run a task in forked workers, and return the lines of JSON they write; a worker that dies is a line too."""
    reading, writing = os.pipe()
    children: dict[int, int] = {}
    sys.stdout.flush()
    for number in range(workers):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(reading)
                task(number, writing)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        children[child] = number
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        lines = [json.loads(line) for line in stream]
    for child, number in children.items():
        status = os.waitpid(child, 0)[1]
        if status:
            lines.append({"wrong": f"worker {number} ended with status {status}"})
    return lines


def main(argv: list[str] | None = None) -> int:
    """Run the rounds and print what became of them; 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="damage", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--round", type=int, help="only this one, as a failure printed it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args(argv)
    rounds = options.rounds or (400 if options.short else 10_000)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory()) as name:
        bases = make_bases(Path(name))
        workers = min(2, os.cpu_count() or 1)

        def task(number: int, out: int) -> None:
            if options.round is None:
                work(number, workers, bases, rounds, options.seed, out)
            elif number == 0:
                work(options.round, 1 << 40, bases, options.round + 1, options.seed, out)

        lines = share(workers, task)
    came: Counter[str] = Counter()
    for line in lines:
        came.update(line.get("came", {}) if "slowest" in line else {})
    wrong = [line for line in lines if "wrong" in line]
    for line in wrong[:20]:
        print(f"WRONG (--seed {options.seed} --round {line.get('round')}): {line.get('came')}\n{line['wrong']}")
    slowest = max([line["slowest"] for line in lines if "slowest" in line], default=0)
    done = sum(count for kind, count in came.items() if kind.startswith("base "))
    for kind, count in sorted(came.items()):
        print(f"  {count:6} {kind}")
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s, slowest {slowest:.2f} s")
    print(f"found: {done:,} damaged drafts, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
