"""The rubric as data: what it says, and how one that does not fit is refused."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from dgdesk.errors import FileError
from dgdesk.resources import resource
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.rubric import Rubric, addresses_of, amount, load_rubric, uses_progress
from dgdesk.survey.rules.rubric_check import check_rubric
from dgdesk.survey.rules.state import Rules
from dgdesk.text.messages import load_catalogue
from scenario import EDITION

Tree = Any
REAL = resource(EDITION) / "rubric.yaml"


@pytest.fixture
def tree() -> Tree:
    """The default rubric as plain data, to be changed."""
    with REAL.open(encoding="utf-8") as stream:
        return copy.deepcopy(yaml.load(stream, Loader=yaml.CBaseLoader))


def question(tree: Tree, field: str) -> Tree:
    """Find a question's rule in a rubric's tree."""

    def walk(part: Tree) -> Tree:
        for indicator in part.get("indicators", ()):
            yield from walk(indicator)
        yield from part.get("questions", ())

    return next(one for pillar in tree["pillars"] for one in walk(pillar) if one["field"] == field)


def test_the_default_rubric_fits_the_form(rules: Rules) -> None:
    assert check_rubric(rules.rubric, rules.form) == ()
    assert rules.rubric.edition == rules.form.definition.edition
    assert rules.rubric.progress == Decimal("0.5")


def test_only_what_is_printed_says_printed(rules: Rules) -> None:
    assert rules.rubric.progress_basis == "assumed"
    assert {pillar.basis for pillar in rules.rubric.pillars} == {"printed"}
    printed = {one.field for _, one in rules.rubric.questions if one.basis == "printed"}
    assert printed == {"external.3.3", "external.4.2"}


def test_questions_stand_in_order_and_every_pillar_has_its_slice(rules: Rules) -> None:
    rubric = rules.rubric
    assert len(rubric.questions) == 59
    assert rubric.questions[0][0] == "1.1"
    joined = [one for pillar in rubric.pillars for one in rubric.questions[rubric.slices[pillar.id]]]
    assert joined == list(rubric.questions)


def test_external_weights_follow_the_equal_split(rules: Rules) -> None:
    weights = rules.rubric.external_weights
    assert weights == {"3.3": Fraction(20, 3), "4.2": Fraction(15, 2), "4.3": Fraction(15, 2)}
    assert sum(weights.values()) == Fraction(65, 3)


def test_what_depends_on_p(rules: Rules) -> None:
    depends = {one.field for _, one in rules.rubric.questions if uses_progress(one)}
    assert {"p1.1", "p1.2a", "p1.3", "p2.1.4", "p4.3", "p2.4.table"} <= depends
    unmoved = {"g1", "p2.1.2.table", "p3.1.table", "p5.1.table", "p5.3", "p4.1.1", "p2.3.1.2", "p7.1.13"}
    assert depends.isdisjoint(unmoved)
    assert [rules.rubric.questions[at][1].field for at in rules.rubric.in_progress] == [
        one.field for _, one in rules.rubric.questions if uses_progress(one)
    ]


def test_rules_name_their_places(rules: Rules) -> None:
    named = {one.field: list(addresses_of(one)) for _, one in rules.rubric.questions}
    assert named["p4.1.1"] == ["p4.1.1", "p4.1.1.count", "p4.1.count", "p4.1"]
    assert named["external.4.3"] == ["p4.5.1"]
    assert named["external.3.3"] == []
    assert "p7.1.13.status2" in named["p7.1.13"]
    assert "p2.1.2.4.1" in named["p2.1.2.table"]


def test_credits_are_exact() -> None:
    assert amount(None, 1) == 0
    assert amount("exempt", 1) is None
    assert amount("progress", Fraction(1, 2)) == Fraction(1, 2)
    assert amount(Decimal("0.1"), 0) == Fraction(1, 10)
    assert amount(Decimal(1), 0) == 1


Change = Callable[[Tree], object]

MISFITS: dict[str, tuple[Change, str]] = {
    "a weight": (lambda t: t["pillars"][0].update(weight="13"), "pillar weights"),
    "weights over 100": (lambda t: t["pillars"][0].update(weight="13"), "add up to 101"),
    "a pillar left out": (lambda t: t["pillars"].pop(), "pillar weights"),
    "an unknown indicator": (lambda t: t["pillars"][0]["indicators"][0].update(id="9.9"), "9.9"),
    "an empty indicator": (lambda t: t["pillars"][0]["indicators"][0].update(questions=[]), "1.1 needs either"),
    "a question twice": (lambda t: question(t, "p1.5").update(field="p1.4"), "p1.4 is scored twice"),
    "an unknown field": (lambda t: question(t, "p1.5").update(field="p1.99"), "p1.99"),
    "an unknown field of a detail": (lambda t: question(t, "p1.1")["detail"].update(fields=["p1.1a9"]), "p1.1a9"),
    "an unknown number": (lambda t: question(t, "p4.1.1").update(part="p4.9.count"), "p4.9.count"),
    "an unknown status": (lambda t: question(t, "p7.1.13")["status"].update({"1": "p7.9"}), "p7.9"),
    "an unknown url": (lambda t: question(t, "p2.3.1.2")["urls"].update({"1": "p2.9"}), "p2.9"),
    "an unknown option": (lambda t: question(t, "p1.5")["credit"].update(yess="1"), "p1.5/yess"),
    "an unknown cell": (lambda t: question(t, "p2.4.table")["credit"].update(dong="progress"), "p2.4.table/dong"),
    "an unknown row": (lambda t: question(t, "p5.1.table").update(together=["13", "17"]), "p5.1.table/17"),
    "an unknown group": (
        lambda t: question(t, "p3.1.table").update(needs={"measured": "train"}),
        "p3.1.table/measured",
    ),
    "an unknown none": (lambda t: question(t, "p5.3").update(none=["nil"]), "p5.3/nil"),
    "an unknown channel": (lambda t: question(t, "p2.3.1.2").update(half="4"), "p2.3.1.2/4"),
    "an unknown metadata": (lambda t: question(t, "p2.3.1.2").update(unless=["p2.3.1.2.3.1", "ok"]), "p2.3.1.2.3.1/ok"),
    "an unknown best": (
        lambda t: question(t, "p7.1.13")["details"].update({"4": {"kind": "any", "fields": []}}),
        "p7.1.13/4",
    ),
    "an unknown zero": (lambda t: question(t, "external.4.3").update(zero_when=["p4.5.1", "none"]), "p4.5.1/none"),
    "a rule of another kind": (lambda t: question(t, "p5.3").update(field="p5.2c", rule="count_rows"), "p5.2c"),
    "an unknown question without points": (lambda t: t.update(unscored=[{"id": "g9", "basis": "assumed"}]), "g9"),
    "points for what has none": (lambda t: t.update(unscored=[{"id": "g1", "basis": "assumed"}]), "g1 is scored, and"),
    "another edition": (lambda t: t.update(edition="th-province-2569"), "th-province-2569"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_rubric_that_does_not_fit_is_refused(tree: Tree, form: Form, name: str) -> None:
    change, said = MISFITS[name]
    change(tree)
    if name == "a rule of another kind":
        question(tree, "p5.2c").pop("none")
    flaws = check_rubric(Rubric.model_validate(tree), form)
    assert any(said in flaw for flaw in flaws), flaws


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.pop("progress"),
        lambda t: t.update(progress="1.5"),
        lambda t: t.update(progress="-0.1"),
        lambda t: t.update(progress="1"),
        lambda t: t.update(colour="red"),
        lambda t: question(t, "p1.5").update(rule="magic"),
        lambda t: question(t, "p1.5").update(basis="guessed"),
        lambda t: question(t, "p1.5")["credit"].update(yes="2"),
        lambda t: question(t, "p1.5")["credit"].update(yes="-1"),
        lambda t: question(t, "p1.5")["credit"].update(yes="much"),
        lambda t: question(t, "p1.1")["detail"].update(of="0"),
        lambda t: question(t, "p5.3").update(of="0"),
        lambda t: question(t, "p5.1.table").update(of="-1"),
    ],
)
def test_a_rubric_that_makes_no_sense_is_not_read(tmp_path: Path, tree: Tree, change: Change) -> None:
    change(tree)
    path = tmp_path / "rubric.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    assert "rubric.yaml" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"[1, 2", b"- a list", b"\xff", b"id: x"])
def test_a_file_that_is_no_rubric_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_bytes(content)
    assert "rubric.yaml" in refusal(path)


def test_a_rubric_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "nowhere.yaml" in refusal(tmp_path / "nowhere.yaml")


def test_only_the_programs_own_rubric_is_read_from_json(tmp_path: Path, tree: Tree) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_bytes(REAL.read_bytes())
    tree["id"] = "another"
    made = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "tree": tree}
    path.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
    assert load_rubric(path).id != "another"


def refusal(path: Path) -> str:
    with pytest.raises(FileError) as refused:
        load_rubric(path)
    assert refused.value.code == "rubric.invalid"
    return load_catalogue("en").error(refused.value)
