"""Benchmark: what one bundle of many costs the receiver, beside a process that imports pydantic and SQLAlchemy.

    python benchmarks/bench_many.py [--bundles 100] [--rounds 7]

Targets for each: 6 ms for a small bundle and 15 ms for one of the demo, or 0.024 and 0.06 times the imports, whichever
is easier on this machine. Processor time is counted, and the best round: other programs disturb neither much.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from bench_start import AGAINST, IMPORTS, spent
from figures import Figure, show

TARGETS = {"small": (6.0, 0.024), "demo": (15.0, 0.060)}
"""Milliseconds, and times the imports."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    show(measured(given.bundles, given.rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(12, 3) if short else measured(100, 7)


def measured(bundles: int, rounds: int) -> Iterable[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = {"small": small(folder / "small"), "demo": demo(folder / "demo")}
        checks: dict[str, Callable[[], None]] = {}
        for kind, (bundle, trust) in made.items():
            inbox = folder / f"inbox-{kind}"
            inbox.mkdir()
            for number in range(bundles):
                shutil.copy(bundle, inbox / f"{number:03}.zip")
            checks[kind] = checking(inbox, trust)
        bare: list[float] = []
        taken: dict[str, list[float]] = {kind: [] for kind in checks}
        for _ in range(rounds + 1):
            bare.append(1000 * spent(lambda: subprocess.run([sys.executable, *IMPORTS], check=True))[1])
            for kind, check in checks.items():
                taken[kind].append(processor(check) * 1000 / bundles)
        for kind, found in taken.items():
            yield figure(kind, bundles, min(found[1:]), min(bare[1:]))  # the first round is for warming


def figure(kind: str, bundles: int, each: float, bare: float) -> Figure:
    """The figure of one kind, judged by whichever of its targets is met more easily."""
    most, times = TARGETS[kind]
    what = f"a {kind} bundle checked, each of {bundles}, processor time"
    if each <= most:
        return Figure(f"many.{kind}", what, each, "ms", most, "value", bare, AGAINST)
    return Figure(f"many.{kind}", what, each, "ms", times, "ratio", bare, AGAINST)


def checking(inbox: Path, trust: Path) -> Callable[[], None]:
    """Return what checks a whole inbox."""
    from dgdesk.agency.check import check_files
    from dgdesk.agency.scan import scan
    from dgdesk.bundle.signing.trust_files import load_trust

    trusted, now = load_trust([trust]), datetime.now(UTC)
    files = scan([inbox])

    def check() -> None:
        if not check_files(files, trusted=trusted, now=now).holds:
            raise SystemExit("a bundle was rejected")

    return check


def small(folder: Path) -> tuple[Path, Path]:
    """An empty draft, exported; the bundle, and whom to trust."""
    from dgdesk.bundle.signing.identity import create_identity
    from dgdesk.draft.drafts import new_draft
    from dgdesk.submission.export import export_draft

    folder.mkdir()
    now = datetime.now(UTC)
    identity = create_identity(folder / "id", person="bench", province="น่าน", passphrase=None, now=now)
    trust = folder / "signer.pem"
    trust.write_bytes(identity.certificate_pem)
    with new_draft(folder / "x.dgdesk", clock=lambda: now, who="bench", respondent="TH-55") as draft:
        made = export_draft(draft, folder / "x.zip", identity=identity, reason="แก้ไข", claimed_time=now, as_draft=True)
    return made.path, trust


def demo(folder: Path) -> tuple[Path, Path]:
    """The demo's bundle of a full form with 190 files, and whom to trust."""
    folder.mkdir()
    call = [sys.executable, "-m", "dgdesk", "demo", str(folder)]
    source = str(Path(__file__).parents[1] / "src")
    subprocess.run(call, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source})
    return folder / "demo.zip", folder / "signer.pem"


def processor(work: Callable[[], None]) -> float:
    """The processor time of one call, of all threads, in seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
