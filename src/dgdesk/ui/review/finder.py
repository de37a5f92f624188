"""The finder: a search box that is always visible. Type a code or words, choose below it, Enter goes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QTreeWidgetItem, QWidget
from shiboken6 import isValid

from dgdesk.survey.rules.search import find, landing
from dgdesk.survey.rules.search_index import SearchIndex
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.wording import hit_words, why_not_asked
from dgdesk.ui.widgets.echo import announce
from dgdesk.ui.widgets.inputs import FilterLine
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import set_what
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

_ADDRESS = Qt.ItemDataRole.UserRole + 22
_MOST: Final = 30
_WIDEST: Final = 640
"""The width of the list, in pixels, where the window is wide enough."""
_SHARE: Final = 0.6
"""The part of the window's height that the list takes at most."""


class Finder(FilterLine):
    """The search box; the list of what was found is shown below it, over ``owner``, while the box has the focus.

    ``wanted`` carries the address to go to, and an empty string as the evidence slot. ``index`` is asked for when the
    box is entered for the first time.
    """

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, index: Callable[[], SearchIndex], owner: QWidget) -> None:
        self._bridge, self._texts, self._owner = bridge, services.texts, owner
        say = self._texts.say
        self.list = FoundList(services, owner)
        self.tree, self.said = self.list.tree, self.list.said
        super().__init__(self.tree, say("ui.find.box"), owner)
        self.setObjectName("finder")
        self.setAccessibleDescription(say("ui.about.filter"))
        self._get_index = index
        self._index: SearchIndex | None = None
        self._came_from: QWidget | None = None
        set_what(self, self._texts, say("ui.what.find"))
        self.textChanged.connect(self.search)
        self.taken.connect(self._take_current)
        self.tree.itemClicked.connect(self._take)
        self.tree.itemActivated.connect(self._take)
        self.tree.currentItemChanged.connect(self._announce)
        owner.installEventFilter(self)

    def begin(self) -> None:
        """Put the cursor into the box, and say below it what can be typed."""
        if not self.hasFocus():
            self._came_from = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self.search(self.text())

    def leave(self) -> None:
        """Empty the box, and go back to where the cursor was."""
        self.clear()
        self.list.hide()
        back = self._came_from
        if back is not None and isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def search(self, query: str) -> None:
        """List the questions that match."""
        index = self._known_index()
        hits = find(index, self._bridge.state.facts.answers, query, _MOST + 1)
        say = self._texts.say
        if not query.strip():
            self.said.set_text(say("ui.find.hint"))
        elif not hits:
            self.said.set_text(say("ui.find.none"))
        elif len(hits) > _MOST:
            self.said.set_text(say("ui.find.many", count=_MOST))
        else:
            self.said.set_text(say("ui.find.count", count=len(hits)))
        form, state = index.form, self._bridge.state
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        for hit in hits[:_MOST]:
            item = QTreeWidgetItem(self.tree)
            why = why_not_asked(form, state, self._texts, hit.address)
            words = NEW_LINE.join(
                part for part in (hit_words(form, state.facts.answers, self._texts, hit), why) if part
            )
            item.setData(0, TEXT, words)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words.replace(NEW_LINE, " · "))
            item.setData(0, MARK, "skipped" if why else "")
            item.setData(0, _ADDRESS, hit.address)
        if (best := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(best)
        self.tree.setUpdatesEnabled(True)
        if self.hasFocus():
            self._show_list()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self._known_index)  # before the first letter is typed
        if self.text():
            self._show_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.list.isHidden():
            self._show_list()
        return False

    def _known_index(self) -> SearchIndex:
        self._index = self._index or self._get_index()
        return self._index

    def _show_list(self) -> None:
        """Show the list below the box, as wide as the window lets it be."""
        owner = self._owner
        at = self.mapTo(owner, QPoint(0, self.height() + SPACE // 2))
        width = min(max(_WIDEST, self.width()), owner.width() - at.x() - SPACE)
        self.list.fit(width, min(round(owner.height() * _SHARE), owner.height() - at.y() - SPACE))
        self.list.move(at)
        self.list.show()
        self.list.raise_()

    def _announce(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and self.hasFocus():
            announce(self, str(item.data(0, Qt.ItemDataRole.AccessibleTextRole)))

    def _take_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self._take(item)

    def _take(self, item: QTreeWidgetItem) -> None:
        address = str(item.data(0, _ADDRESS))
        state = self._bridge.state
        self.clear()
        self.list.hide()
        self.wanted.emit(landing(self._known_index().form, state.facts.answers, state.shown, address), "")


class FoundList(QFrame):
    """The list under the search box: how much was found, and what. The focus stays in the box."""

    def __init__(self, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self.setObjectName("foundlist")
        self.setStyleSheet(sheet())
        layout = column(self, SPACE // 2)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.said = WrapLabel(services.texts, services.texts.say("ui.find.hint"), "hint", self)
        self.said.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("found")
        self.tree.setRootIsDecorated(False)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tree.setAccessibleName(services.texts.say("ui.find.results"))
        layout.addWidget(self.said)
        layout.addWidget(self.tree)
        self.hide()

    def fit(self, width: int, most: int) -> None:
        """Take a width, and the height of what is listed, at most ``most``, in pixels."""
        self.tree.setVisible(self.tree.topLevelItemCount() > 0)
        self.resize(width, most)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.tree.doItemsLayout()
        rows = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        listed = sum(self.tree.visualItemRect(row).height() for row in rows if row is not None)
        others = self.said.heightForWidth(width - 2 * SPACE) + 2 * SPACE + 2
        needed = others + (listed + SPACE // 2 + 2 if rows else 0)
        self.resize(width, min(needed, most))
