"""Window, bottom bar: Back and Next, what is wrong on this page, and whether the work is saved."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from dgdesk.ui.buttons import give_keys, say_on
from dgdesk.ui.looks import sheet
from dgdesk.ui.text import Texts, WrapLabel
from dgdesk.ui.what_button import WhatButton


class BottomBar(QFrame):
    """The bar. ``back``, ``next`` and ``problems`` (of this page) are wanted by a click."""

    back = Signal()
    next = Signal()
    problems = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottombar")
        self.setStyleSheet(sheet())
        self._texts = texts
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        self.back_button = QPushButton(texts.say("ui.back"), self)
        self.next_button = QPushButton(texts.say("ui.next"), self)
        give_keys((self.back_button, "B"), (self.next_button, "N"))
        self.next_button.setObjectName("primary")
        self.problem_button = QPushButton("", self)
        self.problem_button.setObjectName("pageproblems")
        self.status = WrapLabel(texts, "", "status", self)
        self.status.setAccessibleName(texts.say("ui.save_status"))
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.next)
        self.problem_button.clicked.connect(self.problems)
        row.addWidget(self.back_button)
        row.addWidget(self.status, 1)
        row.addWidget(WhatButton(texts, texts.say("ui.bar"), lambda: self, self))
        row.addWidget(self.problem_button)
        row.addWidget(self.next_button)

    def show_ways(self, has_back: bool, has_next: bool) -> None:
        """Say which ways are open."""
        self.back_button.setEnabled(has_back)
        self.next_button.setEnabled(has_next)

    def show_problems(self, count: int) -> None:
        """Say how much is left to do on this page."""
        say_on(
            self.problem_button,
            self._texts.say("ui.page_problems", count=count) if count else self._texts.say("ui.page_done"),
            "P",
        )
        self.problem_button.setEnabled(bool(count))

    def say_nothing_waits(self) -> None:
        """A draft was opened: all that is in it is saved."""
        self._say("status", self._texts.say("ui.all_saved"))

    def say_pending(self) -> None:
        """Something typed waits to be saved."""
        self._say("status", self._texts.say("ui.saving"))

    def say_saved(self, at: datetime) -> None:
        """All is saved."""
        self._say("status", self._texts.say("ui.saved", time=f"{at.astimezone():%H:%M}"))

    def say_failed(self, why: str) -> None:
        """Something is not saved."""
        self._say("statusfailed", why)

    def say_read_only(self) -> None:
        """Nothing can be changed."""
        self._say("status", self._texts.say("ui.read_only"))

    def _say(self, role: str, words: str) -> None:
        self.status.set_role(role)
        self.status.set_text(words)
