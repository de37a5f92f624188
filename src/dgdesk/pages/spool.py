"""Pages, spool: a file of the draft, checked to its last byte, where it can be looked at.

What is small lies in memory, what is large in a file without a name: the operating system removes it when it is closed
or the process ends, however it ends. Only what another program opens gets a name, in a folder that is swept.
"""

from __future__ import annotations

import mmap
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from dgdesk.errors import FileError
from dgdesk.pages.model import Cancelled, Progress
from dgdesk.renaming import rename_new
from dgdesk.scratch import Scratch
from dgdesk.system.private import make_private_folder
from dgdesk.system.zone import Stamp, no_stamp

IN_MEMORY: Final = 32 << 20
PREFIX: Final = "view-"
"""How the names of a shelf's folders begin."""
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Spooled:
    """A file's content: ``bytes`` in memory, or a file without a name. Close it."""

    def __init__(self, data: bytes | None, stream: BinaryIO | None) -> None:
        self.data = data
        self.stream = stream
        self._map: mmap.mmap | None = None

    @property
    def content(self) -> bytes | mmap.mmap:
        """The bytes; a large file is mapped, not read."""
        if self.data is not None:
            return self.data
        assert self.stream is not None
        if self._map is None:
            # copy-on-write, since only a writable mapping can be handed to a C library
            self._map = mmap.mmap(self.stream.fileno(), 0, access=mmap.ACCESS_COPY)
        return self._map

    def close(self) -> None:
        """Let go of it; the file goes."""
        with suppress(BufferError):  # somebody still looks: it goes with them
            if self._map is not None:
                self._map.close()
        if self.stream is not None:
            self.stream.close()


def spool(pieces: Iterable[bytes], size: int, folder: Path, progress: Progress, cancelled: Cancelled) -> Spooled | None:
    """Read a file to its end; None when ``cancelled`` said so.

    Raises:
        FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room`` when it cannot be written.
    """
    stream: BinaryIO | None = None
    parts: list[bytes] = []
    done = 0
    try:
        if size > IN_MEMORY:
            folder.mkdir(parents=True, exist_ok=True)
            stream = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed by whom it is handed to
        for piece in pieces:
            if cancelled():
                if stream is not None:
                    stream.close()
                return None
            if stream is None:
                parts.append(piece)
            else:
                stream.write(piece)
            done += len(piece)
            progress(done, max(size, done))
        if stream is not None:
            stream.flush()
    except OSError as error:
        if stream is not None:
            stream.close()
        raise FileError("viewer.no_room", detail=error.strerror or "") from error
    except BaseException:
        if stream is not None:
            stream.close()
        raise
    return Spooled(b"".join(parts) if stream is None else None, stream)


class Shelf:
    """Read-only copies with names, for other programs, in a private folder below ``folder``. Close it.

    What a process left behind that was killed goes with the next `Shelf` made below the same folder.
    """

    def __init__(self, folder: Path) -> None:
        """Sweep, and make the private folder.

        Raises:
            FileError: ``viewer.no_room``.
        """
        try:
            make_private_folder(folder)
            self._scratch = Scratch(folder, PREFIX)
        except OSError as error:
            raise FileError("viewer.no_room", detail=error.strerror or "") from error

    def put(self, name: str, pieces: Iterable[bytes], cancelled: Cancelled, stamp: Stamp = no_stamp) -> Path | None:
        """Write a copy that is read-only; None when ``cancelled`` said so. It has its name only when it is whole.

        ``stamp`` marks it as coming from elsewhere.

        Raises:
            FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room``.
        """
        try:
            folder = Path(tempfile.mkdtemp(dir=self._scratch.path))
            part = folder / "copy.part"
            with part.open("xb") as stream:
                for piece in pieces:
                    if cancelled():
                        return None
                    stream.write(piece)
            stamp(part)  # a read-only file takes no mark
            part.chmod(stat.S_IREAD)
            copy = folder / safe(name)
            rename_new(part, copy)
            return copy
        except OSError as error:
            raise FileError("viewer.no_room", detail=error.strerror or "") from error

    def close(self) -> None:
        """Remove the copies; one that another program holds goes with the next sweep."""
        self._scratch.close()


def safe(name: str) -> str:
    """Return a file name that every system takes, with its ending."""
    plain = _UNSAFE.sub("_", name).strip(" .") or "_"
    stem, dot, ending = plain.rpartition(".")
    plain = f"{(stem or ending)[:80]}{dot if stem else ''}{ending[:10] if stem else ''}"
    while len(plain.encode()) > 200:
        stem = stem[:-1]
        plain = f"{stem}{dot}{ending[:10]}"
    return f"_{plain}" if _RESERVED.match(plain) else plain
