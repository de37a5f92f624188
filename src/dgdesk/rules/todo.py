"""What is left to do, in groups: answers to give, evidence to attach, answers to correct, things to check."""

from __future__ import annotations

from collections.abc import Iterable

from dgdesk.rules.problems import Problem

KINDS = ("answer", "evidence", "mend", "check")


def kind_of(problem: Problem) -> str:
    """Return what a problem asks for: ``answer``, ``evidence``, ``mend`` (correct an answer) or ``check``."""
    if problem.severity != "error":
        return "check"
    if problem.slot is not None:
        return "evidence"
    return "answer" if problem.code.startswith("missing.") else "mend"


def by_kind(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Group problems by `kind_of`; kinds without a problem are left out."""
    found: dict[str, list[Problem]] = {kind: [] for kind in KINDS}
    for problem in problems:
        found[kind_of(problem)].append(problem)
    return {kind: group for kind, group in found.items() if group}
