"""Can a place ever show? Looks for a way of answering the single choices that opens it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from dgdesk.definition.form import Form, Node
from dgdesk.definition.models import All, Any_, Chosen, Condition, Not

# A way to open a place: (address, option, chosen or not), all at once.
Way = frozenset[tuple[str, str, bool]]
_MOST_WAYS = 256


def can_show(form: Form, node: Node) -> bool:
    """Tell whether some answers make the node show."""
    return any(_consistent(form, way) for way in _ways(form, node))


def _ways(form: Form, node: Node) -> list[Way]:
    """Return the ways to open a node, its parents included."""
    ways: list[Way] = [frozenset()]
    while True:
        if node.when is not None:
            ways = _both(ways, list(_of_condition(form, node.when, True)))
        for source, option in node.skips:
            ways = [way | {(form.nodes[source].address, option, False)} for way in ways]
        if node.parent < 0:
            return ways
        parent = form.nodes[node.parent]
        if node.gate is not None and parent.kind != "repeat":
            ways = [way | {(parent.address, node.gate, True)} for way in ways]
        node = parent


def _of_condition(form: Form, condition: Condition, wanted: bool) -> Iterator[Way]:
    match condition:
        case Chosen():
            address, option = condition.chosen
            if not wanted:
                yield frozenset({(address, option, False)})
                return
            for way in _ways(form, form.node(address)):
                yield way | {(address, option, True)}
        case Not():
            yield from _of_condition(form, condition.not_, not wanted)
        case All() | Any_():
            parts = condition.all if isinstance(condition, All) else condition.any
            if isinstance(condition, All) == wanted:
                ways: list[Way] = [frozenset()]
                for part in parts:
                    ways = _both(ways, list(_of_condition(form, part, wanted)))
                yield from ways
            else:
                for part in parts:
                    yield from _of_condition(form, part, wanted)


def _both(left: list[Way], right: list[Way]) -> list[Way]:
    return [one | two for one, two in product(left, right)][:_MOST_WAYS]


def _consistent(form: Form, way: Way) -> bool:
    chosen: dict[str, str] = {}
    for address, option, wanted in way:
        if not wanted:
            if (address, option, True) in way:
                return False
        elif form.node(address).kind in ("single", "row") and chosen.setdefault(address, option) != option:
            return False
    return True
