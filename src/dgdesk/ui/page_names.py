"""Window, page names: what a page is called where its printed heading is not enough, and why one is left out. Pure."""

from __future__ import annotations

from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.rules.relevance import why_hidden
from dgdesk.survey.rules.report import nearest_code
from dgdesk.survey.rules.state import State
from dgdesk.ui.widgets.label import Texts


def page_name(form: Form, page: str) -> str:
    """Return the codes on a page and its heading, in one line."""
    section, model = form.pages[page]
    codes = [item.code for item in model.items if item.code]
    span = f"{codes[0]} – {codes[-1]}" if len(codes) > 1 else "".join(codes)
    return " ".join(part for part in (span, model.title) if part) or section.title


def why_left_out(form: Form, state: State, page: str, texts: Texts) -> str:
    """Say why a page has nothing to show; empty when it has."""
    places = form.page_nodes[page]
    if not places or any(state.shown[at] for at in places):
        return ""
    hidden = why_hidden(form, state.facts.answers, state.shown, places[0])
    if hidden is None or not hidden.cause:
        return texts.say("ui.page_left_out")
    node = form.node(hidden.cause)
    option = option_of(node, hidden.option)
    code = nearest_code(form, hidden.cause) or node.label
    if hidden.how == "condition":
        return texts.say("ui.page_needs", code=code, option=option.label if option else hidden.option)
    return texts.say("ui.page_skipped", code=code, option=option.label if option else hidden.option)
