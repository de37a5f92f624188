"""Every file below the given folders, with what it is: nothing is passed over without a word.

Links are listed and not followed, so that no circle is walked. What cannot be read becomes a line with the reason.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from dgdesk.agency.kinds import (
    HEAD,
    PLACEHOLDER,
    FileKind,
    is_half_of,
    is_mail,
    kind_of,
    kind_of_folder,
    kind_of_name,
    may_be_receipt,
)
from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.errors import UsageError
from dgdesk.system.kinds import kind_of_head
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.collation import CollationKey, collation_key

MOST_FILES = 100_000
Known = Callable[[Path, tuple[int, int]], FileKind | None]
_JUNCTION = 0x400
_REASONS: dict[FileKind, str] = {
    "receipt": "inbox.receipt",
    "arriving": "inbox.arriving",
    "packed": "inbox.packed",
    "foreign": "inbox.foreign",
    "litter": "inbox.litter",
    "link": "inbox.link",
    "unreadable": "inbox.unreadable",
}
"""Why a file of each kind is not checked."""


@dataclass(frozen=True)
class FoundFile:
    """A file, or a folder that could not be listed; ``state`` is its size in bytes and time, None if not known.

    ``reason`` says why it is not checked; None for a bundle and an encrypted file.
    """

    path: Path
    kind: FileKind
    reason: BundleProblem | None = None
    state: tuple[int, int] | None = None

    def settled(self) -> FoundFile:
        """Return the file as still arriving if its size or time is another one by now, else unchanged."""
        now = _state(self.path) if self.kind != "link" else None
        if self.state is None or now is None or now == self.state:
            return self
        return replace(self, kind="arriving", reason=BundleProblem("inbox.changing"), state=now)


def scan(places: Iterable[Path], progress: Progress = NO_PROGRESS) -> tuple[FoundFile, ...]:
    """Return the named files, and every file below the named folders, each folder in the order of its paths.

    A file that is named twice, or named and below a named folder, is there once.

    Raises:
        UsageError: ``receiver.no_bundles``: a folder holds no file at all; ``receiver.too_many``.
        Cancelled: the person stopped it.
    """
    found: list[FoundFile] = []
    for place in places:
        if not place.is_dir():
            named = look_at(place)
            # A named file is what the person wants checked, whatever it looks like.
            known = named.kind in ("bundle", "encrypted", "receipt")
            found.append(named if known else replace(named, kind="bundle", reason=None))
            continue
        inside: list[FoundFile] = []
        for one in below(place, progress):
            inside.append(one)
            if len(found) + len(inside) > MOST_FILES:
                raise UsageError("receiver.too_many", most=MOST_FILES)
        if not inside:
            raise UsageError("receiver.no_bundles", path=place)
        found += sorted(inside, key=lambda one: _place(one.path, place))
    once: dict[str, FoundFile] = {}
    for one in found:
        once.setdefault(_spelled(one.path), one)
    return tuple(once.values())


def _spelled(path: Path) -> str:
    """Return one spelling of a path; links are followed nowhere, for each is a file of its own."""
    return os.path.normcase(os.path.abspath(path))


def look_at(path: Path) -> FoundFile:
    """Return what one named file is; a link is followed, for the person chose it."""
    return _look(path, kind_of_name(path.name), frozenset(), follow=True)


def look_once_more(path: Path, names: frozenset[str], known: Known | None = None) -> FoundFile:
    """Return what a file of a folder is that was found before, or a folder that could not be listed.

    ``names``: all names in its folder, in small letters; ``known`` as for `below`.
    """
    if path.is_dir() and not path.is_symlink():
        return FoundFile(path, "unreadable", BundleProblem("inbox.folder"))
    return _look(path, kind_of_name(path.name), names, known=known)


def _place(path: Path, root: Path) -> tuple[CollationKey, ...]:
    return tuple(collation_key(part, numbers=True) for part in path.relative_to(root).parts)


def below(root: Path, progress: Progress = NO_PROGRESS, known: Known | None = None) -> Iterator[FoundFile]:
    """Yield every file below a folder, and the folders that cannot be listed, in no order.

    ``known`` returns what a file of this path, size and time is, so that nothing of it is read; None if it must be.

    Raises:
        Cancelled: the person stopped it.
    """
    waiting: list[tuple[Path, FileKind | None, bool]] = [(root, None, False)]
    while waiting:
        progress.check()
        folder, kind, unpacked = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                inside = list(entries)
        except OSError:
            yield FoundFile(folder, "unreadable", BundleProblem("inbox.folder"))
            continue
        names = frozenset(entry.name.lower() for entry in inside)
        unpacked = unpacked or "bagit.txt" in names
        if not inside and folder != root and kind_of_name(folder.name) == "bundle":
            yield FoundFile(folder, "foreign", BundleProblem("inbox.empty_folder"))
        for entry in inside:
            path = Path(entry.path)
            if _is_folder(entry):
                waiting.append((path, kind or kind_of_folder(entry.name), unpacked))
                continue
            one = _look(path, kind or kind_of_name(entry.name), names, known=known)
            if one.kind == "foreign" and (unpacked or _in_bag(path, root)):
                one = replace(one, reason=BundleProblem("inbox.unpacked"))
            yield one


def _in_bag(path: Path, root: Path) -> bool:
    """Return whether a file lies in a folder that is named like a bundle: somebody unpacked it."""
    return any(part.lower().endswith(".zip") for part in path.relative_to(root).parts[:-1])


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, and neither a link nor a junction of Windows."""
    try:
        if not entry.is_dir(follow_symlinks=False):
            return False
        return not getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & _JUNCTION
    except OSError:
        return False


