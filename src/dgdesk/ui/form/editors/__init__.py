"""The editors: one for each question kind, registered here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from dgdesk.survey.definition.form import Node
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.form.editors.base import Editor
from dgdesk.ui.form.editors.choices import GroupEditor, MultipleEditor, PickerEditor, SingleEditor
from dgdesk.ui.form.editors.lines import LineEditor, LongTextEditor, MonthYearEditor
from dgdesk.ui.form.editors.matrix import MatrixEditor
from dgdesk.ui.form.editors.repeat import RepeatEditor

MOST_BUTTONS = 20
"""A single choice with more options than this is shown as a list with search."""

EDITORS: Mapping[str, Callable[[PageContext, int, QWidget], Editor]] = {
    "text": LineEditor,
    "url": LineEditor,
    "email": LineEditor,
    "phone": LineEditor,
    "number": LineEditor,
    "percent": LineEditor,
    "long_text": LongTextEditor,
    "month_year": MonthYearEditor,
    "single": SingleEditor,
    "multiple": MultipleEditor,
    "matrix": MatrixEditor,
    "repeat": RepeatEditor,
    "group": GroupEditor,
}


def make_editor(parts: PageContext, position: int, parent: QWidget) -> Editor:
    """Create the editor of the node at a position."""
    node = parts.node(position)
    make = PickerEditor if _is_long_list(node) else EDITORS[node.kind]
    return make(parts, position, parent)


def _is_long_list(node: Node) -> bool:
    plain = not any(option.fields or option.evidence for option in node.field.options)
    return node.kind == "single" and len(node.options) > MOST_BUTTONS and plain
