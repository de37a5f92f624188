"""A small tus 1.0.0 server for tests, over HTTP on this machine; what it should get wrong is handed to it."""

from __future__ import annotations

import base64
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Upload:
    """What the server has of one file."""

    length: int
    metadata: str
    content: bytearray = field(default_factory=bytearray)
    receipt: bytes | None = None

    @property
    def complete(self) -> bool:
        return len(self.content) == self.length


@dataclass
class Said:
    """An answer that is given in place of the right one; ``read``: bytes of the body that are read and taken before."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    take: int = 0
    cut: bool = False
    linger: bool = False


@dataclass
class TusServer:
    """``behave`` is given a method and a path, and returns what is said in place of the right answer, or None."""

    url: str = ""
    uploads: dict[str, Upload] = field(default_factory=dict)
    behave: Callable[[str, str], Said | None] = lambda method, path: None
    seen: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    checksum: bool = False
    taken: int = 0

    @property
    def complete(self) -> list[bytes]:
        """The content of every upload that is complete."""
        return [bytes(one.content) for one in self.uploads.values() if one.complete]

    def methods(self) -> list[str]:
        return [method for method, _, _ in self.seen]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: TusServer

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"", tus: bool = True
    ) -> None:
        self.send_response(status)
        if tus:
            self.send_header("Tus-Resumable", "1.0.0")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self) -> None:
        world = self.world
        world.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        said = world.behave(self.command, self.path)
        if said is not None:
            if said.take:
                self.take(world.uploads[self.path], said.take)
            if said.cut:
                self.close_connection = True
                return
            self.close_connection = True
            self.answer(said.status, {**said.headers, "Connection": "close"}, said.body, tus=False)
            while said.linger and self.rfile.read1(65536):  # type: ignore[attr-defined]  # buffered, though its type does not say so
                pass
            return
        getattr(self, f"do_{self.command.lower()}")()

    do_OPTIONS = do_POST = do_HEAD = do_PATCH = do_DELETE = do_GET = handle_any

    def take(self, upload: Upload, most: int) -> None:
        left = min(most, int(self.headers["Content-Length"]))
        while left:
            content = self.rfile.read1(min(left, 65536))  # type: ignore[attr-defined]  # buffered, though its type does not say so
            if not content:
                self.close_connection = True
                return
            self.world.taken += len(content)
            upload.content += content
            left -= len(content)

    def do_options(self) -> None:
        extensions = "creation,expiration,termination" + (",checksum" if self.world.checksum else "")
        more = {"Tus-Checksum-Algorithm": "md5,sha256"} if self.world.checksum else {}
        self.answer(204, {"Tus-Version": "1.0.0", "Tus-Extension": extensions, **more})

    def do_post(self) -> None:
        path = f"/files/{len(self.world.uploads) + 1}"
        self.world.uploads[path] = Upload(int(self.headers["Upload-Length"]), self.headers["Upload-Metadata"])
        self.answer(201, {"Location": path})

    def found(self) -> Upload | None:
        upload = self.world.uploads.get(self.path)
        if upload is None:
            self.close_connection = True
            self.answer(404)
        return upload

    def do_head(self) -> None:
        if (upload := self.found()) is not None:
            self.answer(200, {"Upload-Offset": str(len(upload.content)), "Upload-Length": str(upload.length)})

    def do_patch(self) -> None:
        if (upload := self.found()) is None:
            return
        if int(self.headers["Upload-Offset"]) != len(upload.content):
            self.close_connection = True
            return self.answer(409)
        start = len(upload.content)
        self.take(upload, int(self.headers["Content-Length"]))
        if said := self.headers.get("Upload-Checksum"):
            name, digest = said.split(" ")
            if base64.b64encode(hashlib.new(name, upload.content[start:]).digest()).decode() != digest:
                del upload.content[start:]
                return self.answer(460)
        self.answer(204, {"Upload-Offset": str(len(upload.content))})

    def do_delete(self) -> None:
        if self.found() is not None:
            del self.world.uploads[self.path]
            self.answer(204)

    def do_get(self) -> None:
        upload = self.world.uploads.get(self.path.removesuffix(".receipt"))
        if upload is None or upload.receipt is None or not self.path.endswith(".receipt"):
            return self.answer(404)
        self.answer(200, {"Content-Type": "application/json"}, upload.receipt)


@contextmanager
def tus_server(context: ssl.SSLContext | None = None) -> Iterator[TusServer]:
    """A server on a free port of this machine, until the block is left; with ``context`` over TLS."""
    world = TusServer()
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda request, address: None  # a client that hangs up
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    world.url = f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_address[1]}/files/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
