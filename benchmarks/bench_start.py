"""How soon a small command is done: ``score`` of an empty draft, beside importing pydantic and SQLAlchemy alone.

    python benchmarks/bench_start.py [--rounds 15]

Target: 0.30 s, or 1.3 times the imports, whichever is easier on this machine. As in an installed program, all modules
are compiled beforehand. Each round starts both as processes of their own, in turn.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import SOURCES, Figure, seconds, show

MOST_SECONDS = 0.30
MOST_TIMES = 1.3
IMPORTS = ("-c", "import sqlalchemy, pydantic")


def finished(arguments: Sequence[str], compiled: Path) -> None:
    """Run Python with ``arguments`` to its end; ``compiled`` is where bytecode is kept."""
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PYTHONPATH": os.pathsep.join(filter(None, [SOURCES[0], os.environ.get("PYTHONPATH")])),
        "DGDESK_HOME": str(compiled / "profile"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    show(measured(parser.parse_args().rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(2 if short else 15)


def measured(rounds: int) -> Iterable[Figure]:
    """Measure."""
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        compiled, draft = Path(folder) / "compiled", str(Path(folder) / "empty.dgdesk")
        finished(("-m", "dgdesk", "new", draft), compiled)
        score = ("-m", "dgdesk", "score", draft)
        finished(IMPORTS, compiled), finished(score, compiled)  # warm
        for _ in range(rounds):
            bare.append(seconds(lambda: finished(IMPORTS, compiled)))
            ours.append(seconds(lambda: finished(score, compiled)))
    one, two = statistics.median(bare), statistics.median(ours)
    what = "`score` of an empty draft, from the process's start to its end"
    against = "importing pydantic and SQLAlchemy"
    if two <= MOST_SECONDS:
        yield Figure("start.score", what, two, "s", MOST_SECONDS, "value", one, against)
    else:
        yield Figure("start.score", what, two, "s", MOST_TIMES, "ratio", one, against)


if __name__ == "__main__":
    main()
