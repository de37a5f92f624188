"""Starts the worker, asks it one question at a time, and ends it when it takes too long or fails.

The worker's answers are not trusted: lengths are checked before memory is allocated, an answer must have the number of
its question, and anything else ends the worker. The next question starts another one.

A worker that has answered before and dies is replaced, and the question is asked once more: what an earlier file did to
the worker is not held against a later one.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from math import ceil
from queue import SimpleQueue
from typing import Final

from dgdesk.evidence.worker.limits import MEMORY, START_SECONDS
from dgdesk.evidence.worker.protocol import (
    VERSION,
    Header,
    Plain,
    Poll,
    ProtocolError,
    WorkerAnswer,
    WorkerLost,
    WorkerMissing,
    pack,
    read_content,
    read_header,
    whole_number,
)
from dgdesk.system.progress import Cancelled

ARGUMENT: Final = "--document-worker"

_POLL: Final = 0.02
_PATIENCE: Final = 0.3
"""Seconds that a cancelled question may still take before its worker is ended: most answers come sooner."""
_REAPED: Final = 2.0
_AGAIN: Final = 30.0
"""Seconds after which a worker that did not start is tried again."""
_PIPE: Final = 1 << 20


def command() -> list[str]:
    """Return the command line of a worker: this program itself, frozen or from source."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    return [sys.executable, "-P", "-m", "dgdesk", ARGUMENT]


class DocumentWorker:
    """The worker, from the program's side. It starts with the first question. Any thread may ask. Close it."""

    def __init__(
        self, line: Sequence[str] | None = None, *, start_seconds: float = START_SECONDS, memory: int = MEMORY
    ) -> None:
        self._line = tuple(line if line is not None else command())
        self._start_seconds, self._memory = start_seconds, memory
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._closed: _Child | None = None  # in the middle of a question, which nobody wants answered
        self._number = 0
        self._missing_since: float | None = None

    def ask(
        self,
        request: Header,
        content: bytes = b"",
        *,
        seconds: float,
        altogether: float | None = None,
        most: int = 0,
        into: memoryview | None = None,
        poll: Poll | None = None,
    ) -> WorkerAnswer:
        """See `Channel`."""
        while not self._turn.acquire(timeout=_POLL):
            if poll is not None and poll():
                raise Cancelled
        try:
            if poll is not None and poll():
                raise Cancelled
            question = request, content, seconds, altogether or seconds, most, into, poll
            used, self._child = self._child, self._child or self._start()
            try:
                return self._asked(self._child, *question)
            except WorkerLost as lost:
                # An earlier file may have damaged the worker that this file ended: only a new worker can tell.
                if used is None or used is self._closed or lost.reason == "time":
                    raise
            self._child = self._start()
            return self._asked(self._child, *question)
        finally:
            self._turn.release()

    @property
    def pid(self) -> int | None:
        """The id of the process that waits for questions; None if there is none."""
        child = self._child
        return child.process.pid if child is not None else None

    def close(self) -> None:
        """End the worker, even in the middle of a question. A later question starts another one."""
        if not self._turn.acquire(timeout=_POLL):
            child = self._child
            if child is not None:
                self._closed = child
                child.kill()
            if not self._turn.acquire(timeout=2 * _REAPED):  # it hangs in a system call
                return
        try:
            child, self._child = self._child, None
            if child is not None:
                child.end()
        finally:
            self._turn.release()

    def _start(self) -> _Child:
        now = time.monotonic()
        if self._missing_since is not None and now - self._missing_since < _AGAIN:
            raise WorkerMissing
        try:
            child = _Child(self._line, self._memory)
        except OSError as error:
            self._missing_since = now
            raise WorkerMissing from error
        try:
            answer = self._asked(child, {"do": "hello"}, b"", self._start_seconds, self._start_seconds, 0, None, None)
            whole_number(answer.header, "version", VERSION, VERSION)
        except (WorkerLost, ProtocolError) as error:
            child.kill()
            child.end()
            self._missing_since = now
            raise WorkerMissing from error
        self._missing_since = None
        return child

    def _asked(
        self,
        child: _Child,
        request: Header,
        content: bytes,
        seconds: float,
        altogether: float,
        most: int,
        into: memoryview | None,
        poll: Poll | None,
    ) -> WorkerAnswer:
        self._number += 1
        number = self._number
        job = _Job(
            pack({**request, "id": number, "seconds": ceil(seconds)}, content) + content,
            len(into) if into is not None else most,
            into,
        )
        try:
            child.exchange(job, seconds, altogether, poll)
            if job.header.get("id") != number:
                raise WorkerLost("garbled")
            if job.header.get("error") == "memory":
                raise WorkerLost("memory")
        except BaseException:
            self._child = None
            child.kill()
            child.end()
            raise
        if job.header.get("last"):  # it has announced that it ends now
            self._child = None
            child.end()
        return WorkerAnswer(job.header, bytes(job.content))


