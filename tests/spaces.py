"""A breaker for tests in which the dictionary is not the point: lines break at white space only."""

from __future__ import annotations

import re


class SpaceBreaker:
    """Cuts text at white space."""

    def segments(self, text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\s+|\S+", text))
