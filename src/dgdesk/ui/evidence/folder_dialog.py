"""Shows what attaching a whole folder would do, file by file, to be confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.unsent import why_unsent
from dgdesk.evidence.limits import in_units
from dgdesk.folders.found import SkippedFile
from dgdesk.folders.labels import SlotLabel, labels_of
from dgdesk.folders.plan import ImportPlan, MatchStatus, PlanItem
from dgdesk.ui.evidence.folder_list import BoxTree, rows_of
from dgdesk.ui.evidence.slot_chooser import SlotChooser, slot_words
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import PageCheck, give_keys, set_lettered_text, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import GREY, MARK, STRONG, TEXT

_PATH = Qt.ItemDataRole.UserRole + 25
_STANDINGS: tuple[MatchStatus, ...] = ("matched", "ambiguous", "unmatched", "refused", "already")
_MARKS: Mapping[MatchStatus, str] = {
    "matched": "complete",
    "ambiguous": "warning",
    "unmatched": "not_begun",
    "refused": "problems",
    "already": "skipped",
}
_CANDIDATES_TOLD = 4
_SENTENCES = 2


class FolderDialog(FittedDialog):
    """The dialog. When it is accepted, ``wanted`` is the plan as the user left it."""

    def __init__(
        self, bridge: Bridge, services: Services, folder: str, plan: ImportPlan, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._services, self._texts = bridge, services, services.texts
        self._plan = plan
        self._off: set[PurePosixPath] = set()
        self._labels = labels_of(bridge.form, bridge.state.facts.answers)
        self._asked = frozenset(row.slot for row in bridge.place_rows if row.is_open)
        self._rows: dict[PurePosixPath, QTreeWidgetItem] = {}
        self._skipped: list[QTreeWidgetItem] = []
        say = self._texts.say
        self.setWindowTitle(say("ui.folder.in_title", name=folder))
        self.setStyleSheet(sheet())
        self.resize(860, 620)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE // 2)  # the list needs the height, in large text above all
        self.said = WrapLabel(self._texts, "", "text", self)
        layout.addWidget(self.said)
        self.about = WrapLabel(self._texts, folder_words(self._texts, plan), "text", self)
        self.about.setVisible(bool(plan.issues))
        layout.addWidget(self.about)
        self.which = CalmCombo(self)
        self.which.setStyleSheet(f"QComboBox {{ min-height: {self.fontMetrics().height() + 6}px; }}")
        self.which.setAccessibleName(say("ui.folder.which"))
        layout.addWidget(self.which)
        self.tree = BoxTree(services, self)
        self.tree.setAccessibleName(say("ui.folder.files"))
        self.tree.setAccessibleDescription(say("ui.folder.about_files"))
        layout.addWidget(self.tree, 1)
        self.whole = PageCheck(say("ui.folder.whole"), self)
        self.whole.setAccessibleDescription(say("ui.passage.whole_about"))
        layout.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.folder.what_in"))
        self.choose = QPushButton(say("ui.folder.choose"), self)
        row.addWidget(self.choose)
        row.addStretch(1)
        self.go = QPushButton("", self)
        self.go.setObjectName("primary")
        self.cancel = QPushButton(say("ui.cancel"), self)
        give_keys((self.choose, "P"), (self.cancel, "C"), (self.whole, "W"))
        for button in (self.choose, self.go, self.cancel):
            button.setAutoDefault(False)
        row.addWidget(self.go)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self._fill()
        self.which.currentIndexChanged.connect(lambda _: self._filter())
        self.tree.itemChanged.connect(self._turned)
        self.tree.itemActivated.connect(lambda _: self.choose_place())
        self.tree.itemSelectionChanged.connect(self._follow)
        self.choose.clicked.connect(self.choose_place)
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.tree.setFocus()

    @property
    def wanted(self) -> ImportPlan:
        """The plan as the user left it, without the files that are switched off."""
        plan = self._plan
        for path in self._off:
            plan = plan.choose(path, None)
        return plan.as_whole() if self.whole.isChecked() else plan

    def choose_place(self) -> None:
        """Let the user choose the slot of the selected files."""
        items = [one for one in self._chosen() if one.status != "refused"]
        if not items:
            return
        say = self._texts.say
        one = items[0]
        about = (
            say("ui.folder.place_of", name=one.found.path.name)
            if len(items) == 1
            else say("ui.folder.place_of_many", count=len(items))
        )
        dialog = SlotChooser(self._services, self._labels, about, one.candidates, self._asked, self)
        dialog.exec()
        dialog.deleteLater()
        if dialog.chosen is not None:
            for item in items:
                self._off.discard(item.found.path)
            self._choose([item.found.path for item in items], dialog.chosen)

    def _choose(self, paths: list[PurePosixPath], slot: str) -> None:
        for path in paths:
            self._plan = self._plan.choose(path, slot)
        here = self.tree.currentItem()
        for item in self._plan.items:
            if item.found.path in paths:
                self._word(self._rows[item.found.path], item)
        self._count()
        if here is not None and here.isHidden():  # its file is listed elsewhere now
            shown = next((one for one in rows_of(self.tree) if not one.isHidden()), None)
            if shown is not None:
                self.tree.setCurrentItem(shown)
        self._follow()

    def _chosen(self) -> list[PlanItem]:
        paths = {str(one.data(0, _PATH)) for one in self.tree.selectedItems() if not one.isHidden()}
        return [item for item in self._plan.items if str(item.found.path) in paths]

    def _fill(self) -> None:
        self.tree.setUpdatesEnabled(False)
        for item in self._plan.items:
            row = QTreeWidgetItem(self.tree)
            row.setData(0, _PATH, str(item.found.path))
            self._rows[item.found.path] = row
            self._word(row, item)
        self._skipped = [self._skipped_row(one) for one in self._plan.skipped]
        self.tree.setUpdatesEnabled(True)
        self._count()
        if (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)
        self._follow()

    def _skipped_row(self, one: SkippedFile) -> QTreeWidgetItem:
        """Add a row that says why something is passed over; nothing can be done with it here."""
        row = QTreeWidgetItem(self.tree)
        lines = [str(one.path), self._texts.say("ui.folder.is.skipped", reason=self._texts.say(one.code))]
        row.setData(0, TEXT, NEW_LINE.join(lines))
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(lines))
        row.setData(0, MARK, "skipped")
        row.setData(0, GREY, True)
        return row

    def _word(self, row: QTreeWidgetItem, item: PlanItem) -> None:
        lines = row_lines(self._texts, self._labels, item, self._why(item.slot))
        blocked = self.tree.blockSignals(True)
        row.setData(0, TEXT, NEW_LINE.join(lines))
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(lines))
        row.setData(0, MARK, _MARKS[item.status])
        row.setData(0, STRONG, False)
        row.setData(0, GREY, item.status in ("already", "refused"))
        if item.status == "matched":
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = item.found.path not in self._off
            row.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.tree.blockSignals(blocked)
        self.tree.viewport().update()

    def _why(self, slot: str | None) -> str:
        """Return why a slot's files are not sent now; empty if they are, and without a slot."""
        if slot is None or slot in self._asked:
            return ""
        return why_unsent(self._bridge.form, self._bridge.state, slot, self._texts.say)

    def _turned(self, row: QTreeWidgetItem) -> None:
        path = PurePosixPath(str(row.data(0, _PATH)))
        if row.checkState(0) == Qt.CheckState.Checked:
            self._off.discard(path)
        else:
            self._off.add(path)
        self._count()

    def _count(self) -> None:
        """Show how many files have which status, and what the button would do."""
        say, counts = self._texts.say, self._plan.counts
        going = [one for one in self._plan.items if one.status == "matched" and one.found.path not in self._off]
        head = say("ui.folder.head", count=len(self._plan.items), size=in_units(sum(one.found.size for one in going)))
        self.said.set_text(head if self._plan.items else say("ui.folder.empty"))
        set_lettered_text(self.go, say("ui.folder.go", count=len(going)), "A")
        self.go.setEnabled(bool(going))
        at, blocked = self.which.currentIndex(), self.which.blockSignals(True)
        words = [say("ui.folder.all", count=len(self._plan.items))]
        words += [say(f"ui.folder.only.{one}", count=counts.get(one, 0)) for one in _STANDINGS]
        words += [say("ui.folder.only.skipped", count=len(self._skipped))] if self._skipped else []
        for number, text in enumerate(words):
            if number < self.which.count():
                self.which.setItemText(number, text)
            else:
                self.which.addItem(text)
        self.which.setCurrentIndex(max(at, 0))
        self.which.blockSignals(blocked)
        self._filter()

    def _filter(self) -> None:
        number = self.which.currentIndex()
        wanted = _STANDINGS[number - 1] if 0 < number <= len(_STANDINGS) else None
        passed_over = number > len(_STANDINGS)
        hidden = [
            (self._rows[one.found.path], passed_over or wanted not in (None, one.status)) for one in self._plan.items
        ]
        for row, hide in (*hidden, *((row, number > 0 and not passed_over) for row in self._skipped)):
            if row.isHidden() != hide:
                row.setHidden(hide)

    def _follow(self) -> None:
        self.choose.setEnabled(any(one.status != "refused" for one in self._chosen()))


