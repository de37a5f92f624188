"""One request over a real connection: TLS with the system's certificates, proxies, early answers, stops and limits."""

from __future__ import annotations

import gc
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dgdesk.outbox.body import NoWatch, Stopped
from dgdesk.outbox.events import Answer, Arrived, Begin, Event, Failed, Request, Stop
from dgdesk.outbox.protocol import Order, resumed, step
from dgdesk.outbox.transport import Login, Transport
from outbox.tus_server import Said, TusServer, Upload, tus_server

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
FILE = bytes(range(256)) * 20_000


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """A socket that a test left open is found in this test, not at some later collection: warnings are errors."""
    yield
    gc.collect()


def direct(host: str) -> Mapping[str, str]:
    return {}


def certificate(folder: Path, begins: datetime, ends: datetime, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate of a server of this machine, and the context of such a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begins, ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


def send(world: TusServer, transport: Transport, content: bytes = FILE) -> object:
    """Send a file, and return how it ended; waits take no time."""
    state, event = resumed(Order(world.url, len(content))), Begin()
    handled: Event = event
    while True:
        state, effect = step(state, handled)
        if isinstance(effect, Arrived | Stop):
            return effect
        handled = transport.carry(effect, io.BytesIO(content)) if isinstance(effect, Request) else Begin()


def test_over_tls_it_arrives_if_the_system_trusts_the_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, context = certificate(tmp_path, NOW - DAY, NOW + DAY)
    with tus_server(context) as world:
        with Transport(proxies=direct) as transport:
            assert send(world, transport) == Stop("outbox.certificate", again=True)
        assert world.seen == []
        monkeypatch.setenv("SSL_CERT_FILE", str(path))  # as an administrator would add it
        with Transport(Login("a", "b"), proxies=direct) as transport:
            assert isinstance(send(world, transport), Arrived)
        assert world.complete == [FILE]


@pytest.mark.parametrize(
    ("begins", "ends", "host", "code"),
    [
        (NOW - 9 * DAY, NOW - DAY, "127.0.0.1", "outbox.wrong_clock"),
        (NOW + DAY, NOW + 9 * DAY, "127.0.0.1", "outbox.wrong_clock"),
        (NOW - DAY, NOW + DAY, "127.0.0.2", "outbox.certificate"),
    ],
    ids=["expired", "not yet valid", "of another host"],
)
def test_a_certificate_that_does_not_hold_ends_the_run_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begins: datetime, ends: datetime, host: str, code: str
):
    path, context = certificate(tmp_path, begins, ends, host)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with tus_server(context) as world, Transport(Login("a", "b"), proxies=direct) as transport:
        assert send(world, transport) == Stop(code, again=True)
        assert world.seen == []


def test_no_tls_at_the_other_end(server_http: TusServer):
    with Transport(proxies=direct) as transport:
        event = transport.carry(Request("OPTIONS", server_http.url.replace("http:", "https:")))
        assert event == Failed("encryption")


@pytest.fixture
def server_http() -> Iterator[TusServer]:
    with tus_server() as world:
        yield world


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("status", [413, 401, 423])
def test_an_answer_that_comes_while_the_body_is_sent_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over_tls: bool, status: int
):
    path, context = certificate(tmp_path, NOW - DAY, NOW + DAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    large = io.BytesIO(bytes(64 << 20))
    with tus_server(context if over_tls else None) as world, Transport(proxies=direct) as transport:
        world.behave = lambda method, path: Said(status, linger=over_tls)
        event = transport.carry(Request("PATCH", f"{world.url}1", (), 0, 64 << 20), large)
        assert isinstance(event, Answer) and event.status == status and event.sent < 64 << 20


def test_a_connection_that_the_server_closed_meanwhile_is_made_again(server_http: TusServer):
    with Transport(proxies=direct) as transport:
        assert isinstance(transport.carry(Request("OPTIONS", server_http.url)), Answer)
        server_http.behave = lambda method, path: Said(204, {"Tus-Resumable": "1.0.0"})
        for _ in range(3):
            assert isinstance(transport.carry(Request("HEAD", server_http.url)), Answer)


def test_a_body_of_an_answer_is_read_within_bounds(server_http: TusServer):
    server_http.behave = lambda method, path: Said(200, {}, b"x" * (5 << 20))
    with Transport(proxies=direct) as transport:
        event, content = transport.get(server_http.url)
        assert isinstance(event, Answer) and len(content) == 1 << 20
        assert transport.get(server_http.url)[0] == event


STRANGE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "cut"),
    "no http": (b"220 smtp.example ESMTP\r\n", "not_server"),
    "half a line": (b"HTTP/1.1 2", "not_server"),
    "endless header": (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000, "cut"),
    "too many headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, "cut"),
    "less than it says": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "cut"),
    "a wrong length": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", ""),
    "zeros": (bytes(1000), "not_server"),
    "wrong pieces": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cut"),
}


@pytest.mark.parametrize(("words", "fault"), STRANGE.values(), ids=STRANGE)
def test_strange_answers_are_faults_and_no_error(words: bytes, fault: str):
    with talking(words) as port, Transport(proxies=direct, timeout=2) as transport:
        event = transport.carry(Request("HEAD" if not fault else "OPTIONS", f"http://127.0.0.1:{port}/"))
        if fault:
            assert isinstance(event, Failed) and event.fault in (fault, "cut"), event
        else:
            assert isinstance(event, Answer | Failed)


