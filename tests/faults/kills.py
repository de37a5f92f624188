"""Faults, kills: SIGKILL at random points of the work; afterwards the file is sound and holds all that was told.

    python -m tests.faults --run kills [--short] [--seed N] [--rounds N] [--again NAME SCENARIO KILL]

The work of a round runs in a process forked from one that has everything loaded. It is killed after a random time, or
(where there is a C compiler) at a random system call that changes its folder: before it, after it, or halfway through
a write. What it had done it wrote to a pipe before.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from faults.rounds import Round
from faults.scenarios import SCENARIOS
from faults.shim import CHANGING, Action, with_shim
from faults.world import World, make_world, scratch

FULL, SHORT = 1000, 60
JOBS = 2
_LONGEST = 60.0
_HOW = {"before": Action.KILL_BEFORE, "torn": Action.KILL_TORN, "after": Action.KILL_AFTER}


@dataclass
class Outcome:
    """What a child told before its end."""

    told: int = 0
    ended: bool = False
    calls: int = 0
    seconds: float = 0.0
    trouble: str = ""


@dataclass
class Tally:
    """What happened in the rounds of one scenario."""

    rounds: int = 0
    kills: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


def main(argv: list[str]) -> int:
    """Kill as often as asked; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="kills")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--again", nargs=3, metavar=("NAME", "SCENARIO", "KILL"))
    chosen = parser.parse_args(argv)
    shim = with_shim()
    wanted = chosen.rounds or (SHORT if chosen.short else FULL)
    began = time.monotonic()
    with scratch() as folder:
        world = make_world(folder / "world")
        world.shim = shim
        gc.freeze()
        if chosen.again:
            name, scenario, kill = chosen.again
            print(_round(world, folder / "again", name, scenario, kill)[2] or "sound")
            return 0
        print(f"world made in {time.monotonic() - began:.1f} s; {wanted} kills, seed {chosen.seed}", flush=True)
        results = _jobs(world, folder, chosen.seed, wanted)
    return _report(results, chosen.seed, time.monotonic() - began)


def _jobs(world: World, folder: Path, seed: int, wanted: int) -> list[dict[str, Any]]:
    """Share the rounds among processes."""
    readers = {}
    for job in range(JOBS):
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            code = 1
            try:
                share = wanted // JOBS + (job < wanted % JOBS)
                with os.fdopen(write, "w", encoding="utf-8") as out:
                    json.dump(_job(world, folder / f"job{job}", f"{seed}/{job}", share), out)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                sys.stdout.flush()
                os._exit(code)
        os.close(write)
        readers[job] = read
    results = []
    for read in readers.values():
        with os.fdopen(read, encoding="utf-8") as stream:
            text = stream.read()
        results.append(json.loads(text) if text else {"failures": ["a job ended without a word"], "tallies": {}})
    for _ in readers:
        os.wait()
    return results


def _job(world: World, folder: Path, seed: str, wanted: int) -> dict[str, Any]:
    chance = Random(seed)
    tallies = {name: Tally() for name in SCENARIOS}
    spans: dict[str, tuple[int, float]] = {}
    failures: list[str] = []
    for name in SCENARIOS:  # how long each takes, unharmed
        outcome, _, failure = _round(world, folder, f"{seed}/span", name, "none")
        spans[name] = max(1, outcome.calls), max(0.001, outcome.seconds)
        failures += [failure] if failure else []
    kills = number = 0
    names, weights = list(SCENARIOS), [weight for _, weight in SCENARIOS.values()]
    while kills < wanted and len(failures) < 5 and number < 3 * wanted + 50:
        number += 1
        scenario = chance.choices(names, weights)[0]
        calls, seconds = spans[scenario]
        way = chance.choice(["time", "before", "torn", "after"]) if world.shim else "time"
        if way == "time":
            kill = f"time:{chance.random() * seconds * 1.05:.5f}"
        else:
            kill = f"{way}:{chance.randrange(1, calls + 1)}"
        outcome, found, failure = _round(world, folder, f"{seed}/{number}", scenario, kill)
        if failure:
            failures.append(failure)
            print(failure, flush=True)
            continue
        tally = tallies[scenario]
        tally.rounds += 1
        if outcome.ended:
            spans[scenario] = max(calls, outcome.calls), (seconds * 3 + outcome.seconds) / 4
        else:
            kills += 1
            tally.kills += 1
            tally.ways[way] += 1
            tally.words[found["word"]] += 1
            tally.left.update(found["left"])
    return {"failures": failures, "tallies": {name: vars(tally) for name, tally in tallies.items()}}


