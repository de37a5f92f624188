"""Window, printing, choices form: what a person may choose about a print, as one column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from dgdesk.printing.survey.context import PrintChoices, Variant
from dgdesk.ui.widgets.choice import CheckRow, RadioRow
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.text_layout import Run

_VARIANTS: tuple[Variant, ...] = ("draft", "final", "blank", "answers", "problems")


class ChoicesForm(QWidget):
    """The column. ``changed`` comes with every choice; ``sections`` are their names and titles."""

    changed = Signal()

    def __init__(self, texts: Texts, sections: Sequence[tuple[str, str]], variant: Variant, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        say = texts.say
        self._column = column(self, 2)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._head("ui.printing.what")
        self._variants = QButtonGroup(self)
        self.variants = {one: self._radio(say(f"ui.printing.variant.{one}"), self._variants) for one in _VARIANTS}
        self.variants[variant].setChecked(True)
        self.one_section = self._check("ui.printing.one_section")
        self._sections_box = QWidget(self)
        inner = column(self._sections_box, 2, left=18)
        self._sections = QButtonGroup(self)
        self.sections: dict[str, RadioRow] = {}
        for name, title in sections:
            section = self.sections[name] = RadioRow(texts, (Run(title),), self._sections_box)
            self._sections.addButton(section)
            inner.addWidget(section)
        if self.sections:
            next(iter(self.sections.values())).setChecked(True)
        self._column.addWidget(self._sections_box)
        self._column.addSpacing(8)
        self._head("ui.printing.how")
        self.thai_digits = self._check("ui.printing.thai_digits")
        self.large = self._check("ui.printing.large")
        self.notes = self._check("ui.printing.notes", on=True)
        self.skipped = self._check("ui.printing.skipped", on=True)
        self._column.addStretch(1)
        self._follow()
        for group in (self._variants, self._sections):
            group.idToggled.connect(self._take_radio)
        for row in (self.one_section, self.thai_digits, self.large, self.notes, self.skipped):
            row.toggled.connect(self._take)

    @property
    def choices(self) -> PrintChoices:
        """What is chosen now."""
        variant = next(name for name, row in self.variants.items() if row.isChecked())
        section = next((name for name, row in self.sections.items() if row.isChecked()), None)
        return PrintChoices(
            variant=variant,
            section=section if self.one_section.isChecked() and variant != "problems" else None,
            thai_digits=self.thai_digits.isChecked(),
            large=self.large.isChecked(),
            notes=self.notes.isChecked(),
            skipped="reasons" if self.skipped.isChecked() else "leave-out",
        )

    def _head(self, code: str) -> None:
        self._column.addWidget(WrapLabel(self._texts, self._texts.say(code), "question", self))

    def _radio(self, words: str, group: QButtonGroup) -> RadioRow:
        row = RadioRow(self._texts, (Run(words),), self)
        group.addButton(row)
        self._column.addWidget(row)
        return row

    def _check(self, code: str, *, on: bool = False) -> CheckRow:
        row = CheckRow(self._texts, (Run(self._texts.say(code)),), self)
        row.setChecked(on)
        self._column.addWidget(row)
        return row

    def _take_radio(self, _: int, on: bool) -> None:
        if on:  # the one that was chosen before tells too
            self._take()

    def _take(self, *_: object) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """Offer what makes a difference."""
        variant = self.choices.variant
        self.one_section.setEnabled(variant != "problems")
        self._sections_box.setVisible(self.one_section.isChecked() and variant != "problems")
        self.notes.setEnabled(variant not in ("answers", "problems"))
        self.skipped.setEnabled(variant in ("draft", "final"))
