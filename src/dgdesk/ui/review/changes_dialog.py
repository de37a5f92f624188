"""What is different since an earlier export or print: for the person who signs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND
from dgdesk.draft.history import HistoryLine, PageChanges, by_page, edits_since
from dgdesk.draft.recent import page_place
from dgdesk.errors import DgdeskError
from dgdesk.submission.since_export import exported_state, points
from dgdesk.text.dates import time_text
from dgdesk.text.shown import plain_name
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.label import Texts, WrapLabel, copy_plain
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import STRONG, TEXT, WrapTree

_LINE = Qt.ItemDataRole.UserRole + 27
_LONGEST = 300


class ChangesDialog(FittedDialog):
    """Lists the differences by page. ``wanted`` carries the address and evidence slot (or "") to go to.

    ``since`` is the number of a line of the register; by default the newest export or print.
    """

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, since: int | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, services.texts
        self.changes: tuple[PageChanges, ...] = ()
        say = self._texts.say
        self.setWindowTitle(say("ui.changes.title"))
        self.setStyleSheet(sheet())
        self.resize(820, 600)
        self.which = CalmCombo(self)
        self.which.setAccessibleName(say("ui.changes.which"))
        self.said = WrapLabel(self._texts, "", "text", self)
        self.tree = WrapTree(services, self)
        self.tree.setAccessibleName(say("ui.changes.list"))
        self.go, self.copy, self.close_button = (
            QPushButton(say(code), self) for code in ("ui.history.go", "ui.changes.copy", "ui.close")
        )
        self._lay_out()
        self._fill_points(since)
        self.which.currentIndexChanged.connect(lambda _: self.fill())
        self.tree.currentItemChanged.connect(lambda *_: self.go.setEnabled(self._line() is not None))
        self.tree.itemActivated.connect(lambda *_: self._go())
        self.go.clicked.connect(self._go)
        self.copy.clicked.connect(lambda: copy_plain(self.as_text()))
        self.close_button.clicked.connect(self.reject)
        self.fill()
        self.tree.setFocus()

    def fill(self) -> None:
        """Compare the draft with the chosen line of the register."""
        say = self._texts.say
        self.tree.clear()
        self.changes = ()
        state = self.which.currentData()
        if not isinstance(state, int):
            self.said.set_text(say("ui.changes.no_point"))
        else:
            try:
                edits = edits_since(self._bridge.draft.package.history, state)
                self.changes = by_page(self._bridge.form, self._bridge.state.facts.answers, edits, say)
            except DgdeskError as error:
                self.said.set_role("error")
                self.said.set_text(self._texts.error(error))
                return
            count = sum(len(one.lines) for one in self.changes)
            self.said.set_text(say("ui.changes.count", count=count) if count else say("ui.changes.none"))
        for one in self.changes:
            self._add(one)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first.child(0) or first)
        self.go.setEnabled(self._line() is not None)
        self.copy.setEnabled(bool(self.changes))

    def as_text(self) -> str:
        """Return the list as plain text, to print it or send it."""
        parts = [f"{self.windowTitle()} – {self.which.currentText()}"]
        for one in self.changes:
            parts.append("")
            parts.append(self._head(one))
            parts += ["  " + "\n  ".join(self._words(line)) for line in one.lines]
        return "\n".join(parts) + "\n"

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        for part in (self.which, self.said):
            layout.addWidget(part)
        layout.addWidget(self.tree, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.what.changes"))
        row.addWidget(self.go)
        row.addStretch(1)
        row.addWidget(self.copy)
        row.addWidget(self.close_button)
        layout.addLayout(row)
        give_keys((self.go, "G"), (self.copy, "Y"), (self.close_button, "C"))
        for button in (self.go, self.copy, self.close_button):
            button.setAutoDefault(False)

    def _fill_points(self, since: int | None) -> None:
        try:
            found = points(self._bridge.draft.package.register())
        except DgdeskError:  # the register itself tells of it
            found = ()
        for line in found:
            self.which.addItem(point_words(self._texts, line), exported_state(line))
            if line.number == since:
                self.which.setCurrentIndex(self.which.count() - 1)
        self.which.setVisible(bool(found))

    def _add(self, one: PageChanges) -> None:
        top = QTreeWidgetItem(self.tree)
        self._word(top, [self._head(one)], strong=True)
        for line in one.lines:
            item = QTreeWidgetItem(top)
            self._word(item, self._words(line), strong=False)
            item.setData(0, _LINE, line)
        top.setExpanded(True)

    def _head(self, one: PageChanges) -> str:
        return page_place(self._bridge.form, one.page) or self._texts.say("ui.changes.no_page")

    def _words(self, line: HistoryLine) -> list[str]:
        say = self._texts.say
        empty = say("ui.history.empty")
        return [
            line.where,
            say("ui.history.old", value=self._texts.cut(line.old, _LONGEST) or empty),
            say("ui.history.new", value=self._texts.cut(line.new, _LONGEST) or empty),
        ]

    def _word(self, item: QTreeWidgetItem, words: list[str], *, strong: bool) -> None:
        item.setData(0, TEXT, NEW_LINE.join(one.replace("\n", " ") for one in words))
        item.setData(0, STRONG, strong)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(words))

    def _line(self) -> HistoryLine | None:
        item = self.tree.currentItem()
        line = item.data(0, _LINE) if item is not None else None
        return line if isinstance(line, HistoryLine) and line.address is not None else None

    def _go(self) -> None:
        line = self._line()
        if line is not None and line.address is not None and self.isVisible():
            self.accept()
            self.wanted.emit(line.address, line.slot)


def point_words(texts: Texts, line: ExportRecord) -> str:
    """Return an export or print in one line: what it was, when, and its file."""
    kind = "print" if KIND in line.record else "draft" if line.record.get("draft") is True else "export"
    file = plain_name(str(line.record.get("file", "")), 60)
    when = time_text(line.at, texts.catalogue.language)
    return texts.say(f"ui.changes.since_{kind}", moment=when, file=file)
