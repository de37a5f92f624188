"""Why questions of a page are left out or asked, where the answer directly above does not make it obvious."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dgdesk.answers.values import Answers, has
from dgdesk.definition.form import Form, chosen_in
from dgdesk.rules.relevance import Shown, why_hidden


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the nodes ``first`` to ``last`` (siblings, by position) are ``skipped``, not asked yet (``needs``), or asked.

    ``cause`` and ``option`` are the answer that decides.
    """

    how: Literal["skipped", "needs", "asked"]
    first: int
    last: int
    cause: str
    option: str


def reasons(form: Form, answers: Answers, shown: Shown, page: str) -> tuple[Reason, ...]:
    """Return the reasons to show on a page; none if the whole page is left out, which has its own message."""
    places = form.page_nodes[page]
    if not any(shown[at] for at in places):
        return ()
    found: list[Reason] = []
    for parent in (-1, *(at for at in places if shown[at])):
        siblings = form.children(parent) if parent >= 0 else (at for at in places if form.nodes[at].parent < 0)
        last: Reason | None = None
        for at in siblings:
            now = _reason(form, answers, shown, at)
            if now is not None and last is not None and now.how == "skipped" and _same(now, last):
                last = found[-1] = Reason(last.how, last.first, at, last.cause, last.option)
                continue
            if now is not None:
                found.append(now)
            last = now
    return tuple(found)


def codes_between(form: Form, first: int, last: int) -> tuple[str, ...]:
    """Return the printed codes of the siblings from ``first`` to ``last``."""
    parent = form.nodes[first].parent
    return tuple(
        code for at in range(first, last + 1) if form.nodes[at].parent == parent and (code := form.nodes[at].code)
    )


def _reason(form: Form, answers: Answers, shown: Shown, at: int) -> Reason | None:
    node = form.nodes[at]
    if shown[at]:
        if node.when is None:
            return None
        holding = next(_holding(form, answers, shown, at), None)
        return Reason("asked", at, at, *holding) if holding is not None else None
    if not node.skips and node.when is None:
        return None
    hidden = why_hidden(form, answers, shown, at)
    if hidden is None or hidden.how == "gate" or not hidden.cause:
        return None
    return Reason("skipped" if hidden.how == "skip" else "needs", at, at, hidden.cause, hidden.option)


def _holding(form: Form, answers: Answers, shown: Shown, at: int) -> Iterator[tuple[str, str]]:
    when = form.nodes[at].when
    for condition in chosen_in(when) if when is not None else ():
        address, option = condition.chosen
        if shown[form.position[address]] and has(answers.get(address), option):
            yield address, option


def _same(one: Reason, other: Reason) -> bool:
    return (one.how, one.cause, one.option) == (other.how, other.cause, other.option)
