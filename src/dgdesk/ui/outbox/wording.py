"""The words of an entry: its state, how far it is, how long the rest takes, its log. No widgets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from dgdesk.outbox.entries import OPEN, Entry, LogLine
from dgdesk.text.shown import plain_name
from dgdesk.ui.widgets.label import Texts

_MB: Final = 1 << 20
_SPAN: Final = 20.0
"""Seconds over which the rate is taken."""
_LEAST: Final = 2.0


class Pace:
    """How fast bytes have left lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def left(self, done: int, size: int, now: float) -> float | None:
        """Return the seconds that the rest takes; None while that cannot be said."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while now - self._seen[0][0] > _SPAN:
            self._seen.popleft()
        began, first = self._seen[0]
        if now - began < _LEAST or done <= first:
            return None
        return (size - done) * (now - began) / (done - first)


def progress_words(texts: Texts, done: int, size: int, left: float | None) -> str:
    """Return how many MB of how many have left, and the minutes that are left."""
    values = {"done": done // _MB, "total": -(-size // _MB)}
    if left is None:
        return texts.say("ui.outbox.far", **values)
    if left < 60:
        return texts.say("ui.outbox.far_soon", **values)
    return texts.say("ui.outbox.far_minutes", minutes=-(-int(left) // 60), **values)


def state_words(texts: Texts, entry: Entry) -> str:
    """Return the state and, where there is one, the reason."""
    paused = entry.paused and entry.status in OPEN
    state = texts.say("outbox.state.paused" if paused else f"outbox.state.{entry.status}")
    if entry.status == "returned":
        return f"{state} – {texts.say('outbox.reason', reason=plain_name(entry.said, 1000))}"
    if entry.reason is None or entry.reason.code == "outbox.added" or paused:
        return state
    return f"{state} – {line_words(texts, entry.reason)}"


def line_words(texts: Texts, line: LogLine) -> str:
    """Return the sentence of a log line; its values come from a file, and may be anything."""
    try:
        return texts.say(line.code, **line.values)
    except KeyError:
        return line.code


def log_lines(texts: Texts, entry: Entry, moment: Callable[[str], str]) -> list[str]:
    """Return the log, newest first."""
    return [f"{moment(one.at)} {line_words(texts, one)}" for one in reversed(entry.log)]
