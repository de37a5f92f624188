"""Benchmark: signed export and strict verification of a bundle, against sha256sum + zip -0 + sync on the same files.

    python benchmarks/bench_bundle.py [--mib 256] [--files 50] [--folder DIR]

Each side runs in a process of its own, three times, and the best is told, with the largest resident size.
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
    now = datetime.now(UTC)
    identity = create_identity(target.parent / "id", person="ก", province="ข", passphrase=None, now=now)
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
    return {"export": exported - start, "verify": time.perf_counter() - exported}


def theirs(source: Path, target: Path) -> dict[str, float]:
    """Do the like with public tools; they sign nothing and check nothing."""
    names = sorted(path.name for path in source.iterdir())
    start = time.perf_counter()
    subprocess.run(["sha256sum", *names], cwd=source, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["zip", "-0", "-q", str(target), *names], cwd=source, check=True)
    subprocess.run(["sync", str(target)], check=True)
    packed = time.perf_counter()
    subprocess.run(["unzip", "-tqq", str(target)], check=True)
    return {"export": packed - start, "verify": time.perf_counter() - packed}


def main() -> None:
    """Run both sides and print a small table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--side", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        import resource

        seconds = (ours if options.side == "ours" else theirs)(options.folder / "files", options.folder / "x.zip")
        who = resource.RUSAGE_SELF if options.side == "ours" else resource.RUSAGE_CHILDREN
        print(json.dumps(seconds | {"rss": resource.getrusage(who).ru_maxrss / 1024}))
        return
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        make_files(folder / "files", options.mib, options.files)
        print(f"{options.mib} MiB in {options.files} files")
        for side in ("ours", "theirs"):
            runs = []
            for _ in range(3):
                command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                runs.append(json.loads(done.stdout))
                (folder / "x.zip").unlink()
                shutil.rmtree(folder / "id", ignore_errors=True)
            best = {key: min(run[key] for run in runs) for key in ("export", "verify")}
            rss = max(run["rss"] for run in runs)
            print(f"{side:7} export {best['export']:.2f} s   verify {best['verify']:.2f} s   {rss:.0f} MiB RSS")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
