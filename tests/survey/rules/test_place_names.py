"""Every place of the form has a full name of its own: code, row, item and option, however long the labels are."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules import places
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.places import full_name, problem_name, shortened, slot_name
from scenario import every_item

FORM = cache(load_form)


def twice(lines: list[str]) -> list[str]:
    return [line for line, times in Counter(lines).items() if times > 1]


def answered(form: Form) -> list[str]:
    return [node.address for node in form.nodes if node.kind not in ("group", "matrix", "item", "repeat")]


@pytest.mark.parametrize("longest", [80, 90, 10_000])
def test_no_two_places_share_a_name_even_when_it_is_shortened(longest):
    form = FORM()
    assert (
        twice([full_name(form, address, None, every_item(form)).line(longest=longest) for address in answered(form)])
        == []
    )
    assert twice([slot_name(form, slot, every_item(form)).line(longest=longest) for slot in form.slots]) == []


def test_a_name_holds_the_code_and_the_row_item_and_option_of_its_place():
    form = FORM()
    for node in form.nodes:
        name = full_name(form, node.address, None, every_item(form))
        assert name.code == full_code(form, node.address)
        if node.kind == "row":
            assert node.label in name.parts[0]
        if node.number is not None and node.kind not in ("repeat", "group"):
            assert any(part.startswith(f"{node.number}") for part in name.parts), name
    for slot in form.slots.values():
        node, words = form.nodes[slot.node], slot_name(form, slot.id, every_item(form)).words(longest=10_000)
        if slot.option is not None:
            labels = {one.id: one.label for one in (*node.field.options, *node.field.columns)}
            assert words.endswith(labels[slot.option]), words


def test_rows_that_read_alike_in_0_1_0_now_differ():
    form = FORM()
    assert full_name(form, "p5.1.table:5", None, every_item(form)).line() == "P5.1 5. งานบริหารจัดการพัสดุ"
    assert full_name(form, "p5.1.13.name", None, every_item(form)).line() == "P5.1 13. งานด้านอื่น ๆ › มี › (โปรดระบุ)"
    assert full_name(form, "g4.1.5", None, every_item(form)).line().startswith("G4.1 5.1 ")


def test_a_code_that_is_printed_twice_says_which_place_is_meant():
    form = FORM()
    mail, work = (
        full_name(form, "p5.3.software.2", None, every_item(form)),
        full_name(form, "p5.3.1.2", None, every_item(form)),
    )
    assert mail.code == work.code == "P5.3.1.2"
    assert mail.parts[0] == "P5.3" and work.parts[0] == "P5.3.1"


def test_items_have_their_present_numbers():
    form = FORM()
    without_the_first = {"g3": "yes", "g3.projects": ("2", "3")}
    assert full_name(form, "g3.projects.result#3", None, every_item(form)).words().startswith("มี › 3. ")
    assert full_name(form, "g3.projects.result#3", None, without_the_first).words().startswith("มี › 2. ")
    assert slot_name(form, "g3.projects#3", without_the_first).words().startswith("มี › 2. ")


def test_what_the_form_does_not_have_is_named_as_it_was_given():
    form = FORM()
    assert (
        full_name(form, "p99", None, every_item(form)).line()
        == problem_name(form, "p1.1", "p99/yes", {}).line().replace("/yes", "")
        == "p99"
    )


@given(st.text(max_size=300), st.integers(min_value=2, max_value=200))
def test_shortening_never_exceeds_its_limit_and_keeps_the_beginning(text, longest):
    short = shortened(text, longest)
    assert len(short) <= longest
    assert " ".join(text.split()).startswith(short.removesuffix("…"))


def test_the_codes_of_a_form_are_counted_once_for_thousands_of_names(monkeypatch):
    """A list names a place for each file of 10,000."""
    form = FORM()
    slots = sorted(form.slots)
    asked = []

    def counted(form: Form, address: str) -> str:
        asked.append(address)
        return full_code(form, address)

    slot_name(form, slots[0], {})
    monkeypatch.setattr(places, "full_code", counted)
    for slot in slots:
        slot_name(form, slot, {})
    assert len(asked) <= 8 * len(slots)
