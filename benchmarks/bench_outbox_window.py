"""Benchmark of sending from the window: a large file to a real tus server while a question is answered by clicks.

    python benchmarks/bench_outbox_window.py [--mib 5120]

The file is sparse, so it needs no space here but all of it at the server. Judged: the window's thread works
at most 50 ms without answering while it is sent (a timer of 5 ms notes the gaps, and the thread's own processor time
within each), and the memory is at most 32 MiB over the idle program; the server's file must have the digest of ours.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1] / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_attach_window import Pulse, open_window, reset_peak, spin, with_clicks
from bench_package import resident
from figures import Figure, missing, show
from PySide6.QtWidgets import QApplication

from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.draft.drafts import newest_edition
from dgdesk.outbox.agency import Agency, import_agency, write_agency
from dgdesk.outbox.exports import Exported, file_digest
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.ui.outbox.dialog import OutboxDialog
from dgdesk.ui.shell.controller import MainController
from tus_world import node_server

_MOST_MEMORY = 32


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=5120)
    show(measured(parser.parse_args().mib))
    sys.stdout.flush()
    os._exit(0)


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(64 if short else 1024)


def measured(mib: int) -> Iterable[Figure]:
    """Measure."""
    if not os.environ.get("DGDESK_NODE") or shutil.which("node") is None:
        yield missing("outbox_window.answers", "send a bundle from the window", "node or its packages are not there")
        return
    with tempfile.TemporaryDirectory() as name, node_server(Path(name) / "uploads") as node:
        folder = Path(name)
        bundle = folder / "a.zip.age"
        with bundle.open("wb") as stream:
            stream.write(os.urandom(1 << 20))
            stream.truncate(mib << 20)
        desk = open_window(folder)
        know(desk.outbox.folder, bundle, node.url, folder / "office")
        dialog = OutboxDialog(desk.outbox, desk.services, desk.window)
        dialog.setModal(False)
        dialog.show()
        pulse = Pulse()
        spin(2.0)
        pulse.start()
        with_clicks(desk, partial(spin, 3.0))
        pulse.stop()
        print(f"window alone, with clicks: {pulse.words()}")
        alone = max(pulse.gaps)[0]
        idle = resident("VmRSS")
        reset_peak()
        pulse.start()
        began = time.perf_counter()
        with_clicks(desk, partial(send, desk, bundle))
        taken = time.perf_counter() - began
        pulse.stop()
        over = resident("VmHWM") - idle
        print(f"{mib} MiB in {taken:.1f} s: {pulse.words()}")
        (upload,) = node.uploads()
        same = digest(upload) == digest(bundle)
        if not same:
            raise SystemExit("the server's file is not ours")
        note = f"{taken:.1f} s; the server's file has the same digest"
        what = f"while {mib} MiB are sent from the window"
        # The clock tells of other programs too: judged is what the window's thread itself worked within a gap.
        gap, worked, _ = max(pulse.gaps, key=lambda one: one[1])
        words = f"the longest work without an answer, {what}"
        clock = f"by the clock {gap:.0f} ms, and {max(pulse.gaps)[0]:.0f} ms at most; alone {alone:.0f} ms at most"
        yield Figure("outbox_window.answers", words, worked, "ms", 50, note=clock)
        yield Figure(
            "outbox_window.memory", f"memory over the idle program, {what}", over, "MiB", _MOST_MEMORY, note=note
        )
        dialog.close()
        desk.let_go()


def know(outbox: OutboxFolder, bundle: Path, url: str, office: Path) -> None:
    """Let the outbox know an office and, as if it had been exported here, the file."""
    now = datetime.now(UTC)
    made = create_identity(office, person="x", province="x", passphrase=None, now=now - timedelta(days=1))
    pem = made.certificate_pem.decode("ascii")
    agency = Agency.model_validate(
        {
            **{"kind": "dgdesk-agency", "format": 1, "id": "x", "version": 1, "url": url, "certificates": pem},
            **{"name": {"th": "x", "en": "x"}, "unencrypted": True},
        }
    )
    import_agency(write_agency(agency, made, now), [made.certificate], outbox)
    noted = Exported(
        sha256=file_digest(bundle),
        size=bundle.stat().st_size,
        digest="0" * 64,
        edition=newest_edition(),
        path=str(bundle),
        draft="",
    )
    outbox.exports.write_bytes(canonical_json({"exported": [noted.model_dump()]}))


def send(desk: MainController, bundle: Path) -> None:
    """Put the file into the outbox and wait until it has arrived."""
    desk.outbox.add(bundle)
    while not (desk.outbox.entries and desk.outbox.entries[0].status == "arrived" and not desk.outbox.sending):
        QApplication.processEvents()
        time.sleep(0.0005)
        if desk.outbox.entries and desk.outbox.entries[0].hold:
            raise SystemExit(f"not sent: {desk.outbox.entries[0].log[-1]}")


def digest(path: Path) -> str:
    """The SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
