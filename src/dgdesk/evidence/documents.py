"""Inspects, shows, searches and marks files of foreign formats; every call goes to the document worker.

There is one object in the program, made at the start and passed on. If the worker dies, takes too long, or gives an
invalid answer, the file counts as damaged or too large, and is not tried again until somebody asks for it again.
"""

from __future__ import annotations

import atexit
import errno
import json
import stat
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Final

from dgdesk.errors import CheckFailed, FileError
from dgdesk.evidence.highlights.geometry import CopyMade, PlacedMark
from dgdesk.evidence.inspection.inspect import first_look_at_file, look_at_file
from dgdesk.evidence.inspection.issue import Content, Incoming
from dgdesk.evidence.opening import MOST_CODES_BYTES, OpenDocument, code_texts, inspected, pages_missing
from dgdesk.evidence.workbook import MOST_CELLS_BYTES, FoundSheet, TooLarge, sheets_found
from dgdesk.evidence.worker.limits import LOOK_SECONDS, PAGE_SECONDS, START_SECONDS
from dgdesk.evidence.worker.protocol import (
    Header,
    ProtocolError,
    WorkerChannel,
    WorkerLost,
    WorkerMissing,
    whole_number,
    words,
)
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.progress import Cancelled

_NOT_INSPECTED: Final = "incoming.not_inspected"
_NO_WORKER: Final = "incoming.no_worker"
_MOST_MISSING: Final = 1 << 16
_MARKED_FLAWS: Final = frozenset(
    {
        *("marking.not_made", "marking.password", "marking.damaged", "marking.too_large", "marking.no_page"),
        "marking.no_library",
    }
)
_OF_THE_DISK: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOENT}
)
_PAGES_SECONDS: Final = 50.0
"""What a scan of many pages may take more than one page."""
_LARGE: Final = 64 << 20
_BYTES_A_SECOND: Final = 16 << 20
"""What a slow disk gives: a large file may take longer to be marked than `PAGE_SECONDS`."""
_LARGEST_COPY: Final = 512 << 20
"""Bytes by which a marked copy may be larger than its original: a picture of few colours is drawn on in all."""
_MOST_SCANNED: Final = 250  # pages of a scan that are searched for codes
_REMEMBERED: Final = 64
_HUGE: Final = (1 << 31) - 1

_Stamp = tuple[str, int, int]


