"""The menus of the main window: entries, shortcuts, and the actions made from them.

What an entry does is in `menu_handlers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from dgdesk.ui.widgets.context_menu import widen
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.letters import letter_action, letter_bar, letter_menu
from dgdesk.ui.widgets.plain import free_letter, set_tip

MenuKey = str | QKeySequence.StandardKey
MenuHandlers = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A menu entry: action name, text code, and shortcuts."""

    name: str
    code: str
    keys: tuple[MenuKey, ...] = ()


@dataclass(frozen=True, slots=True)
class SubMenu:
    """A menu inside a menu: its name, text code and entries; without entries it is filled when it is opened."""

    name: str
    code: str
    entries: tuple[MenuEntry | SubMenu | None, ...] = ()


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """A draft in the menu of recent drafts: its name and its path."""

    words: str
    path: str


_STANDARD = QKeySequence.StandardKey
_TOOLS: Final = SubMenu(
    "tools",
    "ui.menu.tools",
    (
        MenuEntry("receive", "ui.start.receive"),
        MenuEntry("check", "ui.start.check"),
        MenuEntry("identities", "ui.identities"),
        MenuEntry("editions", "ui.start.editions"),
        None,
        MenuEntry("copy", "ui.care.copy"),
        MenuEntry("restore", "ui.backups.restore"),
        MenuEntry("compact", "ui.care.compact"),
        MenuEntry("damaged", "ui.care.check"),
        None,
        MenuEntry("office", "ui.office.entry"),
        MenuEntry("support", "ui.support.entry"),
    ),
)
"""The agency's work, the care of files, and diagnosis: nothing of every day."""
MENUS: Final[tuple[tuple[str, str, tuple[MenuEntry | SubMenu | None, ...]], ...]] = (
    (
        "ui.menu.file",
        "F",
        (
            MenuEntry("start", "ui.start.new", (_STANDARD.New,)),
            MenuEntry("open", "ui.start.open_button", (_STANDARD.Open,)),
            SubMenu("recent", "ui.menu.recent"),
            None,
            MenuEntry("export", "ui.export", ("Ctrl+E",)),
            MenuEntry("register", "ui.register"),
            MenuEntry("outbox", "ui.outbox"),
            MenuEntry("print", "ui.print", (_STANDARD.Print,)),
            None,
            MenuEntry("folder_in", "ui.folder.in"),
            MenuEntry("folder_out", "ui.folder.out"),
            None,
            _TOOLS,
            None,
            MenuEntry("close", "ui.close_draft", (_STANDARD.Close,)),
            MenuEntry("quit", "ui.quit", ("Ctrl+Q",)),
        ),
    ),
    (
        "ui.menu.edit",
        "E",
        (
            MenuEntry("undo", "ui.undo", ("Ctrl+Z",)),
            MenuEntry("redo", "ui.redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
            None,
            MenuEntry("find", "ui.find", ("Ctrl+F", "Ctrl+K")),
            MenuEntry("next_problem", "ui.next_problem", ("F8",)),
            MenuEntry("previous_problem", "ui.previous_problem", ("Shift+F8",)),
            MenuEntry("review", "ui.review", ("Ctrl+F8",)),
            None,
            MenuEntry("overview", "ui.overview", ("Ctrl+Shift+E",)),
            MenuEntry("next_missing", "ui.overview.next_missing", ("F7",)),
            MenuEntry("previous_missing", "ui.overview.previous_missing", ("Shift+F7",)),
            MenuEntry("library", "ui.library", ("Ctrl+L",)),
            None,
            MenuEntry("clear_answer", "ui.clear_answer", ("Ctrl+Shift+Del",)),
            MenuEntry("flag", "ui.flag.toggle", ("Ctrl+M",)),
            MenuEntry("answer_no", "ui.page_no", ("Ctrl+Shift+N",)),
            MenuEntry("card_menu", "ui.card.menu", ("Shift+F10",)),
            MenuEntry("history", "ui.history", ("Ctrl+H",)),
            MenuEntry("changes", "ui.changes.entry"),
            MenuEntry("history_here", "ui.history.here", ("Ctrl+Shift+H",)),
        ),
    ),
    (
        "ui.menu.view",
        "V",
        (
            MenuEntry("previous_page", "ui.back", ("Alt+PgUp",)),
            MenuEntry("next_page", "ui.next", ("Alt+PgDown",)),
            MenuEntry("side", "ui.toggle_side", ("F9",)),
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
WITH_CHANGES: Final = ("folder_in", "compact", "restore", "undo", "redo", "clear_answer", "flag", "answer_no")
"""Actions that need an open draft that can be changed."""
AT_REST: Final = ("export", "register", "print", "history", "history_here", "changes")
"""Actions that read the draft file, and are therefore disabled while a job has it."""


class Menus:
    """The menus of one menu bar. ``actions`` maps names to actions, which belong to ``owner``."""

    def __init__(self, bar: QMenuBar, owner: QObject) -> None:
        self._bar, self._owner = bar, owner
        self.actions: dict[str, QAction] = {}
        self.recent: QMenu | None = None
        self._recents: Callable[[], Sequence[RecentEntry]] = tuple
        self._open: Callable[[str], object] = lambda path: None

    def offer_recents(self, recents: Callable[[], Sequence[RecentEntry]], open_draft: Callable[[str], object]) -> None:
        """List these drafts whenever the menu of recent drafts is opened; one that is chosen is opened."""
        self._recents, self._open = recents, open_draft

    def build(self, texts: Texts, handlers: MenuHandlers) -> None:
        """Create the menus, again after a change of language. ``handlers`` has one for each entry, by its name."""
        self._bar.clear()
        for action in self.actions.values():
            action.setShortcuts([])
            action.deleteLater()
        for menu in self._bar.findChildren(QMenu):
            menu.deleteLater()
        self.actions.clear()
        for code, letter, entries in MENUS:
            menu = self._bar.addMenu(texts.say(code))
            letter_action(menu.menuAction(), letter)
            self._fill(menu, entries, texts, handlers)
        letter_bar(self._bar)

    def follow(self, *, is_open: bool, can_change: bool) -> None:
        """Enable the actions that can be used now."""
        for name in WITH_DRAFT:
            self.actions[name].setEnabled(is_open)
        for name in WITH_CHANGES:
            self.actions[name].setEnabled(can_change)

    def _fill(
        self,
        menu: QMenu,
        entries: Sequence[MenuEntry | SubMenu | None],
        texts: Texts,
        handlers: MenuHandlers,
    ) -> None:
        letter_menu(menu)
        taken: set[str] = set()
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, SubMenu):
                inner = menu.addMenu(texts.say(entry.code))
                _give_letter(inner.menuAction(), entry.code, texts, taken)
                self._fill(inner, entry.entries, texts, handlers)
                if not entry.entries:
                    self.recent = inner
                    inner.aboutToShow.connect(lambda: self._list_recents(texts))
            else:
                action = self.actions[entry.name] = self._action(entry, texts, taken)
                action.triggered.connect(_act(handlers[entry.name]))
                menu.addAction(action)

    def _list_recents(self, texts: Texts) -> None:
        menu = self.recent
        if menu is None:
            return
        menu.clear()
        found = self._recents()
        for number, one in enumerate(found, start=1):
            action = menu.addAction(one.words.replace("&", "&&"))
            action.triggered.connect(lambda _=False, path=one.path: self._open(path))
            set_tip(action, one.path)
            if number < 10:
                letter_action(action, str(number))
        if not found:
            menu.addAction(texts.say("ui.menu.no_recent")).setEnabled(False)
        menu.setToolTipsVisible(True)
        widen(menu)

    def _action(self, entry: MenuEntry, texts: Texts, taken: set[str]) -> QAction:
        action = QAction(texts.say(entry.code).replace("&", "&&"), self._owner)
        _give_letter(action, entry.code, texts, taken)
        if len(entry.keys) == 1 and not isinstance(entry.keys[0], str):
            action.setShortcut(QKeySequence(entry.keys[0]))
        elif entry.keys:
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
        return action


def _give_letter(action: QAction, code: str, texts: Texts, taken: set[str]) -> None:
    """Give an entry a letter of its English words that no other entry of its menu has."""
    letter = free_letter(texts.catalogue.messages[code]["en"], taken)
    taken.add(letter)
    letter_action(action, letter)


def _act(handler: Callable[[], object]) -> Callable[[], None]:
    """Return a function without parameters: the signal would say whether the entry is checked."""

    def act() -> None:
        handler()

    return act
