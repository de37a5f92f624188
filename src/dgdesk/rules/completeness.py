"""Completeness: how much of what is asked now has been done, per page, section and whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dgdesk.definition.form import Form
from dgdesk.rules.problems import Findings

Status = Literal["skipped", "not_begun", "in_progress", "problems", "complete"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Answers and evidence slots that are asked now, and how many are done; and errors other than missing ones."""

    answers_asked: int = 0
    answers_done: int = 0
    evidence_asked: int = 0
    evidence_done: int = 0
    mistakes: int = 0
    begun: bool = False
    shown: bool = True

    @property
    def percent(self) -> int:
        """Whole per cent done, rounded down, so that 100 means everything."""
        asked = self.answers_asked + self.evidence_asked
        return 100 * (self.answers_done + self.evidence_done) // asked if asked else 100

    @property
    def status(self) -> Status:
        """The status that the outline shows."""
        if not self.shown:
            return "skipped"
        if self.mistakes:
            return "problems"
        if self.answers_done == self.answers_asked and self.evidence_done == self.evidence_asked:
            return "complete"
        return "in_progress" if self.begun else "not_begun"

    def plus(self, other: Progress) -> Progress:
        """Return the sum of two parts."""
        return Progress(
            self.answers_asked + other.answers_asked,
            self.answers_done + other.answers_done,
            self.evidence_asked + other.evidence_asked,
            self.evidence_done + other.evidence_done,
            self.mistakes + other.mistakes,
            self.begun or other.begun,
            self.shown or other.shown,
        )


def page_progress(findings: Findings, *, begun: bool, shown: bool) -> Progress:
    """Return the completeness of one page from its analysis."""
    answers = [one.done for one in findings.asked if not one.evidence]
    evidence = [one.done for one in findings.asked if one.evidence]
    mistakes = sum(
        problem.severity == "error" and not problem.code.startswith("missing.") for problem in findings.problems
    )
    return Progress(len(answers), sum(answers), len(evidence), sum(evidence), mistakes, begun, shown)


def section_progress(form: Form, pages: Mapping[str, Progress]) -> dict[str, Progress]:
    """Return the completeness of every section."""
    return {
        section.id: whole_progress(pages[page.id] for page in section.pages) for section in form.definition.sections
    }


def whole_progress(parts: Iterable[Progress]) -> Progress:
    """Return the sum of parts; without any the status is "left out"."""
    whole = Progress(shown=False)
    for part in parts:
        whole = whole.plus(part)
    return whole
