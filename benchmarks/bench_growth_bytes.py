"""Benchmark of growth: 1 MB to 5 GiB of evidence: attach (beside cp), export (ZIP64 beyond 4 GiB), verify; memory.

    python benchmarks/bench_growth_bytes.py [--short]

Each size is measured in a process of its own; the largest needs 20 GiB of free space in the temporary folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

if sys.platform != "win32":
    import resource

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from bench_package import copy_and_sync
from figures import Figure, growth, peak_mb, seconds, show

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
MIB = 1 << 20
FILE = 256
"""The most MiB in one file."""
STEPS = {"attach": "attaching", "export": "signed export", "verify": "verification"}
COPYING = ("attach", "export")
"""The steps that write everything once."""


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    sizes = (1, 32) if short else (1, 32, 1024, 5120)
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, __file__, "--size", str(size), folder], check=True, capture_output=True
            )
            found.append(json.loads(done.stdout))
    shown = " / ".join(str(size) for size in sizes)
    for step, words in STEPS.items():
        taken = [one[f"{step}_own"] for one in found]
        says = f"{words}, the program's own processor time: {shown} MiB"
        made = growth(f"growth_bytes.{step}", says, sizes, taken, "s")
        clock = ", ".join(f"{size}: {one[step]:.3g} s" for size, one in zip(sizes, found, strict=True))
        yield replace(made, note=f"{made.note}; by the clock {clock}")
    # beyond what memory takes, every writer waits for the disk, and disks tire: what counts is how far cp is ahead
    for step in COPYING:
        beside = [one[step] / one[f"{step}_cp"] for one in found]
        says = f"{STEPS[step]}, as multiples of cp and fsync just before: {shown} MiB"
        yield growth(f"growth_bytes.{step}_disk", says, sizes, beside, "×", most=0.3)
    over = [one["peak"] - one["idle"] for one in found]
    note = ", ".join(f"{size} MiB: {one:.0f}" for size, one in zip(sizes, over, strict=True))
    says = f"memory over the idle program, {sizes[-1]} MiB attached, exported, verified"
    yield Figure("growth_bytes.memory", says, over[-1], "MB", 64 * MIB / 1e6, note=note)


def measured(size: int, folder: Path) -> dict[str, float]:
    """In a process of its own: the seconds of each step with so many MiB."""
    from dgdesk.bundle.signing.identity import create_identity
    from dgdesk.bundle.signing.signature import sign
    from dgdesk.bundle.verify import verify_bundle
    from dgdesk.draft.drafts import new_draft
    from dgdesk.evidence.limits import AttachmentRequest
    from dgdesk.submission.export import export_draft
    from dgdesk.submission.survey_pdf import PrintChoices, print_draft

    path, bundle = folder / "a.dgdesk", folder / "a.zip"
    sources = []
    for number, begin in enumerate(range(0, size, FILE)):
        source = folder / f"{number}.pdf"
        with source.open("wb") as stream:
            for _ in range(min(FILE, size - begin)):
                stream.write(os.urandom(MIB))
        sources.append(source)
    os.sync()
    identity = create_identity(folder / "id", person="ก", province="ข", passphrase=None, now=NOW)
    sign(b"", identity, NOW)  # what is loaded on first use counts as idle
    took: dict[str, float] = {}
    with new_draft(path, clock=lambda: NOW, who="x", respondent="TH-50") as draft:
        draft.session.answer("g1", "yes")
        print_draft(draft, PrintChoices(variant="draft"), claimed=NOW, answers_digest="0" * 64)
        idle = peak_mb()
        requests = [AttachmentRequest(one) for one in sources]
        took |= timed("attach", lambda: draft.session.attach_files("g1/yes", requests), beside=sources)
        if len(draft.session.state.facts.evidence["g1/yes"]) != len(sources):
            raise SystemExit("not all files were attached")
        export = partial(export_draft, draft, bundle, identity=identity, claimed_time=NOW, as_draft=True)
        took |= timed("export", export, beside=sources)
    for source in sources:
        source.unlink()
    verdicts = []
    took |= timed("verify", lambda: verdicts.append(verify_bundle(bundle, trusted=[identity.certificate_pem])))
    if not verdicts[0].ok:
        raise SystemExit("the bundle does not verify")
    return {**took, "idle": idle, "peak": peak_mb()}


def timed(step: str, work: Callable[[], object], beside: Sequence[Path] = ()) -> dict[str, float]:
    """The seconds of a step, its own processor seconds, and those of ``cp`` and fsync of the files just before."""
    copies = [path.with_suffix(".copy") for path in beside]
    copied = sum(seconds(partial(copy_and_sync, source, copy)) for source, copy in zip(beside, copies, strict=True))
    for copy in copies:
        copy.unlink()
    os.sync()
    # the kernel's share grows once its memory for what waits to be written is full: cp shows that
    begun = own_seconds()
    took = seconds(work)
    return {step: took, f"{step}_own": own_seconds() - begun, f"{step}_cp": copied}


def own_seconds() -> float:
    """The processor time that this process had outside of the kernel."""
    if sys.platform == "win32":
        return os.times().user
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


if __name__ == "__main__":
    if "--size" in sys.argv:
        print(json.dumps(measured(int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        show(run("--short" in sys.argv))
