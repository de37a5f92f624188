"""The compact copy for whoever approves: what is missing, every question with its answer, and the evidence.

Of the form only short texts are printed: no notes, no options that were not chosen, no empty rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import GREY, TextRun
from dgdesk.printing.survey.boxes import Named
from dgdesk.printing.survey.context import BAND, HEAD, INK, PrintContext
from dgdesk.printing.survey.evidence import index_place, passage_said, place_of
from dgdesk.printing.survey.kinds.choices import BOXES, CIRCLES
from dgdesk.printing.survey.kinds.lines import answer_runs, missing
from dgdesk.printing.survey.kinds.tables import items_in_order
from dgdesk.printing.survey.problem_list import problem_counts, where_and_what
from dgdesk.printing.survey.question_parts import field_place, heading, printed_code, unread
from dgdesk.printing.survey.sections import SurveyPart, section_place, sections_of
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from dgdesk.printing.ties import indented
from dgdesk.survey.answers.values import UnreadValue, has
from dgdesk.survey.definition.form import Node, option_address
from dgdesk.survey.definition.models import Option, Section
from dgdesk.survey.rules.places import shortened
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.text.breaks import thai_breaker

MISSING_PART: Final = "part-missing"
_LONGEST = 92  # characters of a question or an option; the full text is in the full print
_NESTED = 60  # the same of what an option opens
_GRID: Final = Grid((100,), padding=1.6, line=0.35)


def compact_parts(context: PrintContext) -> list[SurveyPart]:
    """The parts before the evidence, for the contents."""
    sections = [SurveyPart(section_place(section.id), section.title) for section in sections_of(context)]
    return [SurveyPart(MISSING_PART, context.say("print.compact.missing")), *sections]


def compact_blocks(context: PrintContext) -> Iterator[Block]:
    """What is missing, then the answers section by section."""
    yield from _missing(context)
    for section in sections_of(context):
        title = context.text(section.title, context.styles.page, keep=True)
        yield Named(title, section_place(section.id), context.prose(section.title), 0)
        rows = tuple(_rows(context, section))
        if rows:
            yield Table(_GRID, rows, cells="frame")


def _missing(context: PrintContext) -> Iterator[Block]:
    state = context.source.state
    assert state is not None
    words = context.say("print.compact.missing")
    yield Named(context.text(words, context.styles.page, keep=True), MISSING_PART, words, 0)
    wanted = context.choices.section
    problems = [one for one in state.problems if wanted in (None, context.form.node(one.address).section)]
    if not problems:
        yield context.text(context.say("print.problems.none"), context.styles.small)
        return
    yield context.text(problem_counts(context, problems), context.styles.small)
    head = row(
        *(context.text(context.say(f"print.problems.{name}"), context.styles.head) for name in ("where", "what")),
        fill=HEAD,
    )
    rows = (row(*where_and_what(context, one, context.styles.cell)) for one in problems)
    yield Table(Grid((50, 50), padding=1.6, line=0.35), tuple(rows), (head,))


def _rows(context: PrintContext, section: Section) -> Iterator[PrintRow]:
    for page in section.pages:
        for _, item in page.headed():
            yield from _question(context, context.form.position[item.id])


def _question(context: PrintContext, at: int) -> Iterator[PrintRow]:
    """The rows of an outer question: one, or a row for each part of a group, or for each row of a matrix."""
    if at in context.reasons:
        reason = context.text((TextRun(context.reasons[at], colour=GREY),), context.styles.cell)
        yield PrintRow((PrintCell((reason,)),))
    if not context.shown(at):
        return
    node = context.form.nodes[at]
    if node.kind == "matrix":
        yield PrintRow((PrintCell((_label(context, at),), fill=BAND),), keep_with_next=True)
        for blocks in _matrix(context, at):
            yield PrintRow((PrintCell(tuple(blocks)),))
    elif node.kind == "group":
        if heading(context, at):
            yield PrintRow((PrintCell((_label(context, at),), fill=BAND),), keep_with_next=True)
        for child in context.form.children(at):
            yield from _question(context, child)
    elif not _is_nested(context, at):
        line = context.text(_line(context, at, None, _LONGEST), context.styles.cell)
        yield row(_named(context, at, line))
    else:
        answers = (indented(block, context.styles.indent) for block in _answered(context, at))
        yield PrintRow((PrintCell((_label(context, at), *answers)),))


def _label(context: PrintContext, at: int) -> Block:
    return _named(context, at, context.text(_words(context, at), context.styles.cell))


def _named(context: PrintContext, at: int, block: Block) -> Block:
    """The block as the target of links to a question; an outer question has a bookmark."""
    text = "".join(run.text for run in _words(context, at))
    outer = context.form.nodes[at].parent < 0
    return Named(block, field_place(context.form.nodes[at].address), context.prose(text), 1 if outer and text else None)


def _words(
    context: PrintContext, at: int, owner_code: str | None = None, longest: int = _LONGEST
) -> tuple[TextRun, ...]:
    """The code of a question, and its text cut to ``longest`` characters."""
    field = context.form.nodes[at].field
    label = field.label if context.item_number is None else field.label.replace("{n}", str(context.item_number))
    runs = [TextRun(printed_code(field.code), bold=True)] if field.code and field.code != owner_code else []
    if text := _cut(label or (field.hint if not field.unit else ""), longest):
        runs.append(TextRun(f" {text}" if runs else text))
    return tuple(runs)


def _answered(context: PrintContext, at: int) -> Iterator[Block]:
    """The answer of a question, with all that it opens; never empty."""
    node = context.form.nodes[at]
    value = context.answer(at)
    style = context.styles.cell
    if node.kind == "repeat":
        for own, item in items_in_order(context, at):
            for child in context.form.children(item):
                yield from _asked(own, child)
            if node.field.evidence is not None:
                yield from _evidence(own, context.form.nodes[item].address, ())
    elif node.kind == "matrix":
        for blocks in _matrix(context, at):
            yield from blocks
    elif node.kind == "group":
        for child in context.form.children(at):
            yield from _asked(context, child)
    elif isinstance(value, UnreadValue):
        yield context.text(unread(context, value.text), style)
    elif node.kind in ("single", "multiple"):
        chosen = [option for option in node.field.options if value is not None and has(value, option.id)]
        if not chosen:
            yield context.text((missing(context, node.field),), style)
        for plain, options in groupby(chosen, lambda option: _is_plain(context, at, option)):
            if plain:
                runs = [run for option in options for run in (TextRun("  "), *_marked(context, node, option))]
                yield context.text(runs[1:], style)
                continue
            for option in options:
                yield from _option(context, at, option)
    else:
        yield context.text(_value(context, at), style)


def _value(context: PrintContext, at: int) -> tuple[TextRun, ...]:
    field, value = context.form.nodes[at].field, context.answer(at)
    if field.kind == "month_year" and isinstance(value, str):
        return (TextRun(context.month(value), colour=INK),)
    runs = answer_runs(context, field, value, field.unit)
    return tuple(TextRun(run.text, run.bold, run.colour or INK, run.size, run.link, run.typed) for run in runs)


def _is_plain(context: PrintContext, at: int, option: Option) -> bool:
    """Whether nothing belongs to an option but its name; such options share a line."""
    opened = any(context.form.nodes[child].gate == option.id for child in context.form.children(at))
    return not opened and option.evidence is None


def _marked(context: PrintContext, node: Node, option: Option) -> tuple[TextRun, ...]:
    """A chosen option."""
    words = " ".join(part for part in (option.code, option.label or option.hint) if part)
    sign = (CIRCLES if node.kind == "single" else BOXES)[1]
    return context.mark(sign, True, INK), TextRun(f" {_cut(words)}", colour=INK)


def _option(context: PrintContext, at: int, option: Option) -> Iterator[Block]:
    """A chosen option; the first thing that it opens is on its line, if that is a line itself."""
    node = context.form.nodes[at]
    opened = [child for child in context.form.children(at) if context.form.nodes[child].gate == option.id]
    runs = list(_marked(context, node, option))
    if opened and not _is_nested(context, opened[0]) and context.shown(opened[0]):
        runs += [TextRun(" "), *_line(context, opened.pop(0), option.code)]
    yield from _evidence(context, option_address(node.address, option.id), runs)
    for child in opened:
        for block in _asked(context, child, option.code):
            yield indented(block, context.styles.indent * 0.6)


def _asked(context: PrintContext, at: int, owner_code: str | None = None) -> Iterator[Block]:
    """A nested question: its words and, after them or below them, its answer."""
    if not context.shown(at):
        return
    if not _is_nested(context, at):
        yield context.text(_line(context, at, owner_code), context.styles.cell)
        return
    if words := _words(context, at, owner_code, _NESTED):
        yield context.text(words, context.styles.cell, keep=True)
    yield from _answered(context, at)


def _is_nested(context: PrintContext, at: int) -> bool:
    """Whether an answer takes lines of its own."""
    return context.form.nodes[at].kind in ("single", "multiple", "repeat", "matrix", "group")


def _line(context: PrintContext, at: int, owner_code: str | None, longest: int = _NESTED) -> list[TextRun]:
    """A question and its answer in one line."""
    words, value = _words(context, at, owner_code, longest), context.answer(at)
    stop = " " if words and words[-1].text.endswith((".", ":", ")")) else ": "
    lead = [*words, TextRun(stop)] if words else []
    return [*lead, *(unread(context, value.text) if isinstance(value, UnreadValue) else _value(context, at))]


def _matrix(context: PrintContext, at: int) -> Iterator[list[Block]]:
    """Every row that is asked: its words with what was chosen in it, and below that what the choice opens."""
    by_row: dict[str, list[int]] = {}
    for child in context.form.children(at):
        model = context.form.nodes[child].row
        if model is not None and context.shown(child):
            by_row.setdefault(model.id, []).append(child)
    for model in context.form.nodes[at].field.rows:
        places = by_row.get(model.id, [])
        if model.header or not places:
            continue
        if len(places) == 1:
            yield list(_cell(context, places[0], [TextRun(f"{_cut(model.label)} – ")]))
            continue
        cells = [
            indented(block, context.styles.indent * 0.6) for place in places for block in _cell(context, place, [])
        ]
        yield [context.text(_cut(model.label), context.styles.cell), *cells]


def _cell(context: PrintContext, at: int, lead: list[TextRun]) -> Iterator[Block]:
    node, value = context.form.nodes[at], context.answer(at)
    group = next((one.label for one in node.field.groups if one.id == node.group), "")
    if group:
        lead = [*lead, TextRun(f"{group.partition(' ')[0] if group.startswith('(') else group} ")]
    if isinstance(value, UnreadValue):
        yield context.text((*lead, *unread(context, value.text)), context.styles.cell)
    elif not isinstance(value, str):
        yield context.text((*lead, missing(context, node.field)), context.styles.cell)
    else:
        runs = [*lead, TextRun(_column(node, value), colour=INK)]
        yield from _evidence(context, option_address(node.address, value), runs)
    for child in context.form.children(at):
        for block in _asked(context, child):
            yield indented(block, context.styles.indent * 0.6)


def _column(node: Node, column: str) -> str:
    return next((one.label for one in node.field.columns if one.id == column), column)


def _evidence(context: PrintContext, slot_id: str, lead: Sequence[TextRun]) -> Iterator[Block]:
    """``lead`` and the numbers of the files at a slot, each with the pages of its key passage; or that one is missing.

    A number leads to the list of evidence.
    """
    state, slot = context.source.state, context.form.slots.get(slot_id)
    style = context.styles.cell
    if state is None or slot is None or not asks_for_evidence(context.form, state.facts.answers, state.shown, slot):
        if lead:
            yield context.text(lead, style)
        return
    files = state.facts.evidence.get(slot_id, ())
    runs = [*lead]
    for one in files:
        number = context.source.numbers.get(one.sha256, "")
        link = f"#{index_place(number)}" if number and context.choices.section is None else ""
        runs += [TextRun(f" · {number}" if runs else number, bold=True, link=link)]
        runs.append(TextRun(f" {passage_said(context, one)}"))
    code = {"required": "print.evidence.missing", "or_url": "print.evidence.or_url"}.get(slot.rule)
    if not files and code is not None:
        runs.append(TextRun(f" · {context.say(code)}" if runs else context.say(code), bold=True))
    if not runs:
        return
    block = context.text(runs, style)
    if files:
        context.anchored.add(slot_id)
        block = Named(block, place_of(slot_id))
    yield block


def _cut(text: str, longest: int = _LONGEST) -> str:
    """A text of at most ``longest`` characters; a longer one ends with "…" after a word."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    kept = ""
    for word in thai_breaker().segments(text):
        if len(kept) + len(word) >= longest:
            break
        kept += word
    return f"{kept.rstrip()}…" if kept else shortened(text, longest)
