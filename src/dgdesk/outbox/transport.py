"""Carries the requests of `dgdesk.outbox.protocol` over HTTP: the only module of the program that opens a connection.

Certificates are checked against the system's (``truststore``), proxies are those of the environment and of Windows'
settings. What it imports takes time, so it is imported only by what sends.
"""

from __future__ import annotations

import base64
import http.client
import select
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from typing import Any, BinaryIO, Final, cast

from dgdesk import __version__
from dgdesk.outbox.body import NO_WATCH, TICK, Body, OwnError, Stopped, Watch
from dgdesk.outbox.events import Answer, Event, Failed, Fault, Request

TIMEOUT: Final = 60.0
"""Seconds without a byte in either direction, after which a connection counts as cut."""
MOST_BODY: Final = 1 << 20
"""Bytes of an answer's body that are read."""
_NOT_NOW: Final = (9, 10)
"""OpenSSL: the certificate is not yet valid; it has expired."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password, sent with every request by Basic authentication."""

    user: str
    password: str


def system_proxies(host: str) -> Mapping[str, str]:
    """Return the proxies for a host by scheme, as the environment or Windows' settings say."""
    with suppress(OSError, ValueError):
        return {} if urllib.request.proxy_bypass(host) else urllib.request.getproxies()
    return {}


def system_context() -> ssl.SSLContext:
    """Return a context that checks certificates as the system does."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Transport:
    """Connections to one server. Close it."""

    def __init__(
        self,
        login: Login | None = None,
        *,
        limit: int = 0,
        proxies: Callable[[str], Mapping[str, str]] = system_proxies,
        context: Callable[[], ssl.SSLContext] = system_context,
        timeout: float = TIMEOUT,
    ) -> None:
        """``limit``: bytes a second, 0 for none."""
        self._login, self._limit, self._timeout = login, limit, timeout
        self._proxies, self._context = proxies, context
        self._connection: http.client.HTTPConnection | None = None
        self._origin: tuple[str, str] | None = None
        self._absolute = ""

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def carry(self, request: Request, file: BinaryIO | None = None, watch: Watch = NO_WATCH) -> Event:
        """Carry one request and return its answer, or why there is none.

        Raises:
            Stopped: the person stopped it.
            OSError: the file cannot be read; whatever ``watch`` raises.
        """
        return self._carry(request, file, watch)[0]

    def get(self, url: str, watch: Watch = NO_WATCH) -> tuple[Event, bytes]:
        """Return the answer to a GET and at most `MOST_BODY` bytes of its body. Raises as `carry`."""
        return self._carry(Request("GET", url), None, watch)

    def _carry(self, request: Request, file: BinaryIO | None, watch: Watch) -> tuple[Event, bytes]:
        if watch.stopped:
            raise Stopped
        kept = self._connection is not None
        event, body = self._once(request, file, watch)
        # A server may close a connection that it kept open, at the moment of the next request.
        if kept and isinstance(event, Failed) and event.fault == "cut" and not event.sent and request.method != "POST":
            event, body = self._once(request, file, watch)
        return event, body

    def _once(self, request: Request, file: BinaryIO | None, watch: Watch) -> tuple[Event, bytes]:
        body = Body(request, file, watch, self._limit)
        try:
            connection = self._connected(request.url, body)
        except OSError as error:
            self.close()
            return Failed(_fault_of(error)), b""
        except (http.client.HTTPException, ValueError):  # a proxy that speaks no HTTP; a name that cannot be one
            self.close()
            return Failed("proxy"), b""
        try:
            early = self._send(connection, request, body)
            return self._receive(connection, request, body, early)
        except (Stopped, OwnError):
            self.close()
            raise
        except ssl.SSLError as error:
            self.close()
            return Failed("cut" if body.sent else _fault_of(error), body.sent), b""
        except http.client.BadStatusLine as error:
            self.close()
            return Failed("cut" if isinstance(error, ConnectionError) else "not_server", body.sent), b""
        except (OSError, http.client.HTTPException):
            self.close()
            return Failed("cut", body.sent), b""
        finally:
            body.raise_own()

    # -- a connection --------------------------------------------------------------------------------------------------

    def _connected(self, url: str, body: Body) -> http.client.HTTPConnection:
        """Raises OSError, Stopped."""
        parts = urllib.parse.urlsplit(url)
        origin = (parts.scheme, parts.netloc)
        if self._connection is not None and self._origin == origin:
            return self._connection
        self.close()
        connection = self._made(parts)
        _connect(connection, body)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection, self._origin = connection, origin
        return connection

    def _made(self, parts: urllib.parse.SplitResult) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        proxy = _proxy(self._proxies(host).get(parts.scheme, ""))
        self._absolute = ""
        if parts.scheme != "https":
            if proxy is None:
                return http.client.HTTPConnection(host, port, timeout=self._timeout)
            self._absolute = f"{parts.scheme}://{parts.netloc}"
            return http.client.HTTPConnection(proxy.host, proxy.port, timeout=self._timeout)
        context = self._context()
        if proxy is None:
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
        through = http.client.HTTPSConnection(proxy.host, proxy.port, timeout=self._timeout, context=context)
        through.set_tunnel(host, port, {"Proxy-Authorization": proxy.login} if proxy.login else {})
        return through

    # -- a request -----------------------------------------------------------------------------------------------------

    def _send(self, connection: http.client.HTTPConnection, request: Request, body: Body) -> BufferedReader | None:
        """Send a request; return the answer's stream if the server answered before it had everything."""
        parts = urllib.parse.urlsplit(request.url)
        path = f"{self._absolute}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
        connection.putrequest(request.method, path, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value)
        connection.putheader("User-Agent", f"dgdesk/{__version__}")
        if self._login is not None:
            connection.putheader("Authorization", _basic(self._login.user, self._login.password))
        if self._absolute and (proxy := _proxy(self._proxies(parts.hostname or "").get("http", ""))) and proxy.login:
            connection.putheader("Proxy-Authorization", proxy.login)
        if request.method in ("POST", "PATCH"):
            connection.putheader("Content-Length", str(request.length))
        if request.checksum and request.length:
            connection.putheader("Upload-Checksum", body.checksum())
        connection.endheaders()
        try:
            return self._send_body(connection.sock, body)
        except TimeoutError:
            raise
        except OSError:
            return None  # a server that refuses a body may answer and close: what it said is still there to be read

    def _send_body(self, sock: socket.socket, body: Body) -> BufferedReader | None:
        for view in body.views():
            while view:
                if (early := _early(sock)) is not None:
                    return early
                if not _ready(sock, body, self._timeout, to_write=True):
                    continue  # it became readable: look at what came
                count = sock.send(view)
                body.add(count)
                view = view[count:]
        return None

    def _receive(
        self, connection: http.client.HTTPConnection, request: Request, body: Body, early: BufferedReader | None
    ) -> tuple[Event, bytes]:
        sock = connection.sock
        if early is None:
            _ready(sock, body, self._timeout, to_write=False)
        if early is not None:
            held = early
            connection.response_class = cast(
                Any, lambda sock, **more: http.client.HTTPResponse(cast(socket.socket, _Held(held)), **more)
            )
        try:
            response = connection.getresponse()
        finally:
            connection.response_class = http.client.HTTPResponse
        try:
            content = response.read(MOST_BODY + 1)
            if response.length and len(content) <= MOST_BODY:
                raise http.client.IncompleteRead(content, response.length)
            headers = {name.lower(): value for name, value in response.getheaders()}
            whole = response.isclosed()
        finally:
            response.close()  # else its stream keeps the socket of a closed connection
        if early is not None or len(content) > MOST_BODY or response.will_close or not whole:
            self.close()
        return Answer(response.status, headers, body.sent), content[:MOST_BODY]


