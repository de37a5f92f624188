"""The first card of the start page: the draft to go on with, how far it is, where it was left, what is left to do."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.submission.journey import STEPS
from dgdesk.system.settings import Recent
from dgdesk.text.deadlines import deadline_words
from dgdesk.text.editions import last_day
from dgdesk.ui.shell.recent_list import RecentRow
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.ring import ProgressRing
from dgdesk.ui.widgets.theme_file import SPACE


class HeroCard(RecentRow):
    """The draft that was open last, large. ``place``, ``deadline`` and ``steps`` are hidden while they say nothing."""

    role = "card"

    def __init__(self, one: Recent, texts: Texts, today: date, parent: QWidget) -> None:
        self._today = today
        super().__init__(one, texts, parent)

    def make_filled(self) -> ProgressRing:
        """Return a ring instead of the bar of a row."""
        return ProgressRing(self)

    def lay_out(self) -> None:
        """Put the ring at the left, the words beside it, and the buttons at the right."""
        texts = self._texts
        self.place = WrapLabel(texts, "", "text", self)
        self.deadline = WrapLabel(texts, "", "warning", self)
        self.steps = WrapLabel(texts, "", "text", self)
        self.open_button.setText(texts.say("ui.start.last_button"))
        self.open_button.setObjectName("primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        row.setSpacing(3 * SPACE)
        row.addWidget(self.filled, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        words.addWidget(WrapLabel(texts, texts.say("ui.start.last"), "hint", self))
        self.title.set_role("starttitle")
        for label in (self.title, self.place, self.deadline, self.line, self.steps):
            words.addWidget(label)
        row.addLayout(words, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(0)
        buttons.addStretch(1)
        for button in (self.open_button, self.remove_button, self.restore_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row.addLayout(buttons)

    def show_recent(self, one: Recent | None) -> None:
        """Show the facts known now, and what is left to do; None if the file is missing."""
        super().show_recent(one)
        known, texts = self.recent, self._texts
        self.title.set_role("starttitle" if one else "hint")
        for label, words in (
            (self.place, place_words(known, texts) if one else ""),
            (self.deadline, self._deadline(known) if one else ""),
            (self.steps, steps_words(known, texts) if one else ""),
        ):
            label.set_text(words)
            label.setVisible(bool(words))

    def _deadline(self, known: Recent) -> str:
        """Return the days that are left. A newer version of the edition may give more of them than the draft says."""
        closes = last_day(known.edition, known.closes)
        return deadline_words(self._texts.say, closes, self._today, self._texts.catalogue.language)


def place_words(known: Recent, texts: Texts) -> str:
    """Return where a draft was left; empty if that is unknown."""
    return texts.say("ui.start.left_at", place=known.place) if known.place else ""


def steps_words(known: Recent, texts: Texts) -> str:
    """Return what is left to do after the last export; empty if there was none, or its receipt has come."""
    left = [step for step in STEPS if step in known.steps.split(",")]
    if not left:
        return ""
    words = " · ".join(f"☐ {texts.say(f'ui.checklist.{step}')}" for step in left)
    return texts.say("ui.start.steps", file=known.sent, steps=words)
