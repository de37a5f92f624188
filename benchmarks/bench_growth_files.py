"""Benchmark of growth: 10, 100 and 1,000 evidence files: attach, open, check, list, export, verify.

python benchmarks/bench_growth_files.py
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from figures import Figure, growth, median_of, seconds, show

from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import new_draft, open_draft
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.submission.export import export_draft
from dgdesk.survey.rules.evidence_overview import chosen_rows, place_rows, with_points
from ui.filling import fill_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BYTES = 200_000
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


def measured(count: int) -> dict[str, float]:
    """The milliseconds of each step with so many files, spread over the places that ask for any."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.dgdesk"
        took: dict[str, float] = {}
        with new_draft(path, clock=lambda: NOW, who="x", province="TH-50") as draft:
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
                lambda: export_draft(draft, bundle, identity=identity, claimed_time=NOW, as_draft=True)
            )
        took["verify"] = median_of(lambda: verify_bundle(bundle, trusted=[identity.certificate_pem]), 3)
        if not verify_bundle(bundle, trusted=[identity.certificate_pem]).ok:
            raise SystemExit("the bundle does not verify")
        return {step: 1e3 * one for step, one in took.items()}


if __name__ == "__main__":
    show(run("--short" in sys.argv))
