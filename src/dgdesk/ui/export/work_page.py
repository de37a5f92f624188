"""The page that shows the running export step by step, and why it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dgdesk.bundle.report import ExportStep
from dgdesk.ui.export.pages import WizardPage, tell_on
from dgdesk.ui.widgets.icons import icon_size, status_pixmap
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.plain import plain_label
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_State = Literal["later", "now", "done", "failed", "stopped"]
_STATUSES: Mapping[_State, str] = {
    "later": "not_begun",
    "now": "in_progress",
    "done": "complete",
    "failed": "problems",
    "stopped": "not_begun",
}


class _StepRow(QWidget):
    """One step with its state."""

    def __init__(self, services: Services, step: ExportStep, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._words = services.texts.say(f"ui.exporting.step.{step}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        self._picture = plain_label("", self)
        self._picture.setContentsMargins(0, max(0, (self.fontMetrics().height() - icon_size()) // 2), 0, 0)
        self.label = WrapLabel(services.texts, "", "text", self)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1)
        self.show_state("later")

    def show_state(self, state: _State) -> None:
        """Show the state, also to screen readers."""
        picture = status_pixmap(self._services.icons, _STATUSES[state], self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self.label.set_role("question" if state == "now" else "text" if state == "done" else "hint")
        self.label.set_text(self._words)
        spoken = self._services.texts.say(f"ui.exporting.state.{state}")
        self.label.setAccessibleName(f"{self._words}: {spoken}")


class WorkPage(WizardPage):
    """Shows the progress that the wizard reports. ``at`` is the running step."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.work"), parent)
        self._services = services
        self.at: ExportStep | None = None
        self.state = self.add_text()
        self._panel = Panel("card", self.body)
        self._rows_box = QVBoxLayout(self._panel)
        self._rows_box.setContentsMargins(2 * SPACE, SPACE + SPACE // 2, 2 * SPACE, SPACE + SPACE // 2)
        self._rows: dict[ExportStep, _StepRow] = {}
        self.column.addWidget(self._panel)
        self.bar = QProgressBar(self.body)
        self.bar.setAccessibleName(self.texts.say("ui.exporting.head.work"))
        self.column.addWidget(self.bar)
        self.column.addStretch(1)

    def begin(self, steps: Sequence[ExportStep], target: str) -> None:
        """Show all steps as not started."""
        for row in self._rows.values():
            self._rows_box.removeWidget(row)
            row.deleteLater()
        self._rows = {step: _StepRow(self._services, step, self._panel) for step in steps}
        for row in self._rows.values():
            self._rows_box.addWidget(row)
            row.show()
        self.at = None
        tell_on(self.state, "text", self.texts.say("ui.exporting.working", path=target))
        self.advance(0, 0)
        self.bar.show()

    def step(self, step: ExportStep) -> None:
        """Mark a step as running."""
        if step == self.at or step not in self._rows:
            return
        self.at = step
        before = True
        for name, row in self._rows.items():
            before = before and name != step
            row.show_state("now" if name == step else "done" if before else "later")
        self.advance(0, 0)

    def advance(self, done: int, total: int) -> None:
        """Show the progress of the export; a total of 0 means unknown."""
        self.bar.setRange(0, 100 if total > 0 else 0)
        self.bar.setValue(min(100, 100 * done // total) if total > 0 else 0)

    def say_stopping(self) -> None:
        """Show that the export is being cancelled."""
        tell_on(self.state, "text", self.texts.say("ui.exporting.stopping"))

    def end(self, words: str, *, stopped: bool) -> None:
        """Show why there is no bundle: it failed, or a person stopped it."""
        if self.at is not None:
            self._rows[self.at].show_state("stopped" if stopped else "failed")
        self.bar.hide()
        tell_on(self.state, "warning" if stopped else "error", words)
