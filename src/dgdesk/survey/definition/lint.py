"""The linter: refuses a bad definition and names the item and the reason; finds items that no answer can open.

It refuses duplicate ids, unknown targets, cycles, items that can never be shown, broken Thai text, and models that do
not fit their kind. Whether a rubric fits a definition is checked by ``rules.rubric.check_rubric``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form, Node, chosen_in, extension_address, option_of
from dgdesk.survey.definition.models import All, Any_, Chosen, Condition, Definition, Field, Not, Page, Section
from dgdesk.survey.definition.texts import texts_of
from dgdesk.survey.respondents import ISO_3166_2
from dgdesk.text.clusters import broken

_NEEDS: dict[str, tuple[str, ...]] = {
    "single": ("options",),
    "multiple": ("options",),
    "matrix": ("columns", "rows"),
    "repeat": ("fields", "max_items"),
}
_STRUCTURE = ("options", "columns", "rows", "groups", "max_items", "evidence")
_ALLOWED: dict[str, tuple[str, ...]] = {
    "single": ("options",),
    "multiple": ("options",),
    "matrix": ("columns", "rows", "groups"),
    "repeat": ("max_items", "evidence"),
}


LONGEST_SHORT = 28
"""Most characters of the short name of a section or page: one line of the outline."""


class DefinitionFlaw(NamedTuple):
    """An error in a definition: a message code (``lint.…``), the item, and the detail."""

    code: str
    item: str
    detail: str


def lint(definition: Definition) -> tuple[DefinitionFlaw, ...]:
    """List every error in a definition; empty if it is valid."""
    form = build_form(definition)
    flaws = [*lint_structure(form), *_texts(form), *_shorts(form), *_headings(form), *_negatives(form)]
    # Whether items can be shown is checked only if every target is known.
    if not flaws:
        flaws.extend(
            DefinitionFlaw("lint.unreachable", node.address, "") for node in form.nodes if not can_show(form, node)
        )
    return tuple(flaws)


def lint_structure(form: Form) -> tuple[DefinitionFlaw, ...]:
    """List the errors that the rules cannot handle: ids, kinds, targets, cycles. Quick enough for each draft opened."""
    checks: tuple[Callable[[Form], Iterable[DefinitionFlaw]], ...] = (_ids, _kinds, _targets, _checks, _people)
    flaws = [flaw for check in checks for flaw in check(form)]
    # Cycles are checked only if every target is known.
    return tuple(flaws or _order(form))


def _ids(form: Form) -> Iterator[DefinitionFlaw]:
    definition = form.definition
    names = [section.id for section in definition.sections]
    names += [page.id for section in definition.sections for page in section.pages]
    names += [field.id for field in definition.fields()]
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            yield DefinitionFlaw("lint.duplicate_id", name, str(count))
    for field in definition.fields():
        groups = [option.id for option in field.options], [row.id for row in field.rows]
        columns = [f"{column.group}.{column.id}" for column in field.columns]
        for ids in (*groups, columns, [group.id for group in field.groups]):
            if len(ids) < 2 or len(set(ids)) == len(ids):  # counting takes longer, and nearly never finds anything
                continue
            for name, count in Counter(ids).items():
                if count > 1:
                    yield DefinitionFlaw("lint.duplicate_id", f"{field.id}: {name}", str(count))
    for address, count in Counter(node.address for node in form.nodes).items():
        if count > 1 and counts[address] < 2:
            yield DefinitionFlaw("lint.duplicate_id", address, str(count))


def _kinds(form: Form) -> Iterator[DefinitionFlaw]:
    for field in form.definition.fields():
        for name in _NEEDS.get(field.kind, ()):
            if not getattr(field, name):
                yield DefinitionFlaw("lint.missing_part", field.id, name)
        for name in _STRUCTURE:
            if getattr(field, name) and name not in _ALLOWED.get(field.kind, ()):
                yield DefinitionFlaw("lint.part_does_not_fit", field.id, f"{field.kind}: {name}")
        if field.fields and field.kind not in ("group", "repeat"):
            yield DefinitionFlaw("lint.part_does_not_fit", field.id, f"{field.kind}: fields")
        if field.kind == "repeat" and any(child.kind == "repeat" for inner in field.fields for child in inner.walk()):
            yield DefinitionFlaw("lint.repeat_in_repeat", field.id, "")
        yield from _matrix(field)


def _matrix(field: Field) -> Iterator[DefinitionFlaw]:
    groups = {group.id for group in field.groups}
    for column in field.columns:
        if (column.group is None) == bool(groups) or (column.group and column.group not in groups):
            yield DefinitionFlaw("lint.unknown_target", field.id, f"column {column.id}: group {column.group}")
    columns = {column.id for column in field.columns}
    for row in field.rows:
        for name in row.cells.keys() - columns:
            yield DefinitionFlaw("lint.unknown_target", field.id, f"row {row.id}: column {name}")


def _targets(form: Form) -> Iterator[DefinitionFlaw]:
    for node in form.nodes:
        for option in node.field.options if node.kind in ("single", "multiple") else ():
            if option.skip is not None and option.skip.to not in form.position:
                yield DefinitionFlaw("lint.unknown_target", node.address, option.skip.to)
        for chosen in chosen_in(node.when) if node.when is not None else ():
            address, option_id = chosen.chosen
            if address not in form.position:
                yield DefinitionFlaw("lint.unknown_target", node.address, address)
            elif option_id not in form.node(address).options:
                yield DefinitionFlaw("lint.unknown_target", node.address, f"{address}/{option_id}")
        yield from _extension(form, node)
        for slot in node.slots:
            yield from _slot_url(form, node, slot.url, slot.rule)


def _extension(form: Form, node: Node) -> Iterator[DefinitionFlaw]:
    """Find an extension's field that is no text beside the phone field, so that it would not show with it."""
    address = extension_address(node)
    if address is None:
        return
    if node.kind != "phone":
        yield DefinitionFlaw("lint.part_does_not_fit", node.address, f"{node.kind}: extension")
    beside = form.nodes[form.position[address]] if address in form.position else None
    if beside is None or beside.kind != "text" or (beside.parent, beside.gate) != (node.parent, node.gate):
        yield DefinitionFlaw("lint.unknown_target", node.address, address)


