"""What follows an export: send, print, sign, keep the scan, receipt. It stays until the receipt has come."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.submission.journey import STEPS, TICKED, Checklist, Step
from dgdesk.text.dates import time_text
from dgdesk.text.shown import plain_name
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

HELPED: tuple[Step, ...] = ("send", "print", "scan", "receipt")
"""The steps that a button helps with."""


class ChecklistPanel(Panel):
    """The checklist. ``ticked`` carries a step and whether it is done, ``helped`` a step whose button was pressed."""

    ticked = Signal(str, bool)
    helped = Signal(str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__("card", parent)
        self._texts = texts = services.texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.head = WrapLabel(texts, "", "question", self)
        layout.addWidget(self.head)
        self.returned = WrapLabel(texts, "", "warning", self)
        layout.addWidget(self.returned)
        self.rows: dict[Step, CheckRow] = {}
        self.buttons: dict[Step, PageButton] = {}
        for step in STEPS:
            row = QHBoxLayout()
            row.setSpacing(SPACE)
            box = self.rows[step] = CheckRow(texts, (Run(texts.say(f"ui.checklist.{step}")),), self)
            box.toggled.connect(lambda on, step=step: self.ticked.emit(step, on))
            row.addWidget(box, 1)
            if step in HELPED:
                button = self.buttons[step] = PageButton(texts.say(f"ui.checklist.{step}.button"), self)
                button.setAutoDefault(False)
                button.clicked.connect(lambda _=False, step=step: self.helped.emit(step))
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            layout.addLayout(row)
        self.hide()

    def show_list(self, found: Checklist | None, *, changed: bool, read_only: bool) -> None:
        """Show what is done; hide the panel if nothing was exported.

        ``changed``: the draft was edited after the export, so what was exported is no longer what is in the draft.
        """
        if found is None:
            self.hide()
            return
        moment = time_text(found.line.at, self._texts.catalogue.language)
        code = "ui.checklist.closed" if found.closed else "ui.checklist.older" if changed else "ui.checklist.head"
        self.head.set_text(self._texts.say(code, file=plain_name(found.file), moment=moment))
        self.returned.set_text(self._texts.say("ui.checklist.returned", reason=plain_name(found.returned, 1000)))
        self.returned.setVisible(bool(found.returned))
        for step, box in self.rows.items():
            was = box.blockSignals(True)
            box.setChecked(step in found.done)
            box.blockSignals(was)
            # what the register proves is not for a person to tick
            box.setEnabled(step in TICKED and not read_only and not found.closed)
        for button in self.buttons.values():
            button.setEnabled(not read_only)
        self.show()
