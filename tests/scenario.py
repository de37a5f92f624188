"""Stories about the form: answer by address, attach evidence, and look at what follows.

`Scenario` stands for a person filling the real survey. Every step evaluates the rules as the program does, from the
state before, and makes sure that this says the same as evaluating everything afresh.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from dgdesk.resources import resource
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.reading import read_json, read_typed
from dgdesk.survey.answers.values import Json, UnreadValue, Value
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, Node
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.rules.pages import next_page, previous_page
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.relevance import Hidden, why_hidden
from dgdesk.survey.rules.report import Gain, gains
from dgdesk.survey.rules.rubric import load_rubric
from dgdesk.survey.rules.score import Points, ScoreNode, breakdown
from dgdesk.survey.rules.state import Facts, Rules, State, make_rules
from dgdesk.text.refusals import values_of

EDITION = "questionnaires/th-province-2568"
TODAY = date(2026, 11, 20)
PROOF = Attachment("ab" * 32, "คำสั่งแต่งตั้ง.pdf", 2048, "application/pdf", "๒-๓", "ย่อหน้าแรก")
UNMARKED = replace(PROOF, pages="", passages="")


def every_item(form: Form) -> dict[str, Value]:
    """Return answers with which every repeat has all the items that it may have, in their first order."""
    return {form.nodes[at].address: form.nodes[at].options for at in form.repeats}


@cache
def real_rules() -> Rules:
    """Return the rules of the real form, loaded once."""
    folder = resource(EDITION)
    return make_rules(build_form(load_definition(folder)), load_rubric(folder / "rubric.yaml"))


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules of the real form."""
    return real_rules()


@pytest.fixture(scope="session")
def form() -> Form:
    """The real form."""
    return real_rules().form


@pytest.fixture
def scenario(rules: Rules) -> Scenario:
    """A fresh, empty form in the hands of a person."""
    return Scenario(rules)


@pytest.fixture
def filled(rules: Rules) -> Scenario:
    """The best possible form: everything answered for full points, with evidence everywhere it is asked."""
    return Scenario(rules).fill().prove()


