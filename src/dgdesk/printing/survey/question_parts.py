"""Parts of a printed question that all kinds share: nested questions, reasons for a skip, unused items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.context import PrintContext
from dgdesk.printing.ties import indented
from dgdesk.survey.definition.form import Form, option_of
from dgdesk.survey.definition.models import Field, Note, NoteKind
from dgdesk.survey.definition.texts import joined
from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.relevance import HiddenReason, codes_between, reasons, why_hidden
from dgdesk.survey.rules.state import State
from dgdesk.text.messages import Catalogue


class Ask(Protocol):
    """Gives the blocks of a nested question; ``outer`` gives it the style of an outer question."""

    def __call__(
        self, context: PrintContext, at: int, *, outer: bool = False, owner_code: str | None = None
    ) -> Iterator[Block]:
        """The blocks of the node at ``at``."""
        ...


class PrintedQuestion(NamedTuple):
    """The question to print: its position, its heading and the style of that, and how nested questions are printed."""

    at: int
    label: tuple[TextRun, ...]
    style: ParagraphStyle
    ask: Ask


def field_place(address: str) -> str:
    """The link target of a question."""
    return f"field-{address}"


def printed_code(code: str) -> str:
    """Return a question's code as the form prints it: one without a point in it ends with one ("G1.")."""
    return code if "." in code else f"{code}."


def heading_style(context: PrintContext, outer: bool, depth: int) -> ParagraphStyle:
    """The style of a question's text; ``outer`` for one that looks as if it were not nested in ``depth`` others."""
    if not outer:
        return context.styles.label
    style = context.styles.question
    return style._replace(rank=style.rank + depth) if depth else style


def heading(context: PrintContext, at: int, owner_code: str | None = None) -> tuple[TextRun, ...]:
    """Code, label and hint as printed; empty if the question has none of them. ``owner_code`` is not repeated."""
    field = context.form.nodes[at].field
    label = field.label if context.item_number is None else field.label.replace("{n}", str(context.item_number))
    code = field.code if field.code != owner_code else None
    parts = [TextRun(printed_code(code), bold=True)] if code else []
    if text := joined(label, field.hint if not field.unit else ""):
        parts.append(TextRun(f" {text}" if parts else text))
    return tuple(parts)


def notes(
    context: PrintContext, these: Iterable[Note], left: float = 0.0, asked: ParagraphStyle | None = None
) -> Iterator[Block]:
    """Those notes that are printed, each in the style of its kind; their items are indented further.

    ``asked`` is the style of what continues the question; by default that of a follow-up question.
    """
    yield from _notes(context, context.choices.printed_notes(these), left, asked or context.styles.label)


def _notes(context: PrintContext, these: Iterable[Note], left: float, asked: ParagraphStyle) -> Iterator[Block]:
    for note in these:
        style = _style_of(context, note.kind, asked)
        runs = [TextRun(note.label, bold=True)] if note.label else []
        if note.text:
            runs.append(TextRun(f" {note.text}" if runs else note.text, bold=style.bold))
        if runs:
            keep = (bool(note.items) and not note.text) or note.kind == "heading"
            yield indented(context.text(runs, style, keep=keep), left)
        inside = left + (context.styles.indent * 0.8 if runs else 0.0)
        yield from _notes(context, note.items, inside, asked)


def _style_of(context: PrintContext, kind: NoteKind, asked: ParagraphStyle) -> ParagraphStyle:
    """Remarks and examples are small and pale; what continues the question has its style."""
    styles = context.styles
    match kind:
        case "heading":
            return styles.head
        case "question":
            return asked
        case "definition" | "instruction":
            return styles.rule
    return styles.note


def unread(context: PrintContext, text: str) -> tuple[TextRun, ...]:
    """Typed text that is not an answer of the kind that is asked, marked as such."""
    return TextRun(text, typed=True), TextRun(
        f"  ({context.say('print.unread')})", colour=context.styles.small.colour, size=context.styles.small.size
    )


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
    return {reason.first: _reason_text(form, catalogue, reason) for reason in found}


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


def _reason_text(form: Form, catalogue: Catalogue, reason: HiddenReason) -> str:
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


_MARKS = {"single": "○ ", "multiple": "☐ "}


def unused_text(context: PrintContext, at: int) -> str:
    """The texts of a field and all inside it, in printed order."""
    return "   ".join(_texts(context, context.form.nodes[at].field))


def _texts(context: PrintContext, field: Field, owner_code: str | None = None) -> Iterator[str]:
    label = field.label if context.item_number is None else field.label.replace("{n}", str(context.item_number))
    code = field.code if field.code != owner_code else None
    if text := joined(code and printed_code(code), label, field.hint if not field.unit else ""):
        yield text
    if field.unit:
        yield joined(field.unit, field.hint)
    yield from field.blanks
    for child in field.fields:
        yield from _texts(context, child)
    for option in field.options:
        yield _MARKS.get(field.kind, "") + joined(option.code, option.label, option.hint)
        if option.evidence is not None and option.evidence.at == "label":
            yield option.evidence.text
        for child in option.fields:
            yield from _texts(context, child, option.code)
        if option.evidence is not None and option.evidence.at == "end":
            yield option.evidence.text
        if option.skip is not None:
            yield option.skip.text
