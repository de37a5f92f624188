"""Self-test, steps: something is tried, and what came of it is kept, whatever it raised."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

Findings = Mapping[str, object]
Work = Callable[[], Findings]
_NEAREST = 6


class Broken(Exception):
    """What a step tried does not hold; its text says what was found."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try, under a name that the catalogue knows as ``selftest.step_<name>``."""

    name: str
    work: Work


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step went: what it found, or why it failed and where; seconds."""

    name: str
    seconds: float
    found: Findings = field(default_factory=dict)
    failure: str = ""
    where: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the step did what it should."""
        return not self.failure


def try_all(steps: Iterable[Step], clock: Callable[[], float]) -> Iterator[Outcome]:
    """Try one step after the other, also after one has failed; ``clock`` gives seconds."""
    for step in steps:
        began = clock()
        try:
            found = step.work()
        except Broken as broken:
            yield Outcome(step.name, clock() - began, failure=str(broken))
        except Exception as error:  # whatever a part of the program raises is what is looked for here
            yield Outcome(step.name, clock() - began, failure=f"{type(error).__name__}: {error}", where=_places(error))
        else:
            yield Outcome(step.name, clock() - began, found)


def expect(holds: object, otherwise: str) -> None:
    """Raise `Broken` with the text ``otherwise`` unless ``holds``."""
    if not holds:
        raise Broken(otherwise)


def _places(error: Exception) -> tuple[str, ...]:
    """The lines of the program that an error came through, the last ones; no values, which may be personal."""
    frames = traceback.extract_tb(error.__traceback__)[-_NEAREST:]
    return tuple(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
