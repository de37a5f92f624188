"""Evidence, worker, opened: a file that pages are asked of, a PDF or a picture."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import BinaryIO, Protocol

from dgdesk.answers.media import PDF
from dgdesk.pages.model import Bitmap, IsCancelled, PageText, Piece, Size

_MAPPED_FROM = 1 << 20


class OpenFile(Protocol):
    """Something with pages. ``held`` is how many bytes of pixels it keeps."""

    count: int
    held: int

    def size(self, number: int) -> Size:
        """Return the size of an upright page."""

    def render(self, piece: Piece, cancelled: IsCancelled) -> Bitmap | None:
        """Return a piece of a page; None when cancelled."""

    def text(self, number: int) -> PageText:
        """Return a page's text."""

    def letters(self, number: int) -> str:
        """Return a page's text without its places."""

    def close(self) -> None:
        """Let go of the file."""


def open_file(path: str, kind: str) -> OpenFile:
    """Open a file of a kind that can be shown; it must stay as it is until it is closed.

    Raises:
        FileError: ``viewer.…``: it is locked or damaged.
        OSError: it cannot be read.
    """
    if kind == PDF:
        return _Pdf(path)
    from dgdesk.pages.pictures import PictureFile

    return PictureFile(Path(path), kind)


class _Pdf:
    """A PDF, read into memory where it is small, mapped where it is large."""

    held = 0

    def __init__(self, path: str) -> None:
        from dgdesk.pages.pdf import PdfFile

        self._stream: BinaryIO = open(path, "rb")  # noqa: SIM115  closed by `close`
        self._map: mmap.mmap | None = None
        try:
            size = self._stream.seek(0, 2)
            self._stream.seek(0)
            content: bytes | mmap.mmap
            if size < _MAPPED_FROM:
                content = self._stream.read()
            else:
                # copy-on-write, since only a writable mapping can be handed to a C library
                content = self._map = mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_COPY)
            self._file = PdfFile(content)
        except BaseException:
            self._let_go()
            raise
        self.count = self._file.count
        self.size, self.render = self._file.size, self._file.render
        self.text, self.letters = self._file.text, self._file.letters

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._map is not None:
            self._map.close()
        self._stream.close()
