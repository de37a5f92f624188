"""A dialog to choose an evidence slot by code or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.folders.labels import SlotLabel
from dgdesk.survey.rules.codes import code_key
from dgdesk.text.digits import to_arabic
from dgdesk.text.normalise import fold, tidy
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import FilterLine
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import GREY, TEXT, WrapTree

_SLOT = Qt.ItemDataRole.UserRole + 24
_MOST = 60


_WHOLE = 10_000
"""Letters of a part of a name; none is longer."""


def find_slots(labels: Mapping[str, SlotLabel], query: str, first: Sequence[str], asked: frozenset[str]) -> list[str]:
    """Return the slots that match a code or words: those in ``first``, then by code, then those asked for now."""
    key = code_key(query)
    words = [fold(word) for word in tidy(to_arabic(query)).split()]
    before = {slot: at for at, slot in enumerate(first)}
    ranked = []
    for slot, label in labels.items():
        if label.name.removed:
            continue
        own = code_key(label.text)
        by_code = bool(key) and (own[: len(key)] == key or own[1 : len(key) + 1] == key)
        said = fold(f"{label.text} {label.name.line(longest=_WHOLE)}")
        if by_code or all(word in said for word in words):
            ranked.append((before.get(slot, len(before)), not by_code, slot not in asked, slot))
    return [slot for *_, slot in sorted(ranked, key=lambda one: one[:3])]


def slot_words(texts: Texts, label: SlotLabel) -> str:
    """Return the full name of a slot."""
    return label.name.line(texts.cut)


class SlotChooser(FittedDialog):
    """The dialog. After accepting, ``chosen`` is the slot; ``candidates`` are listed first."""

    def __init__(
        self,
        services: Services,
        labels: Mapping[str, SlotLabel],
        about: str,
        candidates: Sequence[str],
        asked: frozenset[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._labels, self._candidates, self._asked = services.texts, labels, candidates, asked
        self.chosen: str | None = None
        say = self._texts.say
        self.setWindowTitle(say("ui.folder.choose_title"))
        self.setStyleSheet(sheet())
        self.resize(640, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(WrapLabel(self._texts, about, "text", self))
        self.tree = WrapTree(services, self)
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(say("ui.folder.places"))
        self.box = FilterLine(self.tree, say("ui.folder.place_box"), self)
        self.box.setAccessibleDescription(say("ui.folder.about_place_box"))
        self.said = WrapLabel(self._texts, "", "hint", self)
        layout.addWidget(self.box)
        layout.addWidget(self.said)
        layout.addWidget(self.tree, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.folder.what_place"))
        row.addStretch(1)
        self.take = QPushButton(say("ui.folder.take_place"), self)
        cancel = QPushButton(say("ui.cancel"), self)
        give_keys((self.take, "T"), (cancel, "C"))
        self.take.setAutoDefault(False)
        cancel.setAutoDefault(False)
        row.addWidget(self.take)
        row.addWidget(cancel)
        layout.addLayout(row)
        self.box.textChanged.connect(self.search)
        self.box.taken.connect(self._take)
        self.tree.itemActivated.connect(self._take)
        self.tree.itemDoubleClicked.connect(self._take)
        self.take.clicked.connect(self._take)
        cancel.clicked.connect(self.reject)
        QWidget.setTabOrder(self.box, self.tree)
        self.search("")
        self.box.setFocus()

    def search(self, query: str) -> None:
        """List the slots that match."""
        say = self._texts.say
        found = find_slots(self._labels, query, self._candidates, self._asked)
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        for slot in found[:_MOST]:
            item = QTreeWidgetItem(self.tree)
            words = [slot_words(self._texts, self._labels[slot])]
            if slot in self._candidates:
                words.append(say("ui.folder.fits"))
            if slot not in self._asked:
                words.append(say("ui.folder.not_asked"))
            item.setData(0, TEXT, NEW_LINE.join(words))
            item.setData(0, GREY, slot not in self._asked)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(words))
            item.setData(0, _SLOT, slot)
        if (best := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(best)
        self.tree.setUpdatesEnabled(True)
        self.take.setEnabled(bool(found))
        if len(found) > _MOST:
            self.said.set_text(say("ui.folder.many_places", count=_MOST))
        else:
            self.said.set_text(say("ui.folder.places_found", count=len(found)))

    def _take(self) -> None:
        item = self.tree.currentItem()
        if item is not None and self.result() == 0:
            self.chosen = str(item.data(0, _SLOT))
            self.accept()
