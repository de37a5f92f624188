"""What stands for the document worker where a test is about something else, or needs a library to be another one."""

from __future__ import annotations

import threading

from dgdesk.evidence.worker.actions import Actions
from dgdesk.evidence.worker.protocol import Header, Poll, WorkerAnswer
from dgdesk.system.progress import Cancelled


class Inline:
    """Answers in this very process, without any bound."""

    def __init__(self) -> None:
        self._actions = Actions()
        self._turn = threading.Lock()

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
    ) -> WorkerAnswer:
        with self._turn:
            if poll is not None and poll():
                raise Cancelled
            header, made = self._actions.answer(request, content)
            if into is not None and "error" not in header:
                into[:] = made
                made = b""
            return WorkerAnswer(header, bytes(made))

    def close(self) -> None:
        with self._turn:
            self._actions.close()
