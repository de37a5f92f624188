"""Input boxes that leave undo to the draft and emit ``left`` when they lose the focus; a combo box; a filter box."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QPalette,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QMenu, QPlainTextEdit, QTreeWidget, QWidget

from dgdesk.text.breaks import WordBreaker
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.buttons import paint_ring
from dgdesk.ui.widgets.choice import describe
from dgdesk.ui.widgets.context_menu import add_actions_here
from dgdesk.ui.widgets.file_paste import paste_up
from dgdesk.ui.widgets.text_layout import WordLayout
from dgdesk.ui.widgets.theme import paint_frame, thin_bars
from dgdesk.ui.widgets.wrong import BORDER, mark_wrong, paint_wrong, wrong_cause

_LEAST_LINES, _MOST_LINES = 3, 12
_USUAL_WIDTH = 600
"""Typical width of a box on a page, in pixels."""
_MOST_LETTERS = 1_000_000
"""What is pasted into a line must not be cut, as Qt does after 32,767 letters; the reason is shown under the box."""
_MOST_PASTED = 100_000
"""What is pasted beyond this is dropped: it is far more than an answer may have, which is said under the box, and 50 MB
in one line hold the window for minutes."""
_CHOOSING = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F4})


def _is_undo(event: QEvent) -> bool:
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


def _show_menu(box: QWidget, menu: QMenu, event: QContextMenuEvent) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    add_actions_here(menu, box)
    menu.popup(event.globalPos())
    event.accept()


def _has_files(content: QMimeData) -> bool:
    """Tell whether files are brought: a slot takes them, a box would write their paths into the answer."""
    return any(url.isLocalFile() for url in content.urls())


class LineInput(QLineEdit):
    """A box for one line. ``left`` is emitted when the focus moves to another widget, but not when a menu opens.

    Files that are pasted into it go to the part of the page that takes files, if there is one.

    ``entered`` is emitted before the box takes the focus.
    """

    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(30)
        self.setMaxLength(_MOST_LETTERS)

    def event(self, event: QEvent) -> bool:
        if _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if paste_up(self, event):
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            event.setAccepted(self.paste_some())
        else:
            super().keyPressEvent(event)

    def paste_some(self) -> bool:
        """Paste from the clipboard, as much as a box can take at once; False for files, which belong to a slot."""
        if _has_files(QGuiApplication.clipboard().mimeData()):
            return False
        words = QGuiApplication.clipboard().text()
        if len(words) <= _MOST_PASTED:
            self.paste()
        elif not self.isReadOnly():
            self.insert(words[:_MOST_PASTED])
            self.textEdited.emit(self.text())
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _has_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if event.mimeData().hasText() and len(event.mimeData().text()) > _MOST_PASTED:
            event.ignore()
        else:
            super().dropEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFrame():
            paint_frame(self)
            paint_wrong(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.entered.emit()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.home(False)  # a text longer than the box shows its beginning, not its end
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self.paste_some)
        _show_menu(self, menu, event)

    def show_text(self, text: str) -> None:
        """Show a stored text; the cursor stays if the text is already shown."""
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0 if not self.hasFocus() else len(text))


class LongInput(QPlainTextEdit):
    """A box for several lines that wraps between Thai words and grows with its text. Tab moves to the next widget.

    Pasted files go where those of a `LineInput` go.
    """

    left = Signal()

    def __init__(self, parent: QWidget, breaker: WordBreaker) -> None:
        super().__init__(parent)
        # At Qt's default of 100 pixels the text has many lines; the page would be measured, and stay, too high.
        self.viewport().resize(_USUAL_WIDTH, self.height())
        document = QTextDocument(self)
        document.setDefaultFont(self.font())
        self._lines = WordLayout(document, breaker)
        document.setDocumentLayout(self._lines)
        self.setDocument(document)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines.documentSizeChanged.connect(self._fit)
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        self._thin = False
        self._frame(False)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._frame(True)

    def event(self, event: QEvent) -> bool:
        if _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not paste_up(self, event):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._frame(False)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        _show_menu(self, self.createStandardContextMenu(), event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _has_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if _has_files(source):
            return
        words = source.text()
        if len(words) > _MOST_PASTED:
            some = QMimeData()
            some.setText(words[:_MOST_PASTED])
            super().insertFromMimeData(some)
        else:
            super().insertFromMimeData(source)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def show_text(self, text: str) -> None:
        """Show a stored text."""
        if self.toPlainText() != text:
            self.setPlainText(text)

    def sizeHint(self) -> QSize:
        return QSize(300, self.minimumHeight())

    def mark(self, cause: str) -> None:
        """Mark the box with the cause of its wrong value; an empty cause takes the mark away."""
        mark_wrong(self, cause)
        self._frame(self.hasFocus())

    def _frame(self, focused: bool) -> None:
        palette = self.palette()
        now, wrong = colours.in_use(), bool(wrong_cause(self))
        palette.setColor(
            QPalette.ColorRole.WindowText, QColor(now.error if wrong else now.focus if focused else now.frame)
        )
        self.setPalette(palette)
        self.setLineWidth(BORDER if wrong or focused else 1)

    def _fit(self) -> None:
        if self._lines.changing:
            return
        # The layout of plain text gives its height in lines.
        lines = min(max(round(self.document().size().height()), _LEAST_LINES), _MOST_LINES)
        if lines == _MOST_LINES and not self._thin:  # most boxes never scroll
            self._thin = True
            thin_bars(self)
        height = lines * self.fontMetrics().lineSpacing() + 2 * round(self.document().documentMargin()) + 4
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)


class CalmCombo(QComboBox):
    """A combo box that ignores the mouse wheel."""

    _frozen = False

    def freeze(self, why: str) -> None:
        """Make it read-only; it still takes the focus, so that a screen reader can read the choice."""
        self._frozen = True
        describe(self, why)

    def showPopup(self) -> None:
        if not self._frozen:
            thin_bars(self.view())
            super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._frozen or (self.isEditable() and event.key() not in _CHOOSING):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_frame(self)
        paint_ring(self)
        paint_wrong(self)


_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterLine(QLineEdit):
    """A filter box above ``tree``: arrow keys move in the tree, Enter emits ``taken``."""

    taken = Signal()

    def __init__(self, tree: QTreeWidget, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._tree = tree
        self.setMinimumHeight(30)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setMaxLength(200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _MOVES:
            QCoreApplication.sendEvent(self._tree, event)
        elif event.key() in _ENTER:
            self.taken.emit()
        else:
            super().keyPressEvent(event)
