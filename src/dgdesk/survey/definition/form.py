"""The form: the definition as a flat list of every place for an answer or evidence, in printed order, with addresses.

Addresses are permanent ids, stored in drafts and bundles:

=====================================  ==========================================================
``p1.1``                               a field
``p1.2a:1.1``                          a row of a matrix (``p3.1.table:1:train``: one question of that row)
``g3.projects#2``                      the second item of a repeat
``g3.projects.name#2``                 a field inside that item
``p1.3/yes``, ``p1.2a:1.1/yes``        the evidence slot of an option or cell
``g3.projects#2``                      the evidence slot of an item
=====================================  ==========================================================

A node's subtree follows it directly, so a skip is a range of nodes. Rules walk the nodes once, front to back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from dgdesk.survey.definition.models import (
    All,
    Any_,
    Chosen,
    Condition,
    Definition,
    Field,
    Kind,
    Not,
    Option,
    Page,
    RespondentField,
    Row,
    Rule,
    Section,
)
from dgdesk.survey.definition.notes import first_owners
from dgdesk.survey.definition.respondent import find_respondent, respondent_field, respondent_in
from dgdesk.survey.respondents import Respondent

NodeKind = Kind | Literal["row", "item"]
ANSWERED_BY_CHOICE: frozenset[str] = frozenset({"single", "multiple", "row"})
# Twenty times the real form; a definition from another PC must not fill the memory.
MOST_NODES = 10_000
_NUMBERS = re.compile(r"\{n\}[.0-9]* *")
"""The number of an item in a label, with what is counted below it: an item that is not there has none."""
CodeIndex = tuple[Mapping[tuple[str, ...], tuple[str, ...]], Mapping[str, tuple[str, ...]]]
"""Addresses of places, in printed order, by a code in its pieces and by a code in one piece."""
WITHOUT_ANSWER: frozenset[str] = frozenset({"group", "matrix", "item"})


class Slot(NamedTuple):
    """An evidence slot.

    ``option`` is None for the item of a repeat; ``url`` is the address of the URL field that may be used instead.
    """

    id: str
    node: int
    option: str | None
    rule: Rule
    url: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the form.

    ``parent`` and ``end`` are positions in `Form.nodes`: the enclosing node (-1 for none) and one past the last node of
    the subtree. ``gate`` is the option (or item key) that must be chosen in the parent for this node to show. ``skips``
    are (position, option) pairs that leave this node out. ``number`` is the number of the repeat item that contains the
    node, in a form in which every item is there (`dgdesk.survey.rules.numbering.numbered` has the present ones);
    ``inside`` is that item's position (-1 for none).
    """

    address: str
    kind: NodeKind
    field: Field
    parent: int
    end: int
    gate: str | None
    section: str
    page: str
    required: bool
    options: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    skips: tuple[tuple[int, str], ...] = ()
    when: Condition | None = None
    number: int | None = None
    item: str | None = None
    inside: int = -1
    row: Row | None = None
    group: str | None = None

    @property
    def label(self) -> str:
        """The printed text of this place, without its code."""
        if self.row is not None and self.kind == "row":
            return self.row.label
        text = self.field.label
        return text.replace("{n}", str(self.number)) if self.number is not None else _NUMBERS.sub("", text)

    @property
    def code(self) -> str | None:
        """The printed code, if there is one."""
        return None if self.kind in ("row", "item") else self.field.code


