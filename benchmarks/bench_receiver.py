"""Benchmark of the receiver: many bundles into a workbook, one bundle beside what a receiver would use instead.

    python benchmarks/bench_receiver.py [--bundles 80] [--mib 256]

``collate`` of 80 bundles of full forms is to take at most 10 s, and the agency's window to open their folder a second
time in 1 s. One bundle with ``--mib`` of evidence is checked by
dgdesk, and unpacked and checked by unzip, openssl, sha256sum and bagit.py, as docs/integrators.md tells receivers to.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from bench_bundle import make_files
from figures import Figure, median_of, missing, seconds, show

from dgdesk.agency.collate import collate_bundles
from dgdesk.agency.scan import scan
from dgdesk.agency.tables.writing import write_tables
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft, load_form, new_draft
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.submission.export import export_draft
from dgdesk.system.progress import NO_PROGRESS
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.agency.reception import Reception
from dgdesk.ui.agency.trust import Trust
from ui.filling import fill_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundles", type=int, default=80)
    parser.add_argument("--mib", type=int, default=256)
    given = parser.parse_args()
    show(measured(given.bundles, given.mib))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(4, 16) if short else measured(80, 256)


def measured(bundles: int, mib: int) -> Iterable[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        identity = create_identity(folder / "id", person="ก", province="ข", passphrase=None, now=NOW)
        inbox = folder / "inbox"
        inbox.mkdir()
        with new_draft(folder / "full.dgdesk", clock=lambda: NOW, who="x", respondent="TH-50") as draft:
            source = folder / "แผน.pdf"
            source.write_bytes(b"%PDF-1.7 plan")
            fill_all(draft, [source])
            first = export(draft, inbox / "000.zip", identity)
        for number in range(1, bundles):
            shutil.copy(first, inbox / f"{number:03}.zip")
        yield from collating(sorted(inbox.glob("*.zip")), folder / "all.xlsx", identity)
        yield opening(inbox, bundles, folder / "received.ledger", identity)
        yield from checking(folder, mib, identity)


def export(draft: Draft, target: Path, identity: Identity) -> Path:
    """Hand in a draft, whatever is missing in it."""
    return export_draft(draft, target, identity=identity, reason="แก้ไข", claimed_time=NOW, as_draft=True).path


def opening(inbox: Path, bundles: int, ledger: Path, identity: Identity) -> Figure:
    """Open a folder in the agency's window twice: what a person waits for, without the drawing."""
    pem = identity.certificate_pem
    reception = Reception(str(ledger), load_catalogue(), lambda: NOW, Trust((pem,)))
    reception.open(make=True).close()
    first = seconds(lambda: reception.take_in([inbox], NO_PROGRESS))
    again = seconds(lambda: reception.take_in([inbox], NO_PROGRESS))
    says = f"the folder of {bundles} opened in the agency's window a second time"
    return Figure("receiver.again", says, again, "s", 1.0, beside=first, against="the first time")


def collating(inbox: list[Path], target: Path, identity: Identity) -> Iterable[Figure]:
    """All bundles into one workbook."""
    forms = [load_form()]

    def work() -> None:
        found = write_tables(
            target,
            lambda tables: collate_bundles(
                scan(inbox), tables, forms=forms, trusted=[identity.certificate_pem], word=lambda problem: problem.code
            ),
            replace=True,
        )
        if found.accepted != len(inbox):
            raise SystemExit("a bundle was rejected")

    what = f"{len(inbox)} bundles of full forms checked and put into a workbook"
    yield Figure("receiver.collate", what, seconds(work), "s", 10)


def checking(folder: Path, mib: int, identity: Identity) -> Iterable[Figure]:
    """One bundle, by dgdesk and by public tools."""
    make_files(folder / "files", mib, 64)
    with new_draft(folder / "large.dgdesk", clock=lambda: NOW, who="x", respondent="TH-50") as draft:
        draft.session.answer("g1", "yes")
        files = sorted((folder / "files").iterdir())
        draft.session.attach_files("g1/yes", [AttachmentRequest(one) for one in files])
        bundle = export(draft, folder / "large.zip", identity)

    def ours() -> None:
        if not verify_bundle(bundle, trusted=[identity.certificate_pem]).ok:
            raise SystemExit("the bundle does not verify")

    name, what = "receiver.verify", f"one bundle of {mib} MiB in 64 files checked"
    lacking = [one for one in ("unzip", "openssl", "sha256sum") if shutil.which(one) is None]
    if lacking or find_spec("bagit") is None:
        yield missing(name, what, f"not there to compare with: {', '.join(lacking or ['bagit'])}")
        return
    mine = median_of(ours, 3)
    took, bagit = by_tools(folder, bundle, identity)
    tools = "unzip, openssl, sha256sum, bagit.py"
    yield Figure(name, what, mine, "s", 1.0, "ratio", took, tools)
    yield Figure("receiver.bagit", what, mine, "s", None, "ratio", bagit, "bagit.py alone, of the unpacked bag")


def by_tools(folder: Path, bundle: Path, identity: Identity) -> tuple[float, float]:
    """Return the seconds of the public way, and those of bagit.py in it."""
    (folder / "signer.pem").write_bytes(identity.certificate_pem)
    begun = time.perf_counter()
    subprocess.run(["unzip", "-q", bundle, "-d", folder / "unpacked"], check=True)
    (bag,) = (folder / "unpacked").iterdir()
    signed = "openssl cms -verify -cades -binary -inform DER -in signatures/tagmanifest-sha256.txt.p7s -content"
    trust = "tagmanifest-sha256.txt -CAfile ../../signer.pem -no-CApath -no-CAstore -purpose any -out /dev/null"
    for command in (
        f"{signed} {trust}",
        "sha256sum --quiet --strict -c tagmanifest-sha256.txt",
        "sha256sum --quiet --strict -c manifest-sha256.txt",
    ):
        subprocess.run(command.split(), cwd=bag, check=True, capture_output=True)
    before = time.perf_counter()
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", "."], cwd=bag, check=True, capture_output=True
    )
    ended = time.perf_counter()
    return ended - begun, ended - before


if __name__ == "__main__":
    main()
