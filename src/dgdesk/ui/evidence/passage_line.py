"""Whether the key passage of an attached file is marked, in words and with an icon; and "the whole file" to say so."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import PageCheck
from dgdesk.ui.widgets.icons import icon_size, status_pixmap
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import plain_label
from dgdesk.ui.widgets.services import Services

PassageState = Literal["marked", "unmarked", "annex"]
"""``unmarked``: the answer cannot be sent yet; ``annex``: it can, since another file or a URL is enough."""
_STATUS: Final[dict[PassageState, str]] = {"marked": "complete", "unmarked": "evidence", "annex": "warning"}
_ROLE: Final[dict[PassageState, str]] = {"marked": "hint", "unmarked": "error", "annex": "warning"}


def passage_state(bridge: Bridge, slot: str, one: Attachment) -> PassageState:
    """Return how it stands with the key passage of a file at a slot."""
    if one.marked:
        return "marked"
    enough = bridge.form.slots[slot].rule == "optional" or bridge.is_satisfied(slot)
    return "annex" if enough else "unmarked"


class PassageLine(QWidget):
    """The state of one file, and the box that says that the whole file is the key passage.

    ``said`` carries whether the box is on, when a person has turned it.
    """

    said = Signal(bool)

    def __init__(self, services: Services, name: str, parent: QWidget, *, read_only: bool) -> None:
        """``name`` is the file's name, for the accessible name of the box."""
        super().__init__(parent)
        self._services = services
        texts = services.texts
        layout = column(self, 4)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._picture = plain_label("", self)
        self._picture.setContentsMargins(0, max(0, (self.fontMetrics().height() - icon_size()) // 2), 0, 0)
        self.label = WrapLabel(texts, "", "hint", self)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        layout.addLayout(row)
        words = texts.say("ui.passage.whole")
        self.whole = PageCheck(words, self)
        self.whole.setAccessibleName(f"{words} {name}")
        self.whole.setAccessibleDescription(texts.say("ui.passage.whole_about"))
        self.whole.setEnabled(not read_only)
        self.whole.clicked.connect(self.said)
        layout.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        self._state: PassageState | None = None

    def show_state(self, state: PassageState, *, whole: bool) -> None:
        """Show the state, and whether the whole file is the key passage."""
        self.whole.setChecked(whole)
        if state == self._state:
            return
        self._state = state
        picture = status_pixmap(self._services.icons, _STATUS[state], self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self.label.set_role(_ROLE[state])
        self.label.set_text(self._services.texts.say(f"ui.passage.{state}"))