class Documents:
    """Everything that the program does with foreign formats. Any thread may call it. Close it."""

    def __init__(self, channel: WorkerChannel | None = None) -> None:
        """``channel`` answers the questions; if None, a worker process that starts with the first question."""
        self._given = channel
        self._made: WorkerChannel | None = None
        self._guard = threading.Lock()
        self._failed: dict[_Stamp, str] = {}

    @property
    def _channel(self) -> WorkerChannel:
        with self._guard:
            if self._made is None:
                if self._given is not None:
                    self._made = self._given
                else:
                    from dgdesk.evidence.worker.process import DocumentWorker

                    self._made = DocumentWorker()
            return self._made

    def prepare(self) -> threading.Thread:
        """Start the worker and have it load its libraries, in a thread; return the thread."""
        thread = threading.Thread(target=self._prepare, name="dgdesk documents", daemon=True)
        with suppress(RuntimeError):  # no more threads are available; the worker starts with the first question
            thread.start()
        return thread

    def close(self) -> None:
        """End the worker. A later question starts another one."""
        with self._guard:
            made = self._made
        if made is not None:
            made.close()

    def inspect(self, path: Path, limits: EvidenceLimits | None, *, name: str = "", again: bool = True) -> Incoming:
        """Inspect a file on disk before it is attached, under the name ``name`` (empty: its own); see `look_at_file`.

        A file that could not be inspected may be attached if its first bytes are not those of a program or an archive;
        an issue says so. Without ``again`` a file that failed is not tried again if it has not changed.

        Raises:
            FileError: ``evidence.unreadable``: it cannot be opened or read, or is not a regular file.
        """
        return look_at_file(path, limits, partial(self._parsed, path, again), name)

    def first_look(self, path: Path, limits: EvidenceLimits | None, *, name: str = "") -> Incoming | None:
        """Return what `inspect` would find but for what is inside; None where that may forbid attaching the file.

        Of a PDF or a picture the first bytes, the name and the size say whether it is refused; what is inside may only
        be doubtful. Takes a moment, without the worker.

        Raises:
            FileError: as `inspect`.
        """
        return first_look_at_file(path, limits, name)

    def open(self, path: Path, kind: str) -> OpenDocument:
        """Open a PDF or a picture; the file must not change until it is closed.

        Raises:
            FileError: ``viewer.…``: it is locked or damaged, or there is no worker.
        """
        return OpenDocument(self._channel, path.absolute(), kind)

    def mark(
        self,
        source: Path,
        target: Path,
        media_type: str,
        marks: Sequence[PlacedMark],
        check: Callable[[], None] = lambda: None,
    ) -> CopyMade:
        """Write a copy of ``source`` with its marks to ``target``, in a private folder; see `make_marked_copy`.

        ``check`` is called several times a second; an exception from it passes through.

        Raises:
            CheckFailed: as `make_marked_copy`; ``marking.not_made`` (damaged or too large), ``marking.no_worker``.
            OSError: the copy cannot be written: the disk is full or refuses.
        """
        size = source.stat().st_size
        most = _LARGEST_COPY + 2 * size
        content = json.dumps([{"code": one.code, "mark": one.mark.as_json()} for one in marks]).encode("ascii")
        request: Header = {
            "do": "mark",
            "path": str(source.absolute()),
            "target": str(target.absolute()),
            "kind": media_type,
            "most_written": most,
        }

        def poll() -> bool:
            check()
            return False

        try:
            seconds = PAGE_SECONDS + max(0, size - _LARGE) / _BYTES_A_SECOND
            answer = self._channel.ask(
                request, content, seconds=seconds, altogether=seconds + _PAGES_SECONDS, most=_MOST_MISSING, poll=poll
            )
            if "error" in answer.header:
                raise _not_marked(answer.header)
            made = CopyMade(pages_missing(answer.content), answer.header.get("unsigned") is True)
            if not _is_copy(target, most):
                raise ProtocolError("copy")
            return made
        except BaseException as error:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            if isinstance(error, WorkerMissing):
                raise CheckFailed("marking.no_worker") from error
            if isinstance(error, WorkerLost | ProtocolError):
                raise CheckFailed("marking.not_made") from error
            raise

    def codes(self, path: Path, media_type: str) -> tuple[str, ...]:
        """Return the texts of all QR codes on a scan, in the order of its pages; empty if it cannot be opened or read.

        Codes that were found before the worker ended count.
        """
        request: Header = {"do": "codes", "path": str(path.absolute()), "kind": media_type}
        found: list[str] = []
        with suppress(WorkerLost, WorkerMissing, ProtocolError):
            first = 0
            while first < _MOST_SCANNED:
                answer = self._channel.ask({**request, "page": first}, seconds=PAGE_SECONDS, most=MOST_CODES_BYTES)
                if "error" in answer.header:
                    break
                found += code_texts(answer.content)
                if not (after := whole_number(answer.header, "after", 0, _HUGE)):
                    break
                first = max(first + 1, after)
        return tuple(found)

    def cells(self, path: Path, wanted: Collection[str]) -> dict[str, FoundSheet]:
        """Return the cells of an Excel workbook's sheets that are ``wanted``, and the names of all others.

        Raises:
            TooLarge: as `read_cells`.
            FileError: ``workbook.unreadable``; ``workbook.no_worker``: nothing of a foreign format can be read now.
        """
        request: Header = {"do": "cells", "path": str(path.absolute()), "sheets": " ".join(wanted)}
        try:
            answer = self._channel.ask(request, seconds=LOOK_SECONDS, most=MOST_CELLS_BYTES)
            if answer.header.get("error") == "workbook.too_large":
                row, column = (whole_number(answer.header, name, 0, _HUGE) for name in ("row", "column"))
                raise TooLarge(words(answer.header, "sheet"), row, column)
            if "error" not in answer.header:
                return sheets_found(answer.content)
        except (WorkerLost, ProtocolError):
            pass
        except WorkerMissing as error:
            raise FileError("workbook.no_worker", name=path.name) from error
        raise FileError("workbook.unreadable", path=path, name=path.name)

    def _prepare(self) -> None:
        with suppress(WorkerLost, WorkerMissing, Cancelled):
            self._channel.ask({"do": "prepare"}, seconds=START_SECONDS)

    def _parsed(self, path: Path, again: bool, kind: str, name: str) -> Content:
        """Have the worker parse a file; ``kind`` is the kind by its first bytes."""
        stamp = _stamp(path)
        if not again and stamp is not None and (code := self._failed.get(stamp)):
            return Content(kind, (code,))
        request: Header = {"do": "inspect", "path": str(path.absolute()), "name": name, "kind": kind}
        try:
            answer = self._channel.ask(request, seconds=LOOK_SECONDS)
            if answer.header.get("error") == "system":
                raise FileError("evidence.unreadable", name=path.name)
            return inspected(answer.header, kind)
        except (WorkerLost, ProtocolError):
            code = _NOT_INSPECTED
        except WorkerMissing:
            code = _NO_WORKER
        if stamp is not None:
            while len(self._failed) >= _REMEMBERED:
                self._failed.pop(next(iter(self._failed)), None)
            self._failed[stamp] = code
        return Content(kind, (code,))


@cache
def own_documents() -> Documents:
    """Return the process's shared `Documents`, for callers without one of their own. It ends with the process."""
    made = Documents()
    atexit.register(made.close)
    return made


def _not_marked(header: Header) -> Exception:
    code = words(header, "error")
    if code == "system":
        number = header.get("number")
        # All errors but those of the disk are caused by the file or the worker.
        known = isinstance(number, int) and number in _OF_THE_DISK
        return OSError(number, "") if known else CheckFailed("marking.not_made")
    return CheckFailed(code) if code in _MARKED_FLAWS else ProtocolError("error")


def _is_copy(path: Path, most: int) -> bool:
    """Whether the file that the worker reports exists and has at most so many bytes."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size <= most


def _stamp(path: Path) -> _Stamp | None:
    """Return values that show later whether a file of this name has changed."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return str(path.absolute()), found.st_size, found.st_mtime_ns
