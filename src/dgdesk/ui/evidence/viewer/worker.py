"""Reads one file for the viewer in a background thread, the most urgent request first.

The viewer sends its requests after every change of the view. A request that is no longer wanted is not started; its
rendering is cancelled. Order: visible pieces, sizes, text of the page, search, neighbouring pages.
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
from dgdesk.evidence.pages.geometry import NO_TEXT, IsCancelled, Piece
from dgdesk.evidence.pages.spool import PREFIX, Spooled, spool
from dgdesk.system.scratch import sweep
from dgdesk.ui.widgets.latest import Task

ReadStored = Callable[[str], Iterator[bytes]]
"""Yields the content of a stored file, by SHA-256, in verified pieces; raises DgdeskError if it is damaged."""

MOST_HITS = 1000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the view needs: visible pieces, neighbouring pages, the page that lacks size or text (None: none)."""

    pieces: tuple[Piece, ...] = ()
    beside: tuple[Piece, ...] = ()
    size: int | None = None
    text: int | None = None


class PageWorker(QObject):
    """The signals of a worker, emitted in the GUI thread.

    ``progressed`` carries the percentage (-1: unknown), ``opened`` the page count and the bytes of memory used,
    ``failed`` a `DgdeskError`; ``page_failed``, ``sized`` and ``text`` carry the page first; ``found`` a query, a page
    and its hits; ``searched`` a query and whether there are more hits.
    """

    progressed = Signal(int)
    opened = Signal(int, int)
    failed = Signal(object)
    page_failed = Signal(int, object)
    sized = Signal(int, object)
    rendered = Signal(object, QImage)
    text = Signal(int, object)
    found = Signal(str, int, object)
    searched = Signal(str, bool)


class Worker:
    """Reads, opens and renders one file: the work of one request to `LatestWins`, until that is cancelled."""

    def __init__(self, read: ReadStored, sha256: str, kind: str, size: int, folder: Path, documents: Documents) -> None:
        self._documents = documents
        self._read, self._sha256, self._kind, self._bytes, self._folder = read, sha256, kind, size, folder
        self._change = threading.Condition()
        self._wanted = PageRequest()
        self._search: Iterator[None] | None = None
        self._query = ""
        self._new_query = False

    def want(self, wanted: PageRequest) -> None:
        """Set what the view needs now; replaces the previous request."""
        with self._change:
            self._wanted = wanted
            self._change.notify()

    def search(self, query: str) -> None:
        """Search all pages for a case-folded text; replaces the previous search. Empty stops it."""
        with self._change:
            self._query, self._new_query = query, True
            self._change.notify()

    def run(self, task: Task, reader: PageWorker) -> None:
        """Read the file, in the thread of ``task``.

        Raises:
            Cancelled: the file was closed.
            FileError: ``viewer.too_large``, ``viewer.cannot_show``, or a problem of the file or the disk.
        """
        document: OpenDocument | None = None
        spooled: Spooled | None = None
        task.wake = self._wake
        progress = task.progress(reader.progressed.emit)
        try:
            sweep(self._folder, PREFIX)
            spooled = spool(self._read(self._sha256), self._bytes, self._folder, progress)
            progress.check()
            document = self._documents.open(spooled.path, self._kind)
            task.post(reader.opened.emit, document.count, document.held)
            while self._step(document, task, reader):
                pass
        except DgdeskError:
            raise
        except MemoryError as error:
            raise FileError("viewer.too_large") from error
        except Exception as error:  # whatever a library raises on a damaged file must not end the program
            raise FileError("viewer.cannot_show", kind=type(error).__name__) from error
        finally:
            if document is not None:
                document.close()
            if spooled is not None:
                spooled.close()

    def _wake(self) -> None:
        with self._change:
            self._change.notify()

    def _step(self, document: OpenDocument, task: Task, reader: PageWorker) -> bool:
        """Do one step of work; False at the end."""
        with self._change:
            while not task.cancelled and not self._any_work():
                self._change.wait()
            if task.cancelled:
                return False
            wanted, new_query, self._new_query = self._wanted, self._new_query, False
        if new_query:
            self._search = self._scan(document, self._query, task, reader) if self._query else None
        page, piece = wanted.size, None
        try:
            if page is not None:
                self._give_size(document, page, task, reader)
            elif wanted.pieces:
                piece = wanted.pieces[0]
                self._give_piece(document, piece, task, reader)
            elif wanted.text is not None:
                page = wanted.text
                self._give_text(document, page, task, reader)
            elif self._search is not None:
                if next(self._search, self) is self:
                    self._search = None
            elif wanted.beside:
                piece = wanted.beside[0]
                self._give_piece(document, piece, task, reader)
        except DocumentLost:
            raise  # reported for the whole file, which is not tried again
        except FileError as error:  # reported once; the other pages continue
            page = piece.page if piece is not None else page
            if page is None:
                raise
            self._done(piece=piece, size=page, text=page)
            task.post(reader.page_failed.emit, page, error)
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

    def _give_size(self, document: OpenDocument, number: int, task: Task, reader: PageWorker) -> None:
        size = document.size(number)
        self._done(size=number)
        task.post(reader.sized.emit, number, size)

    def _give_piece(self, document: OpenDocument, piece: Piece, task: Task, reader: PageWorker) -> None:
        image = draw(document, piece, lambda: task.cancelled or not self._still_wanted(piece))
        if image is not None:
            self._done(piece=piece)
            task.post(reader.rendered.emit, piece, image)

    def _give_text(self, document: OpenDocument, number: int, task: Task, reader: PageWorker) -> None:
        try:
            text = document.text(number)
        except DocumentLost:
            raise
        except FileError:
            text = NO_TEXT  # the page may still be visible
        self._done(text=number)
        task.post(reader.text.emit, number, text)

    def _still_wanted(self, piece: Piece) -> bool:
        now = self._wanted
        return piece in now.pieces or (not now.pieces and now.size is None and piece in now.beside)

    def _done(self, piece: Piece | None = None, size: int | None = None, text: int | None = None) -> None:
        """Remove finished work from the request."""
        with self._change:
            now = self._wanted
            self._wanted = PageRequest(
                _without(now.pieces, piece),
                _without(now.beside, piece),
                None if now.size == size else now.size,
                None if now.text == text else now.text,
            )

    def _scan(self, document: OpenDocument, query: str, task: Task, reader: PageWorker) -> Iterator[None]:
        """Search a few pages at a time; other work runs between them."""
        count, number = 0, 0
        while number < document.count:
            number, hits = document.search(query, number, MOST_HITS - count)
            count += len(hits)
            for page, found in groupby(hits, key=lambda hit: hit[0]):
                task.post(reader.found.emit, query, page, tuple(rects for _, rects in found))
            if count >= MOST_HITS:
                task.post(reader.searched.emit, query, True)
                return
            yield
        task.post(reader.searched.emit, query, False)


def _without(pieces: Iterable[Piece], piece: Piece | None) -> tuple[Piece, ...]:
    return tuple(each for each in pieces if each != piece)


def draw(document: OpenDocument, piece: Piece, cancelled: IsCancelled) -> QImage | None:
    """Render a piece of a page; None if cancelled. The pixels are written directly into the image.

    Raises:
        FileError: as `OpenDocument.render`.
    """
    image = QImage(piece.right - piece.left, piece.bottom - piece.top, QImage.Format.Format_RGB32)
    if image.isNull():  # out of memory
        raise MemoryError
    # Four bytes a pixel, so that lines follow each other without a gap.
    return image if document.render(piece, memoryview(image.bits()).cast("B"), cancelled) else None