def folder_words(texts: Texts, plan: ImportPlan) -> str:
    """Return what is to be reported of the folder as a whole: the first sentences, and how many more there are."""
    lines = [texts.catalogue.text(one.code, **one.values) for one in plan.issues[:_SENTENCES]]
    if len(plan.issues) > _SENTENCES:
        lines.append(texts.say("ui.folder.more_said", count=len(plan.issues) - _SENTENCES))
    return "\n".join(lines)


def row_lines(texts: Texts, labels: Mapping[str, SlotLabel], item: PlanItem, unsent: str) -> list[str]:
    """Return the lines of one file: its path and size, where it would go, why it is not sent, and its findings."""
    say = texts.say
    lines = [say("ui.folder.file", path=item.found.path, size=in_units(item.found.size))]
    match item.status:
        case "matched" | "already":
            place = slot_words(texts, labels[item.slot or ""])
            other = item.status == "already" and item.there not in ("", item.found.path.name)
            lines.append(
                say("ui.folder.is.already_as" if other else f"ui.folder.is.{item.status}", place=place, name=item.there)
            )
            if unsent:
                lines.append(unsent)
        case "ambiguous":
            names = ", ".join(labels[slot].text for slot in item.candidates[:_CANDIDATES_TOLD])
            more = " …" if len(item.candidates) > _CANDIDATES_TOLD else ""
            standing = "ambiguous" if len(item.candidates) > 1 else "unsure"
            lines.append(say(f"ui.folder.is.{standing}", places=names + more))
        case "unmatched":
            lines.append(say("ui.folder.is.takes_none" if item.code else "ui.folder.is.unmatched"))
        case "refused":
            lines.append(say("ui.folder.is.refused"))
    lines += [texts.catalogue.text(one.code, **one.values) for one in item.issues]
    if item.status != "already":
        lines += [texts.catalogue.text(one.code, **one.values) for one in item.found.findings]
    return lines
