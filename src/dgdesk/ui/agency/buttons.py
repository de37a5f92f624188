"""The buttons of the agency's window, above and below its tables, and which of them can be pressed now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from dgdesk.ui.agency.actions import AgencyActions
from dgdesk.ui.agency.outputs import Outputs, Selected
from dgdesk.ui.agency.reception import View
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text, what_this_is
from dgdesk.ui.widgets.icons import put_icon
from dgdesk.ui.widgets.keyboard import chain, stops
from dgdesk.ui.widgets.layout import FlowLayout
from dgdesk.ui.widgets.letters import fill_menu
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE

if TYPE_CHECKING:
    from dgdesk.ui.agency.window import AgencyWindow

Entry = tuple[str, Callable[[], object]]


class AgencyButtons:
    """Lays the window out: buttons, texts, tables and report, in the order of the Tab key."""

    def __init__(
        self,
        window: AgencyWindow,
        services: Services,
        do: AgencyActions,
        make: Outputs,
        remove: Callable[[], object],
    ) -> None:
        self._texts, self._icons = services.texts, services.icons
        layout = QVBoxLayout(window)
        layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(SPACE)
        above, top = _row(window)
        self.add_files = self._button(above, top, "ui.receiving.add_files", do.choose_files, "A")
        self.add_folder = self._button(above, top, "ui.receiving.add_folder", do.choose_folder, "F")
        put_icon(self.add_files, self._icons, "inbox")
        put_icon(self.add_folder, self._icons, "open")
        trust: list[Entry] = [
            (self._texts.say("ui.receiving.trust_files"), do.trust_files),
            (self._texts.say("ui.receiving.trust_folder"), do.trust_folder),
            (self._texts.say("ui.receiving.trust_nobody"), do.trust_nobody),
        ]
        self.trust = self._menu(above, top, "ui.receiving.trust", "T", trust)
        sealed: list[Entry] = [
            (self._texts.say("ui.receiving.unseal"), do.unseal),
            (self._texts.say("ui.receiving.make_key"), do.make_key),
        ]
        self.sealed = self._menu(above, top, "ui.receiving.sealed", "E", sealed)
        ledger: list[Entry] = [
            (self._texts.say("ui.receiving.ledger_open"), do.open_ledger),
            (self._texts.say("ui.receiving.ledger_back"), do.own_ledger),
        ]
        self.ledger = self._menu(above, top, "ui.receiving.ledger", "L", ledger)
        self.check = self._button(above, top, "ui.receiving.check", do.check_again, "K")
        put_icon(self.check, self._icons, "check")
        head = QHBoxLayout()
        head.addWidget(above, 1)
        help_button = what_this_is(window, self._texts, "ui.what.receiving")
        head.addWidget(help_button, 0, Qt.AlignmentFlag.AlignTop)
        column = window.area.column
        column.addLayout(head)
        column.addWidget(window.ledger_said)
        column.addWidget(window.trust_said)
        column.addWidget(window.halves, 1)
        column.addWidget(window.said)
        self.attention = QPushButton(window.tabs)
        self.attention.setObjectName("quiet")
        self.attention.setAutoDefault(False)
        window.tabs.setCornerWidget(self.attention)
        layout.addWidget(window.area, 1)
        below, bottom = _row(window)
        self.collate = self._button(below, bottom, "ui.receiving.collate", make.collate, "M")
        put_icon(self.collate, self._icons, "list")
        receipts: list[Entry] = [
            (self._texts.say("ui.receiving.receipts_chosen"), make.receipts),
            (self._texts.say("ui.receiving.receipts_all"), make.all_receipts),
            (self._texts.say("ui.receiving.give_back"), make.give_back),
        ]
        self.receipts = self._menu(below, bottom, "ui.receiving.receipts", "I", receipts)
        self.extract = self._button(below, bottom, "ui.receiving.extract", make.extract, "U")
        report: list[Entry] = [
            (self._texts.say("ui.receiving.copy_report"), make.copy_report),
            (self._texts.say("ui.receiving.save_report"), make.save_report),
        ]
        self.report = self._menu(below, bottom, "ui.receiving.report", "R", report)
        self.remove = self._button(below, bottom, "ui.receiving.remove", remove, "D")
        self.close_button = self._button(below, bottom, "ui.close", window.reject, "C")
        layout.addWidget(below)
        # a splitter has no layout
        chain(
            [
                *stops(above),
                help_button,
                *stops(window.tabs),
                window.pane,
                window.pane.choose,
                window.pane.technical.button,
                *stops(below),
            ]
        )

    def follow(self, chosen: Selected, view: View) -> None:
        """Enable what can be done with what is selected."""
        current = chosen.current
        known = bool(view.overview.by_digest)
        self.receipts.setEnabled(known or bool(chosen.all_files))
        for at, can in enumerate((bool(current), known, bool(chosen.all_files))):
            self._entry(self.receipts, at, can)
        self.extract.setEnabled(len(current) == 1)
        self.report.setEnabled(bool(chosen.files or chosen.lines))
        self.remove.setEnabled(bool(chosen.all_files))
        self.check.setEnabled(bool(view.files))
        self.collate.setEnabled(bool(view.files))

    def show_attention(self, counts: Mapping[str, int]) -> None:
        """Show how many files need a person; hidden if none does."""
        self.attention.setVisible(bool(counts["attention"]))
        words = self._texts.say("ui.receiving.attention", count=counts["attention"])
        set_lettered_text(self.attention, words, "N")

    def _entry(self, button: QPushButton, at: int, can: bool) -> None:
        menu = button.menu()
        if menu is not None:
            menu.actions()[at].setEnabled(can)

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

    def _menu(self, holder: QWidget, flow: FlowLayout, code: str, letter: str, entries: Sequence[Entry]) -> QPushButton:
        made = self._button(holder, flow, code, None, letter)
        menu = QMenu(made)
        fill_menu(menu, entries)
        made.setMenu(menu)
        return made


def _row(window: QWidget) -> tuple[QWidget, FlowLayout]:
    holder = QWidget(window)
    flow = FlowLayout(holder, SPACE)
    policy = holder.sizePolicy()
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder, flow
