"""Evidence in print: where it is asked for, the numbers of the files, and the index at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import BASELINE, Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Drawn, Named
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
    """All submitted files, a line for each place of one: number, name, short digest, question, key passage, page.

    The page is that of the print on which the file is used; it is known when the index is drawn, after all of them.
    """
    state = context.source.state
    if state is None:
        return
    files: dict[str, list[tuple[str, Attachment]]] = {}
    for slot, attachment in handed_in(context.form, state):
        files.setdefault(attachment.sha256, []).append((slot, attachment))
    if not files:
        yield context.text(context.say("print.evidence.none"), context.styles.label)
        return
    names = ("number", "file", "digest", "places", "passage", "page")
    head = row(*(context.text(context.say(f"print.index.{name}"), context.styles.head) for name in names), fill=HEAD)
    rows = [one for attached in files.values() for one in _index_rows(context, attached)]
    yield Table(Grid(_INDEX, padding=1.2), tuple(rows), (head,))


_INDEX: Final = (8, 36, 18, 14, 15, 9)  # shares of the width


def _index_rows(context: PrintContext, attached: list[tuple[str, Attachment]]) -> Iterator[PrintRow]:
    cell, small = context.styles.cell, context.styles.style(7.6)
    for at, (slot, there) in enumerate(attached):
        number = context.source.numbers[there.sha256]
        first: tuple[tuple[Block, ...], ...] = ((), (), ())
        if at == 0:
            digest = TextRun(_short_digest(there.sha256), typed=True)
            first = (
                (Named(context.text(number, cell), index_place(number)),),
                (context.text((TextRun(there.name, typed=True),), cell),),
                (context.text((digest,), small),),
            )
        place = context.text((_index_place(context, slot),), cell)
        passage = context.text(passage_said(context, there), small)
        yield row(*first, (place,), (passage,), (_page_of(context, slot, cell),), keep_with_next=at + 1 < len(attached))


def _short_digest(digest: str) -> str:
    """Sixteen hex digits in groups of four: enough to tell two files apart by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _index_place(context: PrintContext, slot: str) -> TextRun:
    """The code of a slot, or its name where it has none; it leads to the place."""
    address = context.form.nodes[context.form.slots[slot].node].address
    link = f"#{place_of(slot)}" if slot in context.anchored else ""
    words = full_code(context.form, address) or full_name(context.form, address, None, context.answers).words()
    return TextRun(words, link=link)


def _page_of(context: PrintContext, slot: str, style: ParagraphStyle) -> Block:
    """The number of the page on which a slot was printed, at the right; empty if it was not."""

    def paint(pen: Pen, x: float, top: float, width: float) -> None:
        page = pen.places.get(place_of(slot))
        if page is not None:
            words = context.digits(str(page))
            piece = pen.piece(words, style.size)
            at = x + width - piece.width
            pen.line(at, top - style.line_height * BASELINE, (piece._replace(link=f"#{place_of(slot)}"),))

    return Drawn(style.line_height, paint, None)


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
    runs += [TextRun(number, bold=True, link=link), TextRun(f"  {one.name}", typed=True)]
    if pages := pages_of(one):
        runs.append(TextRun(f"  {_pages_said(context, pages)}"))
    yield Paragraph(context.setter, runs, style, keep_with_next=bool(one.passages or one.marks or one.whole))
    if one.whole:
        yield context.text(context.say("print.evidence.whole"), style)
    if one.passages:
        yield context.text(_with_typed(context, "print.evidence.passage", one.passages), style)
    for mark in one.marks:
        words = " – ".join(part for part in (mark.note, f"“{mark.text}”" if mark.text else "") if part)
        if words and words != one.passages:
            page = context.digits(str(mark.page))
            yield context.text(_with_typed(context, "print.evidence.mark", words, page=page), style)
    if one.marks and one.inspected is not None and one.inspected.signed:
        yield context.text(context.say("print.evidence.unsigned"), style)
    if not one.marked:
        yield context.text(context.say("print.evidence.unmarked"), style)


def _with_typed(context: PrintContext, code: str, typed: str, **values: str) -> tuple[TextRun, ...]:
    """A text of the program that ends with what a person typed."""
    return TextRun(context.say(code, text="", **values)), TextRun(typed, typed=True)
