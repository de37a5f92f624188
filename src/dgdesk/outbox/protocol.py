"""tus 1.0.0 for one file, as a pure state machine: no sockets, no clock, no files; events in, requests out.

`step` takes a `State` and an `Event` and returns the next state and one `Effect`. Whatever a server answers:

- no byte beyond the file is asked for, and each request begins where the server said that it stands;
- without progress there is only a bounded number of requests, then a `Stop` that says why;
- a second upload is begun only while the first cannot be complete at the server.

Used are the core protocol and the extensions creation, expiration, termination, and checksum where it is offered.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

from dgdesk.outbox.events import Answer, Arrived, Begin, Effect, Event, Failed, Fault, Request, Stop, Wait

VERSION: Final = "1.0.0"
MOST_FAILURES: Final = 8
"""In a row without progress; then the run stops."""
MOST_RESTARTS: Final = 3
MOST_HOPS: Final = 5
LONGEST_WAIT: Final = 60.0
"""Seconds between two tries of one run; a server that asks for more ends the run."""
CHECKED_PIECE: Final = 8 << 20
"""Bytes of a request whose digest is sent with it."""
MOST_CARRIED: Final = 3
SLACK: Final = 256 << 20
"""A run hands over at most so many times the file, and so many bytes."""
PIECES: Final = (8 << 20, 512 << 10)
"""Bytes of a request, one after the other, where something on the way refuses long ones."""
_ALGORITHMS: Final = ("sha256", "sha1")

Phase = Literal["offers", "make", "ask", "send"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is sent where: the server's address for new uploads, the file's size, and what is said of it."""

    target: str
    size: int
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """How far an upload is. ``address``, ``handed`` and ``expires`` are all that has to survive the process.

    ``handed`` is the highest byte that may have left for this upload, ``best`` the highest that the server confirmed,
    ``carried`` all bytes that this run handed over, ``known`` whether ``offset`` was just said by the server.
    """

    order: Order
    address: str = ""
    handed: int = 0
    expires: str = ""
    phase: Phase = "offers"
    offset: int = 0
    known: bool = False
    best: int = 0
    carried: int = 0
    failures: int = 0
    restarts: int = 0
    hops: int = 0
    detour: str = ""
    piece: int = 0
    checksum: str = ""
    asked: bool = False
    """Whether the server's offers are known."""


Next = tuple[State, Effect]


def step(state: State, event: Event) -> Next:
    """Return what follows an event. After `Stop` or `Arrived`, only `Begin` makes sense."""
    if isinstance(event, Begin):
        return _request(state)
    if state.phase == "send":
        reached = min(max(state.handed, state.offset + event.sent), state.order.size)
        state = replace(state, handed=reached, carried=state.carried + event.sent)
    if isinstance(event, Failed):
        return _failed(state, event.fault)
    return _answered(state, event)


def resumed(order: Order, address: str = "", handed: int = 0) -> State:
    """Return the state of a new run: of a new upload, or of one that another run began."""
    return State(order, address=address, handed=min(max(handed, 0), order.size))


def termination(address: str) -> Request:
    """Return the request that tells the server that an upload is not wanted any more."""
    return Request("DELETE", address, (("Tus-Resumable", VERSION),))


def receipt_address(address: str) -> str:
    """Return where the receipt for an upload lies."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path}.receipt", fragment=""))


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses have one scheme, host and port."""
    return _origin(one) == _origin(other) is not None


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


# -- requests ----------------------------------------------------------------------------------------------------------


def _request(state: State) -> Next:
    """Return the request that the state calls for."""
    order, tus = state.order, (("Tus-Resumable", VERSION),)
    if not state.address and not state.asked:
        state = replace(state, phase="offers")
        return state, Request("OPTIONS", state.detour or order.target)
    if not state.address:
        state = replace(state, phase="make")
        said = (*tus, ("Upload-Length", str(order.size)), ("Upload-Metadata", _encoded(order.metadata)))
        return state, Request("POST", state.detour or order.target, said)
    if not state.known:
        state = replace(state, phase="ask")
        return state, Request("HEAD", state.detour or state.address, tus)
    if state.offset == order.size:
        return state, Arrived()
    state = replace(state, phase="send")
    length = order.size - state.offset
    most = min(state.piece or length, CHECKED_PIECE if state.checksum else length)
    said = (*tus, ("Content-Type", "application/offset+octet-stream"), ("Upload-Offset", str(state.offset)))
    url = state.detour or state.address
    return state, Request("PATCH", url, said, state.offset, min(length, most), state.checksum)


