"""Truthful provinces: what is so in them, drawn from a seed, and how they are led by what the form asks to a ready one.

A province answers nothing that is not so: where none of the answers is true it has none, and the form must not insist.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from dgdesk.survey.answers.values import Value
from dgdesk.survey.definition.form import Form, Node, chosen_in
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.state import Facts, Rules, State
from scenario import PROOF, TODAY, best

PARTNERS = "p2.2.1.1.partners"
_FEW = 5
"""Most names of services that the form takes."""


@dataclass(frozen=True)
class Province:
    """What is so in a province. ``fixed`` are answers that a test wants; everything else comes from the facts."""

    seed: int = 0
    partners: tuple[str, ...] = ()
    channel: str = "none"  # of open data; "none": only its own web site, which is none of the printed three
    services: int | None = 0  # None: unknown
    digital: int | None = 0
    with_details: bool = True
    exempt: bool = False  # wherever the law allows
    nothing: bool = False  # nothing beyond what the department does
    fixed: Mapping[str, Value] = field(default_factory=dict)

    def answer(self, node: Node) -> Value | None:
        """Return the true answer at a place; None if none of the possible ones is true."""
        known = self.fixed.get(node.address, self._facts().get(node.address))
        if known is not None:
            return known
        if node.address == PARTNERS:
            return self.partners or None
        if node.field.advised and not self.with_details:
            return None
        if node.kind in ("single", "row"):
            return self._one(node)
        return self._several(node) if node.kind == "multiple" else best(node)

    def _facts(self) -> dict[str, Value]:
        """Figures that must fit each other, and what was drawn for them."""
        found: dict[str, Value] = {"p2.3.1.2": self.channel, "p4.2.2.3": Decimal(4), "p4.2.2.3.full": Decimal(5)}
        for total, digital in (("p4.1", "p4.1.1"), ("p4.2", "p4.2.1")):
            for address, number in ((total, self.services), (digital, self.digital)):
                found[address] = "unknown" if number is None else "known"
                if number is not None:
                    found[f"{address}.count"] = Decimal(number)
        for at in range(1, min(self.digital or 0, _FEW) + 1):
            found[f"p4.2.1.services.name#{at}"] = f"บริการที่ {at}"
        return found

    def names(self) -> dict[str, Value]:
        """Return what the province tells of itself when it gives the number of its services."""
        used = tuple(str(at) for at in range(1, min(self.digital or 0, _FEW) + 1))
        own = {key: value for key, value in self._facts().items() if key.startswith("p4.2.1.services.name")}
        return {"p4.2.1.services": used, **own} if used else {}

    def _one(self, node: Node) -> str:
        chance = random.Random(f"{self.seed} {node.address}")
        if self.exempt and "exempt" in node.options:
            return "exempt"
        if self.nothing and "no" in node.options:
            return "no"
        return chance.choice(node.options)

    def _several(self, node: Node) -> tuple[str, ...]:
        chance = random.Random(f"{self.seed} {node.address}")
        exclusive = [option.id for option in node.field.options if option.exclusive]
        if exclusive and (self.nothing or chance.random() < 0.3):
            return (exclusive[0],)
        plain = [one for one in node.options if one not in exclusive]
        some = set(chance.sample(plain, chance.randint(1, len(plain))))
        return tuple(one for one in node.options if one in some)


def province(seed: int) -> Province:
    """Draw a province."""
    chance = random.Random(seed)
    services = chance.choice([None, 0, 1, 3, 12])
    return Province(
        seed=seed,
        partners=tuple(one for one in ("province", "department", "other") if chance.random() < 0.4),
        channel=chance.choice(["1", "2", "3", "none", "none"]),
        services=services,
        digital=chance.choice([None, 0, 1, 7]) if services is None else chance.choice([None, *range(services + 1)]),
        with_details=chance.random() < 0.5,
        exempt=chance.random() < 0.3,
        nothing=chance.random() < 0.2,
    )


class Insists(AssertionError):
    """The form insists on an answer that is not so, or on something that cannot be answered."""


def lead(rules: Rules, who: Province) -> State:
    """Answer what the form insists on, until it insists on nothing more; every file has its pages and key passage."""
    facts = Facts({**who.fixed, **who.names()}, {}, {})
    state = rules.evaluate(facts, TODAY)
    while errors := [one for one in state.problems if one.severity == "error"]:
        answers, evidence = dict(facts.answers), dict(facts.evidence)
        for problem in errors:
            if problem.slot is not None:
                evidence[problem.slot] = (PROOF,)
            else:
                answers[problem.address] = _insisted(rules.form, who, problem)
        if (answers, evidence) == (dict(facts.answers), dict(facts.evidence)):
            raise Insists(", ".join(f"{one.code} at {one.address}" for one in errors))
        facts = Facts(answers, evidence, {})
        state = rules.evaluate(facts, TODAY, state)
    return state


def _insisted(form: Form, who: Province, problem: Problem) -> Value:
    value = who.answer(form.node(problem.address))
    if value is None:
        raise Insists(f"{problem.code} at {problem.address}, where nothing is true")
    return value


def opening(form: Form, address: str) -> dict[str, Value]:
    """Return answers that show a place: the choices around it, its conditions, and nothing that skips it."""
    found: dict[str, Value] = {}
    node = form.node(address)
    while True:
        for chosen in chosen_in(node.when) if node.when is not None else ():
            other, option = chosen.chosen
            found |= {**opening(form, other), other: option}
        for source, _ in node.skips:
            asks = form.nodes[source]
            leads = {option.id for option in asks.field.options if option.skip is not None}
            found |= {
                **opening(form, asks.address),
                asks.address: next(one for one in asks.options if one not in leads),
            }
        if node.parent < 0:
            return found
        around = form.nodes[node.parent]
        if node.gate is not None and around.kind in ("single", "row"):
            found[around.address] = node.gate
        elif node.gate is not None and around.kind in ("multiple", "repeat"):
            found[around.address] = (node.gate,)
        node = around
