"""Inspecting, findings: what was found out about a file, as coded sentences."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dgdesk.errors import UsageError

Severity = Literal["refuse", "ask"]
"""``refuse``: cannot be attached. ``ask``: may be attached once the person has been told."""


@dataclass(frozen=True)
class Finding:
    """One thing to tell: a message code, and the values that its sentence names (always ``name``, the file's)."""

    code: str
    severity: Severity
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Incoming:
    """A file as it was inspected: name as the person knows it, size in bytes, media type by content, findings.

    ``stamp`` is the file's `file_stamp` before anything of it was read; empty where the content came from no file.
    """

    name: str
    size: int
    media_type: str
    findings: tuple[Finding, ...] = ()
    stamp: tuple[int, ...] = field(default=(), compare=False)

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What forbids attaching it."""
        return tuple(one for one in self.findings if one.severity == "refuse")

    @property
    def asks(self) -> tuple[Finding, ...]:
        """What the person must be told first."""
        return tuple(one for one in self.findings if one.severity == "ask")

    def check(self) -> None:
        """Raise the first refusal as UsageError."""
        for one in self.refused:
            raise UsageError(one.code, **one.values)


def file_stamp(status: os.stat_result) -> tuple[int, ...]:
    """Return what differs once a file's content is written or replaced: size, and times of change in nanoseconds."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def keep_quiet(library: str) -> None:
    """Keep what a library logs about a damaged file from stderr, where Python puts it as long as nobody listens."""
    log = logging.getLogger(library)
    if not log.handlers:
        log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Content:
    """What an inspector found: the media type, and codes of findings that ask."""

    media_type: str
    asks: tuple[str, ...] = ()
