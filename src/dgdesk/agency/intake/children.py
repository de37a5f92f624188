"""Further workers as processes of this program: they claim files as workers on other machines do.

What a child needs goes to it through a pipe, for keys and passwords would be seen on a command line. When the pipe
ends, however its parent ended, the child gives its claims back and ends too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from dgdesk.agency.intake.judging import Judging
from dgdesk.agency.intake.trusting import trust_digest
from dgdesk.agency.intake.worker import Work, work_off
from dgdesk.errors import DgdeskError, FileError
from dgdesk.system.progress import Cancelled, Progress

ARGUMENT: Final = "--intake-worker"
_STOPPED: Final = 1
_FAILED: Final = 3
_LONGEST: Final = 64 << 20
_PATIENCE: Final = 10.0


class Child:
    """One further worker."""

    def __init__(self, ledger: str, work: Work, editions: Path | None, line: Sequence[str] | None = None) -> None:
        """Start it. ``ledger``: as a person names it; ``editions``: where installed editions are.

        Raises:
            OSError: it cannot be started.
        """
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            line or command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
        )
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended already
            self._process.stdin.write(json.dumps(_written(ledger, work, editions)).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Let it record what it has and give back its claims; after some seconds it is killed."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def fault(self) -> FileError | None:
        """Return why it has ended early; None if it has done its work. It has ended."""
        assert self._process.stdout is not None
        if self._process.returncode in (0, _STOPPED):
            return None
        said = self._process.stdout.read(4096)
        with suppress(ValueError, KeyError, TypeError):
            found = json.loads(said)
            return FileError(str(found["code"]), **{str(key): str(value) for key, value in found["values"].items()})
        return FileError("intake.worker_lost")


def command() -> list[str]:
    """Return the command line of a worker: this program itself, frozen or from source."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    return [sys.executable, "-P", "-m", "dgdesk", ARGUMENT]


def _written(ledger: str, work: Work, editions: Path | None) -> dict[str, Any]:
    trust = None
    if work.judging.trust is not None:
        from dgdesk.bundle.signing.trust_files import keep

        trust = keep(work.judging.trust).decode()
    return {
        "ledger": ledger,
        "inboxes": {name: os.fsencode(root).hex() for name, root in work.inboxes.items()},
        "trust": trust,
        "keys": list(work.judging.keys),
        "verifier": work.verifier,
        "lease": work.lease,
        "most": work.most,
        "editions": None if editions is None else os.fsencode(editions).hex(),
    }


def serve() -> int:
    """Be a worker: read what to do from the standard input, and end when that ends."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C reaches all; the parent decides what it means
    incoming = sys.stdin.buffer
    given = json.loads(incoming.readline(_LONGEST))
    stopped = threading.Event()

    def watch() -> None:
        incoming.read()
        stopped.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
    code = 0
    try:
        _serve(given, stopped)
    except Cancelled:
        code = _STOPPED
    except DgdeskError as error:
        values = {key: str(value) for key, value in error.values.items()}
        print(json.dumps({"code": error.code, "values": values}), flush=True)
        code = _FAILED
    sys.stdout.flush()
    os._exit(code)  # the thread that watches the pipe holds its lock, and the interpreter's end would wait for it


def _serve(given: dict[str, Any], stopped: threading.Event) -> None:
    from dgdesk.agency.ledger.making import open_ledger
    from dgdesk.bundle.signing.trust_files import kept
    from dgdesk.text.editions import use_editions

    def path(text: str) -> Path:
        return Path(os.fsdecode(bytes.fromhex(text)))

    if given["editions"] is not None:
        use_editions(path(given["editions"]))
    trust = None if given["trust"] is None else kept(given["trust"].encode())
    work = Work(
        {name: path(root) for name, root in given["inboxes"].items()},
        Judging(trust, tuple(given["keys"])),
        trust_digest(trust),
        given["verifier"],
        given["lease"],
        given["most"],
    )
    with open_ledger(given["ledger"]) as ledger:
        progress = Progress(is_cancelled=stopped.is_set)
        work_off(ledger, work, lambda: datetime.now(UTC), progress=progress, wait_for_others=False)
