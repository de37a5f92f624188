"""Printing, kinds: options with their marks, drawn as vectors, what they ask for, and what they open."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.answers.values import Unread, has
from dgdesk.definition.form import option_address
from dgdesk.definition.models import EvidenceRequest, Option
from dgdesk.definition.texts import joined
from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import Run
from dgdesk.printing.survey.asking import Ask, notes, unread
from dgdesk.printing.survey.boxes import Band, Columns, indented
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.kinds.line import missing
from dgdesk.printing.survey.looks import INK

_MANY = 15  # more options than this, with nothing but a name, stand in columns
_COLUMNS = 5


def blocks(desk: Desk, at: int, ask: Ask, marks: tuple[str, str]) -> Iterator[Block]:
    """The options of the question at ``at``; ``marks`` are the signs of one not chosen and of one chosen."""
    node = desk.form.nodes[at]
    value = desk.answer(at)
    if isinstance(value, Unread):
        yield Band((desk.text(unread(desk, value.text), desk.looks.answer),))
    if desk.choices.variant == "answers" and value is None and not desk.grey:
        yield Band((desk.text((missing(desk, node.field),), desk.looks.answer),))
    chosen = {option.id: value is not None and has(value, option.id) for option in node.field.options}
    if len(chosen) > _MANY and all(_plain(option) for option in node.field.options):
        yield from _in_columns(desk, at, chosen, marks)
        return
    follow_ups: dict[str | None, list[int]] = {}
    for child in desk.form.children(at):
        follow_ups.setdefault(desk.form.nodes[child].gate, []).append(child)
    for option in node.field.options:
        if chosen[option.id] or desk.choices.variant != "answers":
            yield from _option(desk, at, option, chosen[option.id], marks, follow_ups.get(option.id, []), ask)


def _option(
    desk: Desk, at: int, option: Option, chosen: bool, marks: tuple[str, str], follow_ups: list[int], ask: Ask
) -> Iterator[Block]:
    left = desk.looks.indent
    below: list[Block] = [*notes(desk, option.notes)]
    for child in follow_ups:
        below += ask(desk, child, owner_code=option.code)
    if option.evidence is not None and option.evidence.at == "end":
        own = desk if chosen or desk.blank else desk.greyed
        below.append(own.text(option.evidence.text, desk.looks.label, keep=chosen and not desk.blank))
    if option.evidence is not None and chosen:
        below += attached(desk, option_address(desk.form.nodes[at].address, option.id))
    yield _line(desk, option, chosen, marks, keep=bool(below))
    for block in below:
        yield indented(block, left)


def _line(desk: Desk, option: Option, chosen: bool, marks: tuple[str, str], keep: bool) -> Block:
    words = joined(option.code, option.label, option.hint)
    runs = [Run(words, bold=True, colour=INK) if chosen else Run(words)]
    if _beside(option.evidence):
        runs.append(Run(f" {option.evidence.text}" if option.evidence else ""))
    if option.skip is not None:
        runs.append(Run(f" {option.skip.text}"))
    if option.own:
        runs.append(Run(f" ({desk.say('print.own_option')})", size=desk.looks.note.size))
    label = Run(marks[chosen], colour=INK if chosen else None)
    return desk.text(runs, desk.looks.option, label=label, keep=keep)


def _in_columns(desk: Desk, at: int, chosen: dict[str, bool], marks: tuple[str, str]) -> Iterator[Block]:
    options = desk.form.nodes[at].field.options
    if not desk.choices.whole_form:
        names = [option.label for option in options if chosen[option.id]]
        if names:
            yield Band((desk.text(", ".join(names), desk.looks.answer),))
        return
    small = desk.looks.style(8.2, before=0)
    hang = small.size * 1.5
    cells = [
        Paragraph(
            desk.setter,
            (Run(option.label, bold=chosen[option.id], colour=INK if chosen[option.id] else None),),
            type(small)(small.size, hang=hang),
            label=Run(marks[chosen[option.id]], colour=INK if chosen[option.id] else None),
        )
        for option in options
    ]
    yield Columns(cells, _COLUMNS)


def _plain(option: Option) -> bool:
    return not (option.fields or option.evidence or option.notes or option.skip or option.code or option.hint)


def _beside(request: EvidenceRequest | None) -> bool:
    return request is not None and request.at == "label"
