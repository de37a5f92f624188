"""Inspects a file: from a stream to its kind and its issues."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TypeAlias

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import ACCEPTED, ending_of, fits, is_known, is_packed, is_run, label_of
from dgdesk.evidence.inspection.issue import Content, FileIssue, Incoming, IssueSeverity, file_stamp
from dgdesk.evidence.inspection.streams import has_hole
from dgdesk.evidence.inspection.whole import CHECKED
from dgdesk.evidence.limits import clean_name, in_units
from dgdesk.evidence.media import is_text
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.causes import cause_of

Parse: TypeAlias = Callable[[str, str], Content]
"""Parses the file that is looked at, given the kind that its head says and its name; see `parsing.parse_content`."""

_TEXT_READ = 64 << 10
_MOST_TEXT = 32 << 20
_TEXT_PIECE = 1 << 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ISO_MARK_AT = 0x8001
PICTURES = frozenset({media.JPEG, media.PNG, media.TIFF, media.HEIC})
# What an OLE file is cannot be said then, and is no doubt of its own.
_HIDING = frozenset({"incoming.password", "incoming.not_inspected", "incoming.no_worker"})
ZIPPED = frozenset({media.ZIP, media.DOCX, media.XLSX, media.PPTX, media.ODT, media.ODS, media.ODP})


def look_at_file(path: Path, limits: EvidenceLimits | None, parse: Parse, name: str = "") -> Incoming:
    """Look at a file on disk that is known as ``name`` (empty: its own); see `look_at`.

    Raises:
        FileError: ``evidence.unreadable``: it cannot be opened or read, or is no regular file; ``system.long_name``.
    """
    try:
        # Without waiting: a pipe would never end. Windows has neither such pipes nor such a flag.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise FileError("evidence.unreadable", name=path.name)
            found = look_at(stream, clean_name(name or path.name), status.st_size, limits, parse)
            return replace(found, stamp=file_stamp(status))
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and cause_of(error) == "long_name":  # it is there, and no right is missing
            raise FileError("system.long_name", name=path.name, path=str(path)) from error
        raise FileError("evidence.unreadable", name=path.name) from error


def first_look_at_file(path: Path, limits: EvidenceLimits | None, name: str = "") -> Incoming | None:
    """Look at a file without parsing it; None where only parsing tells its kind, and so whether it is refused.

    Raises:
        FileError: as `look_at_file`.
    """
    told = False

    def parse(kind: str, name: str) -> Content:
        nonlocal told
        told = kind not in ZIPPED and kind != media.OLE
        return Content(kind)

    found = look_at_file(path, limits, parse, name)
    return found if told else None


def look_at(stream: BinaryIO, name: str, size: int, limits: EvidenceLimits | None, parse: Parse) -> Incoming:
    """Say what a file is and what stands against attaching it.

    ``stream`` can seek; ``size`` is in bytes. Here only some first bytes are read; whatever has a structure is left to
    ``parse``.

    Raises:
        OSError: the stream cannot be read.
        FileError: as ``parse``.
    """
    if size <= 0:
        return Incoming(name, 0, media.OCTETS, (FileIssue("evidence.empty", "refuse", {"name": name}),))
    content = _content(stream, name, size, parse)
    found = [*_refusals(content.media_type, name, size, limits)]
    if not found:
        found = [_finding(code, "ask", name) for code in content.asks]
        found += _doubts(content, name)
    return Incoming(name, size, content.media_type, tuple(found), pages=content.pages, signed=content.signed)


def _content(stream: BinaryIO, name: str, size: int, parse: Parse) -> Content:
    stream.seek(0)
    head = stream.read(media.HEAD)
    kind = media.media_type(head)
    if kind in ZIPPED or kind == media.OLE:
        return parse(kind, name)
    match kind:
        case media.TEXT:
            return _text(stream, name, size)
        case media.OCTETS if len(head) < media.HEAD and is_text(head, whole=False):
            return _text(stream, name, size)  # it ends within a letter
        case media.OCTETS:
            stream.seek(_ISO_MARK_AT)
            return Content("application/x-iso9660-image" if stream.read(5) == b"CD001" else kind)
    return parse(kind, name) if kind == media.PDF or kind in PICTURES or kind in CHECKED else Content(kind)


def _text(stream: BinaryIO, name: str, size: int) -> Content:
    """Return text or CSV, which only the name can tell apart, or octets when more of the file is no text."""
    stream.seek(0)
    head = stream.read(_TEXT_READ)
    if not is_text(head, whole=size <= _TEXT_READ):
        if not is_text(head, whole=False):
            return Content(media.OCTETS)
        return Content(_text_kind(name), ("incoming.damaged",))
    return Content(_text_kind(name), () if _is_whole_text(stream, head, size) else ("incoming.damaged",))


def _text_kind(name: str) -> str:
    return media.CSV if fits(media.CSV, name) else media.TEXT


def _is_whole_text(stream: BinaryIO, head: bytes, size: int) -> bool:
    """Tell whether a text has no hole, and does not end within a letter; of a very long one the first part is read."""
    decoder = None if head.startswith(_UTF_16) else codecs.getincrementaldecoder("utf-8")()
    plain = True
    stream.seek(0)
    for at in range(0, min(size, _MOST_TEXT), _TEXT_PIECE):
        piece = stream.read(_TEXT_PIECE)
        if has_hole(piece):
            return False
        if decoder is not None:
            try:
                plain = decoder.decode(piece).isascii() and plain
            except UnicodeDecodeError:
                # Not UTF-8: a Thai code page, unless the text before this was Thai in UTF-8.
                return at == 0
    return size > _MOST_TEXT or decoder is None or plain or not decoder.getstate()[0]


def _refusals(kind: str, name: str, size: int, limits: EvidenceLimits | None) -> list[FileIssue]:
    ending = ending_of(name)
    found = []
    if kind == media.PROGRAM:
        found.append(_finding("incoming.program", "refuse", name))
    elif kind == media.SCRIPT or is_run(ending):
        found.append(_finding("incoming.script", "refuse", name))
    elif kind in media.ARCHIVES or (is_packed(ending) and kind == media.OCTETS):
        found.append(_finding("incoming.archive", "refuse", name))
    if limits is not None and size > limits.file:
        values = {"name": name, "size": in_units(size), "limit": in_units(limits.file)}
        found.append(FileIssue("incoming.too_large", "refuse", values))
    return found


def _doubts(content: Content, name: str) -> list[FileIssue]:
    """Return what is doubtful about the kind and the name's ending."""
    kind, ending = content.media_type, ending_of(name)
    if kind not in ACCEPTED:
        hidden = kind == media.OLE and not _HIDING.isdisjoint(content.asks)
        return [] if hidden else [_finding("incoming.unknown_kind", "ask", name)]
    if fits(kind, name):
        return []
    if kind == media.TEXT and ending and not is_known(ending):
        return [_finding("incoming.unknown_kind", "ask", name)]
    return [FileIssue("incoming.wrong_ending", "ask", {"name": name, "kind": label_of(kind)})]


def _finding(code: str, severity: IssueSeverity, name: str) -> FileIssue:
    return FileIssue(code, severity, {"name": name})
