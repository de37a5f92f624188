"""How soon small commands are done, beside importing pydantic and SQLAlchemy alone.

    python benchmarks/bench_start.py [--rounds 15]

``score`` of an empty draft in 0.30 s or 1.3 times the imports, whichever is easier on this machine; a small bundle
verified in 1.6 times the imports; an empty draft exported in 0.80 s or 3.2 times the imports. As in an installed
program, all modules are compiled beforehand. In each round all start in turn, as processes of their own; the median of
the rounds is judged.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import SOURCES, Figure, show

IMPORTS = ("-c", "import sqlalchemy, pydantic")
AGAINST = "importing pydantic and SQLAlchemy"
LEAST_ROUNDS = 2


class Command(NamedTuple):
    """A command to be measured: what it is, its target in seconds if any, and in times the imports."""

    says: str
    arguments: tuple[str, ...]
    most_times: float | None
    most_seconds: float | None = None


def commands(folder: Path) -> dict[str, Command]:
    """What is measured, by the figure's name."""
    draft, bundle, trust = str(folder / "empty.dgdesk"), str(folder / "small.zip"), str(folder / "signer.pem")
    return {
        "score": Command("`score` of an empty draft", ("score", draft), 1.3, 0.30),
        "verify": Command("`verify` of a small bundle", ("verify", bundle, "--trust", trust), 1.6),
        "export": Command(
            "`export` of an empty draft, with print, signature and sheet",
            ("export", draft, str(folder / "again.zip"), "--draft", "--replace", "--reason", "x"),
            3.2,
            0.80,
        ),
        "check": Command("`check` of an empty draft", ("check", draft), None),
        "help": Command("`--help`", ("--help",), None),
    }


def finished(arguments: Sequence[str], compiled: Path, code: int | None = 0) -> None:
    """Run Python with ``arguments`` to its end; ``compiled`` is where bytecode is kept, ``code`` the exit code wanted.

    Raises:
        SystemExit: it ended with another exit code; None allows any.
    """
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PYTHONPATH": os.pathsep.join(filter(None, [SOURCES[0], os.environ.get("PYTHONPATH")])),
        "DGDESK_HOME": str(compiled / "profile"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False, env=environment)
    if code is not None and done.returncode != code:
        raise SystemExit(f"{arguments} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds of one call by the clock, and of processor time in its child processes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    show(measured(parser.parse_args().rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(LEAST_ROUNDS if short else 15)


def measured(rounds: int) -> Iterable[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compiled, made = folder / "compiled", commands(folder)
        draft, bundle = str(folder / "empty.dgdesk"), str(folder / "small.zip")
        signing = ("--draft", "--person", "bench", "--no-passphrase", "--certificate", str(folder / "signer.pem"))
        ours = ("-m", "dgdesk")
        finished((*ours, "new", draft, "--province", "TH-55"), compiled)
        finished((*ours, "export", draft, bundle, "--reason", "x", *signing), compiled)
        codes = {name: 1 if name == "check" else 0 for name in made}  # an empty draft is not ready

        def turn(name: str) -> tuple[float, float]:
            return spent(lambda: finished((*ours, *made[name].arguments), compiled, codes[name]))

        for name in made:  # warm
            turn(name)
        finished(IMPORTS, compiled)
        bare: list[tuple[float, float]] = []
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in made}
        for _ in range(max(rounds, LEAST_ROUNDS)):
            bare.append(spent(lambda: finished(IMPORTS, compiled)))
            for name, found in taken.items():
                found.append(turn(name))
    for name, one in made.items():
        yield figure(name, one, taken[name], bare)


def figure(name: str, one: Command, rounds: list[tuple[float, float]], imports: list[tuple[float, float]]) -> Figure:
    """The figure of one command, judged by whichever of its targets is met more easily."""
    what = f"{one.says}, from the process's start to its end"
    took, bare = (statistics.median(clock for clock, _ in some) for some in (rounds, imports))
    note = f"processor time {min(work for _, work in rounds):.2f} s beside {min(work for _, work in imports):.2f} s"
    by_value = one.most_seconds is not None and took <= one.most_seconds
    most, judge = (one.most_seconds, "value") if by_value else (one.most_times, "ratio")
    return Figure(f"start.{name}", what, took, "s", most, judge, bare, AGAINST, note=note)


if __name__ == "__main__":
    main()
