"""Printing, survey: evidence where it is asked for, the numbers of the files, and the index at the end."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.answers.evidence import Attachment, pages_of
from dgdesk.definition.form import Form
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import Run
from dgdesk.printing.survey.boxes import Band, Named
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import HEAD
from dgdesk.printing.tables import Grid, Table, TableRow, row
from dgdesk.rules.places import full_code
from dgdesk.rules.problems import asks_for_evidence
from dgdesk.rules.state import State


def file_numbers(form: Form, state: State) -> dict[str, str]:
    """The number of every file handed in (``E0001``) by SHA-256, in the order of the places: as in the bundle."""
    numbers: dict[str, str] = {}
    for _, attachment in handed_in(form, state):
        if attachment.sha256 not in numbers:
            numbers[attachment.sha256] = f"E{len(numbers) + 1:04d}"
    return numbers


def handed_in(form: Form, state: State) -> Iterator[tuple[str, Attachment]]:
    """Every place that is open, with each of its files, in printed order."""
    for slot in form.slots.values():
        if asks_for_evidence(form, state.facts.answers, state.shown, slot):
            for attachment in state.facts.evidence.get(slot.id, ()):
                yield slot.id, attachment


def place_of(slot: str) -> str:
    """The name of the place on paper where evidence is asked for."""
    return f"at-{slot}"


def index_place(number: str) -> str:
    """The name of the file's place in the index."""
    return f"file-{number}"


def attached(desk: Desk, slot_id: str, lead: str = "") -> Iterator[Block]:
    """What is attached at an open place, or that it is missing; nothing on a form for handwriting.

    ``lead`` stands before it: which of a row's questions it belongs to.
    """
    state = desk.source.state
    if desk.blank or state is None:
        return
    slot = desk.form.slots[slot_id]
    if not asks_for_evidence(desk.form, state.facts.answers, state.shown, slot):
        return
    style = desk.looks.small
    files = state.facts.evidence.get(slot_id, ())
    if not files:
        code = {"required": "print.evidence.missing", "or_url": "print.evidence.or_url"}.get(slot.rule)
        if code is not None:
            yield Band((desk.text(f"{lead} {desk.say(code)}".strip(), style),), tint=None)
        return
    desk.anchored.add(slot_id)
    blocks = [block for one in files for block in _file(desk, one, lead)]
    yield Named(Band(blocks), place_of(slot_id))


def index(desk: Desk) -> Iterator[Block]:
    """All files handed in: number, name, size, where they belong; with a link to each place."""
    state = desk.source.state
    if state is None:
        return
    files: dict[str, Attachment] = {}
    places: dict[str, list[str]] = {}
    for slot, attachment in handed_in(desk.form, state):
        files.setdefault(attachment.sha256, attachment)
        places.setdefault(attachment.sha256, []).append(slot)
    if not files:
        yield desk.text(desk.say("print.evidence.none"), desk.looks.label)
        return
    head = row(
        *(desk.text(desk.say(f"print.index.{name}"), desk.looks.head) for name in ("number", "file", "places")),
        fill=HEAD,
    )
    rows = [_index_row(desk, one, places[sha256]) for sha256, one in files.items()]
    yield Table(Grid((9, 71, 20), padding=1.6), tuple(rows), (head,))


def _index_row(desk: Desk, one: Attachment, slots: list[str]) -> TableRow:
    number, cell = desk.source.numbers[one.sha256], desk.looks.cell
    known = [slot for slot in slots if slot in desk.anchored]
    runs: list[Run] = []
    for slot in slots:
        address = desk.form.nodes[desk.form.slots[slot].node].address
        link = f"#{place_of(slot)}" if slot in known else ""
        runs += [Run(", ")] if runs else []
        runs.append(Run(full_code(desk.form, address) or address, link=link))
    # Hex digits in eights: they can be compared by eye.
    digest = " ".join(one.sha256[at : at + 8] for at in range(0, len(one.sha256), 8))
    name = (Run(one.name), Run(f"  {_size(desk, one.size)}", size=desk.looks.note.size))
    file_cell = Group((desk.text(name, cell), desk.text(f"SHA-256 {digest}", desk.looks.style(7))), keep=True)
    return row((Named(desk.text(number, cell), index_place(number)),), (file_cell,), (desk.text(runs, cell),))


def _file(desk: Desk, one: Attachment, lead: str) -> Iterator[Block]:
    style = desk.looks.small
    number = desk.source.numbers.get(one.sha256, "")
    link = f"#{index_place(number)}" if number and desk.choices.section is None else ""
    runs = [Run(f"{lead} ")] if lead else []
    runs += [Run(number, bold=True, link=link), Run(f"  {one.name}")]
    if pages := pages_of(one):
        said = f"({pages})" if "หน้า" in pages else desk.say("print.evidence.pages", pages=pages)
        runs.append(Run(f"  {desk.digits(said)}"))
    yield Paragraph(desk.setter, runs, style, keep_with_next=bool(one.passages or one.marks))
    if one.passages:
        yield desk.text(desk.say("print.evidence.passage", text=one.passages), style)
    for mark in one.marks:
        words = " – ".join(part for part in (mark.note, f"“{mark.text}”" if mark.text else "") if part)
        if words and words != one.passages:
            yield desk.text(desk.say("print.evidence.mark", page=desk.digits(str(mark.page)), text=words), style)
    if not one.marked:
        yield desk.text(desk.say("print.evidence.unmarked"), style)


def _size(desk: Desk, size: int) -> str:
    for unit, step in (("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= step:
            return f"{desk.digits(f'{size / step:.1f}')} {unit}"
    return f"{desk.number(size)} B"
