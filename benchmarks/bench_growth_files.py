"""Benchmark of growth: 10, 100 and 1,000 evidence files: attach, open, check, list, export, verify.

    python benchmarks/bench_growth_files.py [--short] [--small]

And small files of 20 KB one by one, each a durable change: 600 over 200 places, and 3,000 in one, where the last must
take no longer than the first; then a draft with 10,000. ``--small`` measures these alone.
"""

from __future__ import annotations

import gc
import io
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from figures import Figure, growth, median_of, seconds, show

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.main import main
from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.submission.export import export_draft
from dgdesk.survey.rules.evidence_overview import chosen_rows, place_rows, with_points
from ui.filling import fill_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BYTES = 200_000
SMALL = 20_000
STEPS = {
    "attach": "attaching them",
    "open": "opening the draft",
    "check": "the check of all digests",
    "overview": "the rows of the overview",
    "export": "signed export",
    "verify": "verification",
}


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    sizes = (5, 40) if short else (10, 100, 1000)
    found = [measured(size) for size in sizes]
    for step, words in STEPS.items():
        says = f"{words}: {' / '.join(str(size) for size in sizes)} files of {BYTES // 1000} kB"
        yield growth(f"growth_files.{step}", says, sizes, [one[step] for one in found], "ms")
    yield from small_files(short)
    yield from many_files(200 if short else 10_000)


def small_files(short: bool) -> Iterable[Figure]:
    """Small files one by one, beside ``cp`` and sync of the same files in the same minutes."""
    for name, says, count, places, most in (
        ("places", "a file of 20 kB, over 200 places", 60 if short else 600, 200, 8),
        ("one_place", "a file of 20 kB, of many in one place", 100 if short else 3000, 1, 12),
    ):
        ours, theirs, more = one_by_one(count, places)
        part = max(1, min(100, count // 3))
        # The least of a hundred is what the work costs; the median of the last tells of the machine's last minute.
        first, last = min(ours[:part]), min(ours[-part:])
        medians = [f"{statistics.median(some):.2f}" for some in (ours[:part], ours[-part:])]
        best = f"{best_stretch(ours, 20):.2f} beside {best_stretch(theirs, 5):.2f} ms in the best stretches"
        note = f"{count} files, {best}; medians of the first and the last {part}: {' and '.join(medians)} ms"
        mine, copied = statistics.median(ours), statistics.median(theirs)
        yield Figure(f"growth_files.{name}", says, mine, "ms", most, "value", copied, "cp and sync -d", note=note)
        yield Figure(f"growth_files.{name}_last", f"{says}: the last", last, "ms", 1.5, "ratio", first, "the first")
        yield Figure(f"growth_files.{name}_bytes", f"{says}: growth of the draft over the file", more, "bytes", 2048)


def best_stretch(taken: list[float], length: int) -> float:
    """The least median of so many in a row."""
    return min(statistics.median(taken[at : at + length]) for at in range(0, max(1, len(taken) - length + 1), length))


def one_by_one(count: int, places: int) -> tuple[list[float], list[float], float]:
    """The milliseconds of each file, of ``cp`` and sync of every tenth, and how many bytes the draft grew more."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = written(folder, count, SMALL)
        path, copy = folder / "a.dgdesk", folder / "copy.bin"
        ours, theirs = [], []
        with new_draft(path, clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            slots = sorted(draft.session.form.slots)[:places]
            before = path.stat().st_size
            for number, source in enumerate(sources):
                ours.append(1e3 * seconds(partial(draft.session.attach, slots[number % places], source)))
                if number % 10 == 0:
                    command = ["sh", "-c", 'cp "$0" "$1" && sync -d "$1"', source, copy]
                    # the programs of the system, wherever this process looks for programs
                    system = {**os.environ, "PATH": os.defpath}
                    theirs.append(1e3 * seconds(partial(subprocess.run, command, check=True, env=system)))
            more = (path.stat().st_size - before - sum(one.stat().st_size for one in sources)) / count
        return ours, theirs, more


def many_files(count: int) -> Iterable[Figure]:
    """Opening, checking and the overview with thousands of small files over 200 places."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.dgdesk"
        sources = written(folder, count, 500)
        with new_draft(path, clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            fill_all(draft)
            session = draft.session
            slots = sorted(session.form.slots)[:200]
            for number, slot in enumerate(slots):
                session.attach_files(slot, [AttachmentRequest(one) for one in sources[number :: len(slots)]])
            says = f"the rows of the overview, {count:,} files"
            rows = partial(place_rows, session.form, session.state)
            took = median_of(lambda: with_points(session.rules, session.state, rows()), 5)
            yield Figure("growth_files.overview_many", says, took, "s", 1)
        took = median_of(lambda: open_draft(path, clock=lambda: NOW, who="x").close(), 5)
        yield Figure("growth_files.open_many", f"opening a draft, {count:,} files", took, "s", 1)
        told = partial(main, ["check", str(path), "--json"], io.StringIO(), io.StringIO())
        yield Figure("growth_files.check_many", f"the command check, {count:,} files", median_of(told, 3), "s", 1)


def written(folder: Path, count: int, size: int) -> list[Path]:
    """Different files on the disk."""
    body = os.urandom(size)
    sources = []
    for number in range(count):
        sources.append(folder / f"{number}.pdf")
        sources[-1].write_bytes(b"%%PDF-1.7 %d " % number + body)
    os.sync()
    return sources


def measured(count: int) -> dict[str, float]:
    """The milliseconds of each step with so many files, spread over the places that ask for any."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.dgdesk"
        took: dict[str, float] = {}
        with new_draft(path, clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            session = draft.session
            fill_all(draft)
            slots = [row.slot for row in chosen_rows(place_rows(session.form, session.state), "asked")]
            sources: dict[str, list[Path]] = {}
            body = os.urandom(BYTES)
            for number in range(count):
                source = folder / f"หลักฐาน {number}.pdf"
                source.write_bytes(b"%%PDF-1.7 %d " % number + body)
                sources.setdefault(slots[number % len(slots)], []).append(source)
            os.sync()

            def attach() -> None:
                for slot, files in sources.items():
                    session.attach_files(slot, [AttachmentRequest(one) for one in files])

            gc.collect()
            took["attach"] = seconds(attach)
            took["check"] = median_of(draft.package.damaged_files, 3)
            took["overview"] = median_of(
                lambda: with_points(session.rules, session.state, place_rows(session.form, session.state)), 5
            )
        took["open"] = median_of(lambda: open_draft(path, clock=lambda: NOW, who="x").close(), 5)
        identity = create_identity(folder / "id", person="ก", province="ข", passphrase=None, now=NOW)
        bundle = folder / "a.zip"
        with open_draft(path, clock=lambda: NOW, who="x") as draft:
            took["export"] = seconds(
                lambda: export_draft(draft, bundle, identity=identity, reason="แก้ไข", claimed_time=NOW, as_draft=True)
            )
        took["verify"] = median_of(lambda: verify_bundle(bundle, trusted=[identity.certificate_pem]), 3)
        if not verify_bundle(bundle, trusted=[identity.certificate_pem]).ok:
            raise SystemExit("the bundle does not verify")
        return {step: 1e3 * one for step, one in took.items()}


if __name__ == "__main__":
    if "--small" in sys.argv:
        show([*small_files("--short" in sys.argv), *many_files(10_000)])
    else:
        show(run("--short" in sys.argv))
