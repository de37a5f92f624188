"""Drafts hold the questionnaire that they began with: the one of 0.1.0 opens, is led to ready, scores and prints.

The fixture is the definition that 0.1.0 froze into every draft of th-province-2568, as canonical JSON, compressed.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dgdesk.printing.survey.choices import PrintChoices
from dgdesk.resources import resource
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.lint import lint, lint_structure
from dgdesk.survey.definition.load import freeze, thaw
from dgdesk.survey.definition.notes import noted
from dgdesk.survey.definition.texts import dump
from dgdesk.survey.rules.rubric import load_rubric
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.survey.rules.state import Rules, make_rules
from printing.survey.support import missing, missing_in_used_rows, printed, read
from scenario import EDITION, Scenario, real_rules
from truthful import Province, lead

FROZEN = gzip.decompress((Path(__file__).parent / "fixtures" / "th-province-2568-0.1.0.json.gz").read_bytes())


@pytest.fixture(scope="module")
def old() -> Rules:
    return make_rules(build_form(thaw(FROZEN)), load_rubric(resource(EDITION) / "rubric.yaml"))


def test_it_opens_as_it_was_and_the_rubric_fits(old: Rules) -> None:
    definition = old.form.definition
    assert freeze(definition) == FROZEN
    # its outline has no short names: pages are then named by their codes and headings
    assert {(one.code, one.detail) for one in lint(definition)} == {("lint.missing_part", "short")}
    assert lint_structure(old.form) == ()
    assert check_rubric(old.rubric, old.form) == ()


def test_every_address_of_it_is_one_of_the_form_of_today(old: Rules) -> None:
    today = real_rules().form
    assert old.form.position.keys() <= today.position.keys()
    assert old.form.slots.keys() == today.slots.keys()
    for node in old.form.nodes:
        assert set(node.options) <= set(today.node(node.address).options)


def test_it_asks_what_it_asked(old: Rules) -> None:
    form = Scenario(old).answer("p2.2.1.1", "yes").answer("p2.2.1.1.url", "https://data.nan.go.th")
    assert form.problems("p2.2.1.1.partners") == [("error", "missing.choices")]
    assert old.form.node("p2.3.1.2").options == ("1", "2", "3")
    form.answer("g4", "yes").answer("g4.1", ["2"])
    assert form.problems("g4.1.2") == [("error", "missing.answer")]


def test_it_gets_ready_and_scores_as_the_form_of_today(old: Rules) -> None:
    assert lead(old, Province(partners=("province",), channel="1", services=3, digital=2)).ready
    points = [Scenario(rules).fill().prove().state.score.total.earned for rules in (old, real_rules())]
    assert points[0] == points[1]


@pytest.mark.parametrize("choices", [PrintChoices(), PrintChoices(variant="blank")], ids=["final", "blank"])
def test_all_of_its_texts_are_printed(old: Rules, choices: PrintChoices) -> None:
    state = None if choices.variant == "blank" else Scenario(old).fill().prove().state
    text = read(printed(old, state, choices).data)
    lacking = missing if choices.variant == "blank" else missing_in_used_rows
    assert lacking(old, text) == []


def test_its_notes_have_the_kinds_that_they_had(old: Rules) -> None:
    kinds = {kind for _, note in noted(old.form.definition.sections) for kind in (note.kind,)}
    assert kinds == {"note", "example", "definition", "instruction"}
    assert {note["kind"] for note in dump(old.form)["notes"]} == {"remark", "example", "definition", "instruction"}