def test_a_server_that_falls_silent_counts_as_cut():
    with talking(b"", stay=True) as port, Transport(proxies=direct, timeout=0.3) as transport:
        began = time.monotonic()
        assert transport.carry(Request("OPTIONS", f"http://127.0.0.1:{port}/")) == Failed("cut")
        assert time.monotonic() - began < 5


def test_a_person_can_stop_a_request_that_hangs():
    class Watch(NoWatch):
        began = time.monotonic()

        @property
        def stopped(self) -> bool:
            return time.monotonic() - self.began > 0.3

    with talking(b"", stay=True) as port, Transport(proxies=direct) as transport, pytest.raises(Stopped):
        transport.carry(Request("OPTIONS", f"http://127.0.0.1:{port}/"), None, Watch())


def test_a_name_that_is_looked_up_for_long_does_not_hold_up_who_stops(monkeypatch: pytest.MonkeyPatch):
    hangs, ended = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        hangs.wait(20)
        ended.set()
        raise OSError

    class Watch(NoWatch):
        began = time.monotonic()

        @property
        def stopped(self) -> bool:
            return time.monotonic() - self.began > 0.2

    monkeypatch.setattr("socket.getaddrinfo", slow)
    with Transport(proxies=direct) as transport, pytest.raises(Stopped):
        transport.carry(Request("OPTIONS", "http://agency.invalid/"), None, Watch())
    hangs.set()
    assert ended.wait(20)


def test_not_faster_than_the_limit(server_http: TusServer):
    content = bytes(200_000)
    began = time.monotonic()
    with Transport(limit=400_000, proxies=direct) as transport:
        assert isinstance(send(server_http, transport, content), Arrived)
    assert time.monotonic() - began >= 0.4


def test_what_the_watch_raises_is_no_fault_of_the_network(server_http: TusServer):
    class Full(NoWatch):
        def before(self, end: int) -> None:
            raise KeyError("no space")

    with Transport(proxies=direct) as transport, pytest.raises(KeyError):
        transport.carry(Request("PATCH", f"{server_http.url}1", (), 0, 1000), io.BytesIO(bytes(1000)), Full())
    server_http.uploads["/files/1"] = Upload(1000, "")
    with Transport(proxies=direct) as transport, pytest.raises(EOFError):
        transport.carry(
            Request("PATCH", f"{server_http.url}1", (("Upload-Offset", "0"),), 0, 1000), io.BytesIO(bytes(10))
        )


def test_through_a_proxy_with_a_login_over_tls_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, context = certificate(tmp_path, NOW - DAY, NOW + DAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with tus_server(context) as world, connecting_proxy() as (port, asked):
        monkeypatch.setenv("https_proxy", f"http://cm:p%40ss@127.0.0.1:{port}")
        with Transport() as transport:
            assert isinstance(send(world, transport), Arrived)
        assert asked and b"CONNECT 127.0.0.1:" in asked[0] and b"Proxy-Authorization: Basic Y206cEBzcw==" in asked[0]
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        asked.clear()
        with Transport() as transport:
            assert isinstance(send(world, transport), Arrived)
        assert asked == []
    with talking(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", read=True) as port:
        monkeypatch.delenv("no_proxy")
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        with Transport() as transport:
            assert transport.carry(Request("OPTIONS", "https://agency.invalid/")) == Failed("proxy_login")
    with tus_server() as world:
        monkeypatch.setenv("http_proxy", world.url)  # what a proxy is asked for: the whole address
        with Transport() as transport:
            assert isinstance(transport.carry(Request("OPTIONS", "http://agency.invalid/files/")), Answer)
        assert world.seen[0][1] == "http://agency.invalid/files/"


@contextmanager
def talking(words: bytes, *, stay: bool = False, read: bool = False) -> Iterator[int]:
    """Something on a port that says the same to everybody; ``stay``: and then nothing more."""
    with listening(lambda connection, over: _talk(connection, over, words, stay, read)) as port:
        yield port


def _talk(connection: socket.socket, over: threading.Event, words: bytes, stay: bool, read: bool) -> None:
    if read or words:
        connection.recv(65536)
    connection.sendall(words)
    if stay:
        over.wait(20)


@contextmanager
def connecting_proxy() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy for CONNECT, and what it was asked."""
    asked: list[bytes] = []

    def serve(connection: socket.socket, over: threading.Event) -> None:
        asked.append(connection.recv(65536))
        host, port = asked[-1].split(b" ")[1].decode().rsplit(":", 1)
        with socket.create_connection((host, int(port))) as server:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            pair = {connection: server, server: connection}
            for one in pair:
                one.settimeout(0.05)
            while not over.is_set():
                for one, other in pair.items():
                    try:
                        content = one.recv(65536)
                    except TimeoutError:
                        continue
                    if not content:
                        return
                    other.settimeout(None)
                    other.sendall(content)
                    other.settimeout(0.005)

    with listening(serve) as port:
        yield port, asked


@contextmanager
def listening(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    over = threading.Event()
    threads: list[threading.Thread] = []

    def handle(connection: socket.socket) -> None:
        with connection:
            try:
                serve(connection, over)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)

        def accept() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                connection.settimeout(None)
                threads.append(threading.Thread(target=handle, args=(connection,)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            accepting.join()
            for one in threads:
                one.join()