def _slot_url(form: Form, node: Node, url: str | None, rule: str) -> Iterator[DefinitionFlaw]:
    if (rule == "or_url") != (url is not None):
        yield DefinitionFlaw("lint.missing_part", node.address, "url")
    if url is not None and (url not in form.position or form.node(url).kind != "url"):
        yield DefinitionFlaw("lint.unknown_target", node.address, url)


_TYPED = ("text", "long_text", "phone", "email")
_COMPARED: dict[str, tuple[str, ...]] = {"number": ("number", "percent"), "repeat": ("repeat",)}
_SIDES: dict[str, tuple[str, str]] = {
    "at_most": ("number", "number"),
    "positive": ("number", ""),
    "needs_positive": ("", "number"),
    "named": ("number", "repeat"),
    "all_named": ("number", "repeat"),
    "counted": ("number", "repeat"),
}
"""The kind of answer that a check compares, on its left and on its right, where it matters."""


def _checks(form: Form) -> Iterator[DefinitionFlaw]:
    for check in form.definition.checks:
        sides = zip(
            (check.left, check.right),
            (check.left_option, check.right_option),
            _SIDES.get(check.kind, ("", "")),
            strict=True,
        )
        for address, option, compared in sides:
            if not address and check.kind == "positive":
                continue
            if address not in form.position:
                yield DefinitionFlaw("lint.unknown_target", check.code, address)
            elif option is not None and option not in form.node(address).options:
                yield DefinitionFlaw("lint.unknown_target", check.code, f"{address}/{option}")
            elif compared and form.node(address).kind not in _COMPARED[compared]:
                yield DefinitionFlaw("lint.part_does_not_fit", check.code, address)


