"""The foot of a page: "no" to everything that is left on it, with undo in its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.survey.rules.bulk_edits import Negatives, negatives, open_negatives
from dgdesk.survey.rules.places import full_name
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageButton, UndoLine
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.layout import Stacked, column, show_if
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.theme_file import SPACE

ASK_FROM = 8
"""From so many answers on, it asks first."""
_OFFER_FROM = 2
"""A single answer is a click in its question."""
_LONGEST = 30


class PageFoot(Stacked):
    """Offers to answer "no" wherever a required answer is missing and the edition's data says which option means it.

    ``flush`` writes typed text first and returns whether that succeeded.
    """

    def __init__(self, parts: PageContext, page: str, flush: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._parts, self._page, self._flush = parts, page, flush
        self._answering = False
        layout = column(self, SPACE)
        self.button = PageButton("", self)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_tip(self.button, parts.texts.show(parts.texts.say("ui.page_no.about")))
        self.button.clicked.connect(lambda: self.answer())
        self.done = UndoLine(parts.texts, self._take_back, self)
        layout.addWidget(self.button)
        layout.addWidget(self.done)
        self.done.hide()
        self.follow()

    def follow(self) -> None:
        """Show how many answers are left; after another change than its own, the line with undo goes."""
        bridge = self._parts.bridge
        count = 0 if bridge.read_only else open_negatives(bridge.form, bridge.state, self._page)
        if count:
            self.button.setText(self._parts.texts.say("ui.page_no.button", count=count))
        show_if(self.button, count >= _OFFER_FROM)
        if not self._answering:
            show_if(self.done, False)

    def answer(self) -> bool:
        """Answer "no" to what is left; asks first if that is much. Return whether something was said or done here."""
        bridge, texts = self._parts.bridge, self._parts.texts
        if bridge.read_only or not self._flush():
            return False
        found = negatives(bridge.form, bridge.state, self._page)
        count = len(found.answers)
        if count >= ASK_FROM:
            buttons = (texts.say("ui.page_no.go", count=count), texts.say("ui.cancel"))
            if ask(texts, texts.say("ui.page_no.ask", count=count), buttons, self.window()) != 0:
                return False
        self._answering = True
        saved = not count or bridge.answer_all(found.answers)
        self._answering = False
        if saved:
            self.done.show_removed(self.words(found), texts.say("ui.page_no.take_back"))
            show_if(self.done.button, bool(count))
            if count and self.button.isHidden():
                self.done.button.setFocus(Qt.FocusReason.OtherFocusReason)
        return saved

    def words(self, found: Negatives) -> str:
        """Return what was answered, and what was left and why."""
        say, form = self._parts.texts.say, self._parts.form
        parts = [say("ui.page_no.done", count=len(found.answers)) if found.answers else say("ui.page_no.nothing")]
        if found.hiding:
            answers = self._parts.bridge.state.facts.answers
            names = (full_name(form, one, None, answers) for one in found.hiding)
            where = ", ".join(name.code or name.line(self._parts.texts.cut, _LONGEST) for name in names)
            parts.append(say("ui.page_no.hiding", where=where, count=len(found.hiding)))
        if found.without:
            parts.append(say("ui.page_no.without", count=len(found.without)))
        return " · ".join(parts)

    def _take_back(self) -> None:
        if self._flush() and self._parts.bridge.undo():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