def _encoded(metadata: tuple[tuple[str, str], ...]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata)


# -- what did not come back --------------------------------------------------------------------------------------------

_FAULTS: Final[Mapping[Fault, tuple[str, bool]]] = {
    "cut": ("outbox.cut", True),
    "unreachable": ("outbox.unreachable", True),
    "not_server": ("outbox.not_server", True),
    "proxy": ("outbox.proxy", True),
    "proxy_login": ("outbox.proxy_login", False),
    "certificate": ("outbox.certificate", False),
    "clock": ("outbox.wrong_clock", False),
    "encryption": ("outbox.encryption", False),
}
"""The sentence for each fault, and whether trying again at once may help."""


def _failed(state: State, fault: Fault) -> Next:
    code, soon = _FAULTS[fault]
    state = replace(state, known=False)
    return _later(state, code) if soon else (state, Stop(code, again=True))


def _later(state: State, code: str, least: float = 0.0, **values: object) -> Next:
    """Wait and try again; stop if nothing has moved for too long, or the server asks for a longer rest."""
    failures = state.failures + 1
    state = replace(state, failures=failures, detour="", hops=0)
    if least > LONGEST_WAIT or failures > MOST_FAILURES:
        return replace(state, failures=0), Stop(code, values, again=True, after=least)
    return state, Wait(max(least, 0.0 if failures == 1 else min(LONGEST_WAIT, 2.0 ** (failures - 2))), code, values)


# -- answers -----------------------------------------------------------------------------------------------------------

_REFUSED: Final = {401: "outbox.unauthorized", 403: "outbox.forbidden", 407: "outbox.proxy_login"}
_FULL: Final = 507


def _answered(state: State, answer: Answer) -> Next:
    status = answer.status
    if status in (307, 308):
        return _redirected(state, answer)
    state = replace(state, detour="", hops=0)
    if status in _REFUSED:
        return replace(state, known=False), Stop(_REFUSED[status])
    if status == 413:
        return _too_large(state)
    if status == 423:
        return _later(replace(state, known=False), "outbox.locked")
    if status == 429:
        return _later(replace(state, known=False), "outbox.busy", retry_after(answer, 1.0))
    if status == _FULL:
        return replace(state, known=False), Stop("outbox.server_full", again=True)
    if status >= 500:
        return _later(replace(state, known=False), "outbox.server_error", retry_after(answer, 0.0), status=status)
    if not _speaks_tus(state, answer):
        return _later(replace(state, known=False), "outbox.not_server")
    if status == 412:
        return state, Stop("outbox.version")
    return _PHASES[state.phase](state, answer)


def _speaks_tus(state: State, answer: Answer) -> bool:
    """Whether the answer is of a tus server; a sign-in page of a network answers anything with a page."""
    if answer.headers.get("tus-resumable") == VERSION or answer.status == 412:
        return True
    versions = answer.headers.get("tus-version", "").split(",")
    return state.phase == "offers" and VERSION in (one.strip() for one in versions)