def _look(
    path: Path, kind: FileKind | None, names: frozenset[str], *, follow: bool = False, known: Known | None = None
) -> FoundFile:
    """Return what one file is; ``kind``: if its name or its folder says it already."""
    try:
        facts = path.stat(follow_symlinks=follow)
        state = (facts.st_size, facts.st_mtime_ns)
        if stat.S_ISLNK(facts.st_mode) or getattr(facts, "st_file_attributes", 0) & _JUNCTION:
            return _found(path, kind if kind == "litter" else "link", state)
        if not stat.S_ISREG(facts.st_mode):
            return FoundFile(path, "unreadable", BundleProblem("inbox.device"), state)
        if getattr(facts, "st_file_attributes", 0) & PLACEHOLDER:
            return FoundFile(path, "arriving", BundleProblem("inbox.placeholder"), state)
        if kind in ("bundle", "encrypted") and not facts.st_size and is_half_of(path.name, names):
            kind = "arriving"
        if kind not in (None, "bundle", "encrypted"):
            return _found(path, kind, state)
        if known is not None and (before := known(path, state)) is not None:
            return _found(path, before, state)
        return _by_content(path, state)
    except OSError:
        return _found(path, "unreadable", None)


def _by_content(path: Path, state: tuple[int, int]) -> FoundFile:
    """Return what one file is that its name does not say. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        kind = kind_of(path.name, head)
        if kind == "foreign" and may_be_receipt(head) and (code := _code_of_reply(head, stream, state[0])):
            reply: FileKind = "receipt" if code == _REASONS["receipt"] else "foreign"
            return replace(_found(path, reply, state), reason=BundleProblem(code))
    found = _found(path, kind, state)
    if kind == "packed" and is_mail(path.name, head):
        return replace(found, reason=BundleProblem("inbox.mail"))
    if kind == "foreign" and kind_of_head(head) == "draft":
        return replace(found, reason=BundleProblem("inbox.draft"))
    return found


def _code_of_reply(head: bytes, stream: BinaryIO, size: int) -> str | None:
    """Return the reason for a receipt or a return; None for what is neither."""
    from dgdesk.bundle.receipt import is_receipt_file  # imported only here: they bring what signs
    from dgdesk.bundle.returned import is_return
    from dgdesk.bundle.signed_text import MOST_BYTES

    if size > MOST_BYTES:
        return None
    content = head + stream.read(MOST_BYTES)
    return "inbox.receipt" if is_receipt_file(content) else "inbox.return" if is_return(content) else None


def _found(path: Path, kind: FileKind, state: tuple[int, int] | None) -> FoundFile:
    code = _REASONS.get(kind)
    return FoundFile(path, kind, BundleProblem(code, {"name": printable(path.name)}) if code else None, state)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns
