"""Answers in long form: a row for each answer, with its place taken apart, its value, and the value in words.

Several options of one question, and the items of a repeat, are a row each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from dgdesk.agency.tables.model import Kinds
from dgdesk.bundle.submission import AnySubmission, Unread
from dgdesk.survey.definition.form import Form, Node
from dgdesk.survey.rules.places import option_words
from dgdesk.text.cells import SheetCell, number_text
from dgdesk.text.dates import format_month_year

LONG: Final = ("address", "field", "code", "kind", "row", "column", "item", "value", "number", "text")
"""``address`` is the permanent name of the place; ``field``, ``row``, ``column`` and ``item`` are its parts.
``value`` is what was submitted, as text: an option's id, a number's digits; ``number`` is the number, ``text`` is the
value in words, an option as it is printed. ``kind`` is the question kind; ``unread``: it could not be read as one."""
LONG_KINDS: Final[Kinds] = {"number": "number"}


class LongRows:
    """Makes the rows of submissions of any edition in ``forms``; an address of no form has no parts."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = {form.definition.edition: form for form in forms}
        self._words: dict[tuple[str, str, str], str] = {}

    def rows(self, submission: AnySubmission) -> Iterator[tuple[SheetCell, ...]]:
        """Yield a row for each answer, in the form's order; what the form does not have comes last."""
        form = self._forms.get(submission.edition)
        position = form.position if form is not None else {}
        last = len(position)
        for address in sorted(submission.answers, key=lambda one: (position.get(one, last), one)):
            node = form.nodes[position[address]] if form is not None and address in position else None
            place = _place(address, node)
            value = submission.answers[address]
            if isinstance(value, tuple):
                for one in value:
                    yield (*place, one, None, self._in_words(submission.edition, node, one))
            elif isinstance(value, Unread):
                yield (*place[:3], "unread", *place[4:], value.unread, None, value.unread)
            elif isinstance(value, int | Decimal):
                yield (*place, number_text(value), value, number_text(value))
            else:
                yield (*place, value, None, self._in_words(submission.edition, node, value))

    def _in_words(self, edition: str, node: Node | None, value: str) -> str:
        if node is None:
            return value
        if node.kind == "month_year":
            try:
                return format_month_year(value)
            except ValueError:
                return value
        if value not in node.options or node.kind == "repeat":
            return value
        key = edition, node.address, value
        if (known := self._words.get(key)) is None:
            known = self._words[key] = _option(node, value)
        return known


def _place(address: str, node: Node | None) -> tuple[SheetCell, ...]:
    if node is None:
        return address, address, None, None, None, None, None
    row = node.row.id if node.row is not None else None
    return address, node.field.id, node.code, node.kind, row, node.group, node.item


def _option(node: Node, option: str) -> str:
    for column in node.field.columns if node.kind == "row" else ():
        if (column.id, column.group) == (option, node.group):
            return column.label
    return option_words(node, option)