def retry_after(answer: Answer, otherwise: float) -> float:
    """Return the seconds for which the server asks to wait; a date counts from the server's own ``Date``."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(int(text[:9]))
    try:
        then = parsedate_to_datetime(text)
        return max(0.0, (then - parsedate_to_datetime(answer.headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return otherwise


def _redirected(state: State, answer: Answer) -> Next:
    here = state.detour or (state.address or state.order.target)
    there = _resolved(here, answer.headers.get("location", ""))
    if there is None or not same_origin(there, state.order.target) or state.hops >= MOST_HOPS:
        return replace(state, detour="", hops=0, known=False), Stop("outbox.redirected", again=True)
    state = replace(state, detour=there, hops=state.hops + 1)
    return _request(replace(state, known=state.known and state.phase == "send"))


def _too_large(state: State) -> Next:
    if state.phase != "send":
        return state, Stop("outbox.too_large", {"size": state.order.size})
    smaller = [one for one in PIECES if one < (state.piece or state.order.size - state.offset)]
    if not smaller:
        return replace(state, known=False), Stop("outbox.too_large", {"size": state.order.size})
    return _request(replace(state, piece=smaller[0], known=False))


def _offers(state: State, answer: Answer) -> Next:
    state = replace(state, asked=True)
    most = answer.headers.get("tus-max-size", "")
    if most.isascii() and most.isdigit() and 0 < int(most[:20]) < state.order.size:
        return replace(state, asked=False), Stop("outbox.too_large", {"size": state.order.size})
    extensions = {one.strip() for one in answer.headers.get("tus-extension", "").split(",")}
    if "creation" not in extensions and answer.status < 300:
        return replace(state, asked=False), Stop("outbox.no_creation")
    offered = {one.strip() for one in answer.headers.get("tus-checksum-algorithm", "").split(",")}
    usable = [one for one in _ALGORITHMS if one in offered] if "checksum" in extensions else []
    return _request(replace(state, checksum=usable[0] if usable else ""))


def _made(state: State, answer: Answer) -> Next:
    if answer.status in (404, 410):
        return state, Stop("outbox.no_such_address")
    if answer.status != 201:
        return state, Stop("outbox.refused", {"status": answer.status})
    address = _resolved(state.order.target, answer.headers.get("location", ""))
    if address is None or not same_origin(address, state.order.target):
        return state, Stop("outbox.elsewhere")
    begun = replace(state, address=address, handed=0, offset=0, best=0, known=True)
    return _request(replace(begun, expires=answer.headers.get("upload-expires", "")[:60]))


def _resolved(base: str, location: str) -> str | None:
    """Return where a ``Location`` leads. A server behind a proxy may name its own scheme or port: ours are taken."""
    if not location.strip() or len(location) > 2000 or not location.isascii() or not location.isprintable():
        return None
    try:
        there = urlsplit(urljoin(base, location.strip()))
        ours = urlsplit(base)
        if "@" in there.netloc:
            return None
        if there.hostname == ours.hostname:
            return urlunsplit(there._replace(scheme=ours.scheme, netloc=ours.netloc, fragment=""))
        return urlunsplit(there)
    except ValueError:
        return None


def _found(state: State, answer: Answer) -> Next:
    """The server says where an upload stands."""
    if answer.status in (404, 410):
        return _restart(state, "outbox.vanished")
    said, length = _count(answer, "upload-offset"), _count(answer, "upload-length")
    if answer.status >= 300:
        return state, Stop("outbox.refused", {"status": answer.status})
    if said is None:
        return _later(state, "outbox.no_offset")
    if (length is not None and length != state.order.size) or said > state.order.size:
        return _restart(state, "outbox.other_file")
    if said > state.handed:
        return _restart(state, "outbox.ahead")
    return _moved(state, said)


def _sent(state: State, answer: Answer) -> Next:
    """The server says how much of what was sent it has."""
    if answer.status in (404, 410):
        return _restart(state, "outbox.vanished")
    asked_again = replace(state, known=False)
    if answer.status == 409:
        return _later(asked_again, "outbox.offset_differs")
    if answer.status == 460:
        return _later(asked_again, "outbox.damaged_on_the_way")
    if answer.status >= 300:
        return asked_again, Stop("outbox.refused", {"status": answer.status})
    said = _count(answer, "upload-offset")
    if said is None:
        return _later(asked_again, "outbox.no_offset")
    if said > state.offset + answer.sent:
        return _restart(state, "outbox.ahead")
    return _moved(state, said)


def _moved(state: State, said: int) -> Next:
    """Go on from where the server stands; if that is not further than ever before, it counts as a failure."""
    if said > state.best:
        further = replace(state, offset=said, known=True, best=said, failures=0)
        if further.carried > MOST_CARRIED * state.order.size + SLACK and said < state.order.size:
            return replace(further, carried=0), Stop("outbox.cut", again=True)
        return _request(further)
    behind = replace(state, offset=said, known=True)
    if state.phase == "ask" and said == state.best:
        return _request(behind)  # the failure that led to the question was counted
    return _later(behind, "outbox.behind")


def _restart(state: State, code: str) -> Next:
    """Begin again, unless all bytes were handed over and the server may have them: then a person decides."""
    if state.handed >= state.order.size:
        return replace(state, known=False), Stop("outbox.unconfirmed")
    if state.restarts >= MOST_RESTARTS:
        return replace(state, restarts=0, known=False), Stop(code, again=True)
    fresh = State(state.order, asked=state.asked, checksum=state.checksum, piece=state.piece, carried=state.carried)
    return _request(replace(fresh, restarts=state.restarts + 1, failures=state.failures))


def _count(answer: Answer, name: str) -> int | None:
    text = answer.headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


_PHASES: Final[Mapping[Phase, Callable[[State, Answer], Next]]] = {
    "offers": _offers,
    "make": _made,
    "ask": _found,
    "send": _sent,
}
