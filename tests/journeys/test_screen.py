"""The screen for the journeys: its X server takes a client at any time, also while others come and go."""

from __future__ import annotations

import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from journeys.screen import screen

pytestmark = pytest.mark.journey

SETUP = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
"""What an X client says first: little-endian, protocol 11.0, no authorization (X11 protocol, "Connection Setup")."""


def admitted(display: str) -> bool:
    """Whether the X server takes a client that goes at once."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(f"/tmp/.X11-unix/X{display.removeprefix(':')}")
        try:
            client.sendall(SETUP)
            return client.recv(1) == b"\x01"
        except OSError:
            return False


def test_clients_that_come_and_go_keep_no_other_out() -> None:
    with screen(1024, 700) as shown, ThreadPoolExecutor(2) as people:
        answers = list(people.map(admitted, [shown.display] * 200))
    assert answers == [True] * 200
