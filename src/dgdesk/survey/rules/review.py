"""What is left to do: problems in the order of the form, grouped by kind, and which comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.flags import is_flag
from dgdesk.survey.rules.problems import Problem
from dgdesk.text.normalise import fold

ProblemKind = Literal["all", "errors", "missing", "evidence", "warnings", "notices", "flagged"]
KINDS: tuple[ProblemKind, ...] = ("all", "errors", "missing", "evidence", "warnings", "notices", "flagged")
ProblemPlace = tuple[int, int]
"""Where something is: the position of its node, and 0 for the field or 1, 2 … for its places for evidence."""


@dataclass(frozen=True, slots=True)
class PageProblems:
    """The problems of one page, in printed order."""

    section: str
    page: str
    problems: tuple[Problem, ...]


def in_order(form: Form, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems in the order of the form."""
    return tuple(sorted(problems, key=lambda one: place_of(form, one.address, one.slot)))


def place_of(form: Form, address: str, slot: str | None = None) -> ProblemPlace:
    """Return the place of a field, or of one of its evidence slots, in the order of the form."""
    at = form.position[address]
    slots = [one.id for one in form.nodes[at].slots]
    return at, slots.index(slot) + 1 if slot in slots else 0


def next_problem(form: Form, problems: Iterable[Problem], here: ProblemPlace, *, back: bool = False) -> Problem | None:
    """Return the next problem after ``here`` (or before it); after the last comes the first; None if there is none.

    Several problems at one place count as one.
    """
    ordered = in_order(form, problems)
    if back:
        ordered = ordered[::-1]
    for one in ordered:
        place = place_of(form, one.address, one.slot)
        if place < here if back else place > here:
            return one
    return ordered[0] if ordered else None


def by_page(form: Form, problems: Iterable[Problem]) -> tuple[PageProblems, ...]:
    """Group problems by page, in printed order."""
    found: dict[str, list[Problem]] = {}
    for problem in in_order(form, problems):
        found.setdefault(form.node(problem.address).page, []).append(problem)
    return tuple(PageProblems(form.pages[page][0].id, page, tuple(some)) for page, some in found.items())


def wanted(
    problems: Iterable[Problem],
    kind: ProblemKind = "all",
    text: str = "",
    words: Callable[[Problem], str] = lambda one: "",
) -> tuple[Problem, ...]:
    """Return the problems of a kind whose ``words`` contain every word of ``text``."""
    asked = tuple(filter(None, map(fold, text.split())))
    return tuple(one for one in problems if is_of(one, kind) and _says(words(one), asked))


def is_of(problem: Problem, kind: ProblemKind) -> bool:
    """Tell whether a problem is of a kind: ``missing`` answers, missing or unmarked ``evidence``, and others.

    A question that was ``flagged`` is no problem: it is of that kind alone.
    """
    if kind == "flagged" or is_flag(problem):
        return kind == "flagged" and is_flag(problem)
    match kind:
        case "all":
            return True
        case "errors":
            return problem.severity == "error"
        case "warnings":
            return problem.severity == "warning"
        case "notices":
            return problem.severity == "notice"
        case "evidence":
            return problem.slot is not None
    return problem.is_missing and problem.slot is None


def _says(text: str, asked: tuple[str, ...]) -> bool:
    folded = fold(text) if asked else ""
    return all(word in folded for word in asked)


TODO_KINDS = ("answer", "evidence", "mend", "check")


def kind_of(problem: Problem) -> str:
    """Return what a problem asks for: ``answer``, ``evidence``, ``mend`` (correct an answer) or ``check``."""
    if problem.severity != "error":
        return "check"
    if problem.slot is not None:
        return "evidence"
    return "answer" if problem.is_missing else "mend"


Mark = Literal["not_begun", "evidence", "problems", "warning", "flag"]
"""What a problem is shown as: not yet, evidence missing or unmarked, wrong, to be checked; or a flag."""


def mark_of(problem: Problem) -> Mark:
    """Return what a problem is shown as; only what is wrong is an alarm."""
    if is_flag(problem):
        return "flag"
    if problem.severity != "error":
        return "warning"
    if not problem.is_missing:
        return "problems"
    return "not_begun" if problem.slot is None else "evidence"


def by_kind(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Group problems by `kind_of`; kinds without a problem are left out."""
    found: dict[str, list[Problem]] = {kind: [] for kind in TODO_KINDS}
    for problem in problems:
        found[kind_of(problem)].append(problem)
    return {kind: group for kind, group in found.items() if group}
