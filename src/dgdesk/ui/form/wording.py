"""Words for pages, questions, reasons and problems; and the address that a widget belongs to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.flags import on_page
from dgdesk.survey.rules.places import full_name, option_words, problem_name
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.relevance import HiddenReason, codes_between, why_hidden
from dgdesk.survey.rules.search import SearchHit
from dgdesk.survey.rules.state import State
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.texts import NEW_LINE


def item_name(say: Callable[..., str], seen: int, first: int) -> str:
    """Return what an item is called: its number as seen, and the printed one if the form does not count from 1.

    ``first`` is the number that the form prints at the first item.
    """
    return say("ui.item" if first == 1 else "ui.item_printed", number=seen, printed=seen + first - 1)


def page_name(form: Form, page: str) -> str:
    """Return the codes and the heading of a page, in one line."""
    section, model = form.pages[page]
    codes = [item.code for item in model.items if item.code]
    span = f"{codes[0]} – {codes[-1]}" if len(codes) > 1 else "".join(codes)
    return " ".join(part for part in (span, model.title) if part) or section.title


def short_page_name(form: Form, page: str, *, with_section: bool) -> str:
    """Return a page's code and short words, as the outline has them; ``with_section``: after those of its section."""
    section, model = form.pages[page]
    if not model.short or not section.short:
        return page_name(form, page)
    own = " ".join(part for part in (first_code(form, page), model.short) if part)
    return f"{section.short} · {own}" if with_section else own


def first_code(form: Form, page: str) -> str:
    """Return the code of the first question of a page; empty if none has one."""
    return next((item.code for item in form.pages[page][1].items if item.code), "")


def why_left_out(form: Form, state: State, page: str, texts: Texts) -> str:
    """Return why no question of a page is relevant; empty if one is."""
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


def address_of(parts: PageContext, widget: QWidget | None) -> tuple[str, str | None] | None:
    """Return the address (and evidence slot) of the innermost part that a widget is in; None if there is none."""
    slots: dict[int, str] = {id(place): slot for slot, place in parts.places.items()}
    owners: dict[int, str] = {}
    for address, part in parts.by_address.items():
        owners[id(part)] = address
        # a row of a table is not a widget of its own: its cells, or options below each other, are in the table
        for buttons in (getattr(part, "cells", None), getattr(part, "options", None)):
            for button in buttons.values() if isinstance(buttons, dict) else ():
                owners[id(button)] = address
    while widget is not None:
        if (slot := slots.get(id(widget))) is not None:
            return parts.node(parts.form.slots[slot].node).address, slot
        if (address := owners.get(id(widget), "")) != "":
            return address, None
        widget = widget.parentWidget()
    return None


def hit_words(form: Form, answers: Answers, texts: Texts, hit: SearchHit) -> str:
    """Return the full name of a found place, with the option if an option was found."""
    words = full_name(form, hit.address, None, answers).line(texts.cut)
    if hit.option is None:
        return words
    label = texts.cut(option_words(form.node(hit.address), hit.option), 100)
    return f"{words}{NEW_LINE}{texts.say('ui.find.option', option=label)}"


def why_not_asked(form: Form, state: State, texts: Texts, address: str) -> str:
    """Return why a question is not asked now, and where to change that; empty if it is asked."""
    hidden = why_hidden(form, state.facts.answers, state.shown, form.position[address])
    if hidden is None or not hidden.cause:
        return ""
    code = "ui.find.skipped" if hidden.how == "skip" else "ui.find.needs"
    return texts.say(code, **_cause(form, texts, hidden.cause, hidden.option))


def reason_words(form: Form, texts: Texts, reason: HiddenReason) -> str:
    """Return in words why questions are skipped, not asked yet, or asked."""
    cause = _cause(form, texts, reason.cause, reason.option)
    codes = codes_between(form, reason.first, reason.last)
    if reason.how == "asked":
        return texts.say("ui.reason.asked", **cause)
    if not codes:
        return texts.say("ui.reason.skipped_here", **cause)
    span = codes[0] if len(codes) == 1 else f"{codes[0]} – {codes[-1]}"
    return texts.say(f"ui.reason.{reason.how}", codes=span, **cause)


def problem_words(form: Form, texts: Texts, problem: Problem, answers: Answers) -> str:
    """Return a problem in words, with its place in full."""
    where = problem_name(form, problem.address, problem.slot, answers).line(texts.cut)
    return f"{where} – {texts.say(problem.code, **problem.values)}"


def flags_words(form: Form, texts: Texts, state: State, page: str) -> str:
    """Return the flagged questions of a page with their notes, one in a line; empty if there are none."""
    answers = state.facts.answers
    return "\n".join(
        texts.cut(problem_words(form, texts, one, answers), 120) for one in on_page(form, state.facts.flags, page)
    )


def _cause(form: Form, texts: Texts, address: str, option: str) -> dict[str, str]:
    node = form.node(address)
    model = option_of(node, option)
    column = next((one.label for one in node.field.columns if node.kind == "row" and one.id == option), option)
    label = " ".join(part for part in (model.code, model.label) if part) if model is not None else column
    return {"code": nearest_code(form, address) or texts.cut(node.label), "option": texts.cut(label)}
