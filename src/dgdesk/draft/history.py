"""The journal as steps that a person can read, and what it takes to restore an earlier value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

from dgdesk.draft.changes import EXTERNAL, FLAG
from dgdesk.draft.file.model import ChangeRecord, Edit, StateKey
from dgdesk.draft.file.ranks import rank_of, without_rank
from dgdesk.draft.signatories import SIGNING, key_words
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json
from dgdesk.survey.answers.marks import page_list
from dgdesk.survey.answers.reading import decode
from dgdesk.survey.answers.values import Answers, Json, UnreadValue, Value
from dgdesk.survey.definition.form import Form, Node, in_item, option_of
from dgdesk.survey.rules.numbering import number_now
from dgdesk.survey.rules.places import PlaceName, full_name, shortened, slot_name
from dgdesk.text.dates import format_month_year

Say = Callable[..., str]
"""Returns the sentence of a message code, with values filled in."""
ChangeOrigin = Literal["done", "undone", "redone"]
ACTIONS: Final = frozenset(
    {
        *("answer", "attach", "detach", "mark", "remove_item", "move_item", "external", "restore", "compact"),
        *("repair", "lost", "arrange", "flag", "signing"),
    }
)
"""Actions that have words of their own in the catalogue."""
_BRIEF = 28
"""Most characters of a place's words in a tooltip or an echo."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """The value of one field, or the attachments that a step changed at one slot, before and after it, as text
    (empty: no value).

    ``address`` is the field to jump to, None if the form does not have it; ``where`` is its full name.
    """

    edits: tuple[Edit, ...]
    address: str | None
    where: str
    old: str
    new: str

    @property
    def slot(self) -> str:
        """The evidence slot; empty for an answer."""
        return self.edits[0].target if self.edits[0].kind == "attachment" else ""


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One entry of the journal as text: who, when, by which action, what. ``origin``: done, undone or redone."""

    number: int
    at: datetime
    who: str
    action: str
    origin: ChangeOrigin
    lines: tuple[HistoryLine, ...]


def steps(
    form: Form,
    answers: Answers,
    records: Iterable[ChangeRecord],
    say: Say,
    targets: frozenset[str] | None = None,
) -> list[HistoryStep]:
    """Return records of the journal as steps; with ``targets`` only the edits of those.

    Items have the numbers that they have with ``answers``, which are the present ones: a step then leads to the item
    that has its number. Of an item that is not there any more it is said that it was removed.
    """
    found = []
    for record in records:
        edits = [edit for edit in record.edits if targets is None or edit.target in targets]
        if edits or targets is None:
            origin: ChangeOrigin = "undone" if record.undoes else "redone" if record.redoes else "done"
            lines = tuple(_line(form, answers, together, say) for together in _by_place(edits))
            found.append(HistoryStep(record.number, record.at, record.who, record.action, origin, lines))
    return found


def action_in_words(step: HistoryStep, say: Say) -> str:
    """Return what a step did, and whether it was undone or done again later."""
    words = _action(step, say)
    return words if step.origin == "done" else f"{say(f'ui.history.{step.origin}')} ({words})"


def step_in_brief(form: Form, answers: Answers, step: HistoryStep, say: Say) -> str:
    """Return what a step did, and where, in a few words ("answered G1"): for what undo and redo would change."""
    words = _action(step, say)
    if not step.lines:
        return words
    first = step.lines[0]
    brief = say("ui.history.brief", action=words, where=_place_in_brief(form, answers, first, say))
    return say("ui.history.brief_more", brief=brief, count=len(step.lines) - 1) if len(step.lines) > 1 else brief


def _action(step: HistoryStep, say: Say) -> str:
    return say(f"ui.history.action.{step.action if step.action in ACTIONS else 'other'}")


def _place_in_brief(form: Form, answers: Answers, line: HistoryLine, say: Say) -> str:
    """Return a place by its code; one without a code of its own by its words too."""
    if line.address is None:
        return shortened(line.where, _BRIEF)
    name = full_name(form, line.address, None, answers)
    if name.code and form.node(line.address).code is not None and not name.removed:
        return name.code
    return name.line(longest=_BRIEF, removed=say("ui.history.item_removed"))


