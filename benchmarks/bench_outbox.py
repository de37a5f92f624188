"""Benchmark of the outbox: a file sent to a real tus server, beside curl sending it in one PATCH; and over cuts.

    python benchmarks/bench_outbox.py [--mib 1024] [--rounds 5]

Straight, a bundle is to take at most 1.11 times curl's time (0.9 of its speed) in the same run. Cut every 20 MB, at
most 1.2 times its bytes cross the network. Sending takes at most 32 MiB more memory than a process that has everything
loaded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from figures import Figure, missing, peak_mb, resident_mb, show

from dgdesk.outbox.events import Arrived, Begin, Event, Request, Stop, Wait
from dgdesk.outbox.protocol import Order, resumed, step
from dgdesk.outbox.transport import Transport, system_context
from tus_world import Node, node_server, proxy

_CUT = 20_000_000
_BEGIN: Event = Begin()
_TUS = ("-H", "Tus-Resumable: 1.0.0")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    show(measured(given.mib, given.rounds))


def run(short: bool) -> Iterable[Figure]:
    """For the table of all benchmarks."""
    return measured(64, 1) if short else measured(1024, 5)


def measured(mib: int, rounds: int) -> Iterable[Figure]:
    """Measure."""
    if not os.environ.get("DGDESK_NODE") or shutil.which("curl") is None or shutil.which("node") is None:
        yield missing("outbox.straight", "send a bundle", "node, its packages or curl are not there")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = folder / "a.zip.age"
        with bundle.open("wb") as stream:
            for _ in range(mib):
                stream.write(os.urandom(1 << 20))
        system_context()
        send(bundle, None)
        idle = resident_mb()
        with node_server(folder / "uploads") as node:
            ours, theirs = zip(*(both(bundle, node) for _ in range(rounds)), strict=True)
            yield Figure(
                "outbox.straight",
                f"send {mib} MiB",
                min(ours),
                "s",
                1 / 0.9,
                "ratio",
                min(theirs),
                "curl, one PATCH",
            )
            yield Figure("outbox.memory", "memory over that of a process at rest", peak_mb() - idle, "MB", 33.6)
            empty(node)
            with proxy(node.port) as between:
                between.cut = lambda carried: carried >= _CUT
                send(bundle, f"http://127.0.0.1:{between.port}/files")
            (upload,) = node.uploads()
            same = upload.read_bytes() == bundle.read_bytes() if mib <= 64 else upload.stat().st_size == mib << 20
            times = between.carried / bundle.stat().st_size
            note = f"{between.cuts} cuts; {'the same' if same else 'NOT the same'} at the server"
            yield Figure("outbox.cuts", "bytes over the network, cut every 20 MB", times, "× the file", 1.2, note=note)


def both(bundle: Path, node: Node) -> tuple[float, float]:
    """The seconds that dgdesk and curl take for the same file, one after the other."""
    taken = []
    for work in (lambda: send(bundle, node.url), lambda: curl(bundle, node)):
        os.sync()
        taken.append(work())
        empty(node)
    return taken[0], taken[1]


def empty(node: Node) -> None:
    """Take all uploads away."""
    for path in node.folder.iterdir():
        path.unlink()


def send(bundle: Path, url: str | None) -> float:
    """Send a file from its first request to the server's word that it has arrived; without ``url`` only read it."""
    order = Order(url or "http://127.0.0.1:9/", bundle.stat().st_size, (("filename", bundle.name),))
    began = time.perf_counter()
    with Transport(proxies=lambda host: {}) as transport, bundle.open("rb", buffering=0) as file:
        if url is None:
            return time.perf_counter() - began
        state, event = resumed(order), _BEGIN
        while True:
            state, effect = step(state, event)
            if isinstance(effect, Arrived):
                return time.perf_counter() - began
            if isinstance(effect, Stop):
                raise SystemExit(f"not sent: {effect}")
            if isinstance(effect, Wait):
                time.sleep(effect.seconds)
            event = transport.carry(effect, file) if isinstance(effect, Request) else Begin()


def curl(bundle: Path, node: Node) -> float:
    """The same by curl: the address from a POST, then one PATCH."""
    began = time.perf_counter()
    post = ["curl", "-sS", "-i", "-X", "POST", node.url, *_TUS, "-H", f"Upload-Length: {bundle.stat().st_size}"]
    said = subprocess.run(post, capture_output=True, text=True, check=True).stdout
    where = next(line.split(" ", 1)[1] for line in said.splitlines() if line.lower().startswith("location:"))
    patch = ["-H", "Upload-Offset: 0", "-H", "Content-Type: application/offset+octet-stream", "-H", "Expect:"]
    address = f"http://127.0.0.1:{node.port}{where.strip()}"
    subprocess.run(["curl", "-sS", "-f", "-X", "PATCH", address, *_TUS, *patch, "-T", str(bundle)], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
