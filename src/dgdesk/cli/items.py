"""``item`` and ``external-points``: the items of repeats by their visible numbers, and points of the assessing body."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.cli.draft import field_of
from dgdesk.cli.likely import listed, numbered_at
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import UsageError
from dgdesk.survey.answers.values import as_decimal, items_of
from dgdesk.survey.definition.form import Node
from dgdesk.survey.rules.places import full_name
from dgdesk.survey.rules.score import rounded
from dgdesk.text.digits import to_arabic


def add(arguments: Namespace, context: Context) -> int:
    """Add an item to a repeat and say its number."""
    return _change(arguments, context)


def remove(arguments: Namespace, context: Context) -> int:
    """Remove an item with its answers and evidence; undo brings all of it back."""
    return _change(arguments, context)


def move(arguments: Namespace, context: Context) -> int:
    """Move an item to another number."""
    return _change(arguments, context)


def _change(arguments: Namespace, context: Context) -> int:
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        session, repeat = draft.session, _repeat(draft, arguments.field)
        where = full_name(session.form, repeat.address, None, session.state.facts.answers).line()
        number = repeat.field.first_number + len(_items(draft, repeat))
        match arguments.part:
            case "add":
                session.add_item(repeat.address)
            case "remove":
                at = _position(draft, repeat, arguments.number)
                number = repeat.field.first_number + at
                session.remove_item(repeat.address, _items(draft, repeat)[at])
            case _:
                at, to = (_position(draft, repeat, typed) for typed in (arguments.number, arguments.to))
                number = repeat.field.first_number + to
                session.move_item(repeat.address, _items(draft, repeat)[at], to)
        items = [
            full_name(session.form, f"{repeat.address}#{key}", None, session.state.facts.answers).line()
            for key in _items(draft, repeat)
        ]
    if arguments.json:
        context.json({"field": repeat.address, "number": number, "items": len(items)})
    else:
        context.say(f"cli.item_{arguments.part}", where=where, number=number, count=len(items))
    return 0


def _repeat(draft: Draft, typed: str) -> Node:
    """Return the repeat that a code means: itself, or the only one in the question. Raises UsageError."""
    form, answers = draft.session.form, draft.session.state.facts.answers
    at = form.position.get(field_of(draft, typed), -1)
    if at < 0:
        raise UsageError("field.unknown", field=typed)
    found = [one for one in form.nodes[at : form.nodes[at].end] if one.kind == "repeat"]
    if not found:
        raise UsageError("value.no_items_here", field=typed)
    if len(found) > 1 and form.nodes[at].kind != "repeat":
        places = [f"{one.address} ({full_name(form, one.address, None, answers).line()})" for one in found]
        raise UsageError("cli.several_places", typed=typed, places="; ".join(places))
    return found[0]


def _items(draft: Draft, repeat: Node) -> tuple[str, ...]:
    return items_of(repeat, draft.session.state.facts.answers.get(repeat.address))


def _position(draft: Draft, repeat: Node, typed: str) -> int:
    """Return the position of the item with the number that people see. Raises UsageError with the numbers there are."""
    first, count = repeat.field.first_number, len(_items(draft, repeat))
    numbers = listed([str(first + at) for at in range(count)])

    def refuse() -> UsageError:
        return UsageError("cli.no_item_number", typed=typed, numbers=numbers)

    at = numbered_at(typed, first + count - 1, refuse) + 1 - first
    if at < 0:
        raise refuse()
    return at


def external_points(arguments: Namespace, context: Context) -> int:
    """Show the points of external indicators, or set or clear one."""
    setting = arguments.points is not None
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=not setting) as draft:
        session = draft.session
        weights = session.rules.rubric.external_weights
        wanted = arguments.indicator and to_arabic(arguments.indicator.strip())
        if wanted is not None and wanted not in weights:
            raise UsageError("cli.unknown_external", indicator=arguments.indicator, known=listed(list(weights)))
        if setting:
            try:
                points = as_decimal(to_arabic(arguments.points.strip())) if arguments.points.strip() else None
            except ValueError as error:
                raise UsageError("cli.not_points", typed=arguments.points) from error
            session.set_external(wanted, points)
        given = session.state.facts.external
        shown = {one: given.get(one) for one in ([wanted] if wanted else weights)}
        full = {one: session.rules.rubric.external_weights[one] for one in shown}
    if arguments.json:
        context.json({"points": shown, "full": {one: float(weight) for one, weight in full.items()}})
    else:
        for one, known in shown.items():
            words = context.catalogue.text("ui.history.empty") if known is None else f"{known:f}"
            context.say("cli.external", indicator=one, points=words, full=f"{rounded(full[one]):f}")
    return 0
