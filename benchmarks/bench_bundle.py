"""Benchmark: signed export and strict verification of a bundle, against public tools on the same bytes.

    python benchmarks/bench_bundle.py [--mib 1024] [--files 200] [--runs 3] [--folder DIR]

Export with self-verification stands against sha256sum + zip -0 + sync (wanted: at most 0.7 of it) and against cp + sync
(1.6 times), verification against sha256sum of the bundle (at most 1.5 times) and openssl dgst (1.1 times).

Export is measured twice: of files, and of a draft that holds them, as the program does it, with the survey printed, the
register and the sign-off sheet. Sides take turns, each run in a process of its own, with the pages of the files in
memory; the median is printed, for cp and openssl the best round, and the most memory over what the process held before
(at most 64 MiB).
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
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from figures import Figure, missing, show

CHUNK = 1 << 20


def make_files(folder: Path, mebibytes: int, count: int) -> None:
    """Write ``count`` files that begin as a PDF does and go on with random bytes, ``mebibytes`` MiB together."""
    folder.mkdir()
    size = mebibytes * CHUNK // count
    begin = b"%PDF-1.7\n"
    for number in range(1, count + 1):
        (folder / f"E{number:04}.pdf").write_bytes(begin + os.urandom(size - len(begin)))


def read(path: Path) -> Iterator[bytes]:
    """Yield a file in chunks of 1 MiB."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def make_draft(path: Path, source: Path) -> None:
    """Make a draft that holds the files."""
    from dgdesk.draft.drafts import new_draft
    from dgdesk.evidence.limits import AttachmentRequest

    with new_draft(path, clock=clock, who="bench", respondent="TH-55") as draft:
        draft.session.answer("g1", "yes")
        draft.session.attach_files("g1/yes", [AttachmentRequest(one) for one in sorted(source.iterdir())])
        kept = len(draft.session.state.facts.evidence["g1/yes"])
    if kept != len(list(source.iterdir())):
        raise SystemExit("the draft holds not all files")


def clock() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def ours(source: Path, target: Path) -> dict[str, float]:
    """Export and verify; return the seconds of each."""
    import hashlib

    from dgdesk.bundle.archive.bag import BagInfo
    from dgdesk.bundle.export import PayloadFile, PayloadSource, export_bundle
    from dgdesk.bundle.signing.identity import create_identity
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
        payload[name] = PayloadFile(size, partial(read, path))
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
    from dgdesk.bundle.signing.signature import sign

    now = clock()
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


def from_draft(source: Path, target: Path) -> dict[str, float]:
    """Export a draft; return the seconds."""
    from dgdesk.bundle.signing.identity import create_identity
    from dgdesk.bundle.signing.signature import sign
    from dgdesk.draft.drafts import open_draft
    from dgdesk.submission.export import export_draft
    from dgdesk.submission.survey_pdf import PrintChoices, print_draft

    now = clock()
    identity = create_identity(target.parent / "id", person="ก", province="ข", passphrase=None, now=now)
    sign(b"", identity, now)
    with open_draft(target.parent / "x.dgdesk", clock=clock, who="bench") as draft:
        print_draft(draft, PrintChoices(variant="draft"), claimed=now, answers_digest="0" * 64)
        idle = peak()
        start = time.perf_counter()
        export_draft(draft, target, identity=identity, reason="แก้ไข", claimed_time=now, as_draft=True, replace=True)
        exported = time.perf_counter()
    return {"export": exported - start, "memory": peak() - idle}


def peak() -> float:
    """Return the most memory this process has held, in MiB; a child's ``ru_maxrss`` begins with its parent's."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
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


def bare(source: Path, target: Path) -> dict[str, float]:
    """Only copy, and only hash: nothing is done twice and nothing is checked."""
    copy = target.with_suffix(".copy")
    start = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(copy)], check=True)
    subprocess.run(["sync", *(str(path) for path in copy.iterdir())], check=True)
    copied = time.perf_counter()
    shutil.rmtree(copy)
    names = sorted(str(path) for path in source.iterdir())
    begun = time.perf_counter()
    subprocess.run(["openssl", "dgst", "-sha256", *names], check=True, stdout=subprocess.DEVNULL)
    return {"export": copied - start, "verify": time.perf_counter() - begun}


SIDES = {"ours": ours, "draft": from_draft, "theirs": theirs, "bare": bare}
TOOLS = ("zip", "sha256sum", "openssl")


def main() -> None:
    """Run all sides and print a small table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(SIDES[options.side](options.folder / "files", options.folder / "x.zip")))
        return
    show(measured(options.mib, options.files, options.runs, options.folder))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(48, 12, 2, None) if short else measured(1024, 200, 3, None)


def measured(mib: int, files: int, rounds: int, place: Path | None) -> Iterable[Figure]:
    """Measure."""
    if lacking := [one for one in TOOLS if shutil.which(one) is None]:
        yield missing("bundle.export", "signed export", f"not there to compare with: {', '.join(lacking)}")
        return
    folder = Path(tempfile.mkdtemp(dir=place))
    try:
        make_files(folder / "files", mib, files)
        make_draft(folder / "x.dgdesk", folder / "files")
        os.sync()
        runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _ in range(rounds):
            for side, found in runs.items():
                command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
                done = subprocess.run(command, check=False, capture_output=True, text=True)
                if done.returncode:
                    raise SystemExit(f"the side {side} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
                found.append(json.loads(done.stdout))
                (folder / "x.zip").unlink(missing_ok=True)
                shutil.rmtree(folder / "id", ignore_errors=True)
                os.sync()
        yield from report(runs, f"{mib} MiB in {files} files")
    finally:
        shutil.rmtree(folder)


def report(runs: dict[str, list[dict[str, float]]], of: str) -> Iterable[Figure]:
    """The medians, each beside what it is compared with."""

    def middle(side: str, key: str) -> float:
        return median(run[key] for run in runs[side])

    def figure(
        name: str, what: str, one: tuple[str, str], other: tuple[str, str], against: str, most: float | None
    ) -> Figure:
        return Figure(f"bundle.{name}", f"{what}, {of}", middle(*one), "s", most, "ratio", middle(*other), against)

    def best(name: str, what: str, key: str, against: str, most: float) -> Figure:
        """The best of the rounds: what it costs where nothing else disturbs."""
        one, other = (min(run[key] for run in runs[side]) for side in ("ours", "bare"))
        return Figure(f"bundle.{name}", f"{what}, {of}, best round", one, "s", most, "ratio", other, against)

    tools = "sha256sum, zip -0 and sync"
    yield figure("export", "signed export with self-verification", ("ours", "export"), ("theirs", "export"), tools, 0.7)
    whole = "export of a draft, with print, register and sign-off sheet"
    yield figure("draft", whole, ("draft", "export"), ("theirs", "export"), tools, None)
    yield figure("verify", "verification", ("ours", "verify"), ("theirs", "verify"), "sha256sum", 1.5)
    yield best("export_cp", "signed export with self-verification", "export", "cp and sync", 1.6)
    yield best("verify_dgst", "verification", "verify", "openssl dgst -sha256", 1.1)
    for side, word in {"ours": "export and verification", "draft": whole}.items():
        most = max(run["memory"] for run in runs[side])
        yield Figure(f"bundle.memory_{side}", f"memory over idle, {word}", most, "MiB", 64)


if __name__ == "__main__":
    main()
