"""Window, desk: what a person does with files: new, open, export, close. Menus and buttons call these actions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from dgdesk.definition.form import Form
from dgdesk.drafts import PROVINCE, SUFFIX, Draft, find_province, load_form, new_draft, open_draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.ui.dialogs import ask, tell
from dgdesk.ui.main_window import MainWindow
from dgdesk.ui.services import Services
from dgdesk.ui.start_page import StartPage
from dgdesk.ui.workspace import Workspace

_READABLE_ALL_THE_SAME = frozenset({"package.held", "package.read_only_place", "package.no_locks"})


class Desk(QObject):
    """The window's content: the start page, or one draft at work."""

    def __init__(self, window: MainWindow, services: Services) -> None:
        super().__init__(window)
        self.window = window
        self.services = services
        self.texts = services.texts
        self.workspace: Workspace | None = None
        self._draft: Draft | None = None
        self._form: Form | None = None
        self.actions: dict[str, QAction] = {}
        self._make_menus()
        window.may_close = self.may_close
        window.closed = self.let_go
        self.show_start()

    def show_start(self) -> None:
        """Show the start page."""
        form = self._form = self._form or load_form()
        provinces = [option.label for option in form.node(PROVINCE).field.options]
        page = StartPage(form.definition.title, provinces, self.services)
        page.new_wanted.connect(self.begin)
        page.open_wanted.connect(self.choose_draft)
        self.window.show_content(page)
        self.window.setWindowTitle(self.texts.say("ui.program"))
        self._follow_draft()

    def begin(self, province: str) -> None:
        """Make a new draft for a province, where the person says."""
        form = self._form or load_form()
        code = find_province(form, province) if province else None
        if code is None:
            tell(self.texts, self.texts.say("ui.start.choose_province"), self.window)
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window,
            self.texts.say("ui.choose_new_place"),
            str(Path.home() / f"{province}{SUFFIX}"),
            self.texts.say("ui.draft_files"),
        )
        if not name:
            return
        path = Path(name if name.endswith(SUFFIX) else name + SUFFIX)
        clock, who = self.services.clock, self.services.who
        self._take(lambda: new_draft(path, clock=clock, who=who, province=code))

    def choose_draft(self) -> None:
        """Let the person choose a draft, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, self.texts.say("ui.choose_draft"), "", self.texts.say("ui.draft_files")
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open a draft; where it may only be read, say why and offer that."""
        clock, who = self.services.clock, self.services.who
        try:
            draft = open_draft(path, clock=clock, who=who)
        except FileError as error:
            if error.code not in _READABLE_ALL_THE_SAME:
                tell(self.texts, self.texts.error(error), self.window, "warning")
                return
            say = self.texts.say
            buttons = (say("ui.open_read_only"), say("ui.cancel"))
            if ask(self.texts, self.texts.error(error), buttons, self.window, "warning") == 0:
                self._take(lambda: open_draft(path, clock=clock, who=who, read_only=True))
            return
        except DgdeskError as error:
            tell(self.texts, self.texts.error(error), self.window, "warning")
            return
        self._take(lambda: draft)

    def close_draft(self) -> None:
        """Close the draft and go back to the start page."""
        if self.may_close():
            self.let_go()
            self.show_start()

    def export(self) -> None:
        """Export the draft as a signed bundle."""
        # the signing libraries take a third of a second to import: not before somebody signs
        from dgdesk.ui.export_dialog import ExportDialog

        if self.workspace is not None and self._draft is not None and self.workspace.flush():
            try:
                dialog = ExportDialog(self._draft, self.services, self.window)
            except DgdeskError as error:  # the signer's files on this PC are damaged
                tell(self.texts, self.texts.error(error), self.window, "warning")
                return
            dialog.problems_wanted.connect(self.workspace.show_problems)
            dialog.exec()
            dialog.deleteLater()

    def show_indicators(self) -> None:
        """Show the form's table of indicators."""
        from dgdesk.ui.indicator_table import IndicatorDialog

        form = self._draft.session.form if self._draft is not None else self._form or load_form()
        dialog = IndicatorDialog(form.definition.indicators, self.texts, self.window)
        dialog.exec()
        dialog.deleteLater()

    def may_close(self) -> bool:
        """Whether nothing is lost by closing what is open; saves what waits."""
        return self.workspace is None or self.workspace.may_close()

    def let_go(self) -> None:
        """Close the draft's file."""
        self.workspace = None
        if self._draft is not None:
            self._draft.close()
            self._draft = None

    def _take(self, get: Callable[[], Draft]) -> None:
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
        self.workspace = Workspace(draft, self.services)
        self.window.show_content(self.workspace)
        self.workspace.bridge.changed.connect(self._follow_draft)
        self._follow_draft()

    def _follow_draft(self, *_: object) -> None:
        workspace, draft = self.workspace, self._draft
        for name in ("export", "close", "side", "next_page", "previous_page"):
            self.actions[name].setEnabled(workspace is not None)
        can_change = workspace is not None and not workspace.bridge.read_only
        self.actions["undo"].setEnabled(can_change)
        self.actions["redo"].setEnabled(can_change)
        if draft is not None:
            name = " – ".join(part for part in (draft.province, draft.path.name) if part)
            suffix = f" ({self.texts.say('ui.read_only_short')})" if draft.package.read_only else ""
            self.window.setWindowTitle(f"{name}{suffix} – {self.texts.say('ui.program')}")

    def _make_menus(self) -> None:
        bar = self.window.menuBar()
        bar.clear()
        say = self.texts.say
        file = bar.addMenu(say("ui.menu.file"))
        self._add(file, "start", "ui.start.new", self.close_draft, QKeySequence.StandardKey.New)
        self._add(file, "open", "ui.start.open_button", self.choose_draft, QKeySequence.StandardKey.Open)
        file.addSeparator()
        self._add(file, "export", "ui.export", self.export, QKeySequence("Ctrl+E"))
        file.addSeparator()
        self._add(file, "close", "ui.close_draft", self.close_draft, QKeySequence.StandardKey.Close)
        self._add(file, "quit", "ui.quit", self.window.close, QKeySequence("Ctrl+Q"))
        edit = bar.addMenu(say("ui.menu.edit"))
        self._add_for_draft(edit, "undo", "ui.undo", Workspace.undo, "Ctrl+Z")
        self._add_for_draft(edit, "redo", "ui.redo", Workspace.redo, "Ctrl+Y", "Ctrl+Shift+Z")
        view = bar.addMenu(say("ui.menu.view"))
        self._add_for_draft(view, "previous_page", "ui.back", Workspace.go_back, "Alt+PgUp")
        self._add_for_draft(view, "next_page", "ui.next", Workspace.go_on, "Alt+PgDown")
        self._add_for_draft(view, "side", "ui.toggle_side", Workspace.toggle_side, "F9")
        self._add(view, "indicators", "ui.indicators", self.show_indicators)

    def _add_for_draft(
        self, menu: QMenu, name: str, code: str, action: Callable[[Workspace], None], *keys: str
    ) -> None:
        """Add an action that works on the open draft."""

        def act() -> None:
            if self.workspace is not None:
                action(self.workspace)

        self._add(menu, name, code, act).setShortcuts([QKeySequence(key) for key in keys])

    def _add(
        self,
        menu: QMenu,
        name: str,
        code: str,
        action: Callable[[], object],
        keys: QKeySequence | QKeySequence.StandardKey | None = None,
    ) -> QAction:
        made = QAction(self.texts.say(code), self)
        if keys is not None:
            made.setShortcut(QKeySequence(keys))
        made.triggered.connect(lambda: action())
        menu.addAction(made)
        self.actions[name] = made
        return made
