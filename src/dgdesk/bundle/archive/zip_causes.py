"""Why a file is not the zip that dgdesk wrote: handled by another program, or damaged on the way, or tampered with.

The strict reader (`zip_read`) refuses all of them. This module only looks for the true cause, so that nobody is accused
for what a transfer did: bytes count as hidden, and a contradiction as made, only in a zip that is in order otherwise
(`zip_layout`).
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from dgdesk.bundle.archive.plain_causes import cause_of_zip
from dgdesk.bundle.archive.zip_layout import Layout, end_of_whole_zip, is_repeated, read_at, read_layout
from dgdesk.bundle.archive.zip_write import END, LOCAL_MAGIC, MAX32
from dgdesk.bundle.report import printable
from dgdesk.errors import CheckFailed

_NO_END: Final = frozenset(
    {"zip.not_zip", "zip.cut_short", "zip.trailing", "zip.comment", "zip.disks", "zip.large_lies"}
)
_HIDDEN: Final = frozenset({"zip.hidden", "zip.gap", "zip.leading"})
_REPACKED: Final = frozenset({"zip.extra", "zip.compressed", "zip.descriptor", "zip.foreign", "zip.comment"})
_LOCKED: Final = frozenset({"zip.encrypted"})
_AT_ODDS: Final = frozenset(
    {"zip.headers_differ", "zip.past_end", "zip.sizes_differ", "zip.link", *_LOCKED, *_REPACKED}
)
_ACCUSING: Final = _AT_ODDS | _HIDDEN | {"zip.trailing", "zip.overlap", "zip.count", "zip.disks", "zip.large_lies"}
_ANEW: Final = frozenset({"zip.extra", "zip.foreign"})
_KNOWN_EXTRA: Final = frozenset({0x0001, 0x000A, 0x000D, 0x5455, 0x5855, 0x7855, 0x7875, 0xCAFE, 0x9901})
"""Sizes, times and owners, as common programs write them; none of them gives a file another name or content."""

_INNER: Final = re.compile(r"\.(zip|7z|rar|tar|tgz|gz|xz|age)\b", re.IGNORECASE)
"""The ending of what may be a bundle or hold one, also in a name that a browser or a second copy has changed."""


def true_cause(stream: BinaryIO, length: int, error: CheckFailed) -> CheckFailed:
    """Return the reason to show for a file that the strict reader refused with ``error``.

    Raises:
        OSError: the file cannot be read.
    """
    code = error.code
    if code in _NO_END | _HIDDEN and (plain := cause_of_zip(stream, length, code)):
        return CheckFailed(plain)
    if code == "zip.damaged":
        return CheckFailed("zip.changed")
    if code not in _ACCUSING:
        return error
    layout = read_layout(stream, length)
    if not _stands(stream, length, code, layout):
        return CheckFailed("zip.changed")
    return _handled_by_others(error, layout) if code in _REPACKED | _LOCKED and layout is not None else error


def _stands(stream: BinaryIO, length: int, code: str, layout: Layout | None) -> bool:
    """Return whether somebody must have made what ``code`` says, since everything else in the zip is in order."""
    if code in ("zip.disks", "zip.count"):
        *_, here, count, _, _, _ = END.unpack(read_at(stream, length - END.size, END.size))
        return bool(here and count)
    if code == "zip.large_lies":
        return (
            length < MAX32
        )  # only a larger bundle has these records; in a smaller one nobody but a forger writes them
    if code == "zip.trailing":
        end = end_of_whole_zip(stream, length)
        return end is not None and not is_repeated(stream, end, length, 0, end)
    if code == "zip.leading" and read_at(stream, 0, 4) != LOCAL_MAGIC and (layout is None or layout.at_odds):
        return _really_in_front(stream, length)
    if layout is None or not layout.entries:
        return False
    if code == "zip.overlap":
        return len(layout.at_odds) != 1 or layout.at_odds[0].altered
    if code in _HIDDEN:
        return not layout.at_odds and not _doubled(stream, length, layout)
    odd = layout.at_odds
    return not odd or (len(odd) == 1 and odd[0].altered)


def _really_in_front(stream: BinaryIO, length: int) -> bool:
    *_, size, offset, _ = END.unpack(read_at(stream, length - END.size, END.size))
    before = length - END.size - size - offset
    moved = read_layout(stream, length, before) if before > 0 else None
    if moved is None or not moved.entries or moved.at_odds:
        return False
    return not is_repeated(stream, 0, before, before, length)


def _doubled(stream: BinaryIO, length: int, layout: Layout) -> bool:
    """Return whether the bytes between the directory and the last end record came from the zip itself."""
    last = length - END.size
    if layout.end >= last:
        return False  # the bytes stand elsewhere, and the directory was written with them
    own = layout.end
    if read_at(stream, own, END.size) == read_at(stream, last, END.size):
        own += END.size
        last = length
    return is_repeated(stream, own, last, 0, own)


def _handled_by_others(error: CheckFailed, layout: Layout) -> CheckFailed:
    entries = layout.entries
    files = [one for one in entries if not one.name.endswith("/") and not one.name.startswith("__MACOSX/")]
    if not any(_is_bag(one.name) for one in files):
        if inner := next((one.name for one in files if _INNER.search(one.name)), None):
            return CheckFailed("zip.wrapped", name=printable(inner))
        draft = next((one.name for one in files if one.name.lower().endswith(".dgdesk")), None)
        return CheckFailed("zip.no_bag") if draft is None else CheckFailed("zip.holds_draft", name=printable(draft))
    if all(one.locked for one in files):
        return CheckFailed("zip.locked")
    if error.code in _ANEW and all(one.foreign and one.extras <= _KNOWN_EXTRA for one in entries):
        return CheckFailed("zip.repacked")
    return error


def _is_bag(name: str) -> bool:
    return name.replace("\\", "/").rpartition("/")[2] in ("bagit.txt", "tagmanifest-sha256.txt")
