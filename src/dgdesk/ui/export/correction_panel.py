"""What the wizard asks when the survey was exported before: why it is corrected. Nobody types a number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from dgdesk.bundle.submission import LONGEST_REASON
from dgdesk.draft.drafts import Draft
from dgdesk.submission.corrections import Replaced, correction_of, differences, replaced_next
from dgdesk.submission.handed_over import is_handed_over
from dgdesk.text.dates import day_text, thai_day
from dgdesk.ui.identities.secret import labelled
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_MOST_LINES = 5


class CorrectionPanel(Panel):
    """Says what the new export replaces and what differs, and asks for the reason. ``changed``: something was typed.

    It stays hidden for a first export. ``asked`` is whether a complete export replaces an earlier one.
    """

    changed = Signal()

    def __init__(self, draft: Draft, texts: Texts, parent: QWidget) -> None:
        super().__init__("card", parent)
        self._draft, self._texts = draft, texts
        register = draft.package.register()
        self._last = replaced_next(register)
        self.asked = self._last is not None
        inner = QVBoxLayout(self)
        inner.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        inner.setSpacing(SPACE // 2)
        self.said = WrapLabel(texts, "", "question", self)
        self.different = WrapLabel(texts, "", "text", self)
        self.asks = QWidget(self)
        self.reason = LineInput(self.asks)
        self.reason.setMaxLength(LONGEST_REASON)
        self.never_sent: QCheckBox = CheckRow(texts, (Run(texts.say("ui.exporting.never_sent")),), self)
        inner.addWidget(self.said)
        inner.addWidget(self.different)
        self.asks.setLayout(labelled(texts, "ui.exporting.reason", "R", self.reason, self.asks))
        inner.addWidget(self.asks)
        inner.addWidget(self.never_sent)
        handed = self._last is not None and is_handed_over(register, self._last.digest)
        self.never_sent.setVisible(not handed)
        self.reason.textChanged.connect(lambda _: self.changed.emit())
        self.never_sent.toggled.connect(lambda _: self._follow())
        if self.asked:
            self._follow()

    @property
    def words(self) -> str:
        """The reason as it was typed."""
        return self.reason.text()

    def replaced(self) -> Replaced | None:
        """Return what the export replaces. Raises as `replaced_next`."""
        return replaced_next(self._draft.package.register(), never_sent=self.never_sent.isChecked())

    def may_go_on(self) -> bool:
        """Whether a reason was typed, or none is needed."""
        return bool(self.words.strip()) or self.asks.isHidden()

    def settle(self) -> None:
        """Raises as `replaced_next` and `correction_of`."""
        correction_of(self.replaced(), self.words)

    def _follow(self) -> None:
        """Say what is replaced now."""
        say, found = self._texts.say, self.replaced()
        self.asks.setVisible(found is not None)
        if found is None:
            self.said.set_text(say("ui.exporting.replaces_none"))
            self.different.set_text("")
        else:
            claimed = found.claimed
            day = day_text(thai_day(claimed), self._texts.catalogue.language) if claimed is not None else "-"
            self.said.set_text(say("correction.made", number=found.next, day=day))
            self.different.set_text("\n".join(self._differences(found)))
        self.different.setVisible(bool(found))
        self.changed.emit()

    def _differences(self, found: Replaced) -> list[str]:
        say = self._texts.say
        lines = differences(self._draft, found, say)
        if not lines:
            return [say("correction.unchanged")]
        empty = say("ui.history.empty")
        words = [f"• {line.where}: {line.old or empty} → {line.new or empty}" for line in lines[:_MOST_LINES]]
        more = [say("ui.history.more", count=len(lines) - _MOST_LINES)] if len(lines) > _MOST_LINES else []
        return [say("correction.changed", count=len(lines)), *words, *more]
