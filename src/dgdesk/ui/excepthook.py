"""Window, excepthook: an error of the program itself is said in Thai, written to stderr, and the work goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class ExceptHook:
    """Stands in for `sys.excepthook`. ``say`` shows the message; errors while it does are only written."""

    def __init__(self, say: Callable[[str], None], before: Hook) -> None:
        self._say = say
        self._before = before
        self._busy = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Report one error."""
        self._before(kind, error, trace)
        if self._busy or not issubclass(kind, Exception):
            return
        self._busy = True
        try:
            self._say(kind.__name__)
        finally:
            self._busy = False


def install(say: Callable[[str], None]) -> ExceptHook:
    """Put the hook in place; ``say`` is given the error's kind."""
    hook = ExceptHook(say, sys.excepthook)
    sys.excepthook = hook
    return hook
