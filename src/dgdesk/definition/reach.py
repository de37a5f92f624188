"""Whether a place can be shown at all: searches for answers to the single choices that open it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from dgdesk.definition.form import Form, Node
from dgdesk.definition.models import All, Any_, Chosen, Condition, Not

# Choices that together open a place: (address, option, chosen or not).
ChoiceSet = frozenset[tuple[str, str, bool]]
_MOST_SETS = 256


def can_show(form: Form, node: Node) -> bool:
    """Tell whether some combination of answers shows the node."""
    return any(_consistent(form, choices) for choices in _choice_sets(form, node))


def _choice_sets(form: Form, node: Node) -> list[ChoiceSet]:
    """Return the sets of choices that open a node and its parents."""
    sets: list[ChoiceSet] = [frozenset()]
    while True:
        if node.when is not None:
            sets = _both(sets, list(_of_condition(form, node.when, True)))
        for source, option in node.skips:
            sets = [choices | {(form.nodes[source].address, option, False)} for choices in sets]
        if node.parent < 0:
            return sets
        parent = form.nodes[node.parent]
        if node.gate is not None and parent.kind != "repeat":
            sets = [choices | {(parent.address, node.gate, True)} for choices in sets]
        node = parent


def _of_condition(form: Form, condition: Condition, wanted: bool) -> Iterator[ChoiceSet]:
    match condition:
        case Chosen():
            address, option = condition.chosen
            if not wanted:
                yield frozenset({(address, option, False)})
                return
            for choices in _choice_sets(form, form.node(address)):
                yield choices | {(address, option, True)}
        case Not():
            yield from _of_condition(form, condition.not_, not wanted)
        case All() | Any_():
            parts = condition.all if isinstance(condition, All) else condition.any
            if isinstance(condition, All) == wanted:
                sets: list[ChoiceSet] = [frozenset()]
                for part in parts:
                    sets = _both(sets, list(_of_condition(form, part, wanted)))
                yield from sets
            else:
                for part in parts:
                    yield from _of_condition(form, part, wanted)


def _both(left: list[ChoiceSet], right: list[ChoiceSet]) -> list[ChoiceSet]:
    return [one | two for one, two in product(left, right)][:_MOST_SETS]


def _consistent(form: Form, choices: ChoiceSet) -> bool:
    chosen: dict[str, str] = {}
    for address, option, wanted in choices:
        if not wanted:
            if (address, option, True) in choices:
                return False
        elif form.node(address).kind in ("single", "row") and chosen.setdefault(address, option) != option:
            return False
    return True
