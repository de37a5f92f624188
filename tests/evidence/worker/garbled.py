"""A worker that answers as it should not: started by the tests in the place of the real one.

    python garbled.py HOW

It greets as the real one, and then does what HOW says.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

HOW = sys.argv[1]


def exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data


def question() -> dict[str, object]:
    found: dict[str, object] = json.loads(exactly(int.from_bytes(exactly(4))))
    exactly(int(str(found["bytes"])))
    return found


def put(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def message(header: dict[str, object], content: bytes = b"") -> bytes:
    head = json.dumps({"bytes": len(content), **header}).encode()
    return len(head).to_bytes(4) + head + content


if HOW == "no greeting":
    sys.exit(1)
first = question()
put(message({"id": first["id"], "version": 999 if HOW == "other version" else 1}))
asked = question()
number = asked["id"]
match HOW:
    case "dies":
        sys.exit(3)
    case "silent":
        time.sleep(600)
    case "slow":
        for byte in message({"id": number}, bytes(100)):
            put(bytes([byte]))
            time.sleep(0.2)
    case "no header":
        put(b"\xff" * 100)
    case "long header":
        put((1 << 30).to_bytes(4) + b" " * 1000)
    case "deep header":
        put((60_000).to_bytes(4) + b"[" * 60_000)
    case "alive for ever":
        while True:
            put(message({"id": number, "alive": True}))
            time.sleep(0.05)
    case "alive at once":
        while True:
            put(message({"id": number, "alive": True}) * 100)
    case "alive and well":
        for _ in range(8):
            time.sleep(0.2)
            put(message({"id": number, "alive": True}))
        put(message({"id": number}, b"done"))
    case "list":
        put((2).to_bytes(4) + b"[]")
    case "nested":
        put(message({"id": number, "more": {"a": 1}}))
    case "negative":
        put(message({"id": number, "bytes": -1}))
    case "true bytes":
        put(message({"id": number, "bytes": True}))
    case "huge":
        put(message({"id": number, "bytes": 1 << 62}, b"x"))
    case "endless":
        put(message({"id": number, "bytes": 1 << 40}))
        while True:
            put(bytes(1 << 20))
    case "one too many":
        put(message({"id": number}, bytes(101)))
    case "one too few":
        put(message({"id": number}, bytes(99)))
    case "other number":
        put(message({"id": 7_000}, bytes(100)))
    case "twice":
        put(message({"id": number}, bytes(100)) * 2)
    case "silent later":
        put(message({"id": number}))
        question()
        time.sleep(600)
    case "cut short":
        put(message({"id": number, "bytes": 100}, b"half"))
        sys.exit(0)
    case "deaf":
        time.sleep(600)
    case "link":
        Path(str(asked["target"])).symlink_to("/etc/hostname" if os.name == "posix" else "C:\\Windows\\win.ini")
        put(message({"id": number}))
    case "folder":
        Path(str(asked["target"])).mkdir()
        put(message({"id": number}))
    case "nothing":
        put(message({"id": number}))
    case _ if HOW.startswith("{"):
        put(message({"id": number, **json.loads(HOW)}, bytes.fromhex(sys.argv[2])))
os.read(0, 1)  # until the program is gone
