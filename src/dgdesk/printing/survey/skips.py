"""Why parts of the form need not be filled in, as text, by the node that begins each part."""

from __future__ import annotations

from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.rules.relevance import HiddenReason, codes_between, reasons, why_hidden
from dgdesk.survey.rules.report import nearest_code
from dgdesk.survey.rules.state import State
from dgdesk.text.messages import Catalogue

_LONGEST = 100


def skip_reasons(form: Form, state: State, catalogue: Catalogue) -> dict[int, str]:
    """The reason of every part that is skipped or not asked yet, as text, by the position of its first node."""
    found: list[HiddenReason] = []
    for page, places in form.page_nodes.items():
        for reason in _of_page(form, state, page, places):
            if found and _continues(form, found[-1], reason):
                before = found.pop()
                reason = HiddenReason(before.how, before.first, reason.last, before.cause, before.option)
            if reason.how != "asked":
                found.append(reason)
    return {reason.first: _words(form, catalogue, reason) for reason in found}


def _continues(form: Form, before: HiddenReason, reason: HiddenReason) -> bool:
    """Whether a skip continues from one page to the next: the reason is printed once."""
    same = (before.how, before.cause, before.option) == (reason.how, reason.cause, reason.option)
    return same and reason.how == "skipped" and form.nodes[before.last].end == reason.first


def _of_page(form: Form, state: State, page: str, places: tuple[int, ...]) -> tuple[HiddenReason, ...]:
    if not places or any(state.shown[at] for at in places):
        return reasons(form, state.facts.answers, state.shown, page)
    outermost = [at for at in places if form.nodes[at].parent < 0]
    hidden = why_hidden(form, state.facts.answers, state.shown, outermost[0])
    if hidden is None or not hidden.cause:
        return ()
    skipped = hidden.how == "skip"
    reason = HiddenReason("skipped" if skipped else "needs", outermost[0], outermost[-1], hidden.cause, hidden.option)
    return (reason,)


def _words(form: Form, catalogue: Catalogue, reason: HiddenReason) -> str:
    node = form.node(reason.cause)
    model = option_of(node, reason.option)
    column = next((one.label for one in node.field.columns if one.id == reason.option), reason.option)
    label = " ".join(part for part in (model.code, model.label) if part) if model is not None else column
    values = {"code": nearest_code(form, reason.cause) or _cut(node.label), "option": _cut(label)}
    codes = codes_between(form, reason.first, reason.last)
    if not codes:
        return catalogue.text("ui.reason.skipped_here", **values)
    span = codes[0] if len(codes) == 1 else f"{codes[0]} – {codes[-1]}"
    return catalogue.text(f"ui.reason.{reason.how}", codes=span, **values)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
