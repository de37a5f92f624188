"""The evidence library: every file of the draft, to open it, find where it is used, or attach it again."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dgdesk.draft.changes import Changes
from dgdesk.draft.library import ORDERS, FileKind, FileOrder, KeptFile, all_files, attached_files, found, in_order
from dgdesk.errors import DgdeskError
from dgdesk.evidence.limits import in_units
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.places import slot_name
from dgdesk.ui.evidence.viewers import show_file
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import CalmCombo, FilterLine
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import FIGURE, GREY, STRONG, TEXT, WrapTree

_FILE = Qt.ItemDataRole.UserRole + 24
_MOST_CODES = 8
_PAUSE = 50


class LibraryDialog(FittedDialog):
    """The library. With a ``slot`` the user chooses files for it (``chosen``); without one it is for browsing.

    ``wanted`` carries the address and the evidence slot to go to.
    """

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, slot: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._services, self._texts, self._slot = bridge, services, services.texts, slot
        self._files: tuple[KeptFile, ...] = ()
        self.chosen: tuple[Attachment, ...] = ()
        self._trouble = ""
        say = self._texts.say
        self.setWindowTitle(say("ui.library.title"))
        self.setStyleSheet(sheet())
        self.resize(820, 600)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("library")
        self.tree.setAccessibleName(say("ui.library.list"))
        self.tree.setAccessibleDescription(say("ui.library.about_list"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.box = FilterLine(self.tree, say("ui.library.box"), self)
        self.box.setAccessibleDescription(say("ui.about.filter"))
        self.order = CalmCombo(self)
        self.order.setAccessibleName(say("ui.library.order"))
        for order in ORDERS:
            self.order.addItem(say(f"ui.library.order.{order}"), order)
        self.said = WrapLabel(self._texts, "", "hint", self)
        codes = ("ui.library.go", "ui.library.open", "ui.library.attach", "ui.close")
        self.go, self.open_button, self.attach, self.close_button = (QPushButton(say(code), self) for code in codes)
        give_keys((self.go, "G"), (self.open_button, "O"), (self.attach, "A"), (self.close_button, "C"))
        for button in (self.go, self.open_button, self.attach, self.close_button):
            button.setAutoDefault(False)
        self.attach.setVisible(slot is not None)
        self._lay_out()
        self.box.textChanged.connect(lambda _: self.show_files())
        self.box.taken.connect(self._take_current)
        self.order.currentIndexChanged.connect(lambda _: self.show_files())
        self.tree.itemSelectionChanged.connect(self._follow_choice)
        self.tree.itemActivated.connect(lambda *_: self.open_file())
        self.go.clicked.connect(self._go)
        self.open_button.clicked.connect(self.open_file)
        self.attach.clicked.connect(self._attach)
        self.close_button.clicked.connect(self.reject)
        self._later = LaterFill(self.fill, self, _PAUSE)
        bridge.changed.connect(self._follow)
        bridge.jobs.ended.connect(self._later.want)
        self.fill()
        self.box.setFocus()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        top = QHBoxLayout()
        top.addWidget(self.box, 1)
        top.addWidget(self.order)
        layout.addLayout(top)
        layout.addWidget(self.said)
        layout.addWidget(self.tree, 1)
        below = QHBoxLayout()
        about = what_this_is(self, self._texts, "ui.what.library")
        below.addWidget(about)
        below.addWidget(self.go)
        below.addWidget(self.open_button)
        below.addStretch(1)
        below.addWidget(self.attach)
        below.addWidget(self.close_button)
        layout.addLayout(below)
        parts = (self.box, self.order, self.tree, about, self.go, self.open_button, self.attach, self.close_button)
        for one, other in pairwise(parts):
            self.setTabOrder(one, other)

    def fill(self) -> None:
        """Read the files of the draft again. While files are being attached, only those already attached are listed."""
        bridge, say = self._bridge, self._texts.say
        self._trouble = ""
        if bridge.jobs.busy:
            self._files = attached_files(bridge.place_rows)
            self._trouble = say("ui.library.busy")
        else:
            try:
                self._files = all_files(bridge.place_rows, bridge.draft.package)
            except DgdeskError as error:
                self._files = attached_files(bridge.place_rows)
                self._trouble = self._texts.error(error)
        self.show_files()

    def _follow(self, changes: Changes) -> None:
        if changes.evidence or changes.shown:
            self._later.want()

    def show_files(self) -> None:
        """List the files that match the filter, in the chosen order; the selection stays."""
        order: FileOrder = self.order.currentData()
        shown = in_order(found(self._files, self.box.text(), self._kind_words), order)
        selected = {one.file.sha256 for one in self.selected()}
        self.tree.blockSignals(True)
        self.tree.clear()
        self._list("ui.library.attached", [one for one in shown if one.uses])
        self._list("ui.library.removed", [one for one in shown if not one.uses])
        rows = self.rows()
        for row in rows:
            row.setSelected(row.data(0, _FILE).file.sha256 in selected)
        # what is attached is the user's choice, not whatever the order puts first
        if rows and not self.tree.selectedItems() and (self._slot is None or self.box.text().strip()):
            self.tree.setCurrentItem(rows[0])
        self.tree.blockSignals(False)
        self._say_counts(len(shown))
        self._follow_choice()

    def rows(self) -> list[QTreeWidgetItem]:
        """Return the rows of files, from the top."""
        groups = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        rows = [group.child(at) for group in groups if group is not None for at in range(group.childCount())]
        return [row for row in rows if row is not None]

    def selected(self) -> list[KeptFile]:
        """Return the selected files, from the top."""
        return [row.data(0, _FILE) for row in self.rows() if row.isSelected()]

    def open_file(self) -> None:
        """Open the selected file in the viewer, without highlighting."""
        files = self.selected()
        if len(files) == 1:
            show_file(self._bridge, self._services, files[0].file, self)

    def _list(self, code: str, files: list[KeptFile]) -> None:
        if not files:
            return
        group = QTreeWidgetItem(self.tree)
        words = self._texts.say(code)
        group.setData(0, TEXT, words)
        group.setData(0, STRONG, True)
        group.setData(0, FIGURE, str(len(files)))
        group.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{words} {len(files)}")
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for one in files:
            row = QTreeWidgetItem(group)
            lines = self._words(one)
            row.setData(0, TEXT, NEW_LINE.join(lines))
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(lines))
            row.setData(0, GREY, self._is_here(one))
            row.setData(0, _FILE, one)
        group.setExpanded(True)

    def _words(self, one: KeptFile) -> list[str]:
        say = self._texts.say
        places = [use.code if use.is_open else say("ui.library.not_asked", code=use.code) for use in one.uses]
        places = list(dict.fromkeys(places))
        words = ", ".join(places[:_MOST_CODES])
        if len(places) > _MOST_CODES:
            words = say("ui.library.used_more", places=words, count=len(places) - _MOST_CODES)
        used = say("ui.library.used", places=words) if places else say("ui.library.unused")
        facts = [self._kind_words(one.kind), in_units(one.file.size), used]
        if self._is_here(one):
            facts.append(say("ui.library.here"))
        return [" / ".join(one.names), " · ".join(facts)]

    def _kind_words(self, kind: FileKind) -> str:
        return self._texts.say(f"ui.library.kind.{kind}")

    def _is_here(self, one: KeptFile) -> bool:
        return self._slot is not None and any(use.slot == self._slot for use in one.uses)

    def _say_counts(self, shown: int) -> None:
        say = self._texts.say
        attached = [one for one in self._files if one.uses]
        if not self._files:
            words = say("ui.library.empty")
        elif self.box.text().strip():
            words = say("ui.library.found", count=shown) if shown else say("ui.library.found_none")
        else:
            size = in_units(sum(one.file.size for one in attached))
            words = say("ui.library.counts", attached=len(attached), size=size)
        self.said.set_text("\n".join(part for part in (words, self._trouble) if part))

    def _follow_choice(self) -> None:
        files = self.selected()
        self.open_button.setEnabled(len(files) == 1)
        self.go.setEnabled(len(files) == 1 and bool(files[0].uses))
        may = bool(files) and not self._bridge.read_only
        self.attach.setEnabled(may and any(not self._is_here(one) for one in files))

    def _take_current(self) -> None:
        self._attach() if self._slot is not None else self.open_file()

    def _attach(self) -> None:
        if self.attach.isEnabled():
            self.chosen = tuple(one.file for one in self.selected() if not self._is_here(one))
            self.accept()

    def _go(self) -> None:
        files = self.selected()
        uses = files[0].uses if len(files) == 1 else ()
        if len(uses) == 1:
            self._lead(uses[0].address, uses[0].slot)
        elif uses:
            menu = QMenu(self)
            for use in uses:
                words = self._texts.say("ui.library.go_one", where=self._where(use.slot))
                menu.addAction(words.replace("&", "&&"), partial(self._lead, use.address, use.slot))
            menu.exec(self.go.mapToGlobal(self.go.rect().bottomLeft()))
            menu.deleteLater()

    def _where(self, slot: str) -> str:
        return slot_name(self._bridge.form, slot, self._bridge.state.facts.answers).line(self._texts.cut)

    def _lead(self, address: str, slot: str) -> None:
        self.reject()
        self.wanted.emit(address, slot)


def choose(bridge: Bridge, services: Services, slot: str, parent: QWidget) -> tuple[Attachment, ...]:
    """Let the user choose files of the draft for a slot; empty if that was cancelled.

    The attachments have no pages, key passage or highlights: those belong to a slot.
    """
    dialog = LibraryDialog(bridge, services, slot, parent.window())
    dialog.go.hide()  # a user who attaches does not want to leave the slot
    dialog.exec()
    dialog.deleteLater()
    return dialog.chosen
