"""The form laid out flat: permanent addresses, places for evidence, what lies inside what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import (
    ANSWERED_BY_CHOICE,
    WITHOUT_ANSWER,
    Form,
    chosen_in,
    columns_of,
    in_item,
    option_address,
    option_of,
    skipped_range,
)
from dgdesk.survey.definition.models import All, Any_, Chosen, Not
from survey.definition.tiny import definition, text, yes_no

SLOTS = Path(__file__).with_name("slots.txt")


def test_the_places_for_evidence_are_the_golden_ones(form: Form) -> None:
    """Packages and bundles name them: an id here never changes, it may only be added."""
    golden = SLOTS.read_text(encoding="utf-8").splitlines()
    assert len(golden) == 221
    assert list(form.slots) == golden


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("general.province", "single"),
        ("p1.1", "single"),
        ("p1.2a", "matrix"),
        ("p1.2a:1.1", "row"),
        ("p3.1.table:1:train", "row"),
        ("p3.1.table:7:measure", "row"),
        ("g3.projects", "repeat"),
        ("g3.projects#5", "item"),
        ("g3.projects.name#5", "text"),
        ("p2.3.1.3.sets.use#2", "multiple"),
        ("p2.3.1.3.sets.use.policy#2", "text"),
        ("p7.1.13.3.result#3", "long_text"),
        ("p4.2.2.3.full", "number"),
    ],
)
def test_addresses_name_places(form: Form, address: str, kind: str) -> None:
    assert form.node(address).kind == kind


@pytest.mark.parametrize("address", ["p1.2a:1", "p1.2a:basic", "p3.1.table:1", "g3.projects#6", "g3.projects.name"])
def test_headers_and_items_over_the_maximum_have_no_address(form: Form, address: str) -> None:
    with pytest.raises(KeyError):
        form.node(address)


def test_every_address_stands_once(form: Form) -> None:
    assert len(form.position) == len(form.nodes)
    for at, node in enumerate(form.nodes):
        assert form.position[node.address] == at


def test_a_subtree_follows_its_node_directly(form: Form) -> None:
    for at, node in enumerate(form.nodes):
        assert at < node.end <= len(form.nodes)
        if node.parent >= 0:
            assert node.parent < at
            assert node.end <= form.nodes[node.parent].end
        for child in form.children(at):
            assert form.nodes[child].parent == at


def test_every_gate_is_an_option_of_the_parent(form: Form) -> None:
    for node in form.nodes:
        if node.gate is not None:
            assert node.gate in form.nodes[node.parent].options


def test_every_place_for_evidence_belongs_to_an_option_of_its_node(form: Form) -> None:
    for slot in form.slots.values():
        node = form.nodes[slot.node]
        assert slot in node.slots
        if slot.option is None:
            assert node.kind == "item"
            assert slot.id == node.address
        else:
            assert node.kind in ANSWERED_BY_CHOICE
            assert slot.option in node.options
            assert slot.id == option_address(node.address, slot.option)
        assert (slot.rule == "or_url") == (slot.url is not None)
        assert slot.url is None or form.node(slot.url).kind == "url"


def test_the_rules_of_evidence_are_as_printed(form: Form) -> None:
    assert Counter(slot.rule for slot in form.slots.values()) == {"required": 218, "or_url": 2, "optional": 1}
    assert form.slots["p6.2.2.table:2/yes"].rule == "optional"
    assert form.slots["p2.2.1.1/yes"].url == "p2.2.1.1.url"


def test_pages_hold_all_nodes_in_order(form: Form) -> None:
    assert [at for places in form.page_nodes.values() for at in places] == list(range(len(form.nodes)))
    assert len(form.pages) == 28
    for page, (section, model) in form.pages.items():
        assert model.id == page
        assert model in section.pages


def test_items_of_repeats_carry_their_printed_number(form: Form) -> None:
    assert form.node("g3.projects.name#2").label == "2. โครงการ/แผนงาน/นโยบาย"
    assert form.node("p2.1.4b.name#1").label == "4. ชื่อชุดข้อมูล"
    assert form.node("p2.1.4c.name#3").label == "9. ชื่อชุดข้อมูล"
    node = form.node("g3.projects.result#4")
    assert (node.number, node.item, form.nodes[node.inside].address) == (4, "4", "g3.projects#4")


def test_labels_and_codes_are_those_of_the_place(form: Form) -> None:
    assert form.node("p1.4").code == "P1.4"
    row = form.node("p1.2a:1.1")
    assert (row.code, row.label[:3]) == (None, "1.1")
    assert form.node("g3.projects#1").code is None


def test_rows_offer_the_columns_of_their_question(form: Form) -> None:
    assert form.node("p1.2a:1.1").options == ("no", "doing", "yes", "exempt")
    assert form.node("p3.1.table:2:measure").options == ("no", "yes")
    assert columns_of(form.node("p3.1.table").field, "train") == ("no", "yes")


def test_what_takes_no_answer_of_its_own(form: Form) -> None:
    assert {"group", "matrix", "item"} == WITHOUT_ANSWER
    assert not form.node("p1.2").options


def test_a_skipped_range_ends_before_a_heading_of_the_target(form: Form) -> None:
    start, end = skipped_range(form.nodes, form.position["p2.2.1.1"], form.position["p2.3.1.1"])
    assert form.nodes[start].address == "p2.2.1a"
    assert form.nodes[end].address == "p2.3.1"


def test_only_the_outermost_skipped_places_carry_the_skip(form: Form) -> None:
    assert [form.nodes[at].address for at, _ in form.node("g3").skips] == ["g1"]
    assert form.node("g3.projects").skips == ()


def test_a_skip_may_pass_over_several_pages_and_groups() -> None:
    form = build_form(
        definition(
            yes_no("q1", no={"skip": {"to": "q4", "text": "(ข้ามไปข้อ 4)"}}),
            {"id": "q2", "kind": "group", "label": "หัวข้อ", "fields": [text("q2.a"), text("q2.b")]},
            text("q3"),
            {"id": "head1", "kind": "group", "label": "หัวข้อใหญ่"},
            {"id": "head2", "kind": "group", "label": "หัวข้อย่อย"},
            text("q4"),
        )
    )
    assert [node.address for node in form.nodes if node.skips] == ["q2", "q3"]


def test_small_helpers(form: Form) -> None:
    assert in_item("a.b", None) == "a.b"
    assert in_item("a.b", "3") == "a.b#3"
    option = option_of(form.node("g1"), "no")
    assert option is not None
    assert option.skip is not None
    assert option_of(form.node("g1"), "nowhere") is None
    one, two = Chosen(chosen=("a", "yes")), Chosen(chosen=("b", "no"))
    assert list(chosen_in(All(all=(one, Not(not_=Any_(any=(two, one))))))) == [one, two, one]
