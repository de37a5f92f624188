"""All benchmarks, each in a process of its own, into one table: docs/figures.md and docs/figures.json.

    python3 build/dev.py benchmarks [--short] [--only NAME …] [--folder DIR] [--out DIR] [--list]

The full run takes about ten minutes on two quiet cores and needs 20 GB of free space in ``--folder`` (the disk that
counts; else the system's temporary folder). ``--short`` shows that everything works, in a minute: small sizes, few
rounds, targets not judged, and docs/ is left alone unless ``--out`` names it. With ``--only`` the other figures stay
as they were. Exit code 1 when a benchmark failed, or a target was missed in a full run.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src"), str(HERE.parent / "tests")]

from figures import Figure, as_json, cells, from_json, load, machine, missing, peak_mb, table, versions, with_memory

BENCHMARKS = {
    "rules": 120,
    "xform": 120,
    "window": 180,
    "start": 300,
    "frozen": 180,
    "ui": 400,
    "viewer": 180,
    "documents": 900,
    "overview": 300,
    "package": 400,
    "attach_window": 400,
    "acts": 600,
    "bundle": 600,
    "many": 200,
    "receiver": 200,
    "intake": 900,
    "intake_workers": 400,
    "collate": 900,
    "outbox": 300,
    "outbox_window": 300,
    "printing": 200,
    "growth_files": 300,
    "growth_bytes": 500,
    "growth_form": 300,
    "growth_journal": 300,
    "soak": 600,
}
"""Every benchmark, with the seconds after which it is given up."""

DOCS = HERE.parent / "docs"
_LAST_WORDS = 5
"""Seconds before the end of a benchmark's time at which it writes down where it waits, and ends itself."""
_UNFINISHED = "Timeout ("
"""How `faulthandler` begins these lines."""


def child(name: str, short: bool, out: Path) -> int:
    """In a process of its own: run one benchmark, write its figures and its processor time with its children's."""
    # What it waits for stands in the error stream before the time is up.
    faulthandler.dump_traceback_later(BENCHMARKS[name] - _LAST_WORDS, exit=True)
    module = importlib.import_module(f"bench_{name}")
    found = with_memory(list(module.run(short)), peak_mb())
    told = {"figures": as_json(found), "processor": sum(os.times()[:4])}
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # a window that is still open would take seconds to be torn down


class Run(NamedTuple):
    """One benchmark that was run: its figures, whether it came to its end, the time and processor time it took."""

    name: str
    figures: list[Figure]
    sound: bool
    seconds: float
    processor: float = math.nan


def measure(name: str, short: bool, folder: Path) -> Run:
    """Run one benchmark."""
    out, since = folder / f"{name}.json", time.monotonic()
    if hasattr(os, "sync"):
        os.sync()  # what the one before left to be written is not this one's
    call = [sys.executable, str(HERE / "__main__.py"), "--child", name, "--to", str(out)] + ["--short"] * short
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            call, env=environment, capture_output=True, text=True, errors="replace", timeout=BENCHMARKS[name]
        )
        said = done.stderr.strip()
        reason = (said.splitlines() or [f"exit code {done.returncode}"])[-1] if done.returncode else ""
        if _UNFINISHED in said:
            print(said[said.index(_UNFINISHED) :], flush=True)
            reason = f"not done after {BENCHMARKS[name]} s"
    except subprocess.TimeoutExpired:
        reason = f"not done after {BENCHMARKS[name]} s"
    took = time.monotonic() - since
    if reason or not out.exists():
        return Run(name, [missing(f"{name}.failed", "the benchmark", reason or "no figures")], False, took)
    told = json.loads(out.read_text(encoding="utf-8"))
    return Run(name, from_json(told["figures"]), True, took, told["processor"])


def told_run(name: str, short: bool, folder: Path) -> Run:
    """Run one benchmark and print its figures."""
    run = measure(name, short, folder)
    lines = [f"-- {name}: {run.seconds:.0f} s, {run.processor:.0f} of them processor time"]
    lines += ["   " + " | ".join(cells(one, judge=not short)) + f"  {one.note}" for one in run.figures]
    print("\n".join(lines), flush=True)
    return run


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", default=None)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--child", choices=BENCHMARKS, help=argparse.SUPPRESS)
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(BENCHMARKS))
        return 0
    if given.child:
        return child(given.child, given.short, given.to)
    out: Path | None = given.out or (None if given.short else DOCS)
    begun, busy = time.monotonic(), load()
    with (
        tempfile.TemporaryDirectory(prefix="dgdesk-bench-", dir=given.folder) as scratch,
        # what is judged is measured alone; a short run only shows that everything works
        ThreadPoolExecutor(2 if given.short else 1) as pool,
    ):
        runs = list(pool.map(partial(told_run, short=given.short, folder=Path(scratch)), given.only or BENCHMARKS))
    figures = [one for run in runs for one in run.figures]
    failed = [run.name for run in runs if not run.sound]
    run = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "short": given.short,
        "minutes": (time.monotonic() - begun) / 60,
        "machine": machine(),
        "load": busy,
        "versions": versions(),
        "figures": as_json(figures),
    }
    minutes = run["minutes"]
    if out is not None:
        write(out, run, only=given.only)
    missed = [one.name for one in figures if not given.short and one.met is False]
    print(f"benchmarks: {len(figures)} figures in {minutes:.1f} minutes on {run['machine']}; load {busy}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if failed or missed else 0


def write(out: Path, run: dict[str, Any], only: Sequence[str] | None) -> None:
    """Write figures.json, figures.md and promises.md; figures of benchmarks that did not run stay as they were."""
    from promises import write_promises

    out.mkdir(parents=True, exist_ok=True)
    path = out / "figures.json"
    if only and path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["short"] == run["short"]:
            names = {one["name"].split(".")[0] for one in run["figures"]}
            run["figures"] = [one for one in before["figures"] if one["name"].split(".")[0] not in names] + run[
                "figures"
            ]
            order = [*BENCHMARKS]
            run["figures"].sort(key=lambda one: order.index(one["name"].split(".")[0]))
            anew = {name: f"{run['date']}, load {run['load']}" for name in sorted(names)}
            kept = ("date", "minutes", "machine", "load", "versions")
            run |= {**{key: before[key] for key in kept}, "anew": {**before.get("anew", {}), **anew}}
    path.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "figures.md").write_text(table(run), encoding="utf-8")
    if out == DOCS:
        write_promises(DOCS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
