"""The finder: type a code or words, choose a question, Enter goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.survey.rules.search import SearchIndex, find, landing
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.wording import hit_words, why_not_asked
from dgdesk.ui.widgets.buttons import what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import FilterLine
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

_ADDRESS = Qt.ItemDataRole.UserRole + 22
_MOST = 30


class Finder(FittedDialog):
    """The finder dialog. ``wanted`` carries the address to go to, and an empty string as the evidence slot."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, index: SearchIndex, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._index = bridge, services.texts, index
        say = self._texts.say
        self.setWindowTitle(say("ui.find.title"))
        self.setStyleSheet(sheet())
        self.resize(640, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("found")
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(say("ui.find.results"))
        self.box = FilterLine(self.tree, say("ui.find.box"), self)
        self.box.setAccessibleDescription(say("ui.about.filter"))
        self.said = WrapLabel(self._texts, say("ui.find.hint"), "hint", self)
        layout.addWidget(self.box)
        below = QHBoxLayout()
        below.addWidget(self.said, 1)
        below.addWidget(what_this_is(self, self._texts, "ui.what.find"))
        layout.addLayout(below)
        layout.addWidget(self.tree, 1)
        self.box.textChanged.connect(self.search)
        self.box.taken.connect(self._take_current)
        self.tree.itemClicked.connect(self._take)
        self.tree.itemActivated.connect(self._take)
        self.box.setFocus()

    def search(self, query: str) -> None:
        """List the questions that match."""
        hits = find(self._index, self._bridge.state.facts.answers, query, _MOST + 1)
        say = self._texts.say
        if not query.strip():
            self.said.set_text(say("ui.find.hint"))
        elif not hits:
            self.said.set_text(say("ui.find.none"))
        elif len(hits) > _MOST:
            self.said.set_text(say("ui.find.many", count=_MOST))
        else:
            self.said.set_text(say("ui.find.count", count=len(hits)))
        form, state = self._index.form, self._bridge.state
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

    def _take_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self._take(item)

    def _take(self, item: QTreeWidgetItem) -> None:
        address = str(item.data(0, _ADDRESS))
        state = self._bridge.state
        self.accept()
        self.wanted.emit(landing(self._index.form, state.facts.answers, state.shown, address), "")
