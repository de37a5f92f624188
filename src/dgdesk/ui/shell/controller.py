"""The main controller: shows the start page or a draft, and has a controller for each thing that the window does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.survey.definition.form import Form
from dgdesk.system.settings import Settings, SettingsFile, clean_name
from dgdesk.ui.backups.controller import BackupController
from dgdesk.ui.editions.actions import EditionActions
from dgdesk.ui.outbox.watcher import OutboxWatcher
from dgdesk.ui.shell.appearance import Appearance, translate_qt
from dgdesk.ui.shell.arrivals import Arrivals
from dgdesk.ui.shell.closing import DraftCloser
from dgdesk.ui.shell.dialogs import DialogActions
from dgdesk.ui.shell.following import DraftFollower
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.menu_handlers import menu_handlers
from dgdesk.ui.shell.menus import Menus, RecentEntry
from dgdesk.ui.shell.new_survey import NewSurveyEdition
from dgdesk.ui.shell.opening import DraftOpener
from dgdesk.ui.shell.panel_help import describe_panels, explain_panels
from dgdesk.ui.shell.paper import PaperActions
from dgdesk.ui.shell.place import capture_view, restore_view
from dgdesk.ui.shell.recent_list import draft_name
from dgdesk.ui.shell.start_page import StartPage
from dgdesk.ui.shell.underneath import UnderneathController
from dgdesk.ui.shell.window_state import WindowMemory
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.controller import SupportController
from dgdesk.ui.widgets.file_dialogs import FilePlaces
from dgdesk.ui.widgets.icons import dress_actions
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.services import Services


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
        self.draft: Draft | None = None
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
        self.opening = DraftOpener(self)
        self.closing = DraftCloser(self)
        self._menus = Menus(window.menuBar(), self)
        self._following = DraftFollower(window, self._menus, lambda: self.texts, self)
        self._menus.offer_recents(self._recents, lambda path: self.opening.open_as_somebody(Path(path)))
        self.speak(services.texts)
        dress_actions(self.actions, services.icons)
        window.may_close = self.may_close
        window.closed = self.closing.window_closed
        self.show_start()

    @property
    def actions(self) -> dict[str, QAction]:
        """The actions of the menus, by name."""
        return self._menus.actions

    @property
    def form(self) -> Form:
        """The form of new drafts, read on first use."""
        return self.new_survey.form

    def show_start(self) -> None:
        """Show the start page."""
        page = StartPage(self.new_survey.heads(), self.new_survey.edition, self.services, self.settings.now)
        page.edition_chosen.connect(self.new_survey.choose)
        page.pack_dropped.connect(lambda pack: self.editions.install(pack, self.window))
        page.new_wanted.connect(self.opening.begin)
        page.open_wanted.connect(self.opening.choose_draft)
        page.recent_wanted.connect(lambda path: self.opening.open_as_somebody(Path(path)))
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

    def show_draft(self, draft: Draft) -> None:
        """Show a draft, in a new workspace; from now on it is the window's."""
        self.draft = draft
        self.workspace = Workspace(draft, self.services)
        self.places.draft = draft.path
        self.opening.follow(self.workspace)
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

    def open(self, path: Path) -> bool:
        """Open a draft; see `DraftOpener.open`."""
        return self.opening.open(path)

    def open_to_read(self, path: Path) -> None:
        """Open a draft read-only."""
        self.opening.open_to_read(path)

    def close_draft(self) -> None:
        """Close the draft and show the start page."""
        self.closing.close_draft()

    def may_close(self) -> bool:
        """Save pending input and return whether the draft can be closed without loss."""
        return self.closing.may_close()

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft file. ``closed``: the user closed it, so the next start does not offer it first."""
        self.closing.let_go(closed=closed)

    def take_name(self, typed: str) -> bool:
        """Set the user's name for all later changes; False if ``typed`` is not a name."""
        name = clean_name(typed)
        if name:
            self.services = replace(self.services, who=name)
            self.settings.change(replace(self.settings.now, who=name))
            if self.draft is not None:
                self.draft.package.work_as(name)
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
        self._menus.build(texts, menu_handlers(self))

    def rebuild(self) -> None:
        """Rebuild the window's content at the same place, as after a change of theme."""
        dress_actions(self.actions, self.services.icons)
        if self.workspace is None or self.draft is None:
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
        self.show_draft(self.draft)
        restore_view(self.workspace, view)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Answer to the files that the system hands over at the start; close if another window has the draft."""
        if not self.arrivals.open(paths):
            self.window.close()

    def _editions_changed(self, edition: str) -> None:
        """Show the editions that are there now; one that was just installed is offered for a new survey."""
        if self.draft is None:
            self.rebuild()
            page = self.window.centralWidget()
            if edition and isinstance(page, StartPage):
                page.begin_new()

    def _recents(self) -> list[RecentEntry]:
        """The drafts of the menu "open recent": all but the one that is open."""
        here = str(self.draft.path) if self.draft is not None else ""
        return [RecentEntry(draft_name(one), one.path) for one in self.settings.now.recents if one.path != here]

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

    def _send(self) -> None:
        found = self.workspace.since.checklist if self.workspace is not None else None
        if found is not None:
            self.dialogs.send(found.digest, found.file)

    def _show_outbox(self) -> None:
        if self.workspace is not None:
            self.workspace.bar.show_outbox(self.outbox.waiting)
