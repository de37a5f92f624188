"""Benchmark: signed export and strict verification of a bundle, against public tools on the same bytes.

    python benchmarks/bench_bundle.py [--mib 1024] [--files 200] [--runs 3] [--folder DIR]

Export with self-verification stands against sha256sum + zip -0 + sync (wanted: at most 0.7 of it), verification against
sha256sum of the bundle (at most 1.5 times). Sides take turns, each run in a process of its own, with the pages of the
files in memory; the median is told, and the most memory over what the process held before (at most 64 MiB).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

CHUNK = 1 << 20


def make_files(folder: Path, mebibytes: int, count: int) -> None:
    """Write ``count`` files of random bytes, ``mebibytes`` MiB together."""
    folder.mkdir()
    size = mebibytes * CHUNK // count
    for number in range(1, count + 1):
        (folder / f"E{number:04}.pdf").write_bytes(os.urandom(size))


def read(path: Path) -> Iterator[bytes]:
    """Yield a file in chunks of 1 MiB."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def ours(source: Path, target: Path) -> dict[str, float]:
    """Export and verify; return the seconds of each."""
    import hashlib

    from dgdesk.bundle.bag import BagInfo
    from dgdesk.bundle.export import PayloadSource, export_bundle
    from dgdesk.bundle.identity import create_identity
    from dgdesk.bundle.submission import EvidenceItem, Submission
    from dgdesk.bundle.verify import verify_bundle

    payload: dict[str, PayloadSource] = {}
    evidence = []
    for path in sorted(source.iterdir()):
        name = f"evidence/{path.name}"
        digest = hashlib.sha256()
        for chunk in read(path):
            digest.update(chunk)
        size = path.stat().st_size
        payload[name] = (size, partial(read, path))
        evidence.append(
            EvidenceItem(
                slot=path.stem,
                file=name,
                name=path.name,
                sha256=digest.hexdigest(),
                size=size,
                media_type="application/pdf",
                pages="",
                passages="",
            )
        )
    submission = Submission(
        format=1, edition="x", definition_sha256="0" * 64, province="น่าน", answers={}, evidence=tuple(evidence)
    )
    payload["submission.json"] = submission.to_bytes()
    from dgdesk.bundle.signing import sign

    now = datetime.now(UTC)
    identity = create_identity(target.parent / "id", person="ก", province="ข", passphrase=None, now=now)
    sign(b"", identity, now)  # what is loaded on first use counts as idle
    idle = peak()
    start = time.perf_counter()
    export_bundle(
        target,
        name="bag",
        payload=payload,
        info=BagInfo("ข", "x", now.date()),
        identity=identity,
        claimed_time=now,
    )
    exported = time.perf_counter()
    if not verify_bundle(target, trusted=[identity.certificate_pem]).ok:
        raise SystemExit("the bundle does not verify")
    verified = time.perf_counter()
    return {"export": exported - start, "verify": verified - exported, "memory": peak() - idle}


def peak() -> float:
    """Return the most memory this process has held, in MiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def theirs(source: Path, target: Path) -> dict[str, float]:
    """Do the like with public tools; they sign nothing, and check no structure."""
    names = sorted(path.name for path in source.iterdir())
    start = time.perf_counter()
    subprocess.run(["sha256sum", *names], cwd=source, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["zip", "-0", "-q", str(target), *names], cwd=source, check=True)
    subprocess.run(["sync", str(target)], check=True)
    packed = time.perf_counter()
    subprocess.run(["sha256sum", str(target)], check=True, stdout=subprocess.DEVNULL)
    return {"export": packed - start, "verify": time.perf_counter() - packed}


def main() -> None:
    """Run both sides and print a small table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--side", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(
            json.dumps((ours if options.side == "ours" else theirs)(options.folder / "files", options.folder / "x.zip"))
        )
        return
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        make_files(folder / "files", options.mib, options.files)
        os.sync()
        print(f"{options.mib} MiB in {options.files} files, median of {options.runs}")
        runs: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
        for _ in range(options.runs):
            for side, found in runs.items():
                command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                found.append(json.loads(done.stdout))
                (folder / "x.zip").unlink()
                shutil.rmtree(folder / "id", ignore_errors=True)
                os.sync()
        for key, most in (("export", 0.7), ("verify", 1.5)):
            one, other = (median(run[key] for run in runs[side]) for side in ("ours", "theirs"))
            print(f"{key}: {one:.2f} s against {other:.2f} s: {one / other:.2f} times (wanted: at most {most})")
        print(f"memory over idle: {max(run['memory'] for run in runs['ours']):.0f} MiB (wanted: at most 64)")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
