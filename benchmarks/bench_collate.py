"""Benchmark of the agency's tables: a ledger of thousands of bundles into Parquet and into a workbook.

    python benchmarks/bench_collate.py [--bundles 10000]

Beside it, in the same run, DuckDB reads the same submissions as JSON files and writes them as Parquet: the answers
alone, unchecked, without scores, evidence, files, chains and respondents. Times and memory are those of the `collate`
command. A small bundle is an empty draft's, a full one has every place of the form filled and a file at every slot.
Growth is judged by processor time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from bench_receiver import export
from figures import Figure, growth, missing, seconds, show

from agency.known import Known, digest, tell
from dgdesk.agency.collate_ledger import collate_ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.tables.writing import write_tables
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.drafts import load_form, new_draft
from ui.filling import fill_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TO_PARQUET = """
COPY (SELECT edition, province, answers FROM read_json(?, columns = {
    edition: 'VARCHAR', province: 'VARCHAR', answers: 'MAP(VARCHAR, JSON)'})) TO '%s' (FORMAT parquet)
"""
MOST_MB = 300
COLLATE = """
import sys
from dgdesk.__main__ import main
code = main()
from figures import peak_mb
print(peak_mb(), file=sys.stderr)
sys.exit(code)
"""
"""The command, and at its end the most memory that it took: what the system says of a child counts its parent's too."""


class Content(NamedTuple):
    """What a bundle holds that the tables need."""

    submission: bytes
    score: bytes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundles", type=int, default=10_000)
    show(measured(parser.parse_args().bundles))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(200 if short else 10_000)


def measured(count: int) -> Iterator[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if find_spec("pyarrow") is None or find_spec("duckdb") is None:
            yield missing("collate.parquet", "a ledger into Parquet", "not there to compare with: pyarrow, duckdb")
            return
        small, full = contents(folder)
        sizes = (count // 10, count // 3, count)
        ledgers = [made(folder / f"{size}.ledger", small, size) for size in sizes]
        whole = made(folder / "full.ledger", full, count)
        target, what = folder / "t.parquet", f"{count} small bundles of a ledger into"
        collated(ledgers[0], target)  # loads what is loaded once
        took = [processor(lambda place=place: collated(place, target)) for place in ledgers]
        parquet = commanded(ledgers[-1], folder / "c.parquet")
        book = commanded(ledgers[-1], folder / "t.xlsx")
        long = commanded(ledgers[-1], folder / "l.parquet", "--long")
        heavy = commanded(whole, folder / "f.xlsx")
        memory = max(one.memory for one in (parquet, book, long, heavy))
        beside = by_duckdb(folder, small, count)
        against = "DuckDB: the answers alone, from JSON files"
        yield Figure("collate.parquet", f"{what} Parquet", parquet.seconds, "s", 20, beside=beside, against=against)
        yield Figure("collate.book", f"{what} a workbook", book.seconds, "s", 90)
        yield Figure("collate.long", f"{what} Parquet, a row for each answer", long.seconds, "s")
        yield Figure("collate.full", f"{count} full bundles of a ledger into a workbook", heavy.seconds, "s", 240)
        yield Figure("collate.memory", "the most memory of all of these", memory, "MB", MOST_MB)
        yield growth("collate.growth", "small bundles of a ledger into Parquet", sizes, took, "s")


class Ran(NamedTuple):
    """What a command took: seconds by the clock, and the most memory of its process in MB."""

    seconds: float
    memory: float


def commanded(ledger: Path, target: Path, *more: str) -> Ran:
    """Run `collate` as an agency does, in a process of its own."""
    call = [sys.executable, "-c", COLLATE, "collate", str(target), "--ledger", str(ledger), *more]
    sources = os.pathsep.join([str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)])
    environment = {**os.environ, "PYTHONPATH": sources, "DGDESK_HOME": str(ledger.parent / "home")}
    begun = time.perf_counter()
    done = subprocess.run(call, capture_output=True, text=True, env=environment, check=True)
    return Ran(time.perf_counter() - begun, float(done.stderr.splitlines()[-1]))


def processor(work: Callable[[], object]) -> float:
    """How much processor time one call takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def contents(folder: Path) -> tuple[Content, Content]:
    """Return what an empty draft's bundle and a full one hold."""
    identity = create_identity(folder / "id", person="ก", province="ข", passphrase=None, now=NOW)
    found = []
    source = folder / "แผน.pdf"
    source.write_bytes(b"%PDF-1.7 plan")
    for name in ("empty", "full"):
        with new_draft(folder / f"{name}.dgdesk", clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            if name == "full":
                fill_all(draft, [source])
            path = export(draft, folder / f"{name}.zip", identity)
        with ZipFile(path) as bundle:
            inside = {one.partition("/")[2]: one for one in bundle.namelist()}
            found.append(Content(*(bundle.read(inside[f"data/{one}.json"]) for one in ("submission", "score"))))
    return found[0], found[1]


def made(place: Path, content: Content, count: int) -> Path:
    """Make a ledger of bundles with that content, each of a respondent of its own."""
    with open_ledger(place, make=True) as ledger:
        for start in range(0, count, 500):
            tell(ledger, (known(number, content) for number in range(start, min(count, start + 500))))
    return place


def known(number: int, content: Content) -> Known:
    """One of them."""
    whose = f"th-local/{number:07}"
    return Known(digest(number), content.submission, content.score, (f"{number:06}.zip",), whose)


def collated(place: Path, target: Path) -> None:
    """Collate a ledger."""
    with open_ledger(place) as ledger:
        found = write_tables(
            target,
            lambda tables: collate_ledger(ledger, tables, forms=[load_form()], word=lambda problem: problem.code),
            replace=True,
        )
    if not found.holds:
        raise SystemExit("a bundle was rejected")


def by_duckdb(folder: Path, content: Content, count: int) -> float:
    """Return the seconds that DuckDB takes for the same submissions, each a file of its own."""
    import duckdb

    inbox = folder / "json"
    inbox.mkdir()
    for number in range(count):
        (inbox / f"{number}.json").write_bytes(content.submission)
    with duckdb.connect() as base:
        base.execute("SET threads = 1")
        return seconds(lambda: base.execute(TO_PARQUET % (folder / "d.parquet"), [str(inbox / "*.json")]))


if __name__ == "__main__":
    main()
