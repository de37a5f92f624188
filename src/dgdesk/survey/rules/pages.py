"""Pages: how complete each is, and which one Back and Next lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.problems import PageAnalysis
from dgdesk.survey.rules.relevance import Shown

CompletenessStatus = Literal["skipped", "not_begun", "in_progress", "evidence", "problems", "complete"]


class Completeness(NamedTuple):
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
    def status(self) -> CompletenessStatus:
        """The status that the outline shows: something wrong comes first, then evidence that is missing or unmarked."""
        if not self.shown:
            return "skipped"
        if self.mistakes:
            return "problems"
        if self.answers_done == self.answers_asked and self.evidence_done == self.evidence_asked:
            return "complete"
        if self.evidence_done < self.evidence_asked:
            return "evidence"
        return "in_progress" if self.begun else "not_begun"

    def plus(self, other: Completeness) -> Completeness:
        """Return the sum of two parts."""
        return Completeness(
            self.answers_asked + other.answers_asked,
            self.answers_done + other.answers_done,
            self.evidence_asked + other.evidence_asked,
            self.evidence_done + other.evidence_done,
            self.mistakes + other.mistakes,
            self.begun or other.begun,
            self.shown or other.shown,
        )


def page_progress(findings: PageAnalysis, *, begun: bool, shown: bool) -> Completeness:
    """Return the completeness of one page from its analysis."""
    answers = [one.done for one in findings.asked if not one.evidence]
    evidence = [one.done for one in findings.asked if one.evidence]
    mistakes = sum(problem.severity == "error" and not problem.is_missing for problem in findings.problems)
    return Completeness(len(answers), sum(answers), len(evidence), sum(evidence), mistakes, begun, shown)


def section_progress(form: Form, pages: Mapping[str, Completeness]) -> dict[str, Completeness]:
    """Return the completeness of every section."""
    return {
        section.id: whole_progress(pages[page.id] for page in section.pages) for section in form.definition.sections
    }


def whole_progress(parts: Iterable[Completeness]) -> Completeness:
    """Return the sum of parts; without any the status is "left out"."""
    whole = Completeness(shown=False)
    for part in parts:
        whole = whole.plus(part)
    return whole


def relevant_pages(form: Form, shown: Shown) -> tuple[str, ...]:
    """Return the ids of the pages with at least one shown place, in printed order."""
    return tuple(page for page, places in form.page_nodes.items() if any(shown[at] for at in places))


def next_page(form: Form, shown: Shown, page: str) -> str | None:
    """Return the next relevant page after ``page``, None at the end. Raises KeyError for an unknown page."""
    return _step(form, shown, page, 1)


def previous_page(form: Form, shown: Shown, page: str) -> str | None:
    """Return the relevant page before ``page``, None at the beginning. Raises KeyError for an unknown page."""
    return _step(form, shown, page, -1)


def _step(form: Form, shown: Shown, page: str, step: int) -> str | None:
    order = list(form.pages)
    if page not in form.pages:
        raise KeyError(page)
    relevant = set(relevant_pages(form, shown))
    at = order.index(page) + step
    while 0 <= at < len(order):
        if order[at] in relevant:
            return order[at]
        at += step
    return None
