"""The main controller: opens, creates and closes drafts, and owns the state of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWhatsThis, QWidget

from dgdesk.draft.drafts import Draft, load_form, new_draft, open_draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.survey.definition.form import Form
from dgdesk.system.settings import Recent, Settings, SettingsFile, clean_name
from dgdesk.ui.backups.controller import BackupController
from dgdesk.ui.backups.repair import say_unopened
from dgdesk.ui.editions.actions import EditionActions
from dgdesk.ui.evidence.viewers import close_viewers
from dgdesk.ui.outbox.watcher import OutboxWatcher
from dgdesk.ui.shell.appearance import Appearance, translate_qt
from dgdesk.ui.shell.arrivals import Arrivals
from dgdesk.ui.shell.dialogs import DialogActions
from dgdesk.ui.shell.following import DraftFollower
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.menus import Menus, RecentEntry
from dgdesk.ui.shell.new_survey import NewSurvey, NewSurveyEdition, first_answers
from dgdesk.ui.shell.panel_help import describe_panels, explain_here, explain_panels
from dgdesk.ui.shell.paper import PaperActions
from dgdesk.ui.shell.place import capture_view, restore_view
from dgdesk.ui.shell.read_only import WhyReadOnly, why_read_only
from dgdesk.ui.shell.recent_list import draft_name
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.underneath import UnderneathController
from dgdesk.ui.shell.window_state import WindowMemory
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.controller import SupportController
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import FilePlaces
from dgdesk.ui.widgets.icons import dress_actions
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.services import Services, system_name

_READABLE_ALL_THE_SAME = frozenset({"package.held", "package.read_only_place", "package.no_locks"})


class MainController(QObject):
    """Controls the main window, which shows the start page or the workspace of one draft."""

    def __init__(self, window: MainWindow, services: Services, settings: SettingsFile) -> None:
        super().__init__(window)
        self.window = window
        self.services = services
        self.texts = services.texts
        self.settings = settings
        self.places = FilePlaces(settings, window)
        self.remembering = WindowMemory(window, settings)
        self.workspace: Workspace | None = None
        self._draft: Draft | None = None
        self._why = WhyReadOnly()
        self.new_survey = NewSurveyEdition(settings, self._editions_changed, self)
        self.editions = EditionActions(self, self.new_survey.changed)
        self.dialogs = DialogActions(self)
        self.arrivals = Arrivals(self, self.dialogs, self.editions)
        self.paper = PaperActions(self)
        self.appearance = Appearance(self)
        self.office = SupportController(self, self)
        self.backups = BackupController(self)
        self.underneath = UnderneathController(self, self)
        self.outbox = OutboxWatcher(self, self)
        self.outbox.changed.connect(self._show_outbox)
        self._menus = Menus(window.menuBar(), self)
        self._following = DraftFollower(window, self._menus, lambda: self.texts, self)
        self._menus.offer_recents(self._recents, lambda path: self._open_as_somebody(Path(path)))
        self.speak(services.texts)
        dress_actions(self.actions, services.icons)
        window.may_close = self.may_close
        window.closed = self._window_closed
        self.show_start()

    @property
    def actions(self) -> dict[str, QAction]:
        """The actions of the menus, by name."""
        return self._menus.actions

    @property
    def draft(self) -> Draft | None:
        """The open draft, if any."""
        return self._draft

    @property
    def form(self) -> Form:
        """The form of new drafts, read on first use."""
        return self.new_survey.form

    def show_start(self) -> None:
        """Show the start page."""
        page = StartPage(self.new_survey.heads(), self.new_survey.edition, self.services, self.settings.now)
        page.edition_chosen.connect(self.new_survey.choose)
        page.pack_dropped.connect(lambda pack: self.editions.install(pack, self.window))
        page.new_wanted.connect(self.begin)
        page.open_wanted.connect(self.choose_draft)
        page.recent_wanted.connect(lambda path: self._open_as_somebody(Path(path)))
        page.forget_wanted.connect(lambda path: self.settings.change(self.settings.now.without_recent(path)))
        page.recents.known.connect(lambda one: self.settings.change(self.settings.now.with_recent(one, first=False)))
        page.recents.restore_wanted.connect(lambda path: self.backups.restore(Path(path)))
        page.named.connect(self.take_name)
        page.asked.connect(lambda name: self.actions[name].trigger())
        if self.settings.newer:
            page.note(self.texts.say("settings.newer", version=self.settings.newer))
        self.window.show_content(page)
        page.focus_first()
        self.new_survey.read_soon()
        self._following.begin(None, None)
        self.office.follow()

    def begin(self, wanted: NewSurvey) -> None:
        """Create a draft from the start page's fields, in a file that the user chooses."""
        edition = self.new_survey.edition
        try:
            form = load_form(edition)
        except DgdeskError as error:
            tell(self.texts, self.texts.error(error), self.window, "warning")
            return
        code = form.find_respondent(wanted.respondent) if wanted.respondent else None
        if code is None:
            page = self.window.centralWidget()
            if isinstance(page, StartPage):
                page.ask_respondent()
            return
        if not self.dialogs.ask_name():
            return
        path = self.dialogs.choose_new_place(wanted.respondent)
        if path is None:
            return
        clock, who = self.services.clock, self._who()

        def make() -> Draft:
            draft = new_draft(
                path,
                clock=clock,
                who=who,
                edition=edition,
                respondent=code,
                documents=self.services.documents,
            )
            for address, typed in first_answers(form, wanted):
                draft.session.set_answer_from_text(address, typed)
            return draft

        self._take(make)

    def choose_draft(self) -> None:
        """Let the user choose a draft, and open it."""
        path = self.dialogs.choose_draft()
        if path is not None:
            self._open_as_somebody(path)

    def open(self, path: Path) -> bool:
        """Open a draft. If it cannot be written, say why and offer to open it read-only.

        If another window of this person has it, that window comes to the front instead; return whether it did so.
        """
        # a read-only draft is opened again: it may be writable now
        if self._draft is not None and not self._draft.package.read_only and _is_same(self._draft.path, path):
            return False
        if self.office.arrive(path):
            return False
        clock, who = self.services.clock, self._who()
        try:
            draft = open_draft(path, clock=clock, who=who, documents=self.services.documents)
        except FileError as error:
            if error.code in _READABLE_ALL_THE_SAME:
                return self._offer_to_read(path, error)
            if not self.backups.offer(path, error):
                repaired = say_unopened(path, error, self.services, self.window)
                return repaired is not None and self.open(repaired)
            return False
        except DgdeskError as error:
            tell(self.texts, self.texts.error(error), self.window, "warning")
            return False
        self._take(lambda: draft)
        return False

    def _offer_to_read(self, path: Path, error: FileError) -> bool:
        """Lead to the window that has the draft; if none answers, say why it cannot be edited and offer to read it."""
        why, say = why_read_only(error), self.texts.say
        if self.office.call_window(why.holder):
            return True
        go = (say("ui.read_only.go"),) if why.holder else ()
        buttons = (say("ui.open_read_only"), *go, say("ui.cancel"))
        chosen = ask(self.texts, self.texts.error(error), buttons, self.window, "warning")
        if chosen == 1 and go:
            if self.office.call_window(why.holder):
                return True
            tell(self.texts, say("ui.read_only.not_there"), self.window)
        if chosen == 0:
            clock, who = self.services.clock, self._who()
            self._take(lambda: open_draft(path, clock=clock, who=who, read_only=True), why)
        return False

    def open_to_read(self, path: Path) -> None:
        """Open a draft read-only."""
        clock, who = self.services.clock, self._who()
        self._take(lambda: open_draft(path, clock=clock, who=who, read_only=True))

    def edit_again(self) -> None:
        """Try to open the read-only draft for editing, at the same place; if that fails, its strip says so."""
        draft, workspace = self._draft, self.workspace
        if draft is None or workspace is None or not draft.package.read_only:
            return
        path = draft.path
        if self.office.arrive(path):
            return
        view, clock, who = capture_view(workspace), self.services.clock, self._who()
        try:
            again = open_draft(path, clock=clock, who=who, documents=self.services.documents)
        except FileError as error:
            if error.code in _READABLE_ALL_THE_SAME:
                self._why = why_read_only(error)
                workspace.say_read_only(self._why, still=True)
            else:
                tell(self.texts, self.texts.error(error), self.window, "warning")
            return
        except DgdeskError as error:
            tell(self.texts, self.texts.error(error), self.window, "warning")
            return
        self._take(lambda: again)
        if self.workspace is not None:
            restore_view(self.workspace, view)

    def go_to_other_window(self) -> None:
        """Ask the window that edits the draft to come to the front; if it does not answer, the strip flashes."""
        if self.workspace is not None and not self.office.call_window(self._why.holder):
            self.workspace.say_read_only(self._why, still=True)

    def close_draft(self) -> None:
        """Close the draft and show the start page."""
        if self.may_close():
            self.let_go(closed=True)
            self.show_start()

    def begin_another(self) -> None:
        """Close the draft and show the form for a new survey."""
        self.close_draft()
        page = self.window.centralWidget()
        if isinstance(page, StartPage):
            page.begin_new()

    def may_close(self) -> bool:
        """Save pending input and return whether the draft can be closed without loss."""
        self.backups.cancel_running()
        return self.workspace is None or self.workspace.may_close()

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft file. ``closed``: the user closed it, so the next start does not offer it first."""
        workspace, self.workspace = self.workspace, None
        self.places.draft = None
        if self._draft is not None:
            self.remembering.end(self._draft, workspace, closed=closed)
            if workspace is not None:
                workspace.maintenance.stop()
                close_viewers(workspace.bridge)
                workspace.overview.close()
            self.backups.end()
            self.underneath.end()
            self.outbox.follow(None, None)
            draft, self._draft = self._draft, None
            try:
                draft.close()
                kept = draft.package.keep_ours()
            except DgdeskError as error:  # the copy of the work beside a draft that was changed
                tell(self.texts, self.texts.error(error), self.window, "warning")
                return
            if kept is not None:
                # Whatever was chosen, even nothing: the start page leads to the work that was kept.
                self.settings.change(self.settings.now.with_recent(Recent(str(kept.path))))
                if not self.underneath.said and (changed := draft.package.changed_underneath) is not None:
                    tell(self.texts, self.texts.error(changed), self.window, "warning")

    def take_name(self, typed: str) -> bool:
        """Set the user's name for all later changes; False if ``typed`` is not a name."""
        name = clean_name(typed)
        if name:
            self.services = replace(self.services, who=name)
            self.settings.change(replace(self.settings.now, who=name))
            if self._draft is not None:
                self._draft.package.work_as(name)
        return bool(name)

    def ask_name(self) -> bool:
        """Ask for the user's name if it is unknown; False if the user cancels."""
        return self.dialogs.ask_name()

    def export_draft(self, *, as_draft: bool = False) -> None:
        """Open the export wizard; ``as_draft``: a form that is not ready is meant to go out as a draft."""
        self.dialogs.export(as_draft=as_draft)

    def print_signing_set(self) -> None:
        """Print what is signed on paper after an export."""
        self.paper.print_signing_set()

    def show_blank(self) -> None:
        """Show an empty window, while a draft is being replaced."""
        self.window.show_content(QWidget())

    def apply(self, wanted: Settings) -> None:
        """Save and apply settings at once."""
        self.appearance.apply(wanted)

    def speak(self, texts: Texts) -> None:
        """Use other texts, for example after a change of language, for Qt, the menus and all new widgets."""
        self.texts = texts
        self.services = replace(self.services, texts=texts)
        translate_qt(texts)
        self._menus.build(texts, self._handlers(), lambda: self.workspace)

    def rebuild(self) -> None:
        """Rebuild the window's content at the same place, as after a change of theme."""
        dress_actions(self.actions, self.services.icons)
        if self.workspace is None or self._draft is None:
            old = self.window.centralWidget()
            typed = old.typed() if isinstance(old, StartPage) else None
            self.show_start()
            new = self.window.centralWidget()
            if typed is not None and isinstance(new, StartPage):
                new.fill(typed)
            return
        self.backups.cancel_running()
        self.workspace.bridge.jobs.wait()
        view = capture_view(self.workspace)
        self._show_workspace(self._draft)
        restore_view(self.workspace, view)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Answer to the files that the system hands over at the start; close if another window has the draft."""
        if not self.arrivals.open(paths):
            self.window.close()

    def _editions_changed(self, edition: str) -> None:
        """Show the editions that are there now; one that was just installed is offered for a new survey."""
        if self._draft is None:
            self.rebuild()
            page = self.window.centralWidget()
            if edition and isinstance(page, StartPage):
                page.begin_new()

    def _recents(self) -> list[RecentEntry]:
        """The drafts of the menu "open recent": all but the one that is open."""
        here = str(self._draft.path) if self._draft is not None else ""
        return [RecentEntry(draft_name(one), one.path) for one in self.settings.now.recents if one.path != here]

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """The handlers of menu entries that need no open draft."""
        dialogs, appearance = self.dialogs, self.appearance
        return {
            "start": self.begin_another,
            "open": self.choose_draft,
            "export": lambda: self.office.export(),
            "register": dialogs.show_register,
            "outbox": dialogs.show_outbox,
            "check": lambda: dialogs.check_bundle(),
            "receive": dialogs.receive,
            "identities": dialogs.show_identities,
            "editions": self.editions.show,
            "print": self.paper.print_survey,
            "restore": self.backups.restore_open,
            "close": self.close_draft,
            "quit": self.window.close,
            "indicators": dialogs.show_indicators,
            "larger": lambda: appearance.change_text_size(1),
            "smaller": lambda: appearance.change_text_size(-1),
            "normal": lambda: appearance.change_text_size(0),
            "language": appearance.change_language,
            "settings": dialogs.show_settings,
            "help": dialogs.show_help,
            "office": self.office.check,
            "support": self.office.save_support,
            "shortcuts": dialogs.show_shortcuts,
            "what": lambda: explain_here(self.window, self.texts),
            "point": QWhatsThis.enterWhatsThisMode,
        }

    def help_on(self, act: str) -> None:
        """Perform a step of the journey that needs a dialog."""
        helpers: dict[str, Callable[[], object]] = {
            "export": self.office.export,
            "draft": lambda: self.office.export(as_draft=True),
            "send": self._send,
            "print": self.print_signing_set,
            "scan": self.dialogs.show_register,
            "receipt": self.dialogs.show_register,
        }
        helpers[act]()

    def _open_as_somebody(self, path: Path) -> None:
        if self.dialogs.ask_name():
            self.open(path)

    def _who(self) -> str:
        return self.services.who or system_name()

    def _send(self) -> None:
        found = self.workspace.since.checklist if self.workspace is not None else None
        if found is not None:
            self.dialogs.send(found.digest, found.file)

    def _show_outbox(self) -> None:
        if self.workspace is not None:
            self.workspace.bar.show_outbox(self.outbox.waiting)

    def _window_closed(self) -> None:
        self.outbox.end()
        self.new_survey.stop()
        if self._draft is None:
            self.remembering.end_without_draft()
        self.let_go()

    def _take(self, get: Callable[[], Draft], why: WhyReadOnly | None = None) -> None:
        try:
            draft = get()
        except DgdeskError as error:
            tell(self.texts, self.texts.error(error), self.window, "warning")
            return
        if not self.may_close():
            draft.close()
            return
        self.let_go()
        self._draft = draft
        self._why = why or WhyReadOnly()
        self._show_workspace(draft)

    def _show_workspace(self, draft: Draft) -> None:
        self.workspace = Workspace(draft, self.services)
        self.places.draft = draft.path
        if draft.package.read_only:
            self.workspace.say_read_only(self._why)
            self.workspace.edit_wanted.connect(self.edit_again)
            self.workspace.other_window_wanted.connect(self.go_to_other_window)
        explain_panels(self.workspace, self.texts)
        describe_panels(self.workspace, self.texts)
        self.window.show_content(self.workspace)
        self.remembering.begin(draft, self.workspace)
        self.backups.begin(self.workspace)
        self.underneath.begin(draft, self.workspace.bridge)
        self.workspace.journey.asked.connect(self.help_on)
        self.workspace.bar.outbox.connect(self.dialogs.show_outbox)
        self.outbox.follow(self.workspace.bridge, draft.path)
        self._show_outbox()
        self.workspace.top.asked.connect(lambda name: self.actions[name].trigger())
        self._following.begin(self.workspace, draft)
        self.office.follow()


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
