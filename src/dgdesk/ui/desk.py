"""Window, desk: what a person does with files: new, open, export, close. Menus and buttons call these actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWhatsThis

from dgdesk.definition.form import Form
from dgdesk.drafts import PROVINCE, SUFFIX, Draft, find_province, load_form, new_draft, open_draft
from dgdesk.errors import DgdeskError, FileError
from dgdesk.settings import FILE, Settings, SettingsFile, clean_name, step_text_size
from dgdesk.ui.app import dress
from dgdesk.ui.dialogs import ask, tell
from dgdesk.ui.explain import explain_here, explain_panels
from dgdesk.ui.main_window import MainWindow
from dgdesk.ui.mnemonic import with_key
from dgdesk.ui.qt_words import QT_WORDS
from dgdesk.ui.remembering import Remembering
from dgdesk.ui.services import Services, system_name
from dgdesk.ui.start_page import NewSurvey, StartPage, first_answers
from dgdesk.ui.translator import Translator
from dgdesk.ui.workspace import Workspace

_READABLE_ALL_THE_SAME = frozenset({"package.held", "package.read_only_place", "package.no_locks"})


class Desk(QObject):
    """The window's content: the start page, or one draft at work."""

    def __init__(self, window: MainWindow, services: Services, settings: SettingsFile) -> None:
        super().__init__(window)
        self.window = window
        self.services = services
        self.texts = services.texts
        self.settings = settings
        self.remembering = Remembering(window, settings)
        self.workspace: Workspace | None = None
        self._draft: Draft | None = None
        self._form: Form | None = None
        self.actions: dict[str, QAction] = {}
        self._translate_qt()
        self._make_menus()
        window.may_close = self.may_close
        window.closed = self._window_closed
        self.show_start()

    def show_start(self) -> None:
        """Show the start page."""
        form = self._form = self._form or load_form()
        provinces = [option.label for option in form.node(PROVINCE).field.options]
        page = StartPage(form.definition.title, provinces, self.services, self.settings.now)
        page.new_wanted.connect(self.begin)
        page.open_wanted.connect(self.choose_draft)
        page.recent_wanted.connect(lambda path: self._open_as_somebody(Path(path)))
        page.forget_wanted.connect(lambda path: self.settings.change(self.settings.now.without_recent(path)))
        page.recents.known.connect(lambda one: self.settings.change(self.settings.now.with_recent(one, first=False)))
        page.named.connect(self.take_name)
        page.asked.connect(lambda name: self.actions[name].trigger())
        self.window.show_content(page)
        page.focus_first()
        self.window.setWindowTitle(self.texts.say("ui.program"))
        self._follow_draft()

    def begin(self, wanted: NewSurvey) -> None:
        """Make a new draft for a province, where the person says."""
        form = self._form or load_form()
        code = find_province(form, wanted.province) if wanted.province else None
        if code is None:
            tell(self.texts, self.texts.say("ui.start.choose_province"), self.window)
            return
        if not self.ask_name():
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window,
            self.texts.say("ui.choose_new_place"),
            str(Path.home() / f"{wanted.province}{SUFFIX}"),
            self.texts.say("ui.draft_files"),
        )
        if not name:
            return
        path = Path(name if name.endswith(SUFFIX) else name + SUFFIX)
        clock, who = self.services.clock, self._who()

        def make() -> Draft:
            draft = new_draft(path, clock=clock, who=who, province=code)
            for address, typed in first_answers(wanted):
                draft.session.type_in(address, typed)
            return draft

        self._take(make)

    def choose_draft(self) -> None:
        """Let the person choose a draft, and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self.window, self.texts.say("ui.choose_draft"), "", self.texts.say("ui.draft_files")
        )
        if name:
            self._open_as_somebody(Path(name))

    def open(self, path: Path) -> None:
        """Open a draft; where it may only be read, say why and offer that."""
        # one that is only read may have become free meanwhile: it is opened anew
        if self._draft is not None and not self._draft.package.read_only and _is_same(self._draft.path, path):
            return
        clock, who = self.services.clock, self._who()
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
            self.let_go(closed=True)
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

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft's file. ``closed``: the person is done with it, and is not offered it at the next start."""
        workspace, self.workspace = self.workspace, None
        if self._draft is not None:
            self.remembering.end(self._draft, workspace, closed=closed)
            self._draft.close()
            self._draft = None

    def take_name(self, typed: str) -> bool:
        """Take the name of the person at work, for every later change; False if it is none."""
        name = clean_name(typed)
        if name:
            self.services = replace(self.services, who=name)
            self.settings.change(replace(self.settings.now, who=name))
            if self._draft is not None:
                self._draft.package.work_as(name)
        return bool(name)

    def ask_name(self) -> bool:
        """Make sure that the person at work has a name; False if they would rather not go on."""
        if self.services.who:
            return True
        from dgdesk.ui.settings_dialog import NameDialog

        dialog = NameDialog(self.texts, self.window)
        dialog.exec()
        dialog.deleteLater()
        return self.take_name(dialog.box.text()) if dialog.result() else False

    def ask_name_beside(self) -> None:
        """Ask for the name when a draft was opened from outside; until it is given, the system's name stands."""
        from dgdesk.ui.settings_dialog import NameDialog

        if not self.services.who and self.workspace is not None:
            dialog = NameDialog(self.texts, self.window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: self.take_name(dialog.box.text()))
            dialog.open()

    def show_settings(self) -> None:
        """Let the person change the settings."""
        from dgdesk.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(replace(self.settings.now, who=self.services.who), self.texts, self.window)
        if dialog.exec():
            self.apply(dialog.wanted())
        dialog.deleteLater()

    def apply(self, wanted: Settings) -> None:
        """Take other settings: they show at once, whatever is open."""
        if self.workspace is not None and not self.workspace.flush():
            return  # the bar says what could not be saved
        before = self.settings.now
        kept = self.settings.change(replace(wanted, who=wanted.who or before.who))
        if wanted.who:
            self.take_name(wanted.who)
        if _look(before) != _look(wanted):
            self._dress_anew(other_language=before.language != wanted.language)
        if not kept:
            tell(self.texts, self.texts.say("settings.unwritable", name=FILE), self.window, "warning")

    def change_text_size(self, steps: int) -> None:
        """Make all text larger or smaller; 0: its ordinary size."""
        now = self.settings.now
        percent = step_text_size(now.text_percent, steps) if steps else 100
        self.apply(replace(now, text_percent=percent))

    def change_language(self) -> None:
        """Speak the other language."""
        now = self.settings.now
        self.apply(replace(now, language="en" if now.language == "th" else "th"))

    def check_bundle(self) -> None:
        """Check a bundle that somebody sent."""
        # brings the signing libraries
        from dgdesk.ui.check_dialog import CheckDialog

        form = self._form or load_form()
        provinces = {option.id: option.label for option in form.node(PROVINCE).field.options}
        dialog = CheckDialog(provinces, self.texts, self.window)
        dialog.exec()
        dialog.deleteLater()

    def show_help(self) -> None:
        """Open the guide beside the window."""
        from dgdesk.ui.help_window import HelpWindow

        for old in self.window.findChildren(HelpWindow):
            old.close()
        HelpWindow(self.texts, self.window).show()

    def show_shortcuts(self) -> None:
        """Show the keys."""
        from dgdesk.ui.help_window import ShortcutsDialog

        dialog = ShortcutsDialog(list(self.actions.values()), self.texts, self.window)
        dialog.exec()
        dialog.deleteLater()

    def explain(self) -> None:
        """Say what the part of the window is for that has the focus."""
        explain_here(self.window, self.texts)

    def _open_as_somebody(self, path: Path) -> None:
        if self.ask_name():
            self.open(path)

    def _who(self) -> str:
        return self.services.who or system_name()

    def _window_closed(self) -> None:
        if self._draft is None:
            self.remembering.end_without_draft()
        self.let_go()

    def _translate_qt(self) -> None:
        app = QApplication.instance()
        if app is None:
            return
        translator = app.findChild(Translator)
        if translator is None:
            translator = Translator({}, app)
            app.installTranslator(translator)
        is_thai = self.texts.catalogue.language == "th"
        translator.use({english: self.texts.say(code) for english, code in QT_WORDS.items()} if is_thai else {})

    def _dress_anew(self, *, other_language: bool) -> None:
        """Build what stands in the window again, in another look or language, at the same place."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            dress(app, self.settings.now)
            # Qt tells the window of the new font later; what is built now must have it at once
            self.window.setFont(app.font())
        if other_language:
            catalogue = replace(self.texts.catalogue, language=self.settings.now.language)
            self.texts = self.texts.speaking(catalogue)
            self.services = replace(self.services, texts=self.texts)
            self._translate_qt()
            self._make_menus()
        if self.workspace is None or self._draft is None:
            old = self.window.centralWidget()
            typed = old.typed() if isinstance(old, StartPage) else None
            self.show_start()
            new = self.window.centralWidget()
            if typed is not None and isinstance(new, StartPage):
                new.fill(typed)
            return
        old_one = self.workspace
        page, sizes = old_one.page, old_one.splitter.sizes()
        old_one.page_view.parts.drop()
        self._show_workspace(self._draft)
        if all(sizes):
            self.workspace.splitter.setSizes(sizes)
        self.workspace.open_page(page)

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
        self._show_workspace(draft)

    def _show_workspace(self, draft: Draft) -> None:
        self.workspace = Workspace(draft, self.services)
        explain_panels(self.workspace, self.texts)
        self.window.show_content(self.workspace)
        self.remembering.begin(draft, self.workspace)
        self.workspace.bridge.changed.connect(self._follow_draft)
        self._follow_draft()

    def _follow_draft(self, *_: object) -> None:
        workspace, draft = self.workspace, self._draft
        for name in ("export", "close", "side", "next_page", "previous_page"):
            self.actions[name].setEnabled(workspace is not None)
        for name in ("find", "next_problem", "previous_problem", "review", "history", "history_here"):
            self.actions[name].setEnabled(workspace is not None)
        can_change = workspace is not None and not workspace.bridge.read_only
        self.actions["undo"].setEnabled(can_change)
        self.actions["redo"].setEnabled(can_change)
        self.actions["clear_answer"].setEnabled(can_change)
        if draft is not None:
            name = " – ".join(part for part in (draft.province, draft.path.name) if part)
            suffix = f" ({self.texts.say('ui.read_only_short')})" if draft.package.read_only else ""
            self.window.setWindowTitle(f"{name}{suffix} – {self.texts.say('ui.program')}")

    def _make_menus(self) -> None:
        bar = self.window.menuBar()
        bar.clear()
        for old in (*self.actions.values(), *bar.findChildren(QMenu)):
            if isinstance(old, QAction):
                old.setShortcuts([])
            old.deleteLater()
        self.actions.clear()
        say = self.texts.say
        file = bar.addMenu(with_key(say("ui.menu.file"), "F"))
        self._add(file, "start", "ui.start.new", self.close_draft, QKeySequence.StandardKey.New)
        self._add(file, "open", "ui.start.open_button", self.choose_draft, QKeySequence.StandardKey.Open)
        file.addSeparator()
        self._add(file, "export", "ui.export", self.export, QKeySequence("Ctrl+E"))
        self._add(file, "check", "ui.start.check", self.check_bundle)
        file.addSeparator()
        self._add(file, "close", "ui.close_draft", self.close_draft, QKeySequence.StandardKey.Close)
        self._add(file, "quit", "ui.quit", self.window.close, QKeySequence("Ctrl+Q"))
        edit = bar.addMenu(with_key(say("ui.menu.edit"), "E"))
        self._add_for_draft(edit, "undo", "ui.undo", Workspace.undo, "Ctrl+Z")
        self._add_for_draft(edit, "redo", "ui.redo", Workspace.redo, "Ctrl+Y", "Ctrl+Shift+Z")
        edit.addSeparator()
        self._add_for_draft(edit, "find", "ui.find", Workspace.find_question, "Ctrl+F", "Ctrl+K")
        self._add_for_draft(edit, "next_problem", "ui.next_problem", Workspace.next_problem, "F8")
        self._add_for_draft(edit, "previous_problem", "ui.previous_problem", Workspace.previous_problem, "Shift+F8")
        self._add_for_draft(edit, "review", "ui.review", Workspace.review, "Ctrl+F8")
        edit.addSeparator()
        self._add_for_draft(edit, "clear_answer", "ui.clear_answer", Workspace.clear_answer, "Ctrl+Shift+Del")
        self._add_for_draft(edit, "history", "ui.history", Workspace.show_history, "Ctrl+H")
        self._add_for_draft(edit, "history_here", "ui.history.here", Workspace.show_history_here, "Ctrl+Shift+H")
        view = bar.addMenu(with_key(say("ui.menu.view"), "V"))
        self._add_for_draft(view, "previous_page", "ui.back", Workspace.go_back, "Alt+PgUp")
        self._add_for_draft(view, "next_page", "ui.next", Workspace.go_on, "Alt+PgDown")
        self._add_for_draft(view, "side", "ui.toggle_side", Workspace.toggle_side, "F9")
        self._add(view, "indicators", "ui.indicators", self.show_indicators)
        view.addSeparator()
        self._add(view, "larger", "ui.larger", lambda: self.change_text_size(1), QKeySequence("Ctrl++")).setShortcuts(
            [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")]
        )
        self._add(view, "smaller", "ui.smaller", lambda: self.change_text_size(-1), QKeySequence("Ctrl+-"))
        self._add(view, "normal", "ui.normal_size", lambda: self.change_text_size(0), QKeySequence("Ctrl+0"))
        self._add(view, "language", "ui.start.language", self.change_language)
        self._add(view, "settings", "ui.start.settings", self.show_settings, QKeySequence("Ctrl+,"))
        assist = bar.addMenu(with_key(say("ui.menu.help"), "H"))
        self._add(assist, "help", "ui.start.help", self.show_help, QKeySequence("F1"))
        self._add(assist, "shortcuts", "ui.shortcuts", self.show_shortcuts, QKeySequence("Ctrl+F1"))
        self._add(assist, "what", "ui.what", self.explain, QKeySequence("Shift+F1"))
        self._add(assist, "point", "ui.what_point", QWhatsThis.enterWhatsThisMode)

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


def _look(settings: Settings) -> tuple[object, ...]:
    return settings.language, settings.theme, settings.text_percent


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
