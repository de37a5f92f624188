"""The evidence tab: every open slot by question, with its status; a click goes to it on the form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.survey.rules.evidence_overview import LEFT, OverviewRow, chosen_rows, count_states
from dgdesk.ui.evidence.overview.wording import file_words, label_words
from dgdesk.ui.evidence.quota_bar import GaugeBar
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.wording import item_name
from dgdesk.ui.widgets.buttons import PageCheck, WrapButton
from dgdesk.ui.widgets.icons import OF_PLACE
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill, show_if
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import FIGURE, MARK, STRONG, TEXT, WrapTree

_PLACE = Qt.ItemDataRole.UserRole + 22
_LONGEST = 60
_LEAST_LINES = 19
_FEW_LINES = 13
"""Least height of the tab, in lines of text, to show every button; and to show the quota bar."""


class EvidenceTab(QWidget):
    """The list. ``wanted`` carries an address and an evidence slot, ``opened`` a slot and a file's SHA-256.

    ``next_wanted`` asks for the next slot that is not complete, ``overview_wanted`` for the overview.
    """

    wanted = Signal(str, str)
    opened = Signal(str, str)
    next_wanted = Signal()
    overview_wanted = Signal()

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidencetab")
        self._bridge, self._texts = bridge, services.texts
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self._summary = WrapLabel(self._texts, "", "text", self)
        layout.addWidget(self._summary)
        self.gauge = GaugeBar(bridge, self._texts, self)
        layout.addWidget(self.gauge)
        self.next_button = self._button("ui.overview.next_missing")
        self.next_button.clicked.connect(self.next_wanted)
        self.overview_button = self._button("ui.overview.open")
        self.overview_button.clicked.connect(self.overview_wanted)
        for button in (self.next_button, self.overview_button):
            layout.addWidget(button)
        self.only_missing = PageCheck(self)
        self.only_missing.toggled.connect(self._filter)
        layout.addWidget(self.only_missing)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("evidenceplaces")
        self.tree.setAccessibleName(self._texts.say("ui.places.list"))
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemActivated.connect(self._activated)
        layout.addWidget(self.tree, 1)
        self._seen: object = None
        self._folded: set[str] = set()
        self._unfolded: set[str] = set()
        self.later = LaterFill(self.fill, self)
        bridge.changed.connect(self.follow)
        bridge.damage_changed.connect(self.later.want)
        self.later.want()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        line = self.fontMetrics().height()
        show_if(self.overview_button, self.height() > _LEAST_LINES * line)
        show_if(self.gauge, self.height() > _FEW_LINES * line)

    def follow(self, changes: Changes) -> None:
        """Update the list a moment after the last change."""
        if changes.evidence or changes.answers or changes.shown:
            self.later.want()

    def fill(self) -> None:
        """List the open slots."""
        places = chosen_rows(self._bridge.place_rows, "asked")
        seen = (places, self.only_missing.isChecked())
        if seen == self._seen:
            return
        self._seen = seen
        counts, say = count_states(places), self._texts.say
        missing, left = counts["missing"] + counts["damaged"], sum(counts[state] for state in LEFT)
        done, unmarked = counts["complete"] + counts["by_url"], counts["unmarked"]
        words = say("ui.places.counts", asked=len(places), complete=done, unmarked=unmarked, missing=missing)
        if places and not left:
            words = say("ui.places.all_there", asked=len(places))
        self._summary.set_text(words if places else say("ui.places.none"))
        self.only_missing.setText(say("ui.places.only_missing", count=left))
        self.next_button.setEnabled(bool(left))
        self._list(places)

    def words(self, place: OverviewRow) -> str:
        """Return a slot in words, with its status."""
        say = self._texts.say
        item = item_name(say, place.item - place.item_first + 1, place.item_first) if place.item is not None else ""
        name = " – ".join(part for part in (item, label_words(self._texts, place, _LONGEST)) if part)
        state = "attached" if place.state == "complete" else place.state
        return f"{name or say('ui.places.here')}: {say(f'ui.places.{state}', files=len(place.files))}"

    def _list(self, places: tuple[OverviewRow, ...]) -> None:
        current = self.tree.currentItem()
        kept = current.data(0, _PLACE) if current is not None else None
        for item in self._groups():
            question = str(item.data(0, _PLACE))
            self._folded.discard(question) if item.isExpanded() else self._folded.add(question)
            for row in filter(None, (item.child(number) for number in range(item.childCount()))):
                slot = row.data(0, _PLACE).slot
                self._unfolded.add(slot) if row.isExpanded() else self._unfolded.discard(slot)
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        by_question: dict[str, list[OverviewRow]] = {}
        for place in places:
            by_question.setdefault(place.question, []).append(place)
        for question, group in by_question.items():
            wanted = [one for one in group if not self.only_missing.isChecked() or one.state in LEFT]
            if wanted:
                self._add_group(question, group, wanted, kept)
        self.tree.setUpdatesEnabled(True)

    def _add_group(self, question: str, group: list[OverviewRow], wanted: list[OverviewRow], kept: object) -> None:
        done = sum(one.state not in LEFT and one.state != "optional" for one in group)
        code = group[0].code
        name = " ".join(part for part in (code, self._texts.cut(group[0].title, _LONGEST)) if part)
        top = QTreeWidgetItem(self.tree)
        spoken = f"{name} – {self._texts.say('ui.places.question', done=done, asked=len(group))}"
        for role, value in ((TEXT, name), (STRONG, True), (FIGURE, f"{done}/{len(group)}"), (_PLACE, question)):
            top.setData(0, role, value)
        top.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        for place in wanted:
            item = QTreeWidgetItem(top)
            words = self.words(place)
            item.setData(0, TEXT, words)
            item.setData(0, MARK, OF_PLACE[place.state])
            item.setData(0, _PLACE, place)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{code} {words}".strip())
            self._add_files(item, place)
            if isinstance(kept, OverviewRow) and kept.slot == place.slot:
                self.tree.setCurrentItem(item)
        top.setExpanded(question not in self._folded)

    def _add_files(self, owner: QTreeWidgetItem, place: OverviewRow) -> None:
        for file in place.files:
            item = QTreeWidgetItem(owner)
            item.setData(0, TEXT, file_words(self._texts, file))
            item.setData(0, MARK, "problems" if file.damaged else "warning" if issues_of(file.attachment) else "")
            item.setData(0, _PLACE, (place.slot, file.sha256))
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, self._texts.say("ui.places.file", name=file.name))
        owner.setExpanded(place.slot in self._unfolded)

    def _groups(self) -> list[QTreeWidgetItem]:
        items = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        return [item for item in items if item is not None]

    def _filter(self) -> None:
        self.later.want()
        self.later.now()

    def _clicked(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if isinstance(place, OverviewRow):
            self.wanted.emit(place.address, place.slot)

    def _activated(self, item: QTreeWidgetItem) -> None:
        file = item.data(0, _PLACE)
        if isinstance(file, tuple):
            self.opened.emit(*file)
        else:
            self._clicked(item)

    def _button(self, code: str) -> WrapButton:
        return WrapButton(self._texts, (Run(self._texts.say(code)),), self)