class Scenario:
    """A person filling a form. Steps return the scenario, so that they can be strung together."""

    def __init__(self, rules: Rules, today: date = TODAY) -> None:
        self.rules = rules
        self.form = rules.form
        self.today = today
        self.state: State = rules.evaluate(Facts(), today)

    # What the person does

    def answer(self, address: str, value: Json) -> Scenario:
        """Answer as typed (text), or with chosen options (a list). The form must accept it."""
        node = self.form.node(address)
        read = read_typed(node, value) if isinstance(value, str) else read_json(node, value)
        assert read is not None, f"nothing to answer {address} with"
        return self._set({address: read})

    def answers(self, **typed: Json) -> Scenario:
        """Answer several fields; ``p1_1=`` stands for ``p1.1``."""
        for name, value in typed.items():
            self.answer(name.replace("_", "."), value)
        return self

    def mistype(self, address: str, typed: str) -> Scenario:
        """Type something that the form refuses to read."""
        with pytest.raises(ValueError) as refused:
            read_typed(self.form.node(address), typed)
        return self._set({address: UnreadValue(typed, str(refused.value.args[0]), values_of(refused.value))})

    def clear(self, *addresses: str) -> Scenario:
        """Take answers back."""
        return self._set(dict.fromkeys(addresses))

    def attach(self, slot: str, *attachments: Attachment) -> Scenario:
        """Attach evidence at a place: these files, else one with its key passage marked."""
        assert slot in self.form.slots, f"no place for evidence at {slot}"
        facts = self.state.facts
        return self._evaluate(Facts(facts.answers, {**facts.evidence, slot: attachments or (PROOF,)}, facts.external))

    def detach(self, slot: str) -> Scenario:
        """Take evidence away again."""
        facts = self.state.facts
        rest = {place: files for place, files in facts.evidence.items() if place != slot}
        return self._evaluate(Facts(facts.answers, rest, facts.external))

    def external(self, indicator: str, points: str) -> Scenario:
        """Enter the points of an external indicator."""
        facts = self.state.facts
        return self._evaluate(Facts(facts.answers, facts.evidence, {**facts.external, indicator: Decimal(points)}))

    def fill(self) -> Scenario:
        """Answer everything for full points."""
        return self._set({node.address: best(node) for node in self.form.nodes if node.kind not in WITHOUT_ANSWER})

    def fill_blanks(self) -> Scenario:
        """Fill in every compulsory blank that shows and is empty; choices and numbers of services stay as they are."""
        shown, answers = self.state.shown, self.state.facts.answers
        asked = [node for node, shows in zip(self.form.nodes, shown, strict=True) if shows and node.required]
        typed = [one for one in asked if one.kind in _OF_KIND and not one.address.startswith(("p4.1", "p4.2.count"))]
        return self._set({node.address: best(node) for node in typed if node.address not in answers})

    def prove(self) -> Scenario:
        """Attach evidence at every place that asks for it now."""
        facts = self.state.facts
        proof = {slot: (PROOF,) for slot in self.asked_slots()}
        return self._evaluate(Facts(facts.answers, {**facts.evidence, **proof}, facts.external))

    # What the person sees

    def shows(self, address: str) -> bool:
        """Tell whether the place shows."""
        return self.state.shown[self.form.position[address]]

    def kept(self, address: str) -> Value | None:
        """Return the answer that the draft keeps, shown or not."""
        return self.state.facts.answers.get(address)

    def next(self, address: str) -> str | None:
        """Return the first place after a question (its follow-ups passed over) that shows and takes an answer."""
        for at in range(self.form.node(address).end, len(self.form.nodes)):
            if self.state.shown[at] and self.form.nodes[at].kind not in (*WITHOUT_ANSWER, "repeat"):
                return self.form.nodes[at].address
        return None

    def next_page(self, page: str) -> str | None:
        """Return where "next" leads."""
        return next_page(self.form, self.state.shown, page)

    def previous_page(self, page: str) -> str | None:
        """Return where "back" leads."""
        return previous_page(self.form, self.state.shown, page)

    def why_hidden(self, address: str) -> Hidden | None:
        """Return why a place does not show."""
        return why_hidden(self.form, self.state.facts.answers, self.state.shown, self.form.position[address])

    def problems(self, address: str) -> list[tuple[str, str]]:
        """Return severity and code of every problem at an address, those of its evidence too."""
        return [(one.severity, one.code) for one in self.state.problems if one.address == address]

    def codes(self) -> set[str]:
        """Return the codes of all problems."""
        return {problem.code for problem in self.state.problems}

    def asked_slots(self) -> list[str]:
        """Return the places that ask for evidence now, optional ones too."""
        answers, shown = self.state.facts.answers, self.state.shown
        return [slot.id for slot in self.form.slots.values() if asks_for_evidence(self.form, answers, shown, slot)]

    def tree(self) -> dict[str, ScoreNode]:
        """Return every pillar, indicator and question of the score by id."""
        found: dict[str, ScoreNode] = {}

        def add(node: ScoreNode) -> None:
            assert node.id not in found
            found[node.id] = node
            for part in node.parts:
                add(part)

        for pillar in breakdown(self.rules.rubric, self.state.score):
            add(pillar)
        return found

    def points(self, id: str) -> Points:
        """Return the points of a pillar, an indicator or a question."""
        return self.tree()[id].points

    def earned(self, id: str) -> Fraction:
        """Return which part of its weight a node has earned, between 0 and 1."""
        points = self.points(id)
        return Fraction(points.earned) / Fraction(points.weight)

    def claimed(self, id: str) -> Fraction:
        """Return which part of its weight a node claims."""
        points = self.points(id)
        return Fraction(points.claimed) / Fraction(points.weight)

    def open(self, id: str) -> Fraction:
        """Return which part of its weight is still open."""
        points = self.points(id)
        return Fraction(points.open) / Fraction(points.weight)

    def gains(self) -> tuple[Gain, ...]:
        """Return what would add most."""
        return gains(self.rules, self.state)

    def _set(self, changes: dict[str, Value] | dict[str, Value | None]) -> Scenario:
        facts = self.state.facts
        merged: dict[str, Value | None] = {**facts.answers, **changes}
        answers = {address: value for address, value in merged.items() if value is not None}
        return self._evaluate(Facts(answers, facts.evidence, facts.external))

    def _evaluate(self, facts: Facts) -> Scenario:
        before = self.state
        self.state = self.rules.evaluate(facts, self.today, before)
        assert self.state == self.rules.evaluate(facts, self.today), "evaluating from before differs from afresh"
        return self


_BEST = {
    "general.province": "TH-50",
    "general.extension": "41",
    "p2.3.1.2": "1",
    "p4.2.2.satisfaction": "percent",
}
_BEST_ITEMS = {"p4.2.1.services": ("1", "2", "3", "4", "5")}  # all that the form takes names of
_OF_KIND: dict[str, Value] = {
    "text": "แผนพัฒนาดิจิทัลจังหวัด",
    "long_text": "รายละเอียดการดำเนินงาน",
    "url": "https://www.example.go.th",
    "email": "name@example.go.th",
    "phone": "08 1234 5678",
    "month_year": "2027-10",
    "number": Decimal(10),
    "percent": Decimal("87.5"),
}


def best(node: Node) -> Value:
    """Return the answer that earns most at a place."""
    match node.kind:
        case "single" | "row":
            usual = next((option for option in ("yes", "known") if option in node.options), node.options[0])
            return _BEST.get(node.address, usual)
        case "multiple":
            return tuple(option.id for option in node.field.options if not option.exclusive)
        case "repeat":
            return _BEST_ITEMS.get(node.address, node.options[:1])
        case _:
            return _BEST.get(node.address, _OF_KIND[node.kind])
