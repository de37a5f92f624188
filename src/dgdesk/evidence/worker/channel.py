"""Evidence, worker, channel: what it is to ask a worker, without the means to start one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from dgdesk.evidence.worker.protocol import Header

Reason: TypeAlias = Literal["died", "time", "garbled", "memory"]
Poll: TypeAlias = Callable[[], bool]
"""Whether the asker has lost interest; asked some 50 times a second in the asker's thread. What it raises passes."""


class WorkerGone(Exception):
    """The worker died, or was ended for taking too long or answering what is no answer."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class WorkerMissing(Exception):
    """The worker cannot be started on this PC."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``content`` is empty where the asker gave a buffer for it."""

    header: Header
    content: bytes


class Channel(Protocol):
    """Something that answers questions: the worker, or what stands for it."""

    def ask(
        self,
        request: Header,
        content: bytes = b"",
        *,
        seconds: float,
        altogether: float | None = None,
        most: int = 0,
        into: memoryview | None = None,
        poll: Poll | None = None,
    ) -> Answer:
        """Ask, and wait for the answer: at most ``seconds``, at most ``most`` bytes, or exactly ``into``'s.

        Work that goes on page by page may take ``seconds`` for each, and ``altogether``.

        Raises:
            WorkerGone: there is no answer.
            WorkerMissing: there is no worker.
            Cancelled: ``poll`` said so.
        """

    def close(self) -> None:
        """End it."""
