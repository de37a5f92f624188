"""A tus server that we did not write takes the demo's encrypted bundle over a bad network, and its receipt returns."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli.conftest import home
from cli.support import done, run
from outbox.conftest import Office, prepared
from outbox.tus_server import TusServer
from tus_world import Node, node_server, proxy

__all__ = ["home", "prepared"]

pytestmark = pytest.mark.services
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<html>sign in</html>\r\n"
LIE = b"HTTP/1.1 204 No Content\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 999999999999\r\n\r\n"
BROKEN = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with node_server(tmp_path / "uploads") as running:
        yield running


@pytest.fixture
def office(prepared: Path, node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = Path(shutil.copytree(prepared, tmp_path / "office"))
    monkeypatch.setenv("DGDESK_HOME", str(folder / "profile"))
    noted = folder / "profile" / "outbox" / "exports.json"
    noted.write_text(noted.read_text("utf-8").replace(str(prepared), str(folder)), encoding="utf-8")
    return Office(folder, TusServer(node.url))


def test_the_demo_s_bundle_arrives_through_a_network_that_cuts_delays_and_lies(office: Office, node: Node):
    size = office.bundle.stat().st_size
    with proxy(node.port) as between:
        between.delay = 0.001
        between.lies = [PORTAL, BROKEN, LIE]
        between.cut = lambda carried: carried > size // 5
        office.enrol(url=f"http://127.0.0.1:{between.port}/files")
        result = run("send", office.bundle)
        for _ in range(5):
            if result.code == 0:
                break
            result = run("outbox", "send", 1)
        assert result.code == 0 and between.cuts >= 3, result
        (upload,) = node.uploads()
        assert upload.read_bytes() == office.bundle.read_bytes()
        assert between.carried <= 1.2 * size + 65536 * between.cuts

        # the office decrypts, verifies, and puts its receipt beside the upload
        done("decrypt", upload, office.folder / "b.zip", "--key", office.folder / "office.key")
        trust = ("--trust", office.folder / "signer.pem")
        assert "arrived, no receipt yet" in done("outbox", "list", "--lang", "en").out
        done("receipt", "issue", office.folder / "b.zip", office.folder / "r.json", *trust, *office.signed)
        shutil.copyfile(office.folder / "r.json", upload.with_name(f"{upload.name}.receipt"))
        between.lies = [PORTAL]
        assert done("outbox", "send", "--json").json["entries"][0]["state"] == "arrived"
        between.cut = lambda carried: False
        assert done("outbox", "send", "--json").json["entries"][0]["state"] == "accepted"
    (line, *_) = done("register", office.draft, "--json").json["exports"]
    assert len(line["receipts"]) == 1


def test_dropped_before_it_arrived_nothing_is_left_at_the_server(office: Office, node: Node):
    with proxy(node.port) as between:
        between.cut = lambda carried: carried > 1_000_000
        between.delay = 0.0
        office.enrol(url=f"http://127.0.0.1:{between.port}/files")
        process = sending(office, "--limit", "400k")
        waits_for(lambda: any(path.stat().st_size > 100_000 for path in node.uploads()))
        done("outbox", "drop", 1)
        assert process.wait(30) == 0
        waits_for(lambda: node.uploads() == [])
        assert done("outbox", "list", "--json").json["entries"] == []


# Ten kills; on demand more: DGDESK_KILLS=200 python3 build/dev.py test --services tests/services/test_tus.py -k killed
@pytest.mark.timeout(1200)
def test_killed_again_and_again_while_sending_it_arrives_once(office: Office, node: Node):
    kill_and_send(office, node, int(os.environ.get("DGDESK_KILLS", "10")), random.Random(2568))


_SENDS = """
import os, sys
from dgdesk.cli.main import main
import dgdesk.cli.outbox, dgdesk.outbox.rounds
for line in sys.stdin:
    child = os.fork()
    if not child:
        nowhere = open(os.devnull, "w")
        os._exit(main(line.rstrip("\\n").split("\\t"), nowhere, nowhere))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""
"""A process that has everything loaded, and sends in one forked from it for each line: loading takes a second."""


def kill_and_send(office: Office, node: Node, kills: int, chance: random.Random) -> None:
    office.enrol()
    size = office.bundle.stat().st_size
    line = "\t".join(("send", str(office.bundle), "--limit", str(size // 2)))
    with subprocess.Popen(
        [sys.executable, "-c", _SENDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for _ in range(kills):
            before = held(node)
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            child = int(process.stdout.readline())
            heard = process.stdout.fileno()
            waits_for(lambda: held(node) > before or select.select([heard], [], [], 0)[0])  # noqa: B023  called before the loop goes on
            time.sleep(chance.uniform(0, 1.2 / kills + 0.02))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            assert process.stdout.readline() == b"ended\n"
        process.stdin.close()
    result = run("send", office.bundle, "--json")
    assert result.code == 0, result
    (upload,) = (path for path in node.uploads() if path.stat().st_size)  # one that was begun and never used is empty
    assert upload.read_bytes() == office.bundle.read_bytes()
    (entry,) = json.loads(result.out)["entries"]
    assert entry["state"] == "arrived" and entry["number"] == 1


def held(node: Node) -> int:
    """The bytes that the server has."""
    return sum(path.stat().st_size for path in node.uploads())


def sending(office: Office, *more: str) -> subprocess.Popen[bytes]:
    """Send the bundle in a process of its own."""
    command = [sys.executable, "-m", "dgdesk", "send", str(office.bundle), *more]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)


def waits_for(so: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not so():
        assert time.monotonic() < end
        time.sleep(0.002)