class _Held:
    """Stands for a socket whose first bytes were read already."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream

    def makefile(self, mode: str) -> BufferedReader:
        """Return the stream that has them."""
        return self._stream


def _connect(connection: http.client.HTTPConnection, body: Body) -> None:
    """Connect in a thread of its own: a name or a server that does not answer must not hold up a person who stops.

    Raises:
        OSError, Stopped.
    """
    over, given_up = threading.Event(), threading.Event()
    failed: list[Exception] = []
    answers: list[http.client.HTTPResponse] = []

    def answer(sock: socket.socket, **more: Any) -> http.client.HTTPResponse:
        answers.append(http.client.HTTPResponse(sock, **more))
        return answers[-1]

    def work() -> None:
        connection.response_class = cast(Any, answer)
        try:
            connection.connect()
        except Exception as error:
            failed.append(error)
        connection.response_class = http.client.HTTPResponse
        for one in answers:  # Python 3.11.2 leaves the answer of a proxy that refuses open, and with it the socket
            one.close()
        over.set()
        if given_up.is_set():
            connection.close()

    threading.Thread(target=work, name="dgdesk connect", daemon=True).start()
    while not over.wait(TICK):
        try:
            body.check()
        except Stopped:
            given_up.set()
            raise
    if failed:
        raise failed[0]


def _ready(sock: socket.socket, body: Body, timeout: float, *, to_write: bool) -> bool:
    """Wait until the socket can be written (True) or read; a person may stop it meanwhile.

    Raises:
        TimeoutError, Stopped.
    """
    if not to_write and isinstance(sock, ssl.SSLSocket) and sock.pending():
        return False
    end = time.monotonic() + timeout
    while True:
        body.check()
        readable, writable, _ = select.select([] if to_write else [sock], [sock] if to_write else [], [], TICK)
        if writable:
            return True
        if readable:
            return False
        if to_write and select.select([sock], [], [], 0)[0]:
            return False
        if time.monotonic() > end:
            raise TimeoutError


def _early(sock: socket.socket) -> BufferedReader | None:
    """Return the stream of an answer that comes while the body is still sent; None while there is none.

    TLS makes a socket readable also for tickets of its own, so the first byte is looked at.
    """
    if not select.select([sock], [], [], 0)[0]:
        return None
    before = sock.gettimeout()
    stream = sock.makefile("rb")
    sock.settimeout(0)
    try:
        found = bool(stream.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        stream.close()
        return None
    except BaseException:
        stream.close()
        raise
    finally:
        sock.settimeout(before)
    if not found:
        stream.close()
        raise ConnectionResetError  # readable and nothing there: closed
    return stream


@dataclass(frozen=True, slots=True)
class _Proxy:
    host: str
    port: int
    login: str


def _proxy(text: str) -> _Proxy | None:
    """Return a proxy as the environment names it: ``http://name:password@host:port`` or ``host:port``."""
    if not text:
        return None
    with suppress(ValueError):
        parts = urllib.parse.urlsplit(text if "//" in text else f"//{text}")
        if parts.hostname:
            user, password = (urllib.parse.unquote(one or "") for one in (parts.username, parts.password))
            return _Proxy(parts.hostname, parts.port or 3128, _basic(user, password) if user else "")
    return None


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _fault_of(error: OSError) -> Fault:
    """Return why no connection was made."""
    text = str(error).lower()
    if isinstance(error, ssl.SSLCertVerificationError):
        now = error.verify_code in _NOT_NOW or "expired" in text or "not yet valid" in text
        return "clock" if now else "certificate"
    if isinstance(error, ssl.SSLError):
        return "encryption"
    if text.startswith("tunnel connection failed"):
        return "proxy_login" if "407" in text else "proxy"
    return "unreachable"
