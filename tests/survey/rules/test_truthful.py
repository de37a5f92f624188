"""A truthful province can always become ready: from every answer of every question, and 200 provinces drawn by seed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from dgdesk.survey.answers.values import Value
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.load import freeze, thaw
from dgdesk.survey.definition.models import Definition
from dgdesk.survey.rules.state import Rules, make_rules
from scenario import real_rules
from truthful import PARTNERS, Insists, Province, lead, opening, province

FORM: Form = real_rules().form


def beginnings() -> Iterator[tuple[str, Value]]:
    """Yield every single answer that a person can choose."""
    for node in FORM.nodes:
        if node.kind in ("single", "row") and len(node.options) < 20:
            yield from ((node.address, option) for option in node.options)
        elif node.kind == "multiple":
            yield from ((node.address, (option,)) for option in node.options)


ALL = tuple(beginnings())
QUESTIONS = tuple(dict.fromkeys(address for address, _ in ALL))


def test_the_beginnings_are_every_choice_of_the_form() -> None:
    assert len(QUESTIONS) == sum(node.kind in ("single", "row", "multiple") for node in FORM.nodes) - 1
    assert len(ALL) > 450


@pytest.mark.parametrize("address", QUESTIONS)
def test_from_every_answer_a_truthful_province_gets_ready(rules: Rules, address: str) -> None:
    for at, value in ((at, value) for at, value in ALL if at == address):
        fixed = {**opening(rules.form, at), at: value}
        for nothing in (True, False):
            state = lead(rules, Province(seed=1, services=3, digital=2, nothing=nothing, fixed=fixed))
            assert state.ready
            assert state.shown[rules.form.position[at]], "the answer must be one that is asked"
            assert state.facts.answers[at] == value


@pytest.mark.parametrize("seed", range(200))
def test_a_province_drawn_by_seed_gets_ready_with_nothing_untrue(rules: Rules, seed: int) -> None:
    who = province(seed)
    state = lead(rules, who)
    assert state.ready
    answers = state.facts.answers
    if not who.partners:
        assert PARTNERS not in answers
    if state.shown[rules.form.position["p2.3.1.2"]]:
        assert answers["p2.3.1.2"] == who.channel


def test_the_200_provinces_are_of_many_kinds() -> None:
    drawn = [province(seed) for seed in range(200)]
    assert {one.channel for one in drawn} == {"1", "2", "3", "none"}
    assert {one.services for one in drawn} == {None, 0, 1, 3, 12}
    for count in (
        sum(not one.partners for one in drawn),
        sum(one.exempt for one in drawn),
        sum(one.nothing for one in drawn),
        sum(not one.with_details for one in drawn),
        sum(one.digital is None for one in drawn),
    ):
        assert count >= 20


def test_where_only_exempt_rows_are_true_the_form_gets_ready(rules: Rules) -> None:
    state = lead(rules, Province(exempt=True))
    rows = [node for node in rules.form.nodes if node.kind == "row" and "exempt" in node.options]
    assert rows and all(state.facts.answers[node.address] == "exempt" for node in rows)


def test_a_form_that_demands_partners_of_everybody_is_found(rules: Rules) -> None:
    """As the form of 0.1.0 did."""
    form = build_form(thaw(demanding(rules.form.definition, PARTNERS)))
    with pytest.raises(Insists, match=r"missing\.choices at p2\.2\.1\.1\.partners"):
        lead(make_rules(form, rules.rubric), Province(fixed={"p2.2.1.1": "yes"}))


def demanding(definition: Definition, field: str) -> bytes:
    """Return the definition with one of its fields made compulsory, frozen."""
    tree = json.loads(freeze(definition))

    def change(part: object) -> None:
        if isinstance(part, dict):
            if part.get("id") == field:
                part["required"] = True
            for inner in part.values():
                change(inner)
        elif isinstance(part, list):
            for inner in part:
                change(inner)

    change(tree)
    return json.dumps(tree).encode()
