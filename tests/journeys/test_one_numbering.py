"""One numbering: whatever is done to the items of repeats, every surface shows the number that the page shows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.file.model import ChangeRecord, Edit
from dgdesk.draft.history import steps
from dgdesk.draft.targets import target_words
from dgdesk.folders.labels import labels_of
from dgdesk.folders.matcher import make_matcher
from dgdesk.folders.matching import match_name, slots_by_code, without_item
from dgdesk.survey.answers.values import Value, items_of
from dgdesk.survey.rules.codes import fields_by_code
from dgdesk.survey.rules.codes import without_item as fields_without_item
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.survey.rules.numbering import item_by_number, number_now
from dgdesk.survey.rules.places import full_name, problem_name, slot_name
from dgdesk.survey.rules.search import find
from dgdesk.survey.rules.search_index import make_index
from dgdesk.survey.rules.state import Facts
from dgdesk.text.messages import load_catalogue
from scenario import real_rules

RULES = real_rules()
FORM = RULES.form
INDEX = make_index(FORM)
ENGLISH = load_catalogue("en").text
REPEATS = {"g3.projects": ("G3", "name"), "p2.1.4b": ("P2.1.4b", "name"), "p7.1.1.1": ("7.1.1.1", "name")}
"""Repeats with evidence at each item: the printed code of the item, and the field that has its number."""
Steps = list[tuple[str, int, int]]
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "move"]), st.integers(0, 4), st.integers(0, 4)), max_size=12
)


def after(repeat: str, done: Steps) -> tuple[str, ...]:
    """Return the items after adding, removing and moving as the session does it."""
    node = FORM.node(repeat)
    keys = list(items_of(node, None))
    for what, first, second in done:
        if what == "add" and (free := [key for key in node.options if key not in keys]):
            keys.append(free[0])
        elif what == "remove" and len(keys) > 1:
            keys.pop(first % len(keys))
        elif what == "move":
            keys.insert(second % len(keys), keys.pop(first % len(keys)))
    return tuple(keys)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(REPEATS)), STEPS)
def test_every_surface_shows_the_number_of_the_page(repeat: str, done: Steps) -> None:
    keys = after(repeat, done)
    answers: dict[str, Value] = {repeat: keys}
    code, field = REPEATS[repeat]
    first = FORM.node(repeat).field.first_number
    labels, matcher = labels_of(FORM, answers), make_matcher(FORM, answers)
    rows = {row.slot: row for row in place_rows(FORM, RULES.evaluate(Facts(answers), date(2026, 12, 1)))}
    for number, key in enumerate(keys, start=first):
        slot, address = f"{repeat}#{key}", f"{repeat}.{field}#{key}"
        said = f"{number}."
        assert number_now(FORM, answers, FORM.node(address)) == number
        assert item_by_number(FORM, answers, repeat, number) == key
        for name in (
            full_name(FORM, address, None, answers),
            slot_name(FORM, slot, answers),
            problem_name(FORM, address, slot, answers),
        ):
            assert any(part.startswith(said) for part in name.parts), name
        assert said in target_words(FORM, answers, slot) and said in target_words(FORM, answers, address)
        assert said in history(answers, Edit("answer", address, None, "ก"))
        assert said in history(answers, Edit("attachment", slot, None, None, "0" * 64))
        assert labels[slot].text.endswith(f"-{number}")
        assert rows[slot].item == number
        typed = f"{code}-{number}"
        assert match_name(matcher, f"{typed} แผน", frozenset()).slots == (slot,)
        assert slots_by_code(matcher, typed) == (slot,)
        assert address in fields_by_code(FORM, answers, typed)
        assert address in [hit.address for hit in find(INDEX, answers, typed)]
    assert listed(answers, repeat, keys) == [str(first + at) for at in range(len(keys))]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(REPEATS)), STEPS)
def test_a_number_without_an_item_is_asked_about(repeat: str, done: Steps) -> None:
    keys = after(repeat, done)
    answers: dict[str, Value] = {repeat: keys}
    code, field = REPEATS[repeat]
    node = FORM.node(repeat)
    matcher = make_matcher(FORM, answers)
    there = tuple(f"{repeat}#{key}" for key in node.options if key in keys)
    for number in range(node.field.first_number + len(keys), node.field.first_number + len(node.options)):
        typed = f"{code}-{number}"
        match = match_name(matcher, f"{typed} แผน", frozenset(there))
        assert not match.sure and sorted(match.slots) == sorted(there)
        assert slots_by_code(matcher, typed) == () == fields_by_code(FORM, answers, typed)
        assert sorted(without_item(matcher, typed)) == sorted(there)
        expected = [f"{repeat}.{field}#{key}" for key in node.options if key in keys]
        assert set(expected) <= set(fields_without_item(FORM, answers, typed))
    for key in set(node.options) - set(keys):
        assert labels_of(FORM, answers)[f"{repeat}#{key}"].name.removed
        said = history(answers, Edit("answer", f"{repeat}.{field}#{key}", "ก", None))
        assert "item that was removed" in said and not re.search(r"\b\d\. ", said.removeprefix(code))


def history(answers: dict[str, Value], edit: Edit) -> str:
    record = ChangeRecord(1, datetime(2026, 12, 1, tzinfo=UTC), "ก", "answer", (edit,), None, None)
    return steps(FORM, answers, [record], ENGLISH)[0].lines[0].where


def listed(answers: dict[str, Value], repeat: str, keys: tuple[str, ...]) -> list[str]:
    record = ChangeRecord(
        1, datetime(2026, 12, 1, tzinfo=UTC), "ก", "answer", (Edit("answer", repeat, None, list(keys)),), None, None
    )
    return re.findall(r"\d+", steps(FORM, answers, [record], ENGLISH)[0].lines[0].new.partition("(")[2])
