"""What was found out about a file, as coded messages."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from dgdesk.errors import UsageError

IssueSeverity = Literal["refuse", "ask"]
"""``refuse``: cannot be attached. ``ask``: may be attached once the person has been told."""


class FileIssue(NamedTuple):
    """One issue: a message code, and the values of its sentence (always ``name``, the file's name)."""

    code: str
    severity: IssueSeverity
    values: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Incoming:
    """An inspected file: its name on this PC, size in bytes, media type by content, and issues.

    ``pages`` is how many pages a document has (0: not known), ``signed`` whether it has a digital signature. ``stamp``
    is the file's `file_stamp` before it was read; empty if the content did not come from a file.
    """

    name: str
    size: int
    media_type: str
    findings: tuple[FileIssue, ...] = ()
    stamp: tuple[int, ...] = field(default=(), compare=False)
    pages: int = 0
    signed: bool = False

    @property
    def refused(self) -> tuple[FileIssue, ...]:
        """The issues that forbid attaching it."""
        return tuple(one for one in self.findings if one.severity == "refuse")

    @property
    def asks(self) -> tuple[FileIssue, ...]:
        """The issues that the person must confirm first."""
        return tuple(one for one in self.findings if one.severity == "ask")

    def check(self) -> None:
        """Raise UsageError for the first issue that forbids attaching."""
        for one in self.refused:
            raise UsageError(one.code, **one.values)


def file_stamp(status: os.stat_result) -> tuple[int, ...]:
    """Return values that change if the file is written or replaced: size, and times of change in nanoseconds."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def keep_quiet(library: str) -> None:
    """Silence a library's log messages about damaged files, which Python would print to stderr."""
    log = logging.getLogger(library)
    if not log.handlers:
        log.addHandler(logging.NullHandler())


class Content(NamedTuple):
    """What an inspector found: media type, codes of issues to confirm, pages (0: not known), digital signatures."""

    media_type: str
    asks: tuple[str, ...] = ()
    pages: int = 0
    signed: bool = False


PARSED_ASKS: Final = frozenset(
    {
        *("incoming.damaged", "incoming.mended", "incoming.not_inspected", "incoming.too_many_points"),
        *("incoming.password", "incoming.standard_password", "incoming.write_password"),
        *("incoming.macros", "incoming.program_inside", "incoming.files_inside", "incoming.launches"),
        *("incoming.scripts_inside", "incoming.portfolio", "incoming.shows_other", "incoming.pages_hidden"),
        "incoming.hidden_layers",
    }
)
"""The codes that an inspector may give."""
