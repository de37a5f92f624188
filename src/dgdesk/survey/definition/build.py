"""Builds the flat form of a definition: nodes in printed order, with their slots, options and skips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from dgdesk.errors import FileError
from dgdesk.survey.definition.form import (
    ANSWERED_BY_CHOICE,
    MOST_NODES,
    Form,
    Node,
    NodeKind,
    Slot,
    columns_of,
    in_item,
    option_address,
    skipped_range,
)
from dgdesk.survey.definition.models import Definition, EvidenceRequest, Field, Row


def build_form(definition: Definition) -> Form:
    """Build the flat form of a definition. A broken one is built as far as possible; `lint` reports its errors.

    Raises:
        FileError: ``definition.too_large``: more than `MOST_NODES` places.
    """
    builder = _Builder()
    for section in definition.sections:
        for page in section.pages:
            for item in page.items:
                builder.add_field(item, _Place(section.id, page.id, -1, None))
    nodes = builder.nodes()
    position = {node.address: at for at, node in enumerate(nodes)}
    return Form(definition, tuple(_with_skips(nodes, position)), position)


class _Place(NamedTuple):
    section: str
    page: str
    parent: int
    gate: str | None
    number: int | None = None
    item: str | None = None
    inside: int = -1


class _Builder:
    """Adds nodes in printed order; a node's end is known once its subtree has been added."""

    def __init__(self) -> None:
        self._begun: list[partial[Node]] = []
        self._ends: list[int] = []

    def nodes(self) -> list[Node]:
        """All nodes added so far, in printed order."""
        return [begun(end=end) for begun, end in zip(self._begun, self._ends, strict=True)]

    def add_field(self, item: Field, place: _Place) -> None:
        at = self._open(in_item(item.id, place.item), item.kind, item, place)
        inside = place._replace(parent=at, gate=None)
        for child in item.fields if item.kind != "repeat" else ():
            self.add_field(child, inside)
        for option in item.options:
            self._add_follow_ups(option.fields, inside, option.id)
        for row in item.rows:
            self._add_row(item, row, inside)
        if item.kind == "repeat":
            for key in range(1, (item.max_items or 1) + 1):
                self._add_item(item, key, inside)
        self._close(at)

    def _add_follow_ups(self, fields: tuple[Field, ...], inside: _Place, gate: str) -> None:
        for child in fields:
            self.add_field(child, inside._replace(gate=gate))

    def _add_row(self, matrix: Field, row: Row, inside: _Place) -> None:
        if row.header:
            return
        groups: tuple[str | None, ...] = tuple(group.id for group in matrix.groups) or (None,)
        for group in groups:
            address = ":".join(part for part in (matrix.id, row.id, group) if part)
            at = self._open(address, "row", matrix, inside, row=row, group=group)
            for column in columns_of(matrix, group):
                cell = row.cells.get(column)
                if cell is not None:
                    self._add_follow_ups(cell.fields, inside._replace(parent=at), column)
            self._close(at)

    def _add_item(self, repeat: Field, key: int, inside: _Place) -> None:
        number = repeat.first_number + key - 1
        place = inside._replace(gate=str(key), number=number, item=str(key))
        at = self._open(in_item(repeat.id, str(key)), "item", repeat, place)
        for child in repeat.fields:
            self.add_field(child, place._replace(parent=at, gate=None, inside=at))
        self._close(at)

    def _open(
        self,
        address: str,
        kind: NodeKind,
        item: Field,
        place: _Place,
        row: Row | None = None,
        group: str | None = None,
    ) -> int:
        at = len(self._begun)
        if at >= MOST_NODES:
            raise FileError("definition.too_large", most=MOST_NODES)
        self._begun.append(
            partial(
                Node,
                address=address,
                kind=kind,
                field=item,
                parent=place.parent,
                gate=place.gate,
                section=place.section,
                page=place.page,
                required=item.required and (row is None or row.required),
                options=_options(kind, item, group),
                slots=tuple(_slots(at, address, kind, item, row, group, place.item)),
                when=item.when if kind not in ("row", "item") else None,
                number=place.number,
                item=place.item,
                inside=place.inside,
                row=row,
                group=group,
            )
        )
        self._ends.append(at + 1)
        return at

    def _close(self, at: int) -> None:
        self._ends[at] = len(self._begun)


def _options(kind: NodeKind, item: Field, group: str | None) -> tuple[str, ...]:
    match kind:
        case "row":
            return columns_of(item, group)
        case "repeat":
            return tuple(str(key) for key in range(1, (item.max_items or 1) + 1))
        case _:
            return tuple(option.id for option in item.options)


def _slots(
    at: int, address: str, kind: NodeKind, item: Field, row: Row | None, group: str | None, key: str | None
) -> Iterator[Slot]:
    def slot(request: EvidenceRequest, option: str | None) -> Slot:
        place = address if option is None else option_address(address, option)
        return Slot(place, at, option, request.rule, in_item(request.url, key) if request.url else None)

    if kind == "item" and item.evidence is not None:
        yield slot(item.evidence, None)
    elif kind == "row" and row is not None:
        for column in item.columns:
            if column.group == group:
                cell = row.cells.get(column.id)
                request = cell.evidence if cell is not None and cell.evidence is not None else column.evidence
                if request is not None:
                    yield slot(request, column.id)
    elif kind in ANSWERED_BY_CHOICE:
        for option in item.options:
            if option.evidence is not None:
                yield slot(option.evidence, option.id)


def _with_skips(nodes: list[Node], position: Mapping[str, int]) -> Iterator[Node]:
    """Resolve printed skips: a skipped range is marked at its nodes whose parent is outside the range."""
    skips: dict[int, list[tuple[int, str]]] = {}
    for at, node in enumerate(nodes):
        for option in node.field.options if node.kind in ("single", "multiple") else ():
            if option.skip is None or option.skip.to not in position:
                continue
            first, last = skipped_range(nodes, at, position[option.skip.to])
            for skipped in range(first, last):
                if nodes[skipped].parent < first:
                    skips.setdefault(skipped, []).append((at, option.id))
    for at, node in enumerate(nodes):
        yield replace(node, skips=tuple(skips[at])) if at in skips else node
