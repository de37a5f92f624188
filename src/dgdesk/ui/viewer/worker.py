"""Window, viewer, worker: the one thread that owns an open file. It does what is most pressing of what is wanted now.

What is wanted is said anew with every change of the view; what is no longer wanted is not begun, and a rendering of it
that has begun is broken off. Order: pages in view, sizes, text of the page, search, pages beside.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from dgdesk.errors import DgdeskError, FileError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.opening import DocumentLost, OpenDocument
from dgdesk.pages.model import NO_TEXT, Piece
from dgdesk.pages.spool import PREFIX, Spooled, spool
from dgdesk.system.scratch import sweep
from dgdesk.ui.viewer.documents import draw

Read = Callable[[str], Iterator[bytes]]
"""Gives a file of the draft by its SHA-256, in checked pieces; raises DgdeskError when it is damaged."""

MOST_HITS = 1000
_PATIENCE = 0.2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the view needs: pieces it shows, pages beside it, the page whose size and text it lacks (None: none)."""

    pieces: tuple[Piece, ...] = ()
    beside: tuple[Piece, ...] = ()
    size: int | None = None
    text: int | None = None


class Teller(QObject):
    """What the worker says; received in the window's thread. The first value is the worker."""

    progressed = Signal(object, int)
    opened = Signal(object, int, int)
    failed = Signal(object, object)
    page_failed = Signal(object, int, object)
    sized = Signal(object, int, object)
    rendered = Signal(object, object, QImage)
    text = Signal(object, int, object)
    found = Signal(object, str, int, object)
    searched = Signal(object, str, bool)


class Worker:
    """Reads, opens and renders one file, from `start` to `stop`."""

    def __init__(self, read: Read, sha256: str, kind: str, size: int, folder: Path, documents: Documents) -> None:
        self.teller = Teller()
        self._documents = documents
        self._read, self._sha256, self._kind, self._bytes, self._folder = read, sha256, kind, size, folder
        self._change = threading.Condition()
        self._stopped = False
        self._wanted = Wanted()
        self._rendering: Piece | None = None
        self._search: Iterator[None] | None = None
        self._query = ""
        self._new_query = False
        self._percent = -1
        # A daemon: a file that keeps PDFium busy must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="dgdesk viewer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; wait a moment for it. What is said from now on is not for anybody."""
        with self._change:
            self._stopped = True
            self._change.notify()
        self._thread.join(_PATIENCE)

    @property
    def running(self) -> bool:
        """Whether the thread has not ended."""
        return self._thread.is_alive()

    def want(self, wanted: Wanted) -> None:
        """Say what the view needs now, in place of what it needed before."""
        with self._change:
            self._wanted = wanted
            self._change.notify()

    def search(self, query: str) -> None:
        """Look for a folded text in all pages, in place of the search before; nothing when empty."""
        with self._change:
            self._query, self._new_query = query, True
            self._change.notify()

    def _run(self) -> None:
        document: OpenDocument | None = None
        spooled: Spooled | None = None
        try:
            sweep(self._folder, PREFIX)
            spooled = spool(self._read(self._sha256), self._bytes, self._folder, self._progress, self._is_stopped)
            if spooled is None:
                return
            if self._stopped:
                return
            document = self._documents.open(spooled.path, self._kind)
            self.teller.opened.emit(self, document.count, document.held)
            while self._step(document):
                pass
        except DgdeskError as error:
            self._tell_failure(error)
        except MemoryError:
            self._tell_failure(FileError("viewer.too_large"))
        except Exception as error:  # whatever a library does on a damaged file must not end the program
            self._tell_failure(FileError("viewer.cannot_show", kind=type(error).__name__))
        finally:
            if document is not None:
                document.close()
            if spooled is not None:
                spooled.close()

    def _tell_failure(self, error: DgdeskError) -> None:
        if not self._stopped:
            self.teller.failed.emit(self, error)

    def _is_stopped(self) -> bool:
        return self._stopped

    def _progress(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if percent != self._percent:
            self._percent = percent
            self.teller.progressed.emit(self, percent)

    def _step(self, document: OpenDocument) -> bool:
        """Do one thing; False at the end."""
        with self._change:
            while not self._stopped and not self._any_work():
                self._change.wait()
            if self._stopped:
                return False
            wanted, new_query, self._new_query = self._wanted, self._new_query, False
        if new_query:
            self._search = self._scan(document, self._query) if self._query else None
        if wanted.size is not None:
            self._guard(wanted.size, lambda number: self._give_size(document, number))
        elif wanted.pieces:
            self._guard(wanted.pieces[0].page, lambda _: self._give_piece(document, wanted.pieces[0]), wanted.pieces[0])
        elif wanted.text is not None:
            self._guard(wanted.text, lambda number: self._give_text(document, number))
        elif self._search is not None:
            if next(self._search, self) is self:
                self._search = None
        elif wanted.beside:
            self._guard(wanted.beside[0].page, lambda _: self._give_piece(document, wanted.beside[0]), wanted.beside[0])
        return True

    def _any_work(self) -> bool:
        now = self._wanted
        return bool(
            self._new_query
            or now.pieces
            or now.beside
            or now.size is not None
            or now.text is not None
            or self._search is not None
        )

    def _guard(self, number: int, work: Callable[[int], None], piece: Piece | None = None) -> None:
        """Do something with a page; a page that fails is told once, the others go on."""
        try:
            work(number)
        except DocumentLost:
            raise  # the whole file is told, and not tried again
        except FileError as error:
            self._done(piece=piece, size=number, text=number)
            if not self._stopped:
                self.teller.page_failed.emit(self, number, error)

    def _give_size(self, document: OpenDocument, number: int) -> None:
        size = document.size(number)
        self._done(size=number)
        self.teller.sized.emit(self, number, size)

    def _give_piece(self, document: OpenDocument, piece: Piece) -> None:
        image = draw(document, piece, lambda: self._stopped or not self._still_wanted(piece))
        if image is not None:
            self._done(piece=piece)
            self.teller.rendered.emit(self, piece, image)

    def _give_text(self, document: OpenDocument, number: int) -> None:
        try:
            text = document.text(number)
        except DocumentLost:
            raise
        except FileError:
            text = NO_TEXT  # the page may well be seen
        self._done(text=number)
        self.teller.text.emit(self, number, text)

    def _still_wanted(self, piece: Piece) -> bool:
        now = self._wanted
        return piece in now.pieces or (not now.pieces and now.size is None and piece in now.beside)

    def _done(self, piece: Piece | None = None, size: int | None = None, text: int | None = None) -> None:
        """Strike out what is done."""
        with self._change:
            now = self._wanted
            self._wanted = Wanted(
                _without(now.pieces, piece),
                _without(now.beside, piece),
                None if now.size == size else now.size,
                None if now.text == text else now.text,
            )

    def _scan(self, document: OpenDocument, query: str) -> Iterator[None]:
        """Search some pages at a time; between them other work has its turn."""
        count, number = 0, 0
        while number < document.count:
            number, hits = document.search(query, number, MOST_HITS - count)
            count += len(hits)
            for page, found in groupby(hits, key=lambda hit: hit[0]):
                self.teller.found.emit(self, query, page, tuple(rects for _, rects in found))
            if count >= MOST_HITS:
                self.teller.searched.emit(self, query, True)
                return
            yield
        self.teller.searched.emit(self, query, False)


def _without(pieces: Iterable[Piece], piece: Piece | None) -> tuple[Piece, ...]:
    return tuple(each for each in pieces if each != piece)
