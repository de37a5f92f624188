"""Benchmark: what an intake costs, beside ``xargs -P2 openssl dgst -sha256`` over the same files.

    python benchmarks/bench_intake.py [--small 10000] [--demos 1000] [--large 20]

Processor time of all processes is counted, so that other programs disturb little; what the start of the program costs
is taken off where bundles are counted. Targets: 10 ms a small bundle, 20 ms one of the demo, 2 s for a second intake of
10,000 files, and per byte 1 / 0.8 of what the digests alone cost.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1] / "tests")]

from bench_many import demo, small
from bench_start import spent as seconds
from figures import Figure, show

_GIB = 1 << 30
_AGAINST = "xargs -P2 openssl dgst -sha256"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--demos", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=20, help="bundles of 1 GiB")
    given = parser.parse_args()
    show(measured(given.small, given.demos, given.large, _GIB))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(100, 30, 2, 32 << 20) if short else measured(2_000, 300, 3, _GIB)


def measured(smalls: int, demos: int, larges: int, size: int) -> Iterable[Figure]:
    """Measure: so many bundles of each kind, the large ones with so many bytes of evidence."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("DGDESK_BENCH_FOLDER")) as name:
        folder = Path(name)
        first, trust = small(folder / "first")
        alone = copies(first, folder / "alone", 1)
        bare = min(intake(alone, folder / f"bare-{n}.ledger", trust)[1] for n in range(3))
        for kind, count, most, make in (("small", smalls, 10.0, small), ("demo", demos, 20.0, demo)):
            bundle, trust = make(folder / kind)
            inbox = copies(bundle, folder / f"inbox-{kind}", count)
            ledger = folder / f"{kind}.ledger"
            _, spent = intake(inbox, ledger, trust)
            each = 1000 * (spent - bare) / (count - 1)
            yield Figure(
                f"intake.{kind}", f"a {kind} bundle taken in, each of {count}, processor time", each, "ms", most
            )
            if kind == "small":
                _, spent = intake(inbox, ledger, trust)
                says = f"the second intake of {count} files that did not change, processor time"
                yield Figure("intake.again", says, spent, "s", 2.0)
            shutil.rmtree(inbox)
        yield per_byte(folder, larges, size, bare)


def per_byte(folder: Path, count: int, size: int, bare: float) -> Figure:
    """What the bytes of large bundles cost, beside their digests alone."""
    bundle, trust = large(folder / "large", size)
    inbox = copies(bundle, folder / "inbox-large", count)
    beside = seconds(lambda: digests(inbox))[1]
    best = min(intake(inbox, folder / f"large-{n}.ledger", trust, 2)[1] for n in range(2))
    says = f"{count} bundles of {size >> 20} MiB taken in by 2 jobs, processor time"
    return Figure("intake.bytes", says, best - bare, "s", 1.25, "ratio", beside, _AGAINST)


def digests(inbox: Path) -> None:
    """What a person would do who wants to know that nothing has changed."""
    files = "\0".join(str(path) for path in sorted(inbox.iterdir())).encode()
    call = ["xargs", "-0", "-P2", "-n1", "openssl", "dgst", "-sha256"]
    subprocess.run(call, input=files, check=True, stdout=subprocess.DEVNULL)


def intake(inbox: Path, ledger: Path | str, trust: Path, jobs: int = 1) -> tuple[float, float]:
    """Take an inbox in; return the seconds that it took, and the processor's."""
    call = [sys.executable, "-m", "dgdesk", "intake", str(inbox), "--ledger", str(ledger), "--jobs", str(jobs)]
    call += ["--json", "--trust", str(trust)]
    source = str(Path(__file__).parents[1] / "src")
    environment = {**os.environ, "PYTHONPATH": source, "DGDESK_HOME": str(inbox.parent / "home")}

    def work() -> None:
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=environment)

    return seconds(work)


def copies(bundle: Path, inbox: Path, count: int) -> Path:
    """Put a bundle into an inbox under so many names; links, for nothing writes to them."""
    inbox.mkdir()
    for number in range(count):
        os.link(bundle, inbox / f"{number:05}.zip")
    return inbox


def large(folder: Path, size: int) -> tuple[Path, Path]:
    """A bundle with so many bytes of evidence in five files, and whom to trust."""
    from bundle.support import evidence, export, payload, submission
    from dgdesk.bundle.export import PayloadFile
    from dgdesk.bundle.signing.identity import create_identity

    folder.mkdir()
    now = datetime(2026, 11, 19, tzinfo=UTC)
    identity = create_identity(folder / "id", person="bench", province="น่าน", passphrase=None, now=now)
    (folder / "signer.pem").write_bytes(identity.certificate_pem)

    items, files = [], {}
    piece = b"%PDF-1.7" + os.urandom((1 << 20) - 8)
    for number in range(1, 6):
        pieces = max(1, size // 5 >> 20)
        digest = hashlib.sha256()
        for _ in range(pieces):
            digest.update(piece)
        item = evidence(number, b"", f"{number}.pdf", sha256=digest.hexdigest(), size=pieces << 20)
        items.append(item)
        files[item.file] = PayloadFile(pieces << 20, lambda pieces=pieces: (piece for _ in range(pieces)))
    said = submission(province="TH-55", evidence=tuple(items))
    kept = {name: content for name, content in payload().items() if not name.startswith("evidence/")}
    made = export(folder / "large.zip", identity, {**kept, "submission.json": said.to_bytes(), **files})
    return made.path, folder / "signer.pem"


if __name__ == "__main__":
    main()
