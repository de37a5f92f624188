"""Window, office, fault dialog: the program failed somewhere: what that means for the work, what to do now."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.icons import POINTS
from dgdesk.ui.widgets.label import Texts

SUPPORT, QUIT, GO_ON = range(3)
"""What ``chosen`` may be; closing the dialog goes on."""
_WIDTH, _WIDEST = 520, 860
"""Pixels: of the text at the ordinary size, and at any."""
_CODES: Final = ("ui.office.fault_support", "ui.office.fault_quit", "ui.office.fault_go_on")


class FaultDialog(MessageDialog):
    """The dialog. Further errors while it stands are counted in it."""

    def __init__(self, texts: Texts, kind: str, parent: QWidget | None, *, has_draft: bool) -> None:
        safe = "ui.office.fault_safe_draft" if has_draft else "ui.office.fault_safe"
        self._told = "\n\n".join(
            (texts.say("ui.office.fault", kind=kind), texts.say(safe), texts.say("ui.office.fault_now"))
        )
        super().__init__(texts, self._told, [texts.say(code) for code in _CODES], "error", parent)
        self._texts, self._more = texts, 0
        scale = self.fontInfo().pointSizeF() / POINTS
        self.label.setFixedWidth(min(round(_WIDTH * scale), _WIDEST))
        self.setWindowTitle(texts.say("ui.office.fault_title"))
        for number, button in enumerate(self.buttons):
            button.setAutoDefault(number == GO_ON)
            button.setDefault(number == GO_ON)
        self.buttons[GO_ON].setFocus()

    def count_another(self) -> None:
        """Say that there was a further error."""
        self._more += 1
        self.label.set_text(f"{self._told}\n\n{self._texts.say('ui.office.fault_more', count=self._more)}")
        self.fit()