def _people(form: Form) -> Iterator[DefinitionFlaw]:
    """Find a respondent's question that is no single choice for everybody, and missing questions of a contact."""
    declared = form.definition.respondent
    if declared is not None:
        node = form.nodes[form.position[declared.field]] if declared.field in form.position else None
        if node is None:
            yield DefinitionFlaw("lint.unknown_target", "respondent", declared.field)
        elif node.kind != "single" or node.parent >= 0 or node.when is not None or node.skips or not node.required:
            yield DefinitionFlaw("lint.part_does_not_fit", declared.field, "respondent")
        if declared.scheme != ISO_3166_2 and (declared.called is None or declared.named is None):
            yield DefinitionFlaw("lint.missing_part", "respondent", "called, named")
        for words in (declared.named.th, declared.named.en) if declared.named is not None else ():
            if (words and words.count("{") != 1) or (words and "{name}" not in words):
                yield DefinitionFlaw("lint.part_does_not_fit", "respondent", "named")
    for name, address in form.definition.contact or ():
        if address is not None and (address not in form.position or form.node(address).kind not in _TYPED):
            yield DefinitionFlaw("lint.unknown_target", f"contact {name}", address)


def _order(form: Form) -> Iterator[DefinitionFlaw]:
    """Check that a place depends only on places before it, so that nothing can depend on itself.

    A condition on a later field, or a skip backwards, is a cycle or could become one.
    """
    for at, node in enumerate(form.nodes):
        for chosen in chosen_in(node.when) if node.when is not None else ():
            if form.position[chosen.chosen[0]] >= at:
                yield DefinitionFlaw("lint.cycle", node.address, chosen.chosen[0])
        for option in node.options if node.kind in ("single", "multiple") else ():
            model = option_of(node, option)
            if model is not None and model.skip is not None and form.position[model.skip.to] < node.end:
                yield DefinitionFlaw("lint.cycle", node.address, model.skip.to)


def _texts(form: Form) -> Iterator[DefinitionFlaw]:
    for text in texts_of(form.definition):
        for flaw in broken(text):
            yield DefinitionFlaw("lint.broken_thai", text[:60], f"{flaw.code} {flaw.excerpt}")
    for section in form.definition.sections:
        if not section.title:
            yield DefinitionFlaw("lint.missing_part", section.id, "title")


def _shorts(form: Form) -> Iterator[DefinitionFlaw]:
    """Find sections and pages that navigation cannot name: no short words, too many, or the same twice."""
    sections = form.definition.sections
    neighbours: list[tuple[Section | Page, ...]] = [sections, *(section.pages for section in sections)]
    for named in neighbours:
        counts = Counter(one.short for one in named)
        for one in named:
            if not one.short:
                yield DefinitionFlaw("lint.missing_part", one.id, "short")
            elif len(one.short) > LONGEST_SHORT:
                yield DefinitionFlaw("lint.long_short", one.id, f"{len(one.short)} > {LONGEST_SHORT}")
            elif counts[one.short] > 1:
                yield DefinitionFlaw("lint.double_short", one.id, one.short)
            for flaw in broken(one.short):
                yield DefinitionFlaw("lint.broken_thai", one.short, f"{flaw.code} {flaw.excerpt}")


def _headings(form: Form) -> Iterator[DefinitionFlaw]:
    """Find headings where none is printed: over the first question of a page, or over a part of a question."""
    later = {item.id for section in form.definition.sections for page in section.pages for item in page.items[1:]}
    for field in form.definition.fields():
        if field.heading and field.id not in later:
            yield DefinitionFlaw("lint.part_does_not_fit", field.id, "heading")


def _negatives(form: Form) -> Iterator[DefinitionFlaw]:
    """Find options that cannot mean "no": a question has one at most, it is proven by nothing, and stands alone."""
    for field in form.definition.fields():
        negative = [one.id for one in field.options if one.negative]
        asks = [one.id for one in field.options if one.negative and one.evidence is not None]
        beside = [one.id for one in field.options if one.negative and field.kind == "multiple" and not one.exclusive]
        columns = [one for one in field.columns if one.negative]
        asks += [one.id for one in columns if one.evidence is not None]
        asks += [
            f"{row.id}: {one.id}"
            for one in columns
            for row in field.rows
            if (cell := row.cells.get(one.id)) is not None and (cell.evidence is not None or cell.fields)
        ]
        groups = Counter(one.group for one in columns)
        if len(negative) > 1 or any(count > 1 for count in groups.values()):
            yield DefinitionFlaw("lint.part_does_not_fit", field.id, "negative twice")
        for one in (*asks, *beside):
            yield DefinitionFlaw("lint.part_does_not_fit", field.id, f"negative: {one}")


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
