"""What passes between the state machine of an upload and whoever carries its requests. Immutable; no sockets here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Method = Literal["OPTIONS", "POST", "HEAD", "PATCH", "DELETE", "GET"]
Fault = Literal["cut", "unreachable", "certificate", "clock", "encryption", "proxy", "proxy_login", "not_server"]
"""Cut: the connection ended in the middle. Unreachable: there was none. Clock: a certificate that is not valid now.
Encryption: no common TLS. Proxy: it refused, or asks for a login. Not server: what answers is no HTTP server."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``length`` bytes of the file from ``start`` on are its body.

    ``checksum`` names the algorithm of the body's digest, which whoever reads the file adds; empty: none.
    """

    method: Method
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    start: int = 0
    length: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing for ``seconds``, then `Begin`. ``code`` and ``values`` say why; 0 seconds: at once."""

    seconds: float
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """This run ends and the state is kept. ``again``: it may be tried later without asking a person.

    ``after``: not earlier than in so many seconds.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    again: bool = False
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """The server has said that it has every byte. That is no receipt."""


Effect = Request | Wait | Stop | Arrived


@dataclass(frozen=True, slots=True)
class Begin:
    """A run begins, or a wait is over."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; names of headers in small letters. ``sent``: bytes of the body that were handed over before."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """There was no whole answer."""

    fault: Fault
    sent: int = 0


Event = Begin | Answer | Failed
