"""Benchmark of the package: a durable answer against a bare SQLite commit, a large file against ``cp`` and sync.

Run: ``python benchmarks/bench_package.py [FOLDER]``; FOLDER should lie on the disk that counts. Both sides are
measured in turn in the same run, so that a busy machine slows both.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dgdesk.package.model import Edit
from dgdesk.package.opening import create_package

ROUNDS = 200
FILE_MIB = 256
FILE_ROUNDS = 3
ANSWER = "คำตอบของจังหวัดเรื่องการพัฒนาทักษะดิจิทัล " * 5


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def clock() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def bare(path: Path) -> sqlite3.Connection:
    """A bare database with the package's settings and one table."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE answer (id TEXT PRIMARY KEY, value TEXT NOT NULL)")
    return connection


def answers(folder: Path) -> None:
    """Print the median of a durable answer and of a bare commit of the same text, and their ratio."""
    connection = bare(folder / "bare.db")
    path = folder / "bench.dgdesk"
    with create_package(path, definition=b"{}" * 50_000, meta={}, clock=clock, who="bench") as package:

        def commit(number: int) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO answer VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
                (f"q{number % 150}", f"{ANSWER}{number}"),
            )
            connection.execute("COMMIT")

        def answer(number: int) -> None:
            old = f"{ANSWER}{number - 150}" if number >= 150 else None
            package.apply([Edit("answer", f"q{number % 150}", old, f"{ANSWER}{number}")], "answer")

        ours, theirs = [], []
        for number in range(ROUNDS):
            theirs.append(seconds(partial(commit, number)))
            ours.append(seconds(partial(answer, number)))
    connection.close()
    mine, other = statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3
    print(f"durable answer: {mine:.2f} ms, bare commit {other:.2f} ms, ratio {mine / other:.2f} (target <= 3)")


def files(folder: Path) -> None:
    """Print the median of storing a large file and of copying it with sync, and their ratio."""
    source = folder / "source.bin"
    with source.open("wb") as stream:
        for _ in range(FILE_MIB):
            stream.write(os.urandom(1 << 20))
        os.fsync(stream.fileno())
    ours, theirs = [], []
    for number in range(FILE_ROUNDS):
        copy = folder / f"copy{number}.bin"

        def copy_and_sync(copy: Path = copy) -> None:
            if sys.platform == "win32":
                shutil.copyfile(source, copy)
            else:
                subprocess.run(["cp", source, copy], check=True)
            handle = os.open(copy, os.O_RDWR)
            os.fsync(handle)
            os.close(handle)

        theirs.append(seconds(copy_and_sync))
        path = folder / f"files{number}.dgdesk"
        with create_package(path, definition=b"{}", meta={}, clock=clock, who="bench") as package:
            ours.append(seconds(partial(package.add_file, source)))
        copy.unlink()
        path.unlink()
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"file of {FILE_MIB} MiB: {mine:.2f} s, cp + fsync {other:.2f} s, ratio {mine / other:.2f}")


def main() -> None:
    """Run both in a temporary folder inside the folder named on the command line."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        answers(Path(name))
        files(Path(name))


if __name__ == "__main__":
    main()
