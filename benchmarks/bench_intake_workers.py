"""Benchmark: four intake workers on one PostgreSQL ledger beside one worker, over the same inbox.

    python benchmarks/bench_intake_workers.py [--bundles 10000]

The server is one of Debian's PostgreSQL, started for this run by `tests/postgres.py`, on the same two cores as the
workers. Both sides are timed by the clock and take turns; the faster round of each counts. Target: four workers are at
least 1.5 times as fast.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from bench_intake import copies, intake
from bench_many import small
from figures import Figure, missing, show

_NAME, _SAYS = "intake_workers.four", "small bundles taken in by four workers on one PostgreSQL"
_ROUNDS = 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundles", type=int, default=10_000)
    show(measured(parser.parse_args().bundles))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(60 if short else 10_000)


def measured(count: int) -> Iterable[Figure]:
    """Measure; without a PostgreSQL here there is nothing to measure."""
    if find_spec("psycopg") is None or shutil.which("initdb") is None:
        yield missing(_NAME, _SAYS, "not there: psycopg, PostgreSQL's programs")
        return
    from postgres import PostgreSQL

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle, trust = small(folder / "small")
        inbox = copies(bundle, folder / "inbox", count)
        server = PostgreSQL()
        try:
            one, four = (
                min(intake(inbox, server.database(), trust, jobs)[0] for _ in range(_ROUNDS)) for jobs in (1, 4)
            )
        finally:
            server.close()
    yield Figure(_NAME, f"{count} {_SAYS}", four, "s", 1 / 1.5, "ratio", one, "one worker")


if __name__ == "__main__":
    main()