def _round(world: World, folder: Path, name: str, scenario: str, kill: str) -> tuple[Outcome, dict[str, Any], str]:
    """One round: outcome, what was found, and what did not hold, in words that show it again."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    what, _ = SCENARIOS[scenario]
    at = Round(world, folder, name)
    outcome = Outcome()
    try:
        what.prepare(at)
        outcome = _child(at, scenario, kill)
        if outcome.trouble:
            raise AssertionError(outcome.trouble)
        left = sorted({path.suffix.rpartition("-")[2] or path.suffix for path in folder.iterdir()} - {".dgdesk"})
        word = what.judge(at, outcome.told)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        again = f"--run kills --again {name} {scenario} {kill}"
        return outcome, {}, f"FAILED {again} (told {outcome.told})\n{traceback.format_exc()}"
    return outcome, {"word": word, "left": left}, ""


def _child(at: Round, scenario: str, kill: str) -> Outcome:
    way, _, figure = kill.partition(":")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _work(at, scenario, way, figure, write)  # never returns
    os.close(write)
    outcome, rest = Outcome(), b""
    began = time.monotonic()
    until = None if way != "time" else float(figure)
    open_end = True
    while open_end:
        now = time.monotonic() - began
        limit = _LONGEST if until is None else until
        ready = select.select([read], [], [], max(0.0, limit - now))[0] if now < limit else []
        if not ready:
            os.kill(child, signal.SIGKILL)
            if until is None:
                outcome.trouble = "it hangs"
            break
        part = os.read(read, 65536)
        open_end = bool(part)
        rest += part
    while part := os.read(read, 65536):
        rest += part
    os.close(read)
    _, status = os.waitpid(child, 0)
    outcome.seconds = time.monotonic() - began
    for line in rest.decode().splitlines():
        word = json.loads(line)
        if isinstance(word, int):
            assert word == outcome.told
            outcome.told += 1
        elif "trouble" in word:
            outcome.trouble = word["trouble"]
        else:
            outcome.ended, outcome.calls = True, word["calls"]
    if not outcome.ended and not outcome.trouble and os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        outcome.trouble = f"the child ended by itself: {status}"
    return outcome


def _work(at: Round, scenario: str, way: str, figure: str, write: int) -> None:
    code = 1
    try:

        def tell(word: object) -> None:
            os.write(write, json.dumps(word).encode() + b"\n")

        shim = at.world.shim
        if shim:
            action = _HOW.get(way, Action.COUNT)
            shim.arm(at.folder, CHANGING, int(figure) if way in _HOW else 0, action)
        SCENARIOS[scenario][0].work(at, tell)
        if shim:
            shim.disarm()
        tell({"calls": shim.seen if shim else 0})
        code = 0
    except BaseException:
        os.write(write, json.dumps({"trouble": traceback.format_exc()}).encode() + b"\n")
    finally:
        os._exit(code)


def _report(results: list[dict[str, Any]], seed: int, seconds: float) -> int:
    failures = [failure for result in results for failure in result["failures"]]
    total = 0
    print(f"{'killed in':12} {'kills':>6} {'rounds':>7}  found (and how it was killed; what lay beside the draft)")
    for name in SCENARIOS:
        tallies = [result["tallies"][name] for result in results if name in result["tallies"]]
        kills = sum(tally["kills"] for tally in tallies)
        total += kills
        told = [
            ", ".join(
                f"{word} {count}" for word, count in sorted(sum((Counter(t[key]) for t in tallies), Counter()).items())
            )
            for key in ("words", "ways", "left")
        ]
        print(f"{name:12} {kills:6} {sum(t['rounds'] for t in tallies):7}  {told[0]} ({told[1]}; {told[2]})")
    print(f"seed {seed}, {seconds:.0f} s")
    print(f"found: {total:,} kills, {len(failures)} did not hold", flush=True)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0
