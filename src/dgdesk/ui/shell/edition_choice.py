"""The box of the start page in which the edition of a new survey is chosen, and its days below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from dgdesk.text.deadlines import period_words
from dgdesk.text.editions import EditionHead
from dgdesk.ui.editions.wording import choice_words
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme_file import SPACE

_LEAST_LETTERS = 20


class EditionChoice(QWidget):
    """The choice between editions; hidden while there is only one. ``chosen`` carries an id."""

    chosen = Signal(str)

    def __init__(
        self, heads: Sequence[EditionHead], edition: str, texts: Texts, today: date, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._heads, self._texts, self._today = {one.id: one for one in heads}, texts, today
        inner = column(self, SPACE // 2)
        inner.setContentsMargins(0, 0, 0, 0)
        words = texts.say("ui.start.edition")
        inner.addWidget(WrapLabel(texts, words, "hint", self))
        self.combo = CalmCombo(self)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(_LEAST_LETTERS)
        self.combo.setAccessibleName(words)
        for one, name in choice_words(texts, heads).items():
            self.combo.addItem(name, one)
        inner.addWidget(self.combo)
        self.days = WrapLabel(texts, "", "text", self)
        inner.addWidget(self.days)
        self.combo.setCurrentIndex(max(0, self.combo.findData(edition)))
        self.combo.currentIndexChanged.connect(lambda _: self._choose())
        self._show_days()
        self.setVisible(len(heads) > 1)

    @property
    def edition(self) -> str:
        """The id of the edition that is chosen."""
        return str(self.combo.currentData())

    def _choose(self) -> None:
        self._show_days()
        self.chosen.emit(self.edition)

    def _show_days(self) -> None:
        head = self._heads[self.edition]
        language = self._texts.catalogue.language
        words = period_words(self._texts.say, head.opens, head.closes, self._today, language)
        self.days.set_text(words)
        self.days.setVisible(bool(words))
