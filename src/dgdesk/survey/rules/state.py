"""The state of a form: everything that the rules derive, evaluated after each answer.

Relevance is always computed completely. Pages and questions are evaluated again only if a place that they read has
changed, so an evaluation takes much less than a frame; a property test compares it with a complete evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, chosen_in
from dgdesk.survey.rules.comparisons import compare
from dgdesk.survey.rules.pages import Completeness, page_progress, section_progress, whole_progress
from dgdesk.survey.rules.problems import PageAnalysis, Problem, examine, unreadable_evidence
from dgdesk.survey.rules.relevance import Shown, relevance
from dgdesk.survey.rules.rubric import External, Rubric, addresses_of
from dgdesk.survey.rules.score import Case, Score, score
from dgdesk.survey.rules.unsent import Unsent, may_differ, unsent


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers, the evidence, and the external points entered (by indicator).

    ``flags`` are the notes (or "") of the questions that somebody was not sure about, by address: no rule reads them.
    """

    answers: Answers = field(default_factory=dict)
    evidence: Evidence = field(default_factory=dict)
    external: Mapping[str, Decimal] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    """Places of which something stored cannot be read as evidence, and so is not among it."""
    flags: Mapping[str, str] = field(default_factory=dict)
    signing: Mapping[str, str] = field(default_factory=dict)
    """Who signs on paper, and the memo (`dgdesk.draft.signatories`); no rule reads them, no submission has them."""


@dataclass(frozen=True, slots=True)
class State:
    """What follows from the facts. ``findings`` and ``today`` are kept for the next evaluation.

    ``unsent`` is what is kept and not sent, as places are not asked now; `dgdesk.draft.unsent` words it as notices.
    """

    facts: Facts
    today: date
    shown: Shown
    findings: Mapping[str, PageAnalysis]
    problems: tuple[Problem, ...]
    pages: Mapping[str, Completeness]
    sections: Mapping[str, Completeness]
    whole: Completeness
    score: Score
    unsent: tuple[Unsent, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the form can be submitted: no problem is an error."""
        return all(problem.severity != "error" for problem in self.problems)


@dataclass(frozen=True)
class Rules:
    """The rules of one form and rubric, with the index of which questions read which places."""

    form: Form
    rubric: Rubric
    readers: tuple[tuple[int, ...], ...] = field(repr=False)

    def evaluate(self, facts: Facts, today: date, before: State | None = None) -> State:
        """Evaluate the form; with the state ``before`` a change, only what the change touches."""
        form = self.form
        shown = relevance(form, facts.answers)
        if before is not None and before.today != today:
            before = None
        changed = self._changed(facts, shown, before) if before is not None else range(len(form.nodes))
        touched = {form.nodes[at].page for at in changed}
        findings = {
            page: examine(form, places, facts.answers, facts.evidence, shown, today)
            if before is None or page in touched
            else before.findings[page]
            for page, places in form.page_nodes.items()
        }
        pages = {
            page: before.pages[page]
            if before is not None and page not in touched
            else page_progress(
                findings[page],
                begun=any(form.nodes[at].address in facts.answers for at in form.page_nodes[page]),
                shown=any(shown[at] for at in form.page_nodes[page]),
            )
            for page in findings
        }
        stale = {question for at in changed for question in self.readers[at]}
        same_rows = before is not None and before.facts.unreadable == facts.unreadable
        among = may_differ(form, before.unsent, changed) if before is not None and same_rows else None
        external_same = before is not None and before.facts.external == facts.external
        case = Case(form, self.rubric, facts.answers, facts.evidence, shown, facts.external)
        return State(
            facts,
            today,
            shown,
            findings,
            tuple(problem for found in findings.values() for problem in found.problems)
            + compare(form, facts.answers, shown)
            + unreadable_evidence(form, facts.answers, shown, facts.unreadable),
            pages,
            section_progress(form, pages),
            whole_progress(pages.values()),
            score(case, before.score if before is not None and external_same else None, stale),
            unsent(form, facts.answers, facts.evidence, shown, facts.unreadable, among=among),
        )

    def handed_in(self, facts: Facts, today: date) -> State:
        """Evaluate what is submitted: without the points entered for external indicators."""
        return self.evaluate(replace(facts, external={}), today)

    def _changed(self, facts: Facts, shown: Shown, before: State) -> set[int]:
        """Return the positions of every place whose answer, evidence or relevance differs."""
        form = self.form
        changed = {at for at, (now, then) in enumerate(zip(shown, before.shown, strict=True)) if now != then}
        for now, then in ((facts.answers, before.facts.answers), (facts.evidence, before.facts.evidence)):
            if now is not then:
                for key in _differing(now, then):
                    at = form.position.get(key)
                    changed.add(form.slots[key].node if at is None else at)
        return changed


def make_rules(form: Form, rubric: Rubric) -> Rules:
    """Bind a rubric to a form and index which questions read which places."""
    readers: list[set[int]] = [set() for _ in form.nodes]
    for number, (_, question) in enumerate(rubric.questions):
        addresses = set(addresses_of(question))
        if not isinstance(question, External):
            when = form.node(question.field).when
            if when is not None:
                addresses.update(condition.chosen[0] for condition in chosen_in(when))
        for address in addresses:
            at = form.position[address]
            for inner in range(at, form.nodes[at].end):
                readers[inner].add(number)
    return Rules(form, rubric, tuple(tuple(sorted(one)) for one in readers))


def _differing(now: Mapping[str, object], then: Mapping[str, object]) -> set[str]:
    # Nearly all values are the same objects as before.
    found = {key for key, value in now.items() if (old := then.get(key)) is not value and old != value}
    return found | (then.keys() - now.keys())
