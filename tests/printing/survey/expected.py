"""What a print of the whole form has to say, in the order of the form: questions, options with states, cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dgdesk.printing.survey.kinds.choices import is_list
from dgdesk.survey.answers.values import UnreadValue, Value, has, items_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.texts import joined
from dgdesk.survey.rules.state import State
from printing.survey.support import bare
from printing.tree import Node

STATES = {"เลือก": True, "ไม่ได้เลือก": False}


class Said(NamedTuple):
    """An option or a cell of a table: the words that name it, and whether it is chosen."""

    words: str
    chosen: bool


class Expected:
    """Goes through a form as it is printed."""

    def __init__(self, form: Form, state: State) -> None:
        self.form, self.state = form, state

    def everything(self) -> Iterator[Said]:
        """Every option and every cell with a mark."""
        for at, node in enumerate(self.form.nodes):
            if node.parent < 0:
                yield from self._node(at)

    def questions(self) -> Iterator[str]:
        """The words of every outer question."""
        for node in self.form.nodes:
            if node.parent < 0 and node.field.label:
                yield bare(node.field.label)

    def typed(self) -> Iterator[str]:
        """Every text that a person typed and that is printed."""
        for at, node in enumerate(self.form.nodes):
            value = self._answer(at)
            if isinstance(value, str) and node.kind in ("text", "long_text", "email", "phone"):
                yield bare(value)

    def _answer(self, at: int) -> Value | None:
        value = self.state.facts.answers.get(self.form.nodes[at].address) if self.state.shown[at] else None
        return None if isinstance(value, UnreadValue) else value

    def _node(self, at: int) -> Iterator[Said]:
        node = self.form.nodes[at]
        children = tuple(self.form.children(at))
        if node.kind in ("single", "multiple") and not is_list(node.field):
            value = self._answer(at)
            for option in node.field.options:
                chosen = value is not None and has(value, option.id)
                yield Said(bare(joined(option.code, option.label, option.hint)), chosen)
                for child in children:
                    if self.form.nodes[child].gate == option.id:
                        yield from self._node(child)
        elif node.kind == "repeat":
            used = items_of(node, self._answer(at)) if self.state.shown[at] else ()
            places = {self.form.nodes[item].item: item for item in children}
            for key in used or (node.options[:1] if node.field.headings else ()):
                if used:
                    for child in self.form.children(places[key]):
                        yield from self._node(child)
        elif node.kind == "matrix":
            yield from self._matrix(at)
        else:
            for child in children:
                yield from self._node(child)

    def _matrix(self, at: int) -> Iterator[Said]:
        field = self.form.nodes[at].field
        for model in field.rows:
            places = [one for one in self.form.children(at) if self.form.nodes[one].row is model]
            if model.header:
                continue
            values = {self.form.nodes[one].group: self._answer(one) for one in places}
            for column in field.columns:
                value = values.get(column.group)
                yield Said(bare(model.label), value is not None and has(value, column.id))
            for one in places:
                for child in self.form.children(one):
                    yield from self._node(child)


def said(root: Node) -> Iterator[Said]:
    """Every option and every cell with a mark, as a screen reader meets them."""
    for node in root.all("LI", "TR"):
        if node.role == "LI":
            label, body = node.kids
            assert isinstance(label, Node) and isinstance(body, Node)
            assert label.role == "Lbl" and body.role == "LBody"
            if label.said in STATES:
                yield Said(bare(body.text), STATES[label.said])
            continue
        heads = node.own("TH")
        for cell in node.own("TD"):
            marks = [one for one in cell.own("Span") if one.said in STATES] or [
                one for part in cell.own("P") for one in part.own("Span") if one.said in STATES
            ]
            if marks:
                assert len(marks) == 1 and len(heads) == 1 and heads[0].scope == "Row"
                yield Said(bare(heads[0].text), STATES[marks[0].said])