@dataclass(frozen=True)
class Form:
    """A definition and its nodes."""

    definition: Definition
    nodes: tuple[Node, ...]
    position: Mapping[str, int] = field(repr=False)

    def node(self, address: str) -> Node:
        """Return the node at ``address``. Raises KeyError."""
        return self.nodes[self.position[address]]

    @cached_property
    def respondent(self) -> RespondentField | None:
        """The question that says who answers; None if the form has none."""
        declared = respondent_field(self.definition)
        return declared if declared is not None and declared.field in self.position else None

    @property
    def respondents(self) -> Mapping[str, str]:
        """Names of those who may answer, by their codes, in the order of the form."""
        field = self._respondent_question
        return {option.id: option.label for option in field.options} if field is not None else {}

    def respondent_in(self, answers: Mapping[str, object]) -> Respondent | None:
        """Return who answers by the answers; None if it is not said yet."""
        return respondent_in(self.respondent, self._respondent_question, answers)

    def find_respondent(self, text: str) -> str | None:
        """Return the code of a respondent given by code or name; None if there is no such one."""
        return find_respondent(self._respondent_question, text)

    @property
    def _respondent_question(self) -> Field | None:
        return None if self.respondent is None else self.node(self.respondent.field).field

    @cached_property
    def slots(self) -> Mapping[str, Slot]:
        """Every evidence slot by id, in printed order."""
        return {slot.id: slot for node in self.nodes for slot in node.slots}

    @cached_property
    def note_owners(self) -> Mapping[str, str]:
        """The field or section that each text of a note is printed with first."""
        return first_owners(self.definition.sections)

    @cached_property
    def repeats(self) -> tuple[int, ...]:
        """Positions of the repeats, in printed order."""
        return tuple(at for at, node in enumerate(self.nodes) if node.kind == "repeat")

    @cached_property
    def extensions(self) -> frozenset[str]:
        """The addresses of the fields that take the extension of a telephone number."""
        return frozenset(filter(None, map(extension_address, self.nodes)))

    @cached_property
    def renumbered(self) -> dict[tuple[tuple[str, ...], ...], Form]:
        """Forms with other numbers of items, by the items of every repeat: what `numbered` has made already."""
        return {}

    @cached_property
    def coded(self) -> dict[bool, CodeIndex]:
        """Places by their printed codes, without and with those of options: what `fields_by_code` has made already."""
        return {}

    @cached_property
    def pages(self) -> Mapping[str, tuple[Section, Page]]:
        """Every page by id, with its section, in printed order."""
        return {page.id: (section, page) for section in self.definition.sections for page in section.pages}

    @cached_property
    def page_nodes(self) -> Mapping[str, tuple[int, ...]]:
        """Positions of the nodes of every page."""
        found: dict[str, list[int]] = {page: [] for page in self.pages}
        for at, node in enumerate(self.nodes):
            found[node.page].append(at)
        return {page: tuple(places) for page, places in found.items()}

    @cached_property
    def blanks(self) -> Mapping[tuple[int, str | None], tuple[int, ...]]:
        """What must be answered directly under an option, in a cell, or in an item, as positions of nodes.

        The key is the position of the choice and the option chosen there; for an item its position and None. What is
        inside a further choice or repeat belongs to that one.
        """
        found: dict[tuple[int, str | None], list[int]] = {}
        for at, node in enumerate(self.nodes):
            if not node.required or node.kind in WITHOUT_ANSWER or node.kind == "repeat":
                continue
            top = node
            while top.parent >= 0 and self.nodes[top.parent].kind in ("group", "matrix"):
                top = self.nodes[top.parent]
            if top.parent >= 0:
                key = None if self.nodes[top.parent].kind == "item" else top.gate
                found.setdefault((top.parent, key), []).append(at)
        return {place: tuple(blanks) for place, blanks in found.items()}

    @cached_property
    def below(self) -> Mapping[tuple[int, str], tuple[tuple[int, ...], tuple[Slot, ...]]]:
        """What is below an option, or an item of a repeat: the item's position, and the evidence slots; if any.

        The key is the position of the choice or repeat, and the option or item key.
        """
        found: dict[tuple[int, str], tuple[tuple[int, ...], tuple[Slot, ...]]] = {}
        for at, node in enumerate(self.nodes):
            if node.gate is not None and node.parent >= 0:
                items, slots = found.get((node.parent, node.gate), ((), ()))
                inside = tuple(slot for inner in self.nodes[at : node.end] for slot in inner.slots)
                own = (at,) if node.kind == "item" else ()
                found[node.parent, node.gate] = ((*items, *own), (*slots, *inside))
        return found

    def children(self, position: int) -> Iterator[int]:
        """Yield the positions of the nodes directly inside the one at ``position``."""
        at = position + 1
        while at < self.nodes[position].end:
            yield at
            at = self.nodes[at].end


def option_address(field_address: str, option: str) -> str:
    """Return the id of an option's evidence slot."""
    return f"{field_address}/{option}"


def in_item(field_id: str, item: str | None) -> str:
    """Return the address of a field; ``item`` is the key of the repeat item that contains it, or None."""
    return field_id if item is None else f"{field_id}#{item}"


def chosen_in(condition: Condition) -> Iterator[Chosen]:
    """Yield every `Chosen` inside a condition."""
    match condition:
        case Chosen():
            yield condition
        case All():
            for part in condition.all:
                yield from chosen_in(part)
        case Any_():
            for part in condition.any:
                yield from chosen_in(part)
        case Not():
            yield from chosen_in(condition.not_)


def columns_of(matrix: Field, group: str | None) -> tuple[str, ...]:
    """Return the ids of the columns that answer one of the questions in the rows of a matrix."""
    return tuple(column.id for column in matrix.columns if column.group == group)


def skipped_range(nodes: list[Node] | tuple[Node, ...], source: int, target: int) -> tuple[int, int]:
    """Return the half-open range of nodes that a skip from ``source`` to ``target`` leaves out.

    A heading directly before the target belongs to the target and is not left out.
    """
    last = target
    while last > 0 and nodes[last - 1].kind == "group" and nodes[last - 1].end == last:
        last -= 1
    return nodes[source].end, last


def is_choice_table(node: Node) -> bool:
    """Tell whether a node is a group whose single choices are the rows of a printed table."""
    return node.kind == "group" and bool(node.field.headings)


def option_of(node: Node, option: str) -> Option | None:
    """Return the option model of a single or multiple node."""
    return next((one for one in node.field.options if one.id == option), None)


def extension_address(node: Node) -> str | None:
    """Return the address of the field for the extension of a phone field; None if the form has none."""
    return node.field.extension and node.field.extension + node.address[len(node.field.id) :]
