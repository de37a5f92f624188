"""The menus of the main window: entries, shortcuts, and the actions made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.plain import free_letter, with_key

MenuKey = str | QKeySequence.StandardKey
MenuHandlers = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A menu entry: action name, text code, shortcuts, and its handler if it works on the open draft."""

    name: str
    code: str
    keys: tuple[MenuKey, ...] = ()
    on_draft: Callable[[Workspace], None] | None = None


_STANDARD = QKeySequence.StandardKey
MENUS: Final[tuple[tuple[str, str, tuple[MenuEntry | None, ...]], ...]] = (
    (
        "ui.menu.file",
        "F",
        (
            MenuEntry("start", "ui.start.new", (_STANDARD.New,)),
            MenuEntry("open", "ui.start.open_button", (_STANDARD.Open,)),
            None,
            MenuEntry("export", "ui.export", ("Ctrl+E",)),
            MenuEntry("register", "ui.register"),
            MenuEntry("check", "ui.start.check"),
            MenuEntry("receive", "ui.start.receive"),
            MenuEntry("identities", "ui.identities"),
            MenuEntry("print", "ui.print", (_STANDARD.Print,)),
            None,
            MenuEntry("folder_in", "ui.folder.in", (), lambda workspace: workspace.maintenance.attach_folder()),
            MenuEntry("folder_out", "ui.folder.out", (), lambda workspace: workspace.maintenance.save_folders()),
            None,
            MenuEntry("copy", "ui.care.copy", (), lambda workspace: workspace.maintenance.save_copy()),
            MenuEntry("restore", "ui.backups.restore"),
            MenuEntry("compact", "ui.care.compact", (), lambda workspace: workspace.maintenance.compact()),
            MenuEntry("damaged", "ui.care.check", (), lambda workspace: workspace.maintenance.show_damage()),
            None,
            MenuEntry("close", "ui.close_draft", (_STANDARD.Close,)),
            MenuEntry("quit", "ui.quit", ("Ctrl+Q",)),
        ),
    ),
    (
        "ui.menu.edit",
        "E",
        (
            MenuEntry("undo", "ui.undo", ("Ctrl+Z",), Workspace.undo),
            MenuEntry("redo", "ui.redo", ("Ctrl+Y", "Ctrl+Shift+Z"), Workspace.redo),
            None,
            MenuEntry("find", "ui.find", ("Ctrl+F", "Ctrl+K"), Workspace.find_question),
            MenuEntry("next_problem", "ui.next_problem", ("F8",), Workspace.next_problem),
            MenuEntry("previous_problem", "ui.previous_problem", ("Shift+F8",), Workspace.previous_problem),
            MenuEntry("review", "ui.review", ("Ctrl+F8",), Workspace.review),
            None,
            MenuEntry("overview", "ui.overview", ("Ctrl+Shift+E",), Workspace.show_overview),
            MenuEntry("next_missing", "ui.overview.next_missing", ("F7",), Workspace.next_missing),
            MenuEntry("previous_missing", "ui.overview.previous_missing", ("Shift+F7",), Workspace.previous_missing),
            MenuEntry("library", "ui.library", ("Ctrl+L",), lambda workspace: workspace.finding.library()),
            None,
            MenuEntry("clear_answer", "ui.clear_answer", ("Ctrl+Shift+Del",), Workspace.clear_answer),
            MenuEntry("card_menu", "ui.card.menu", ("Shift+F10",), Workspace.show_card_menu),
            MenuEntry("history", "ui.history", ("Ctrl+H",), Workspace.show_history),
            MenuEntry("changes", "ui.changes.entry", (), Workspace.show_changes),
            MenuEntry("history_here", "ui.history.here", ("Ctrl+Shift+H",), Workspace.show_history_here),
        ),
    ),
    (
        "ui.menu.view",
        "V",
        (
            MenuEntry("previous_page", "ui.back", ("Alt+PgUp",), Workspace.go_back),
            MenuEntry("next_page", "ui.next", ("Alt+PgDown",), Workspace.go_on),
            MenuEntry("side", "ui.toggle_side", ("F9",), Workspace.toggle_side),
            MenuEntry("indicators", "ui.indicators"),
            None,
            MenuEntry("larger", "ui.larger", ("Ctrl++", "Ctrl+=")),
            MenuEntry("smaller", "ui.smaller", ("Ctrl+-",)),
            MenuEntry("normal", "ui.normal_size", ("Ctrl+0",)),
            MenuEntry("language", "ui.start.language"),
            MenuEntry("settings", "ui.start.settings", ("Ctrl+,",)),
        ),
    ),
    (
        "ui.menu.help",
        "H",
        (
            MenuEntry("help", "ui.start.help", ("F1",)),
            MenuEntry("shortcuts", "ui.shortcuts", ("Ctrl+F1",)),
            MenuEntry("what", "ui.what", ("Shift+F1",)),
            MenuEntry("point", "ui.what_point"),
            None,
            MenuEntry("office", "ui.office.entry"),
            MenuEntry("support", "ui.support.entry"),
        ),
    ),
)
"""Text code, access letter and entries of each menu; None is a separator."""

