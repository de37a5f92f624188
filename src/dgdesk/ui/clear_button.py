"""Window, clear button: takes an answer back. Quiet, there only while something is answered; undo brings it back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from dgdesk.draft.history import where_in_words
from dgdesk.survey.definition.form import Node
from dgdesk.survey.rules.bulk_edits import clearable
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.plain import set_tip

_CHOSEN = frozenset({"single", "multiple", "matrix", "month_year"})
"""Kinds whose answer cannot be taken back by simply deleting text."""


class ClearButton(QToolButton):
    """The button. No stop of the Tab key: Ctrl+Shift+Delete does the same where the focus is."""

    def __init__(self, parts: Parts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self._parts = parts
        self._address = ""
        say = parts.texts.say
        self.setText(say("ui.clear_answer.short"))
        set_tip(self, say("ui.clear_answer.tip"))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() - 1)
        self.setFont(font)
        # keeps its room, so that the question does not wrap anew when it is answered
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
        self.clicked.connect(self.clear)

    def offer(self, address: str) -> None:
        """Show or hide, as there is something to clear."""
        self._address = address
        bridge = self._parts.bridge
        there = bool(clearable(bridge.form, bridge.state.facts.answers, address))
        if there and not self.accessibleName():
            where = where_in_words(bridge.form, bridge.form.node(address))
            self.setAccessibleName(self._parts.texts.say("ui.clear_answer.name", where=where))
        if there == self.isHidden():
            self.setVisible(there)

    def clear(self) -> None:
        """Clear the answer, with what was typed last."""
        if self._parts.flush():
            bridge = self._parts.bridge
            some = clearable(bridge.form, bridge.state.facts.answers, self._address)
            bridge.answer_all(dict.fromkeys(some))


def may_be_cleared(parts: Parts, node: Node) -> bool:
    """Tell whether a question has the button: whole questions, and choices inside others."""
    if parts.bridge.read_only or node.kind in ("group", "repeat"):
        return False
    return node.parent < 0 or node.kind in _CHOSEN
