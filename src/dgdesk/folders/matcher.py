"""What names of files are matched against: the places for evidence, by codes and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dgdesk.folders.labels import SlotLabel, labels_of
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.codes import SearchKey, code_key, slot_codes, without_points
from dgdesk.survey.rules.numbering import numbered

_MOST_BELOW = 40
"""Most places of one question; the code of a whole part of the form says too little."""


@dataclass(frozen=True)
class Matcher:
    """What names are matched against: slots by code and marks, and every code of the form."""

    order: Mapping[str, int]
    places: Mapping[tuple[SearchKey, SearchKey], tuple[str, ...]]
    codes: Mapping[SearchKey, tuple[str, ...]]
    joined: Mapping[str, tuple[SearchKey, ...]] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Slots by code and marks in one piece."""
    absent: Mapping[tuple[SearchKey, SearchKey], tuple[str, ...]] = field(default_factory=dict)
    """What a number that no item has now may mean; it is asked about."""
    labels: Mapping[str, SlotLabel] = field(default_factory=dict)
    """The labels of the slots, without those of items that are not there."""


def make_matcher(form: Form, answers: Answers) -> Matcher:
    """Index the slots of a form; items have the numbers that they have with these answers."""
    labels = {slot: label for slot, label in labels_of(form, answers).items() if not label.name.removed}
    places: dict[tuple[SearchKey, SearchKey], list[str]] = {}
    codes: dict[SearchKey, list[str]] = {}
    below: dict[SearchKey, dict[str, None]] = {}
    for at, node in enumerate(form.nodes):
        inside = [slot.id for one in form.nodes[at : node.end] for slot in one.slots if slot.id in labels]
        for key in (code_key(node.code or ""), code_key(node.address.partition("#")[0].partition(":")[0])):
            if key:
                codes.setdefault(key, [])
                below.setdefault(key, {}).update(dict.fromkeys(inside))
    by_code: dict[SearchKey, list[SlotLabel]] = {}
    for label in labels.values():
        by_code.setdefault(code_key(label.code), []).append(label)
    for code, group in by_code.items():
        codes[code] = [label.slot for label in group]
        for number, label in enumerate(group, start=1):
            for length in range(1, len(label.marks) + 1):
                suffix = tuple(piece for mark in label.marks[:length] for piece in code_key(mark))
                places.setdefault((code, suffix), []).append(label.slot)
            if not any(other.suffix[:1] == (str(number),) for other in group):
                places.setdefault((code, (str(number),)), []).append(label.slot)  # by position, without numbers
    for code, suffix, slot in slot_codes(numbered(form, answers)):
        if slot not in labels:
            continue
        slots = places.setdefault((code, suffix), []) if suffix else codes.setdefault(code, [])
        slots += [slot] if slot not in slots else []
    for code, slots in codes.items():
        if not slots and len(below.get(code, ())) <= _MOST_BELOW:
            slots += below.get(code, ())  # the code of a whole question means the places in it
    absent = _absent(form, labels, places)
    joined: dict[str, list[SearchKey]] = {}
    for code in codes:
        joined.setdefault(without_points(code), []).append(code)
    together: dict[str, dict[str, None]] = {}
    for code, slots in codes.items():
        together.setdefault(without_points(code), {}).update(dict.fromkeys(slots))
    for (code, suffix), slots in places.items():
        together.setdefault(without_points((*code, *suffix)), {}).update(dict.fromkeys(slots))
    return Matcher(
        {slot: at for at, slot in enumerate(labels)},
        {key: tuple(slots) for key, slots in places.items()},
        {key: tuple(slots) for key, slots in codes.items()},
        {text: tuple(keys) for text, keys in joined.items()},
        {text: tuple(slots) for text, slots in together.items()},
        absent,
        labels,
    )


def _absent(
    form: Form, labels: Mapping[str, SlotLabel], places: Mapping[tuple[SearchKey, SearchKey], object]
) -> dict[tuple[SearchKey, SearchKey], tuple[str, ...]]:
    """Return what to ask about for numbers that no item has now: the places in the items that are there."""
    by_field: dict[tuple[str, str | None], list[str]] = {}
    for slot in labels:
        node = form.nodes[form.slots[slot].node]
        if node.item is not None:
            by_field.setdefault((node.field.id, form.slots[slot].option), []).append(slot)
    found = {}
    every = {form.nodes[at].address: form.nodes[at].options for at in form.repeats}
    for slot, label in labels_of(form, every).items():
        node = form.nodes[form.slots[slot].node]
        there = by_field.get((node.field.id, form.slots[slot].option), ()) if node.item is not None else ()
        for length in range(1, len(label.marks) + 1) if there else ():
            key = code_key(label.code), tuple(piece for mark in label.marks[:length] for piece in code_key(mark))
            if key not in places:
                found[key] = tuple(there)
    for code, suffix, slot in slot_codes(form):
        node = form.nodes[form.slots[slot].node]
        there = by_field.get((node.field.id, form.slots[slot].option), ()) if node.item is not None else ()
        if there and suffix and (code, suffix) not in places:
            found[code, suffix] = tuple(there)
    return found
