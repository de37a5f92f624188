"""Alt letters of buttons, labels and menu entries: they work always, and are seen only while Alt is held.

No text carries its letter: a Thai text has none to underline, and "ถัดไป(N)" seems technical. While Alt is held, each
letter is shown on a small plate at the corner of what it belongs to, so that nothing moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShortcut,
    QWindow,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QMenuBar, QWidget

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.plain import free_letter
from dgdesk.ui.widgets.theme_file import NORMAL, SMALL, SPACE

_LETTER: Final = "letter"
_ALT: Final = re.compile(r"Alt\+(.)")
_ALT_HELD: Final = Qt.KeyboardModifier.AltModifier
_AFTER: Final = 150
"""Milliseconds: a letter pressed together with Alt, or Alt+Tab, shows no plates."""


def set_letter(button: QAbstractButton, letter: str) -> None:
    """Have Alt and a letter press a button. `QAbstractButton.setText` takes the letter away."""
    button.setShortcut(QKeySequence(f"Alt+{letter.upper()}"))


def letter_label(label: QLabel, letter: str, box: QWidget) -> None:
    """Have Alt and a letter enter a box; the letter is shown at its label."""
    label.setProperty(_LETTER, letter.upper())
    label.setBuddy(box)
    key = QShortcut(QKeySequence(f"Alt+{letter.upper()}"), label)
    key.activated.connect(lambda: box.setFocus(Qt.FocusReason.ShortcutFocusReason))


def letter_action(action: QAction, letter: str) -> None:
    """Give a menu entry its letter; its menu must be one of `letter_menu`."""
    action.setProperty(_LETTER, letter.upper())


def letter_menu(menu: QMenu) -> None:
    """Have the letters of a menu's entries work in it."""
    if menu.findChild(_MenuKeys) is None:
        menu.installEventFilter(_MenuKeys(menu))


def letter_bar(bar: QMenuBar) -> None:
    """Have the letters of a menu bar's entries open its menus, with Alt or while the bar has the keyboard."""
    if bar.findChild(_BarKeys) is None:
        bar.installEventFilter(_BarKeys(bar))
    for old in bar.findChildren(QShortcut):
        old.setEnabled(False)
        old.deleteLater()
    for action in bar.actions():
        key = QShortcut(QKeySequence(f"Alt+{letter_of(action)}"), bar)
        key.activated.connect(lambda action=action: _open(bar, action))


