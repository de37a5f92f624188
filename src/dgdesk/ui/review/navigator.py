"""Goes to a question: what the finder found, or the next problem; clears its answer; shows its history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMenuBar, QWidget
from shiboken6 import isValid

from dgdesk.draft.drafts import edition_words
from dgdesk.survey.definition.form import WITHOUT_ANSWER
from dgdesk.survey.rules.bulk_edits import clearable, table_below
from dgdesk.survey.rules.flags import question_at
from dgdesk.survey.rules.places import full_name
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.review import ProblemPlace, in_order, next_problem, place_of, wanted
from dgdesk.survey.rules.search_index import SearchIndex, indicator_questions, make_index
from dgdesk.ui.form.host import PageHost
from dgdesk.ui.form.wording import address_of
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.widgets.context_menu import ask_for_menu
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.letters import letter_action, letter_menu

_LONGEST = 30
"""Length of a question's text in a menu, in letters."""


class Navigator(QObject):
    """The menu actions that move in an open draft. Dialogs are window-modal and delete themselves."""

    def __init__(self, host: PageHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self._bridge, self._services = host.bridge, host.services
        self._index: SearchIndex | None = None
        self._last: QWidget | None = None
        self._led: tuple[QWidget | None, Problem] | None = None
        self.dialog: QDialog | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._remember)

    def index(self) -> SearchIndex:
        """Return the search index of the form, built at the first request."""
        if self._index is None:
            form = self._bridge.form
            words = edition_words(form.definition.edition)
            self._index = make_index(form, words, indicator_questions(self._bridge.rules.rubric))
        return self._index

    def library(self) -> None:
        """Show all evidence files of the draft."""
        from dgdesk.ui.evidence.library_dialog import LibraryDialog

        if self._host.flush():
            library = LibraryDialog(self._bridge, self._services, None, self._host.window())
            library.wanted.connect(self.lead)
            self._open(library)

    def history(self, address: str | None = None) -> None:
        """Show the history of one question or of all."""
        if self._host.flush():
            dialog = HistoryDialog(self._bridge, self._services, address, self._host.window())
            dialog.wanted.connect(self.lead)
            self._open(dialog)

    def history_here(self) -> None:
        """Show the history of the focused question."""
        here = self.here()
        self.history(here[0] if here is not None else None)

    def go_to_problem(self, *, back: bool = False) -> None:
        """Go to the next problem after the present position, or to the one before."""
        host = self._host
        if not host.flush():
            return
        problem = next_problem(self._bridge.form, self._bridge.state.problems, self.place(), back=back)
        if problem is None:
            texts = self._services.texts
            tell(texts, texts.say("ui.no_problems"), host.window())
            return
        self.lead(problem.address, problem.slot or "")
        self._led = (QApplication.focusWidget(), problem)

    def go_to_error(self) -> None:
        """Go to the next thing that must be done before the export, on any page; warnings are passed over."""
        if not self._host.flush():
            return
        errors = wanted(self._bridge.state.problems, "errors")
        problem = next_problem(self._bridge.form, errors, self.place())
        if problem is not None:
            self.lead(problem.address, problem.slot or "")
            self._led = (QApplication.focusWidget(), problem)

    def go_to_first_error(self) -> None:
        """Go to the first error, in the form's order."""
        problems = self._bridge.state.problems
        first = next(iter(in_order(self._bridge.form, wanted(problems, "errors"))), None)
        if first is not None:
            self.lead(first.address, first.slot or "")

    def clear(self) -> None:
        """Clear the answer of the focused question."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self._host.page_view.isAncestorOf(focus)
        here = self.here() if inside or isinstance(focus, QMenuBar) else None
        if here is None or self._bridge.read_only or not self._host.flush():
            return
        if some := self._to_clear(here[0])[1]:
            self._bridge.answer_all(dict.fromkeys(some))

    def toggle_flag(self, address: str | None = None) -> None:
        """Flag a question, or the focused one, and let its note be typed; or take its flag away with the note."""
        here = (address, None) if address is not None else self.here()
        if here is None or self._bridge.read_only or not self._host.flush():
            return
        question = question_at(self._bridge.form, here[0])
        is_new = question not in self._bridge.state.facts.flags
        if self._bridge.flag(question, "" if is_new else None):
            line = self._host.page_view.flag_line(question)
            if is_new and line is not None:
                self._host.page_view.place.focus_on(line.input)

    def card_menu(self) -> None:
        """Show the menu of the focused question."""
        focus = QApplication.focusWidget()
        if focus is None or not self._host.page_view.isAncestorOf(focus):
            focus = self._last if self._last is not None and isValid(self._last) else None
        if focus is not None:
            ask_for_menu(focus)

    def add_actions(self, menu: QMenu, at: QWidget) -> None:
        """Add the actions of the question that a widget belongs to: clear it, flag it, see its history."""
        here = address_of(self._host.page_view.parts, at)
        if here is None or not self._host.flush():
            return
        form, texts = self._bridge.form, self._services.texts

        def add(code: str, address: str, letter: str, act: Callable[[], object]) -> None:
            where = full_name(form, address, None, self._bridge.state.facts.answers).line(texts.cut, _LONGEST)
            action = menu.addAction(texts.say(code, where=where).replace("&", "&&"))
            action.triggered.connect(lambda: act())
            letter_action(action, letter)

        letter_menu(menu)
        whose, some = self._to_clear(here[0])
        if some and not self._bridge.read_only:
            add("ui.card.clear", whose, "L", lambda: self._bridge.answer_all(dict.fromkeys(some)))
        if not self._bridge.read_only:
            question = question_at(form, here[0])
            code = "ui.card.unflag" if question in self._bridge.state.facts.flags else "ui.card.flag"
            add(code, question, "U", lambda: self.toggle_flag(question))
        add("ui.card.history", here[0], "H", lambda: self.history(here[0]))

    def changes(self, since: int | None = None) -> None:
        """Show what is different since an earlier export or print."""
        from dgdesk.ui.review.changes_dialog import ChangesDialog

        if self._host.flush():
            dialog = ChangesDialog(self._bridge, self._host.services, since, self._host.window())
            dialog.wanted.connect(self.lead)
            self._open(dialog)

    def _to_clear(self, address: str) -> tuple[str, tuple[str, ...]]:
        """Return the innermost answered question at an address, and the addresses that are cleared with it."""
        form, answers = self._bridge.form, self._bridge.state.facts.answers
        some = clearable(form, answers, address)
        if some:
            return address, some
        at = form.position[address]
        table = table_below(form, at)
        if table is not None:
            inside = form.nodes[table].address
            return inside, clearable(form, answers, inside)
        while at >= 0:
            if form.nodes[at].kind not in WITHOUT_ANSWER and form.nodes[at].kind != "repeat":
                return form.nodes[at].address, clearable(form, answers, form.nodes[at].address)
            at = form.nodes[at].parent
        return address, ()

    def here(self) -> tuple[str, str | None] | None:
        """Return the address (and evidence slot) that has the focus, or had it last on this page."""
        page = self._host.page_view
        focus = QApplication.focusWidget()
        if focus is None or not page.isAncestorOf(focus):
            focus = self._last if self._last is not None and isValid(self._last) else None
        return address_of(page.parts, focus)

    def place(self) -> ProblemPlace:
        """Return the position that the next problem is counted from; on an untouched page, just before it."""
        focus = QApplication.focusWidget()
        form = self._bridge.form
        if self._led is not None and focus is not None and self._led[0] is focus:
            problem = self._led[1]
            return place_of(form, problem.address, problem.slot)
        here = self.here()
        if here is not None:
            return place_of(form, *here)
        return form.page_nodes[self._host.page][0], -1

    def lead(self, address: str, slot: str) -> None:
        """Go to a field or an evidence slot, from wherever the keyboard is."""
        # a dialog was closed to get here, and not every window system gives the focus back by itself
        self._host.window().activateWindow()
        self._host.go_to(address, slot)

    def _remember(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and isValid(self) and self._host.page_view.isAncestorOf(now):
            self._last = now

    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None and isValid(self.dialog):
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(self._host.window().activateWindow)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
