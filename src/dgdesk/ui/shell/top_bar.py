"""The bar above the page: search, undo and redo, review, print, export. One row at any width and text size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from dgdesk.ui.review.finder import Finder
from dgdesk.ui.review.undoing import Undoing
from dgdesk.ui.widgets.buttons import WhatButton
from dgdesk.ui.widgets.context_menu import widen
from dgdesk.ui.widgets.icons import ACTIONS, put_icon
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.letters import fill_menu
from dgdesk.ui.widgets.plain import set_tip, show_what
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

HIGHEST: Final = 44
"""Height in pixels at 100 %."""
_LETTERS: Final = (14, 28, 36)
"""The width of the search box, in letters: the least, the least beside buttons with words, the usual."""
_WITHOUT_WORDS: Final = ("undo", "redo")
_NAMES: Final = (*_WITHOUT_WORDS, "review", "print", "export")
"""The buttons, from the left; also the names of their actions in the menus."""


class TopBar(QFrame):
    """The bar. ``asked`` carries the name of the action that a button stands for."""

    asked = Signal(str)

    def __init__(self, finder: Finder, undoing: Undoing, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setStyleSheet(sheet())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.finder, self._undoing = finder, undoing
        self._services, self._say = services, services.texts.say
        self._left, self._ready = 0, False
        self._keys: dict[str, str] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        letter = self.fontMetrics().averageCharWidth()
        finder.setParent(self)
        finder.setMinimumWidth(_LETTERS[0] * letter)
        finder.setMaximumWidth(_LETTERS[2] * letter)
        row.addWidget(finder, 1)
        row.addStretch(0)
        self.buttons: dict[str, QPushButton] = {}
        for name in _NAMES:
            button = self.buttons[name] = QPushButton(self)
            button.setObjectName("quiet")
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            put_icon(button, services.icons, ACTIONS[name])
            row.addWidget(button)
        self.what = PartsHelp(services.texts, self)
        row.addWidget(self.what)
        self._dress()
        for name in _WITHOUT_WORDS:
            self.buttons[name].installEventFilter(self)

    def offer_help(self, parts: Sequence[tuple[str, Callable[[], QWidget]]]) -> None:
        """Have the "?" explain these parts of the window: their names, and their widgets at that moment."""
        self.what.parts = tuple(parts)

    def follow(self, actions: Mapping[str, QAction]) -> None:
        """Enable the buttons like the actions of the menus, and name their keys."""
        self._keys = {
            name: actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText) for name in self.buttons
        }
        for name, button in self.buttons.items():
            button.setEnabled(actions[name].isEnabled())
        self._name_buttons()

    def show_state(self, left: int, *, ready: bool) -> None:
        """Show how much is left to do; the button of the export is the chief one only when nothing is."""
        if (left, ready) != (self._left, self._ready):
            self._left, self._ready = left, ready
            self._dress()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what undo and redo would do when somebody asks: at every change that would be read for nobody."""
        if event.type() in (QEvent.Type.ToolTip, QEvent.Type.FocusIn):
            self._name_buttons(asked=True)
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        export = self.buttons["export"]
        role = "primary" if self._ready else "quiet"
        if export.objectName() != role:
            export.setObjectName(role)
            export.style().polish(export)
        put_icon(export, self._services.icons, ACTIONS["export"], chief=self._ready)
        self._name_buttons()
        self._fit()

    def _words(self, name: str) -> str:
        if name == "review":
            return self._say("ui.bar.review", count=self._left) if self._left else self._say("ui.bar.reviewed")
        return self._say(f"ui.bar.{name}")

    def _fit(self) -> None:
        """Show words beside the icons where they fit, else the icons alone, and the figure of what is left."""
        self._write(brief=False)
        wider = (_LETTERS[1] - _LETTERS[0]) * self.fontMetrics().averageCharWidth()
        if self.minimumSizeHint().width() + wider > self.width():
            self._write(brief=True)

    def _write(self, *, brief: bool) -> None:
        for name, button in self.buttons.items():
            if name in _WITHOUT_WORDS:
                continue
            short = str(self._left) if name == "review" and self._left else ""
            words = short if brief else self._words(name)
            if button.text() != words:
                button.setText(words)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()

    def _name_buttons(self, *, asked: bool = False) -> None:
        for name, button in self.buttons.items():
            words = self._words(name)
            if asked and name in _WITHOUT_WORDS and button.isEnabled():
                words = self._undoing.words("undo" if name == "undo" else "redo")
            button.setAccessibleName(words)
            keys = self._keys.get(name, "")
            set_tip(button, f"{words} ({keys})" if keys else words)


class PartsHelp(WhatButton):
    """The one "?" of the window: a menu of its parts; the one that is chosen is explained where it is."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(texts, texts.say("ui.about.window"), lambda: parent, parent)
        self.parts: tuple[tuple[str, Callable[[], QWidget]], ...] = ()

    def explain(self) -> None:
        """Show the menu of the parts below the button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, [(name, partial(_explain, about)) for name, about in self.parts])
        widen(menu)
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width(), self.height())))


def _explain(about: Callable[[], QWidget]) -> None:
    part = about()
    show_what(part.mapToGlobal(QPoint(0, 0)), part)
