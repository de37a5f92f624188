"""Window, evidence tab: every open place for evidence by question, how it stands, and the way to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.changes import Changes
from dgdesk.rules.places import OpenPlace, count_places, full_code, open_places
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.buttons import PageCheck
from dgdesk.ui.later import Later
from dgdesk.ui.outline import WrapTree
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel
from dgdesk.ui.wrap_delegate import FIGURE, MARK, STRONG, TEXT

_PLACE = Qt.ItemDataRole.UserRole + 22
_MARKS = {
    "missing": "problems",
    "unmarked": "warning",
    "attached": "complete",
    "by_url": "complete",
    "optional": "not_begun",
}
_LONGEST = 60


class EvidenceTab(QWidget):
    """The list. ``wanted`` carries an address and a place for evidence."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidencetab")
        self._bridge, self._texts = bridge, services.texts
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        self._summary = WrapLabel(self._texts, "", "text", self)
        layout.addWidget(self._summary)
        self.only_missing = PageCheck(self)
        self.only_missing.toggled.connect(self._filter)
        layout.addWidget(self.only_missing)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("evidenceplaces")
        self.tree.setAccessibleName(self._texts.say("ui.places.list"))
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemActivated.connect(self._clicked)
        layout.addWidget(self.tree, 1)
        self._seen: object = None
        self._folded: set[str] = set()
        self.later = Later(self.fill, self)
        bridge.changed.connect(self.follow)
        self.later.want()

    def follow(self, changes: Changes) -> None:
        """List anew, a moment after the last change."""
        if changes.evidence or changes.answers or changes.shown:
            self.later.want()

    def fill(self) -> None:
        """List the open places."""
        places = open_places(self._bridge.form, self._bridge.state)
        seen = (places, self.only_missing.isChecked())
        if seen == self._seen:
            return
        self._seen = seen
        counts, say = count_places(places), self._texts.say
        missing = counts.get("missing", 0)
        done = counts.get("attached", 0) + counts.get("by_url", 0)
        unmarked = counts.get("unmarked", 0)
        words = say("ui.places.counts", asked=len(places), attached=done, unmarked=unmarked, missing=missing)
        if places and not missing:
            words = f"{words}\n{say('ui.places.all_there')}"
        self._summary.set_text(words if places else say("ui.places.none"))
        self.only_missing.setText(say("ui.places.only_missing", count=missing))
        self._list(places)

    def words(self, place: OpenPlace) -> str:
        """Say which place it is and how it stands."""
        say = self._texts.say
        item = say("ui.item", number=place.item) if place.item is not None else ""
        name = " – ".join(part for part in (item, self._texts.cut(place.label, _LONGEST)) if part)
        return f"{name or say('ui.places.here')}: {say(f'ui.places.{place.standing}', files=place.files)}"

    def _list(self, places: tuple[OpenPlace, ...]) -> None:
        current = self.tree.currentItem()
        kept = current.data(0, _PLACE) if current is not None else None
        for item in self._groups():
            question = str(item.data(0, _PLACE))
            self._folded.discard(question) if item.isExpanded() else self._folded.add(question)
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        by_question: dict[str, list[OpenPlace]] = {}
        for place in places:
            by_question.setdefault(place.question, []).append(place)
        for question, group in by_question.items():
            wanted = [one for one in group if not self.only_missing.isChecked() or one.standing == "missing"]
            if wanted:
                self._add_group(question, group, wanted, kept)
        self.tree.setUpdatesEnabled(True)

    def _add_group(self, question: str, group: list[OpenPlace], wanted: list[OpenPlace], kept: object) -> None:
        form = self._bridge.form
        done = sum(one.standing not in ("missing", "optional") for one in group)
        code = full_code(form, question)
        name = " ".join(part for part in (code, self._texts.cut(form.node(question).label, _LONGEST)) if part)
        top = QTreeWidgetItem(self.tree)
        spoken = f"{name} – {self._texts.say('ui.places.question', done=done, asked=len(group))}"
        for role, value in ((TEXT, name), (STRONG, True), (FIGURE, f"{done}/{len(group)}"), (_PLACE, question)):
            top.setData(0, role, value)
        top.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        for place in wanted:
            item = QTreeWidgetItem(top)
            words = self.words(place)
            item.setData(0, TEXT, words)
            item.setData(0, MARK, _MARKS[place.standing])
            item.setData(0, _PLACE, place)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{code} {words}".strip())
            if isinstance(kept, OpenPlace) and kept.slot == place.slot:
                self.tree.setCurrentItem(item)
        top.setExpanded(question not in self._folded)

    def _groups(self) -> list[QTreeWidgetItem]:
        items = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        return [item for item in items if item is not None]

    def _filter(self) -> None:
        self.later.want()
        self.later.now()

    def _clicked(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if isinstance(place, OpenPlace):
            self.wanted.emit(place.address, place.slot)