def targets_of(form: Form, address: str) -> frozenset[str]:
    """Return the journal's targets for a question: answers in it, their flags, and its evidence slots."""
    at = form.position[address]
    inside = form.nodes[at : form.nodes[at].end]
    addresses = frozenset(node.address for node in inside)
    return addresses | {FLAG + one for one in addresses} | {slot.id for node in inside for slot in node.slots}


def values_before(step: HistoryStep) -> dict[StateKey, Json]:
    """Return what was stored before a step, of all that it changed: the argument of `FormSession.restore`."""
    return {edit.key: edit.old for line in reversed(step.lines) for edit in reversed(line.edits)}


def values_after(step: HistoryStep) -> dict[StateKey, Json]:
    """Return what was stored after a step, of all that it changed."""
    return {edit.key: edit.new for line in step.lines for edit in line.edits}


def differs(wanted: Mapping[StateKey, Json], stored: Mapping[StateKey, Json]) -> bool:
    """Tell whether restoring would change anything."""
    return any(
        (without_rank(value) or None) != (without_rank(stored.get(key)) or None) for key, value in wanted.items()
    )


ReadRecords = Callable[[int, int | None], tuple[ChangeRecord, ...]]
"""Returns a number of records, newest first, below a number: `DraftFile.history`."""
_PIECE = 500


@dataclass(frozen=True, slots=True)
class PageChanges:
    """What is different on one page, in printed order. ``page`` is empty for what is on no page."""

    page: str
    lines: tuple[HistoryLine, ...]


def edits_since(read: ReadRecords, number: int) -> tuple[Edit, ...]:
    """Return what is different now from when entry ``number`` was the last: one edit for each value, first to last.

    What was changed and changed back is no difference, nor is the order of the files of a slot.
    """
    records: list[ChangeRecord] = []
    while piece := read(_PIECE, records[-1].number if records else None):
        records += [record for record in piece if record.number > number]
        if piece[-1].number <= number:
            break
    net: dict[StateKey, Edit] = {}
    for record in reversed(records):
        for edit in record.edits:
            known = net.get(edit.key)
            net[edit.key] = edit if known is None else known._replace(new=edit.new)
    return tuple(one for one in net.values() if (without_rank(one.old) or None) != (without_rank(one.new) or None))


def by_page(form: Form, answers: Answers, edits: Iterable[Edit], say: Say) -> tuple[PageChanges, ...]:
    """Return differences in words, by page in printed order; what is on no page comes last.

    ``answers`` are the present ones, by which items of repeats have their numbers.
    """
    pages = {page: at for at, page in enumerate(form.pages)}
    ordered = sorted(edits, key=lambda edit: (_place_of(form, edit), edit.kind, edit.target))
    lines = [_line(form, answers, together, say) for together in _by_place(ordered)]
    found: dict[str, list[HistoryLine]] = {}
    for line in lines:
        page = form.node(line.address).page if line.address is not None else ""
        found.setdefault(page, []).append(line)
    order = sorted(found, key=lambda page: pages.get(page, len(pages)))
    return tuple(PageChanges(page, tuple(found[page])) for page in order)


def _place_of(form: Form, edit: Edit) -> int:
    if edit.kind == "attachment":
        slot = form.slots.get(edit.target)
        return slot.node if slot is not None else len(form.nodes)
    return form.position.get(edit.target.removeprefix(FLAG), len(form.nodes))


def _by_place(edits: Iterable[Edit]) -> Iterator[tuple[Edit, ...]]:
    """Yield edits in their order; those of the attachments of one slot, where they follow each other, together."""
    for (kind, _), together in groupby(edits, key=lambda edit: (edit.kind, edit.target)):
        if kind == "attachment":
            yield tuple(together)
        else:
            for edit in together:
                yield (edit,)


