"""Benchmark of growth: a journal of up to 100,000 entries: open, answer, undo, redo, history, check.

    python benchmarks/bench_growth_journal.py [--short]

The entries are put in by the program's own journal, in one transaction instead of one for each: only that is not as
people make them.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from figures import Figure, growth, median_of, seconds, show

from dgdesk.draft.drafts import Draft, new_draft, open_draft
from dgdesk.draft.file.journal import Author, change
from dgdesk.draft.file.model import Edit
from ui.filling import fill_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FIELD = "general.agency"
STEPS = {
    "open": "opening the draft",
    "answer": "an answer on the disk",
    "undo": "undo",
    "redo": "redo",
    "history": "the last 200 entries of the history",
    "check": "the check of the whole package",
}
GROWING = ("check",)
"""Steps that read all entries; the others are to take the same however long the journal is."""


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    sizes = (500, 5_000) if short else (1_000, 10_000, 100_000)
    found = [measured(size) for size in sizes]
    for step, words in STEPS.items():
        says = f"{words}: {' / '.join(f'{size:,}' for size in sizes)} entries"
        taken = [one[step] for one in found]
        yield growth(f"growth_journal.{step}", says, sizes, taken, "ms", most=1.15 if step in GROWING else 0.3)


def fill(draft: Draft, entries: int, address: str) -> None:
    """Append entries that answer one question, now so, now so."""
    package = draft.package
    old = package.answers().get(address)
    author = Author("สมศรี", NOW)
    with package._database.writing() as connection:
        for number in range(entries):
            new = f"หน่วยงานที่ {number}"
            change(connection, [Edit("answer", address, old, new)], "answer", author)
            old = new


def measured(entries: int) -> dict[str, float]:
    """The milliseconds of each step with so many entries."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.dgdesk"
        with new_draft(path, clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            fill_all(draft)
            address = next(node.address for node in draft.session.form.nodes if node.kind == "text")
            fill(draft, entries, address)
        took = {"open": median_of(lambda: open_draft(path, clock=lambda: NOW, who="x").close(), 7)}
        with open_draft(path, clock=lambda: NOW, who="x") as draft:
            session, package = draft.session, draft.package
            each: dict[str, list[float]] = {"answer": [], "undo": [], "redo": []}
            for number in range(25):
                each["answer"].append(seconds(lambda number=number: session.answer(address, f"ก {number}")))
                each["undo"].append(seconds(session.undo))
                each["redo"].append(seconds(session.redo))
            took |= {step: statistics.median(several) for step, several in each.items()}
            took["history"] = median_of(lambda: package.history(200), 7)
            took["check"] = median_of(lambda: package.check(), 1)
            assert len(package.history(entries * 2)) >= entries
        return {step: 1e3 * one for step, one in took.items()}


if __name__ == "__main__":
    show(run("--short" in sys.argv))
