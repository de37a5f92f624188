"""Evidence in print: where it is asked for, the numbers of the files, and the index at the end."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band, Named
from dgdesk.printing.survey.context import HEAD, PrintContext
from dgdesk.printing.tables import Grid, PrintRow, Table, row
from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.places import full_name
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.state import State


def file_numbers(form: Form, state: State) -> dict[str, str]:
    """The number of every submitted file (``E0001``) by SHA-256, in the order of the slots: as in the bundle."""
    numbers: dict[str, str] = {}
    for _, attachment in handed_in(form, state):
        if attachment.sha256 not in numbers:
            numbers[attachment.sha256] = f"E{len(numbers) + 1:04d}"
    return numbers


def handed_in(form: Form, state: State) -> Iterator[tuple[str, Attachment]]:
    """Every attachment of an open evidence slot, with the slot's id, in printed order."""
    for slot in form.slots.values():
        if asks_for_evidence(form, state.facts.answers, state.shown, slot):
            for attachment in state.facts.evidence.get(slot.id, ()):
                yield slot.id, attachment


def place_of(slot: str) -> str:
    """The link target of an evidence slot."""
    return f"at-{slot}"


def index_place(number: str) -> str:
    """The link target of a file in the index."""
    return f"file-{number}"


def attached(context: PrintContext, slot_id: str, lead: str = "") -> Iterator[Block]:
    """The files attached at an open slot, or a remark that they are missing; nothing on a form to be filled in by hand.

    ``lead`` is printed first: it says to which question of a table row the slot belongs.
    """
    state = context.source.state
    if context.blank or state is None:
        return
    slot = context.form.slots[slot_id]
    if not asks_for_evidence(context.form, state.facts.answers, state.shown, slot):
        return
    style = context.styles.small
    files = state.facts.evidence.get(slot_id, ())
    if not files:
        code = {"required": "print.evidence.missing", "or_url": "print.evidence.or_url"}.get(slot.rule)
        if code is not None:
            yield Band((context.text(f"{lead} {context.say(code)}".strip(), style),), tint=None)
        return
    context.anchored.add(slot_id)
    blocks = [block for one in files for block in _file(context, one, lead)]
    yield Named(Band(blocks), place_of(slot_id))


def index(context: PrintContext) -> Iterator[Block]:
    """All submitted files: number, name, size, links to the slots where they are attached, the key passage at each."""
    state = context.source.state
    if state is None:
        return
    files: dict[str, list[tuple[str, Attachment]]] = {}
    for slot, attachment in handed_in(context.form, state):
        files.setdefault(attachment.sha256, []).append((slot, attachment))
    if not files:
        yield context.text(context.say("print.evidence.none"), context.styles.label)
        return
    head = row(
        *(
            context.text(context.say(f"print.index.{name}"), context.styles.head)
            for name in ("number", "file", "places")
        ),
        fill=HEAD,
    )
    rows = [_index_row(context, attached) for attached in files.values()]
    yield Table(Grid((9, 63, 28), padding=1.6), tuple(rows), (head,))


def _index_row(context: PrintContext, attached: list[tuple[str, Attachment]]) -> PrintRow:
    one = attached[0][1]
    number, cell = context.source.numbers[one.sha256], context.styles.cell
    places = [context.text(_index_place(context, slot, there), cell) for slot, there in attached]
    # Groups of eight hex digits can be compared by eye.
    digest = " ".join(one.sha256[at : at + 8] for at in range(0, len(one.sha256), 8))
    name = (TextRun(one.name), TextRun(f"  {_size(context, one.size)}", size=context.styles.note.size))
    file_cell = Group((context.text(name, cell), context.text(f"SHA-256 {digest}", context.styles.style(7))), keep=True)
    return row((Named(context.text(number, cell), index_place(number)),), (file_cell,), tuple(places))


def _index_place(context: PrintContext, slot: str, one: Attachment) -> tuple[TextRun, ...]:
    """Return the code of a slot, and how the key passage of the file is marked there."""
    address = context.form.nodes[context.form.slots[slot].node].address
    link = f"#{place_of(slot)}" if slot in context.anchored else ""
    code = TextRun(
        full_code(context.form, address) or full_name(context.form, address, None, context.answers).words(), link=link
    )
    return code, TextRun(f" {passage_said(context, one)}", size=context.styles.note.size)


def passage_said(context: PrintContext, one: Attachment) -> str:
    """Return in a few words how a file's key passage is marked: "whole file", its pages, in words, or not at all."""
    if not one.marked:
        return context.say("print.index.unmarked")
    if one.whole:
        return context.say("print.index.whole")
    pages = pages_of(one)
    return _pages_said(context, pages) if pages else context.say("print.index.in_words")


def _pages_said(context: PrintContext, pages: str) -> str:
    said = f"({pages})" if "หน้า" in pages else context.say("print.evidence.pages", pages=pages)
    return context.digits(said)


def _file(context: PrintContext, one: Attachment, lead: str) -> Iterator[Block]:
    style = context.styles.small
    number = context.source.numbers.get(one.sha256, "")
    link = f"#{index_place(number)}" if number and context.choices.section is None else ""
    runs = [TextRun(f"{lead} ")] if lead else []
    runs += [TextRun(number, bold=True, link=link), TextRun(f"  {one.name}")]
    if pages := pages_of(one):
        runs.append(TextRun(f"  {_pages_said(context, pages)}"))
    yield Paragraph(context.setter, runs, style, keep_with_next=bool(one.passages or one.marks or one.whole))
    if one.whole:
        yield context.text(context.say("print.evidence.whole"), style)
    if one.passages:
        yield context.text(context.say("print.evidence.passage", text=one.passages), style)
    for mark in one.marks:
        words = " – ".join(part for part in (mark.note, f"“{mark.text}”" if mark.text else "") if part)
        if words and words != one.passages:
            yield context.text(
                context.say("print.evidence.mark", page=context.digits(str(mark.page)), text=words), style
            )
    if one.marks and one.inspected is not None and one.inspected.signed:
        yield context.text(context.say("print.evidence.unsigned"), style)
    if not one.marked:
        yield context.text(context.say("print.evidence.unmarked"), style)


def _size(context: PrintContext, size: int) -> str:
    for unit, step in (("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= step:
            return f"{context.digits(f'{size / step:.1f}')} {unit}"
    return f"{context.number(size)} B"
