"""Boxes above the received files: which verdicts are listed, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtWidgets import QWidget

from dgdesk.ui.list_controls import ListControls
from dgdesk.ui.receiving.entries import FILTERS, Wanted
from dgdesk.ui.receiving.words import KEYS
from dgdesk.ui.text import Texts


class Controls(ListControls):
    """The boxes."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(texts, parent)
        say = texts.say
        filters = [(say(f"ui.receiving.filter.{one}", count=0), str(one)) for one in FILTERS]
        self.wanted_box = self.combo(say("ui.receiving.filter"), filters)
        orders = [(say("ui.receiving.order_by", name=say(f"ui.receiving.column.{key}")), key) for key in KEYS]
        order = self.combo(say("ui.receiving.order"), orders)
        self.lay_out((self.wanted_box,), order, say("ui.receiving.descending"))

    @property
    def wanted(self) -> Wanted:
        """Which verdicts are listed."""
        return cast(Wanted, self.wanted_box.currentData())

    def show_counts(self, counts: Mapping[Wanted, int]) -> None:
        """Say beside each filter how many files it lists."""
        for at, one in enumerate(FILTERS):
            self.wanted_box.setItemText(at, self.texts.say(f"ui.receiving.filter.{one}", count=counts[one]))
