"""What every evidence slot is called in names of files and folders, and in the index.

A label is the printed code and what distinguishes the slots of one question: "P1.3", "P1.1a2-1" (option 1), "G3-2"
(the item that has the number 2 now), "P1.2a-1.1-yes" (row 1.1, answer yes), "P3.1-1-train" (row 1, first question).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, Slot, option_of
from dgdesk.survey.rules.codes import SearchKey, code_key, full_code
from dgdesk.survey.rules.numbering import REMOVED, is_removed, item_words, numbered
from dgdesk.survey.rules.places import PlaceName, slot_name

_REMOVED_MARK = "removed"
"""Before the key of an item that is not there; nobody types it."""


@dataclass(frozen=True, slots=True)
class SlotLabel:
    """A slot's label in parts: ``code``, ``marks`` that distinguish it from its neighbours, ``title`` in words.

    ``name`` is the full name of the slot, for lists; the label is for names of files and folders. ``item`` is what the
    item of a repeat that the slot belongs to is called in its answers, ``in_item`` whether there is such an item.
    """

    slot: str
    code: str
    marks: tuple[str, ...]
    title: str
    name: PlaceName
    item: str = ""
    in_item: bool = False

    @property
    def text(self) -> str:
        """The label as it is used in names."""
        return "-".join((self.code, *self.marks))

    @property
    def suffix(self) -> SearchKey:
        """The pieces after the code."""
        return tuple(piece for mark in self.marks for piece in code_key(mark))


def labels_of(form: Form, answers: Answers) -> Mapping[str, SlotLabel]:
    """Return the label of every slot, in printed order; all are different, also by `code_key`.

    Items have their present numbers; one that is not there has a label without a number.
    """
    form = numbered(form, answers)
    drafts = [(slot, _code(form, slot), _marks(form, slot)) for slot in form.slots.values()]
    counts = Counter((code_key(code), code_key(" ".join(marks))) for _, code, marks in drafts)
    numbers: Counter[SearchKey] = Counter()
    labels = {}
    for slot, code, marks in drafts:
        numbers[code_key(code)] += 1
        if counts[code_key(code), code_key(" ".join(marks))] > 1:  # not in our questionnaires: then slots are numbered
            marks = (*marks, f"n{numbers[code_key(code)]}")
        node = form.nodes[slot.node]
        item = item_words(form, answers, node)
        labels[slot.id] = SlotLabel(
            slot.id,
            code,
            marks,
            item or _title(form, slot),
            slot_name(form, slot.id, answers),
            item,
            node.item is not None,
        )
    return labels


def _code(form: Form, slot: Slot) -> str:
    """Return the printed code, or the id if the printed code does not say which part of the form it belongs to."""
    node = form.nodes[slot.node]
    printed = full_code(form, node.address)
    if printed[:1].lower() in ("p", "g") and printed[1:2].isdigit():
        return printed
    return _own(form, slot.node)


def _own(form: Form, at: int) -> str:
    """Return the id of the nearest ancestor with a code, in the spelling of codes."""
    address = form.nodes[at].address
    while at >= 0 and form.nodes[at].code is None:
        at = form.nodes[at].parent
    address = form.nodes[at].address if at >= 0 else address
    return address.partition("#")[0].partition(":")[0].upper()


def _marks(form: Form, slot: Slot) -> tuple[str, ...]:
    node = form.nodes[slot.node]
    marks = []
    if node.row is not None and node.kind == "row":
        marks.append(node.row.id)
        if node.group is not None:
            marks.append(node.group)
    if node.item is not None:
        marks.append(f"{_REMOVED_MARK}{node.item}" if is_removed(node) else str(node.number))
    if slot.option is not None and (len(node.slots) > 1 or (node.code is None and node.kind != "row")):
        marks.append(slot.option)
    return tuple(marks)


def _title(form: Form, slot: Slot) -> str:
    """Return the label of the option if several may be chosen, else of the nearest ancestor that has one."""
    node = form.nodes[slot.node]
    if is_removed(node):
        return REMOVED
    option = option_of(node, slot.option) if slot.option is not None and node.kind == "multiple" else None
    if option is not None and option.label:
        return option.label
    at = slot.node
    while at >= 0:
        if form.nodes[at].label:
            return form.nodes[at].label
        at = form.nodes[at].parent
    return ""
