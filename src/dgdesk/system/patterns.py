"""Regular expressions that are compiled at their first use: most starts of the program need none of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled when its first method is called; a fault in it shows only then."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))


class _Late:
    """Takes every attribute from the compiled pattern, once, and keeps it."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by copy, pickle and the like, which need no pattern
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        self.__dict__[name] = found
        return found
