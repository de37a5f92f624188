"""Editors of typed answers: one line, several lines, month and Buddhist year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dgdesk.survey.answers.extensions import moves_extension
from dgdesk.text.dates import BUDDHIST_ERA, MONTHS, parse_month_year
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.form.editors.base import Editor, read_text, shown_text
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput, LongInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column

_ISO = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def split_month_year(shown: str) -> tuple[int, str]:
    """Return the month (1–12, 0 for none) and the text of the year box, for a stored or typed text."""
    if stored := _ISO.fullmatch(shown):
        return int(stored[2]), str(int(stored[1]) + BUDDHIST_ERA)
    for number, name in enumerate(MONTHS, start=1):
        if shown == name or shown.startswith(name + " "):
            return number, shown.removeprefix(name).strip()
    return 0, shown


def join_month_year(month: int, year: str) -> str:
    """Return the text that month and year box mean together; a month or date in the year box holds alone."""
    try:
        parse_month_year(year)
    except ValueError as error:
        alone = error.args[0] in ("month.day", "month.era")
    else:
        alone = True
    if alone:
        return year.strip()
    return " ".join(part for part in (MONTHS[month - 1] if month else "", year.strip()) if part)


_WIDTHS = {"number": 150, "percent": 110}
_MOST_WIDTHS = {"phone": 360}
"""Pixels of boxes that may be narrower where a page is."""
_EXAMPLES = {"url": "https://www.example.go.th", "email": "name@example.go.th", "phone": "0 2123 4567"}
_MOBILE = "08 1234 5678"


class LineEditor(Editor):
    """A box for one line, followed by its unit."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.input = LineInput(self)
        self.input.setPlaceholderText(_MOBILE if self.node.field.mobile else _EXAMPLES.get(self.node.kind, ""))
        self.input.setReadOnly(not self.editable)
        if width := _WIDTHS.get(self.node.kind):
            self.input.setFixedWidth(width)
        kind = "phone" if self.address in parts.form.extensions else self.node.kind
        if most := _MOST_WIDTHS.get(kind):
            self.input.setMaximumWidth(most)
        if self.node.kind in ("number", "percent"):
            self.input.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.input, int(kind in _MOST_WIDTHS))
        field = self.node.field
        unit = field.unit or ("%" if self.node.kind == "percent" else "")
        if unit:
            row.addWidget(WrapLabel(parts.texts, " ".join(filter(None, (unit, field.hint))), "unit", self), 1)
        elif kind in (*_WIDTHS, *_MOST_WIDTHS):
            row.addStretch(1)
        self.name(self.input)
        self.pending = parts.pending(self._write, self)
        self.input.textEdited.connect(self._typed)
        self.input.left.connect(self._leave)
        self.input.entered.connect(self._enter)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer, unless this box has just written it; a number that is not in use has commas."""
        if not self.pending.writing:
            self.pending.drop()
            # not `hasFocus`: while another window is active, the box keeps text and caret
            in_use = self.input.window().focusWidget() is self.input
            self.input.show_text(shown_text(self.value) if in_use else read_text(self.value))

    def _enter(self) -> None:
        """Show the exact number, without commas, before it is changed."""
        if not self.pending.dirty:
            self.input.show_text(shown_text(self.value))

    def boxes(self) -> Sequence[QWidget]:
        """See `Editor`."""
        return (self.input,)

    def _typed(self, text: str) -> None:
        # The first digit of an extension would be moved to its own field while the others are typed.
        if moves_extension(self.node, text):
            self.pending.wait()
        else:
            self.pending.touch()

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.input

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(self.address, self.input.text())

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()


class LongTextEditor(Editor):
    """A box for several lines that grows with its text."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        self.input = LongInput(self, parts.texts.breaker)
        self.input.setReadOnly(not self.editable)
        column(self).addWidget(self.input)
        self.name(self.input)
        self._showing = False
        self.pending = parts.pending(self._write, self)
        self.refresh()
        self.input.textChanged.connect(self._typed)
        self.input.left.connect(self._leave)

    def refresh(self) -> None:
        """Show the stored answer, unless this box has just written it."""
        if not self.pending.writing:
            self.pending.drop()
            self._showing = True
            self.input.show_text(shown_text(self.value))
            self._showing = False

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.input

    def boxes(self) -> Sequence[QWidget]:
        """See `Editor`."""
        return (self.input,)

    def _typed(self) -> None:
        if not self._showing:
            self.pending.touch()

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(self.address, self.input.toPlainText())

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()


_WHOLE_YEAR = re.compile(r"\d{4}$")


class MonthYearEditor(Editor):
    """A list of months and a box for the year, after their printed words."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        words = self.node.field.blanks
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.month = CalmCombo(self)
        self.month.setMaxVisibleItems(13)
        self.month.addItem("")
        self.month.addItems(list(MONTHS))
        self.year = LineInput(self)
        self.year.setFixedWidth(100)
        self.year.setAlignment(Qt.AlignmentFlag.AlignRight)
        for number, box in enumerate((self.month, self.year)):
            if number < len(words):
                word = WrapLabel(parts.texts, words[number], "unit", self)
                word.setWordWrap(False)
                row.addWidget(word, 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(box)
            box.setAccessibleName(" ".join((self.node.label, *words[number : number + 1])))
        row.addStretch(1)
        if not self.editable:
            self.month.freeze(parts.texts.say("ui.frozen"))
        self.year.setReadOnly(not self.editable)
        self.pending = parts.pending(self._write, self)
        self.month.activated.connect(self._chosen)
        self.year.textEdited.connect(self._typed)
        self.year.left.connect(self._leave)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer, unless these boxes have just written it."""
        if not self.pending.writing:
            self.pending.drop()
            month, year = split_month_year(shown_text(self.value))
            self.month.setCurrentIndex(month)
            self.year.show_text(year)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.month

    def boxes(self) -> Sequence[QWidget]:
        """See `Editor`."""
        return self.month, self.year

    def _typed(self, text: str) -> None:
        # Half a year reads as another one (25 as 2525): it is written when it is complete, or when the focus leaves.
        if _WHOLE_YEAR.search(text.strip()):
            self.pending.touch()
        else:
            self.pending.wait()

    def _chosen(self) -> None:
        self.pending.touch()
        self.pending.flush()

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(
            self.address, join_month_year(self.month.currentIndex(), self.year.text())
        )

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
