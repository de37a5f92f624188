"""A real tus server (@tus/server) and a proxy before it that cuts, delays and lies: for services and benchmarks."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SERVER = Path(__file__).parent / "services" / "tus" / "server.mjs"


@dataclass(frozen=True)
class Node:
    """A running server: its port, and the folder where uploads lie."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/files"

    def uploads(self) -> list[Path]:
        """Every upload, complete or not."""
        return [path for path in self.folder.iterdir() if "." not in path.name]


@contextmanager
def node_server(folder: Path) -> Iterator[Node]:
    """Run the server until the block is left."""
    assert os.environ.get("DGDESK_NODE"), "build/dev.py test --services brings the server; package.json names it"
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(["node", str(SERVER), str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Node(int(process.stdout.readline()), folder)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@dataclass
class Proxy:
    """Passes bytes on to a port. ``cut`` is asked after each piece with the bytes that a connection has carried.

    ``delay``: seconds before a piece is passed on. ``lie``: what a connection is answered in place of the server, once
    for each item.
    """

    target: int
    port: int = 0
    cut: Callable[[int], bool] = lambda carried: False
    delay: float = 0.0
    lies: list[bytes] = field(default_factory=list)
    carried: int = 0
    cuts: int = 0


@contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """Run a proxy until the block is left."""
    made = Proxy(target)
    over = threading.Event()
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.port = server.getsockname()[1]
        server.settimeout(0.1)

        def accept() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    client, _ = server.accept()
                    threads.append(threading.Thread(target=_serve, args=(made, client, over)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield made
        finally:
            over.set()
            accepting.join()
            for one in threads:
                one.join()


def _serve(made: Proxy, client: socket.socket, over: threading.Event) -> None:
    with client, suppress(OSError):
        if made.lies:
            client.recv(65536)
            client.sendall(made.lies.pop(0))
            return
        with socket.create_connection(("127.0.0.1", made.target)) as server:
            carried = 0
            while not over.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.1)
                for one in ready:
                    content = one.recv(65536)
                    if not content:
                        return
                    if made.delay:
                        time.sleep(made.delay)
                    if one is client:
                        carried += len(content)
                        made.carried += len(content)
                    (server if one is client else client).sendall(content)
                    if one is client and made.cut(carried):
                        made.cuts += 1
                        return
