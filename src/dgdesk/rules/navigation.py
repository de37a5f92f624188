"""Which page comes next: Back and Next visit the pages that have something to show."""

from __future__ import annotations

from dgdesk.definition.form import Form
from dgdesk.rules.relevance import Shown


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