class _Job:
    """A question that is being asked: what is sent, what may come back, and the buffer for it."""

    def __init__(self, message: bytes, most: int, into: memoryview | None) -> None:
        self.message, self.most, self.into = message, most, into
        self.header: Mapping[str, Plain] = {}
        self.content = bytearray()
        self.error: Exception | None = None
        self.done = threading.Event()
        self.alive = 0.0
        self._guard = threading.Lock()
        self._at = 0

    def take(self, piece: memoryview) -> None:
        """Store a piece of the content. After `forget` the caller's buffer is no longer written to."""
        with self._guard:
            if self.into is None:
                self.content += piece
            else:
                self.into[self._at : self._at + len(piece)] = piece
                self._at += len(piece)

    def forget(self) -> None:
        """Stop storing: nobody waits for the answer."""
        with self._guard:
            self.into, self.content, self.most = None, bytearray(), 0

    def carry_out(self, child: subprocess.Popen[bytes]) -> None:
        """Send the question and read the answer, in the thread of the exchange."""
        try:
            assert child.stdin is not None and child.stdout is not None
            rest = memoryview(self.message)
            while rest:
                rest = rest[child.stdin.write(rest) :]
            fill: Callable[[memoryview], int | None] = child.stdout.readinto  # type: ignore[attr-defined]  # raw stream
            header = read_header(fill)
            while header.get("alive") is True and header["bytes"] == 0:
                self.alive = time.monotonic()
                header = read_header(fill)
            count = whole_number(header, "bytes", 0, self.most)
            if self.into is not None and "error" not in header and count != len(self.into):
                raise ProtocolError("bytes")
            read_content(fill, count, self.most, self.take)
            self.header = header
        except (OSError, EOFError, ValueError, ProtocolError) as error:
            self.error = error
        finally:
            self.done.set()


class _Child:
    """One process, and a thread that talks to it, since not every system can wait for a pipe with a time limit."""

    def __init__(self, line: Sequence[str], memory: int) -> None:
        """Start the process; ``memory`` is its limit in bytes.

        Raises:
            OSError: it cannot be started.
        """
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        pipe = subprocess.PIPE
        # In a root without /dev it inherits the program's stderr; the worker redirects it before it loads anything.
        errors = subprocess.DEVNULL if os.path.exists(os.devnull) else None
        self.process = subprocess.Popen(
            line, stdin=pipe, stdout=pipe, stderr=errors, bufsize=0, env=_environment(), creationflags=flags
        )
        self._job: object = None
        try:
            if sys.platform == "win32":
                from dgdesk.evidence.worker.limits import WindowsJob

                self._job = WindowsJob(int(self.process._handle), memory)  # type: ignore[attr-defined,unused-ignore]  # no other
            else:
                _widen(self.process)
        except OSError:
            self.kill()
            self.end()
            raise
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        # A daemon: a worker that cannot be ended must not keep the program from ending.
        thread = threading.Thread(target=self._talk, name="dgdesk document worker", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system gives this user no more threads
            self.kill()
            self.end()
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
        self._thread = thread

    def exchange(self, job: _Job, seconds: float, altogether: float, poll: Poll | None) -> None:
        """Ask a question and wait for the answer.

        Raises:
            WorkerLost, Cancelled: there is no answer, and the process must be ended.
        """
        self._jobs.put(job)
        began = time.monotonic()
        last, job.alive = began + altogether, began
        cancelled = False
        try:
            while not job.done.wait(_POLL if poll is not None else max(min(job.alive + seconds, last) - _now(), 0)):
                if poll is not None and not cancelled and poll():
                    cancelled = True
                    last = min(last, _now() + _PATIENCE)
                if _now() >= min(job.alive + seconds, last):
                    if cancelled:
                        raise Cancelled
                    raise WorkerLost("time")
        except BaseException:
            job.forget()
            raise
        if job.error is not None:
            raise WorkerLost("garbled" if isinstance(job.error, ProtocolError) else "died") from job.error

    def kill(self) -> None:
        """End the process at once."""
        if self.process.returncode is None:
            with suppress(OSError):  # it has ended already
                self.process.kill() if sys.platform == "win32" else os.kill(self.process.pid, 9)

    def end(self) -> None:
        """Wait for the process to end, and release everything that belongs to it."""
        if hasattr(self, "_jobs"):
            self._jobs.put(None)
        assert self.process.stdin is not None and self.process.stdout is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_REAPED)
        except subprocess.TimeoutExpired:
            self.kill()
            with suppress(subprocess.TimeoutExpired):  # it hangs, on a network share that does not answer
                self.process.wait(_REAPED)
        if hasattr(self, "_thread"):
            self._thread.join(_REAPED)
        self.process.stdout.close()
        if sys.platform == "win32" and self._job is not None:
            self._job.close()  # type: ignore[attr-defined]  # a job

    def _talk(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.carry_out(self.process)


_now = time.monotonic


_HELD: Final = 16 << 20
_ALLOCATION: Final = {"MALLOC_MMAP_THRESHOLD_": str(_HELD), "MALLOC_TRIM_THRESHOLD_": str(_HELD)}
"""For glibc; others ignore it. Parsers ask for many buffers of up to `_HELD` bytes and free them again. To get each
anew from the system, page by page, takes five times as long as what is done with it."""


def _environment() -> dict[str, str]:
    """Return the worker's environment variables, without any that may hold a passphrase."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("DGDESK_")}
    return {**kept, **_ALLOCATION}


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Enlarge the pipe if the system can, so that the pixels of a page need few reads."""
    import fcntl

    set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if set_size is not None and process.stdout is not None:
        with suppress(OSError):
            fcntl.fcntl(process.stdout, set_size, _PIPE)