def fill_menu(menu: QMenu, entries: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Add an entry for each text, with a letter of its own."""
    taken: set[str] = set()
    for words, act in entries:
        action = menu.addAction(words.replace("&", "&&"))
        action.triggered.connect(lambda _=False, act=act: act())
        if letter := free_letter(words, taken):
            taken.add(letter)
            letter_action(action, letter)
    letter_menu(menu)


def letter_of(one: QObject) -> str:
    """Return the letter of a button, label, or menu entry; empty if it has none."""
    if isinstance(one, QAbstractButton):
        found = _ALT.fullmatch(one.shortcut().toString())
        return found[1] if found is not None else ""
    return str(one.property(_LETTER) or "")


class LetterPlate(QWidget):
    """One letter, shown at the corner of what it belongs to."""

    def __init__(self, letter: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.letter = letter
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * SMALL / NORMAL)
        font.setWeight(font.Weight.DemiBold)
        self.setFont(font)
        wide = max(self.fontMetrics().horizontalAdvance(letter), self.fontMetrics().averageCharWidth())
        self.resize(wide + SPACE, self.fontMetrics().ascent() + SPACE // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.in_use().text))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(self.rect(), 3, 3)
        painter.setPen(QColor(colours.in_use().base))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.letter)


class LetterPlates(QObject):
    """Shows the plates of the window with the keyboard while Alt is held: one for the whole application."""

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self.setObjectName("letters")
        self.held = False
        self._window: QWindow | None = None
        self._plates: list[LetterPlate] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER)
        self._soon.timeout.connect(self.show)
        app.focusWindowChanged.connect(self._follow)
        self._follow(app.focusWindow())

    def show(self) -> None:
        """Show the letters of the open menu, or else of the active window."""
        self.hide()
        top = QApplication.activePopupWidget() or QApplication.activeWindow()
        if top is None:
            return
        for letter, corner in plates_of(top):
            plate = LetterPlate(letter, top)
            at = corner - QPoint(plate.width() - SPACE // 2, SPACE // 2)
            plate.move(max(min(at.x(), top.width() - plate.width()), 0), max(at.y(), 0))
            plate.show()
            plate.raise_()
            self._plates.append(plate)

    def hide(self) -> None:
        """Take the plates away."""
        plates, self._plates = self._plates, []
        for plate in plates:
            try:
                plate.hide()
                plate.deleteLater()
            except RuntimeError:  # deleted together with its window
                continue

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat():
            self.held = event.type() == QEvent.Type.KeyPress
            if self.held:
                self._soon.start()
            else:
                self._end()
        elif self.held and isinstance(event, (QKeyEvent, QMouseEvent)) and not event.modifiers() & _ALT_HELD:
            self._end()  # Alt was released where nobody heard it: after Alt+F4 it is the window manager's
        return False

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None:
            try:
                self._window.removeEventFilter(self)
            except RuntimeError:  # the window is deleted
                self._window = None
        self._window = window
        self._end()
        if window is not None:
            window.installEventFilter(self)

    def _end(self) -> None:
        self.held = False
        self._soon.stop()
        self.hide()


def plates_of(top: QWidget) -> Iterator[tuple[str, QPoint]]:
    """Yield the letters that work in a window or menu now, each with the upper right corner of what it belongs to."""
    if isinstance(top, QMenu):
        for action in top.actions():
            if action.isVisible() and action.isEnabled() and (letter := letter_of(action)):
                place = top.actionGeometry(action)
                yield letter, QPoint(place.left() + 3 * SPACE, place.center().y() - SPACE // 2)
        return
    for one in top.findChildren(QWidget):
        if one.window() is not top or not one.isVisible() or not one.isEnabled():
            continue
        if isinstance(one, QMenuBar):
            for action in one.actions():
                if letter := letter_of(action):
                    place = one.actionGeometry(action)
                    below = QPoint(place.center().x() + SPACE, place.bottom() - SPACE // 2)  # the title stays readable
                    yield letter, one.mapTo(top, below)
        elif isinstance(one, (QAbstractButton, QLabel)) and (letter := letter_of(one)):
            corner = QPoint(one.width(), 0)
            if one.visibleRegion().contains(QRect(0, 0, one.width(), one.height())):
                yield letter, one.mapTo(top, corner)


class _MenuKeys(QObject):
    """Presses the entry of a menu whose letter is typed."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self._menu = menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            app = QCoreApplication.instance()
            plates = app.findChild(LetterPlates) if app is not None else None
            if plates is not None and QGuiApplication.queryKeyboardModifiers() & Qt.KeyboardModifier.AltModifier:
                QTimer.singleShot(0, self, plates.show)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        action = _typed(self._menu.actions(), event) if self._menu.isVisible() else None
        if action is None:
            return False
        self._menu.setActiveAction(action)
        if action.menu() is None:
            enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(self._menu, enter)
        return True


class _BarKeys(QObject):
    """Opens the menu of a menu bar whose letter is typed while the bar has the keyboard."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._bar = bar

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        action = _typed(self._bar.actions(), event)
        if action is not None:
            _open(self._bar, action)
        return action is not None


def _open(bar: QMenuBar, action: QAction) -> None:
    bar.setActiveAction(action)
    menu = action.menu()
    if isinstance(menu, QMenu):
        first = next((one for one in menu.actions() if one.isEnabled() and not one.isSeparator()), None)
        if first is not None:
            menu.setActiveAction(first)


def _typed(actions: Sequence[QAction], event: QKeyEvent) -> QAction | None:
    key = int(event.key())
    letter = chr(key) if 0x20 < key < 0x7F else ""
    return next((one for one in actions if letter and one.isEnabled() and letter_of(one) == letter), None)