WITH_DRAFT: Final = (
    *("folder_out", "copy", "damaged"),
    *("export", "register", "print", "close", "side", "next_page", "previous_page"),
    *("find", "next_problem", "previous_problem", "review", "history", "history_here", "card_menu"),
    "changes",
    *("overview", "next_missing", "previous_missing", "library"),
)
"""Actions that need an open draft."""
WITH_CHANGES: Final = ("folder_in", "compact", "restore", "undo", "redo", "clear_answer")
"""Actions that need an open draft that can be changed."""
AT_REST: Final = ("export", "register", "print", "history", "history_here", "changes")
"""Actions that read the draft file, and are therefore disabled while a job has it."""


class Menus:
    """The menus of one menu bar. ``actions`` maps names to actions, which belong to ``owner``."""

    def __init__(self, bar: QMenuBar, owner: QObject) -> None:
        self._bar, self._owner = bar, owner
        self.actions: dict[str, QAction] = {}

    def build(self, texts: Texts, handlers: MenuHandlers, draft: Callable[[], Workspace | None]) -> None:
        """Create the menus, again after a change of language. ``handlers``: by name, for entries without a draft."""
        self._bar.clear()
        for action in self.actions.values():
            action.setShortcuts([])
            action.deleteLater()
        for menu in self._bar.findChildren(QMenu):
            menu.deleteLater()
        self.actions.clear()
        for code, letter, entries in MENUS:
            menu = self._bar.addMenu(with_key(texts.say(code), letter))
            taken: set[str] = set()
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                    continue
                action = self.actions[entry.name] = self._action(entry, texts, taken)
                action.triggered.connect(_handler(entry, handlers, draft))
                menu.addAction(action)

    def follow(self, *, is_open: bool, can_change: bool) -> None:
        """Enable the actions that can be used now."""
        for name in WITH_DRAFT:
            self.actions[name].setEnabled(is_open)
        for name in WITH_CHANGES:
            self.actions[name].setEnabled(can_change)

    def _action(self, entry: MenuEntry, texts: Texts, taken: set[str]) -> QAction:
        catalogue = texts.catalogue
        letter = free_letter(catalogue.messages[entry.code]["en"], taken)
        taken.add(letter)
        action = QAction(with_key(catalogue.text(entry.code), letter), self._owner)
        if len(entry.keys) == 1 and not isinstance(entry.keys[0], str):
            action.setShortcut(QKeySequence(entry.keys[0]))
        elif entry.keys:
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
        return action


def _handler(entry: MenuEntry, handlers: MenuHandlers, draft: Callable[[], Workspace | None]) -> Callable[[], None]:
    def act() -> None:
        if entry.on_draft is None:
            handlers[entry.name]()
        elif (workspace := draft()) is not None:
            entry.on_draft(workspace)

    return act
