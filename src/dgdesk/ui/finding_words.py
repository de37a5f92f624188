"""Window, finding words: how places of the form, reasons and problems are said in lists and beside questions. Pure."""

from __future__ import annotations

from dgdesk.draft.history import where_in_words
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.rules.pages import label_now
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.relevance import HiddenReason, codes_between, why_hidden
from dgdesk.survey.rules.report import nearest_code
from dgdesk.survey.rules.search import SearchHit
from dgdesk.survey.rules.state import State
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.texts import NEW_LINE


def hit_words(form: Form, texts: Texts, hit: SearchHit) -> str:
    """Return the code and label of a question that was found, and the option if it is that."""
    node = form.node(hit.address)
    words = texts.cut(where_in_words(form, node), 140)
    option = option_of(node, hit.option) if hit.option is not None else None
    if option is None:
        return words
    label = " ".join(part for part in (option.code, option.label or option.hint) if part)
    return f"{words}{NEW_LINE}{texts.say('ui.find.option', option=texts.cut(label, 100))}"


def why_not_asked(form: Form, state: State, texts: Texts, address: str) -> str:
    """Say why a question is not asked now, and where to go for it; empty when it is asked."""
    hidden = why_hidden(form, state.facts.answers, state.shown, form.position[address])
    if hidden is None or not hidden.cause:
        return ""
    code = "ui.find.skipped" if hidden.how == "skip" else "ui.find.needs"
    return texts.say(code, **_cause(form, texts, hidden.cause, hidden.option))


def reason_words(form: Form, texts: Texts, reason: HiddenReason) -> str:
    """Say why questions are left out, not asked yet, or asked."""
    cause = _cause(form, texts, reason.cause, reason.option)
    codes = codes_between(form, reason.first, reason.last)
    if reason.how == "asked":
        return texts.say("ui.reason.asked", **cause)
    if not codes:
        return texts.say("ui.reason.skipped_here", **cause)
    span = codes[0] if len(codes) == 1 else f"{codes[0]} – {codes[-1]}"
    return texts.say(f"ui.reason.{reason.how}", codes=span, **cause)


def problem_words(form: Form, texts: Texts, problem: Problem, answers: Answers | None = None) -> str:
    """Say where a problem is and what; with the answers, items carry the numbers of their order now."""
    node = form.node(problem.address)
    option = form.slots[problem.slot].option if problem.slot is not None else None
    model = option_of(node, option) if option is not None else None
    own = label_now(form, answers, node) if answers is not None else node.label
    label = (model.label if model is not None else "") or own or node.field.hint
    where = " ".join(part for part in (nearest_code(form, problem.address), texts.cut(label)) if part)
    return f"{where} – {texts.say(problem.code)}" if where else texts.say(problem.code)


def _cause(form: Form, texts: Texts, address: str, option: str) -> dict[str, str]:
    node = form.node(address)
    model = option_of(node, option)
    column = next((one.label for one in node.field.columns if node.kind == "row" and one.id == option), option)
    label = " ".join(part for part in (model.code, model.label) if part) if model is not None else column
    return {"code": nearest_code(form, address) or texts.cut(node.label), "option": texts.cut(label)}
