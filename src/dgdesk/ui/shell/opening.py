"""Opens drafts: a new one, one that the person chose, one that can only be read; says why one cannot be opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from dgdesk.draft.drafts import Draft, load_form, new_draft, open_draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.ui.backups.controller import BackupController
from dgdesk.ui.backups.repair import say_unopened
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.shell.dialogs import DialogActions
from dgdesk.ui.shell.new_survey import NewSurvey, NewSurveyEdition, first_answers
from dgdesk.ui.shell.place import capture_view, restore_view
from dgdesk.ui.shell.read_only import WhyReadOnly, why_read_only
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.controller import SupportController
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.services import system_name

_READABLE_ALL_THE_SAME = frozenset({"package.held", "package.read_only_place", "package.no_locks"})


class Host(DraftHost, Protocol):
    """The main controller, as far as drafts are opened."""

    workspace: Workspace | None
    new_survey: NewSurveyEdition
    dialogs: DialogActions
    office: SupportController
    backups: BackupController

    def show_draft(self, draft: Draft) -> None:
        """Show a draft that has just been opened."""

    def close_draft(self) -> None:
        """Close the draft and show the start page."""


class DraftOpener:
    """Opens drafts in the window. What cannot be opened is said; the draft that is open stays then."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._why = WhyReadOnly()

    def begin(self, wanted: NewSurvey) -> None:
        """Create a draft from the start page's fields, in a file that the user chooses."""
        host, edition = self._host, self._host.new_survey.edition
        try:
            form = load_form(edition)
        except DgdeskError as error:
            self._say(error)
            return
        code = form.find_respondent(wanted.respondent) if wanted.respondent else None
        if code is None:
            page = host.window.centralWidget()
            if isinstance(page, StartPage):
                page.ask_respondent()
            return
        if not host.dialogs.ask_name():
            return
        path = host.dialogs.choose_new_place(wanted.respondent)
        if path is None:
            return
        clock, who = host.services.clock, self._who()

        def make() -> Draft:
            draft = new_draft(
                path,
                clock=clock,
                who=who,
                edition=edition,
                respondent=code,
                documents=host.services.documents,
            )
            for address, typed in first_answers(form, wanted):
                draft.session.set_answer_from_text(address, typed)
            return draft

        self.take(make)

    def begin_another(self) -> None:
        """Close the draft and show the form for a new survey."""
        self._host.close_draft()
        page = self._host.window.centralWidget()
        if isinstance(page, StartPage):
            page.begin_new()

    def choose_draft(self) -> None:
        """Let the user choose a draft, and open it."""
        path = self._host.dialogs.choose_draft()
        if path is not None:
            self.open_as_somebody(path)

    def open_as_somebody(self, path: Path) -> None:
        """Open a draft, once the user's name is known."""
        if self._host.dialogs.ask_name():
            self.open(path)

    def open(self, path: Path) -> bool:
        """Open a draft. If it cannot be written, say why and offer to open it read-only.

        If another window of this person has it, that window comes to the front instead; return whether it did so.
        """
        host = self._host
        # a read-only draft is opened again: it may be writable now
        if host.draft is not None and not host.draft.package.read_only and _is_same(host.draft.path, path):
            return False
        if host.office.arrive(path):
            return False
        clock, who = host.services.clock, self._who()
        try:
            draft = open_draft(path, clock=clock, who=who, documents=host.services.documents)
        except FileError as error:
            if error.code in _READABLE_ALL_THE_SAME:
                return self._offer_to_read(path, error)
            if not host.backups.offer(path, error):
                repaired = say_unopened(path, error, host.services, host.window)
                return repaired is not None and self.open(repaired)
            return False
        except DgdeskError as error:
            self._say(error)
            return False
        self.take(lambda: draft)
        return False

    def _offer_to_read(self, path: Path, error: FileError) -> bool:
        """Lead to the window that has the draft; if none answers, say why it cannot be edited and offer to read it."""
        host, texts, why = self._host, self._host.texts, why_read_only(error)
        if host.office.call_window(why.holder):
            return True
        go = (texts.say("ui.read_only.go"),) if why.holder else ()
        buttons = (texts.say("ui.open_read_only"), *go, texts.say("ui.cancel"))
        chosen = ask(texts, texts.error(error), buttons, host.window, "warning")
        if chosen == 1 and go:
            if host.office.call_window(why.holder):
                return True
            tell(texts, texts.say("ui.read_only.not_there"), host.window)
        if chosen == 0:
            self.open_to_read(path, why)
        return False

    def open_to_read(self, path: Path, why: WhyReadOnly | None = None) -> None:
        """Open a draft read-only; ``why`` it cannot be edited, unless the user wants it so."""
        clock, who = self._host.services.clock, self._who()
        self.take(lambda: open_draft(path, clock=clock, who=who, read_only=True), why)

    def edit_again(self) -> None:
        """Try to open the read-only draft for editing, at the same place; if that fails, its strip says so."""
        host = self._host
        draft, workspace = host.draft, host.workspace
        if draft is None or workspace is None or not draft.package.read_only:
            return
        path = draft.path
        if host.office.arrive(path):
            return
        view, clock, who = capture_view(workspace), host.services.clock, self._who()
        try:
            again = open_draft(path, clock=clock, who=who, documents=host.services.documents)
        except FileError as error:
            if error.code in _READABLE_ALL_THE_SAME:
                self._why = why_read_only(error)
                workspace.say_read_only(self._why, still=True)
            else:
                self._say(error)
            return
        except DgdeskError as error:
            self._say(error)
            return
        self.take(lambda: again)
        if host.workspace is not None:
            restore_view(host.workspace, view)

    def go_to_other_window(self) -> None:
        """Ask the window that edits the draft to come to the front; if it does not answer, the strip flashes."""
        workspace = self._host.workspace
        if workspace is not None and not self._host.office.call_window(self._why.holder):
            workspace.say_read_only(self._why, still=True)

    def take(self, get: Callable[[], Draft], why: WhyReadOnly | None = None) -> None:
        """Show the draft that ``get`` opens in place of the open one, unless that stays open or ``get`` fails."""
        host = self._host
        try:
            draft = get()
        except DgdeskError as error:
            self._say(error)
            return
        if not host.may_close():
            draft.close()
            return
        host.let_go()
        self._why = why or WhyReadOnly()
        host.show_draft(draft)

    def follow(self, workspace: Workspace) -> None:
        """Say over a draft that is open read-only why it is, and answer to the buttons beside the words."""
        if workspace.bridge.read_only:
            workspace.say_read_only(self._why)
            workspace.edit_wanted.connect(self.edit_again)
            workspace.other_window_wanted.connect(self.go_to_other_window)

    def _who(self) -> str:
        return self._host.services.who or system_name()

    def _say(self, error: DgdeskError) -> None:
        tell(self._host.texts, self._host.texts.error(error), self._host.window, "warning")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
