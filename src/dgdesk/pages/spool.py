"""Pages, spool: a file of the draft, checked to its last byte, where it can be looked at.

It lies in a private folder, which goes when it is closed; what a process left behind that was killed is swept.
"""

from __future__ import annotations

import re
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dgdesk.errors import FileError
from dgdesk.system.private import make_private_folder
from dgdesk.system.progress import Progress
from dgdesk.system.renaming import rename_new
from dgdesk.system.scratch import Scratch
from dgdesk.system.zone import Stamp, no_stamp

PREFIX: Final = "view-"
"""How the names of a shelf's folders begin."""
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Spooled:
    """A file's content in a private folder, at ``path``. Close it."""

    def __init__(self, scratch: Scratch, path: Path) -> None:
        self._scratch = scratch
        self.path = path

    def close(self) -> None:
        """Remove it; what another process holds goes with the next sweep."""
        self._scratch.close()


def spool(pieces: Iterable[bytes], size: int, folder: Path, progress: Progress) -> Spooled:
    """Write a file to its end, where the document worker can read it.

    Raises:
        Cancelled: the person stopped it.
        FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room`` when it cannot be written.
    """
    scratch: Scratch | None = None
    done = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Scratch(folder, PREFIX)
        made = Spooled(scratch, scratch.path / "document")
        with made.path.open("xb") as stream:
            for piece in pieces:
                progress.check()
                stream.write(piece)
                done += len(piece)
                progress.report(done, max(size, done))
            return made
    except OSError as error:
        if scratch is not None:
            scratch.close()
        raise FileError("viewer.no_room", detail=error.strerror or "") from error
    except BaseException:
        if scratch is not None:
            scratch.close()
        raise


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

    def put(self, name: str, pieces: Iterable[bytes], progress: Progress, stamp: Stamp = no_stamp) -> Path:
        """Write a copy that is read-only. It has its name only when it is whole.

        ``stamp`` marks it as coming from elsewhere.

        Raises:
            Cancelled: the person stopped it.
            FileError: ``package.evidence_damaged`` from the pieces; ``viewer.no_room``.
        """
        try:
            folder = Path(tempfile.mkdtemp(dir=self._scratch.path))
            part = folder / "half made"
            with part.open("xb") as stream:
                for piece in pieces:
                    progress.check()
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