def _line(form: Form, answers: Answers, edits: tuple[Edit, ...], say: Say) -> HistoryLine:
    edit = edits[0]
    if edit.kind == "attachment":
        return _evidence_line(form, answers, edits, say)
    if edit.target.startswith(EXTERNAL):
        where = say("ui.history.external", indicator=edit.target.removeprefix(EXTERNAL))
        return HistoryLine(edits, None, where, _plain(edit.old), _plain(edit.new))
    if edit.target.startswith(SIGNING):
        where = say("ui.history.signing", what=key_words(form, edit.target.removeprefix(SIGNING), say))
        return HistoryLine(edits, None, where, _cut(_plain(edit.old)), _cut(_plain(edit.new)))
    if edit.target.startswith(FLAG):
        return _flag_line(form, answers, edit, say)
    at = form.position.get(edit.target)
    if at is None:
        return HistoryLine(edits, None, edit.target, _plain(edit.old), _plain(edit.new))
    node = form.nodes[at]
    words = (value_in_words(form, answers, node, decode(node, stored), say) for stored in (edit.old, edit.new))
    return HistoryLine(edits, node.address, _where(full_name(form, node.address, None, answers), say), *words)


def _flag_line(form: Form, answers: Answers, edit: Edit, say: Say) -> HistoryLine:
    address = edit.target.removeprefix(FLAG)
    where = say("ui.history.flag", where=_where(full_name(form, address, None, answers), say))
    old, new = (
        _cut(stored) or say("ui.history.flagged") if isinstance(stored, str) else _plain(stored)
        for stored in (edit.old, edit.new)
    )
    return HistoryLine((edit,), address if address in form.position else None, where, old, new)


def _evidence_line(form: Form, answers: Answers, edits: tuple[Edit, ...], say: Say) -> HistoryLine:
    target = edits[0].target
    slot = form.slots.get(target)
    old = _files_in_words((edit.old for edit in edits), say)
    new = _files_in_words((edit.new for edit in edits), say)
    if slot is None:
        return HistoryLine(edits, None, target, old, new)
    node = form.nodes[slot.node]
    where = say("ui.history.evidence", where=_where(slot_name(form, slot.id, answers), say))
    return HistoryLine(edits, node.address, where, old, new)


def _where(name: PlaceName, say: Say) -> str:
    return name.line(removed=say("ui.history.item_removed"))


def value_in_words(form: Form, answers: Answers, node: Node, value: Value | None, say: Say) -> str:
    """Return an answer as a person reads it; empty if there is none. Items have the numbers of ``answers``."""
    match value:
        case None:
            return ""
        case UnreadValue():
            return value.text
        case tuple():
            if node.kind == "repeat":
                return say("ui.history.items", count=len(value), numbers=_numbers(form, answers, node, value, say))
            return " · ".join(_option_in_words(node, one) for one in value)
        case str():
            if node.kind == "month_year":
                return format_month_year(value)
            return _option_in_words(node, value) if node.options else value
    return f"{value:,f}"


def _numbers(form: Form, answers: Answers, repeat: Node, keys: tuple[str, ...], say: Say) -> str:
    """Return the numbers of items, in the order of ``keys``; those that are not there any more are counted."""
    found = [number_now(form, answers, form.node(in_item(repeat.address, key))) for key in keys]
    words = [str(number) for number in found if number is not None]
    gone = found.count(None)
    return ", ".join([*words, say("ui.history.items_removed", count=gone)] if gone else words)


def _option_in_words(node: Node, option: str) -> str:
    if node.kind == "row":
        return next((one.label for one in node.field.columns if one.id == option), option)
    model = option_of(node, option)
    return " ".join(part for part in (model.code, model.label) if part) or option if model is not None else option


def _files_in_words(stored: Iterable[Json], say: Say) -> str:
    files = map(attachment_from_json, sorted(stored, key=rank_of))
    return " · ".join(_file_in_words(one, say) for one in files if one is not None)


def _file_in_words(one: Attachment, say: Say) -> str:
    drawn = say("ui.history.marks", count=len(one.marks), pages=page_list(one.marks)) if one.marks else ""
    notes = " / ".join(mark.note for mark in one.marks if mark.note)
    whole = say("ui.history.whole") if one.whole else ""
    words = [part for part in (whole, one.pages, one.passages, drawn, _cut(notes)) if part]
    return say("ui.history.file", name=one.name, mark=", ".join(words)) if words else one.name


def _cut(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


def _plain(stored: Json) -> str:
    return "" if stored is None else str(stored)[:200]
