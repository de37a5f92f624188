"""The inbox window: a table of received files, and the report on the selected file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from dgdesk.ui.agency.actions import AgencyActions
from dgdesk.ui.agency.entries import Inbox
from dgdesk.ui.agency.report import ReportPane
from dgdesk.ui.agency.table import InboxControls, ReceivedTable
from dgdesk.ui.agency.trust import trust_words
from dgdesk.ui.agency.wording import Wording
from dgdesk.ui.evidence.attach_dialog import offered
from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.icons import put_icon
from dgdesk.ui.widgets.keyboard import chain, stops
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout
from dgdesk.ui.widgets.letters import fill_menu
from dgdesk.ui.widgets.plain import set_what
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

SIZE = (1240, 690)
"""Pixels; limited by the screen."""
_LEAST_LINES = 6
_BESIDE = 1000
"""Pixels at the normal text size; a wider window shows table and report side by side."""


class AgencyWindow(ScrollingDialog):
    """The inbox. On a low screen everything above the last row of buttons scrolls."""

    def __init__(self, services: Services, parent: QWidget | None, inbox: Inbox | None = None) -> None:
        """``inbox``: one from before, to continue with."""
        super().__init__(parent)
        self._services, self._texts = services, services.texts
        self.inbox = inbox or Inbox()
        self.wording = Wording(self._texts)
        self.commands = AgencyActions(
            self, lambda: self.table.chosen, self.show_entries, self.tell, self.inbox, self.wording, services
        )
        say = self._texts.say
        self.setWindowTitle(say("ui.receiving.title"))
        self.setStyleSheet(sheet())
        self.setAcceptDrops(True)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(*SIZE)
        self.trust_said = WrapLabel(self._texts, "", "text", self)
        self.said = WrapLabel(self._texts, "", "hint", self)
        self.controls = InboxControls(self._texts, self)
        self.table = ReceivedTable(services, self.wording, self)
        self.table.setAccessibleName(say("ui.receiving.table"))
        self.table.setAccessibleDescription(say("ui.receiving.about_table"))
        self.pane = ReportPane(self._texts, self)
        self.halves = QSplitter(self)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.table)
        self.halves.addWidget(self.pane)
        for half in (self.table, self.pane):
            half.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        self._lay_out()
        self._dropped: tuple[Path, ...] = ()
        self._drop_timer = QTimer(self)
        self._drop_timer.setSingleShot(True)
        self._drop_timer.setInterval(0)
        self._drop_timer.timeout.connect(self._take_dropped)
        self.controls.changed.connect(self.show_entries)
        self.table.taken.connect(self.pane.setFocus)
        self.table.sort_wanted.connect(self.controls.sort_by)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow_choice())
        self.show_entries()
        self.add_files.setFocus()

    def show_entries(self) -> None:
        """Update the table, counts and texts; the selection stays."""
        table, controls, counts = self.table, self.controls, self.inbox.counts
        rows = self.inbox.listed(controls.wanted)
        table.show_rows(rows, controls.sorted_by)
        controls.show_counts(counts)
        say = self._texts.say
        self.trust_said.set_role("text" if self.inbox.trust.bound else "warning")
        self.trust_said.set_text(trust_words(self._texts, self.inbox.trust))
        words = (
            say("ui.receiving.counts", **{str(one): count for one, count in counts.items()}) if counts["all"] else ""
        )
        if litter := len(self.inbox.litter):
            words += " " + say("ui.receiving.litter", count=litter)
        if counts["all"] and not rows:
            words += " " + say("ui.receiving.nothing")
        self.said.set_text(words)
        self.said.setVisible(bool(words))
        self._follow_choice()

    def tell(self, words: str) -> None:
        """Show a short result below the table."""
        self.said.set_text(words)
        self.said.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        found = offered(event.mimeData())
        self._dropped = (*found.files, *found.folders)
        event.acceptProposedAction()
        self._drop_timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _BESIDE * self.font().pointSizeF() / POINTS
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.halves.orientation() != orientation or event.oldSize().width() < 0:
            self.halves.setOrientation(orientation)
            whole = event.size().width() if wide else event.size().height()
            self.halves.setSizes([whole * 2 // 3, whole // 3] if wide else [whole // 2, whole // 2])

    def _take_dropped(self) -> None:
        places, self._dropped = self._dropped, ()
        self.commands.add(places)

    def _follow_choice(self) -> None:
        chosen = self.table.chosen
        self.pane.show_entries(chosen, empty=not self.inbox.entries)
        holding = [one for one in chosen if one.is_bundle]
        self.receipts.setEnabled(bool(holding))
        self.extract.setEnabled(len(chosen) == 1 and bool(holding))
        for button in (self.report, self.remove):
            button.setEnabled(bool(chosen))
        self.check.setEnabled(bool(self.inbox.entries))
        self.collate.setEnabled(bool(self.inbox.entries))
        self.respondents.setEnabled(any(one.is_bundle for one in self.inbox.entries))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        do, say = self.commands, self._texts.say
        above, top = self._row()
        self.add_files = self._button(above, top, "ui.receiving.add_files", do.choose_files, "A")
        self.add_folder = self._button(above, top, "ui.receiving.add_folder", do.choose_folder, "F")
        put_icon(self.add_files, self._services.icons, "inbox")
        put_icon(self.add_folder, self._services.icons, "open")
        self.trust = self._menu(
            above,
            top,
            "ui.receiving.trust",
            "T",
            (
                ("ui.receiving.trust_files", do.trust_files),
                ("ui.receiving.trust_folder", do.trust_folder),
                ("ui.receiving.trust_nobody", do.trust_nobody),
            ),
        )
        self.sealed = self._menu(
            above,
            top,
            "ui.receiving.sealed",
            "E",
            (("ui.receiving.unseal", do.unseal), ("ui.receiving.make_key", do.make_key)),
        )
        self.check = self._button(above, top, "ui.receiving.check", do.check_again, "K")
        put_icon(self.check, self._services.icons, "check")
        head = QHBoxLayout()
        head.addWidget(above, 1)
        head.addWidget(what_this_is(self, self._texts, "ui.what.receiving"), 0, Qt.AlignmentFlag.AlignTop)
        column = self.area.column
        column.addLayout(head)
        column.addWidget(self.trust_said)
        column.addWidget(self.controls)
        column.addWidget(self.halves, 1)
        column.addWidget(self.said)
        layout.addWidget(self.area, 1)
        below, bottom = self._row()
        self.collate = self._button(below, bottom, "ui.receiving.collate", do.collate, "M")
        put_icon(self.collate, self._services.icons, "list")
        self.respondents = self._button(below, bottom, "ui.receiving.respondents", do.respondents, "P")
        self.receipts = self._button(below, bottom, "ui.receiving.receipts", do.receipts, "I")
        self.extract = self._button(below, bottom, "ui.receiving.extract", do.extract, "U")
        self.report = self._menu(
            below,
            bottom,
            "ui.receiving.report",
            "R",
            (("ui.receiving.copy_report", do.copy_report), ("ui.receiving.save_report", do.save_report)),
        )
        self.remove = self._button(below, bottom, "ui.receiving.remove", do.remove, "D")
        self.close_button = self._button(below, bottom, "ui.close", self.reject, "C")
        layout.addWidget(below)
        chain([*stops(self.area), self.table, self.pane, *stops(below)])  # a splitter has no layout
        set_what(self.pane, self._texts, say("ui.receiving.details"))

    def _row(self) -> tuple[QWidget, FlowLayout]:
        holder = QWidget(self)
        flow = FlowLayout(holder, SPACE)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        return holder, flow

    def _button(
        self, holder: QWidget, flow: FlowLayout, code: str, work: Callable[[], object] | None, letter: str
    ) -> QPushButton:
        made = QPushButton(self._texts.say(code), holder)
        made.setAutoDefault(False)
        if work is not None:
            made.clicked.connect(lambda: work())
        give_keys((made, letter))
        flow.addWidget(made)
        return made

    def _menu(
        self,
        holder: QWidget,
        flow: FlowLayout,
        code: str,
        letter: str,
        entries: Sequence[tuple[str, Callable[[], object]]],
    ) -> QPushButton:
        made = self._button(holder, flow, code, None, letter)
        menu = QMenu(made)
        fill_menu(menu, [(self._texts.say(entry), work) for entry, work in entries])
        made.setMenu(menu)
        return made
