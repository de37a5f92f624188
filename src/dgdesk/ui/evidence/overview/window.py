"""The window of the evidence overview: it follows every change, and goes to slots on the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.errors import DgdeskError
from dgdesk.survey.definition.respondent import named
from dgdesk.survey.rules.evidence_overview import (
    LEFT,
    OverviewRow,
    PlaceFinder,
    chosen_rows,
    count_states,
    next_in_list,
    with_points,
)
from dgdesk.survey.rules.search_index import SearchIndex
from dgdesk.ui.evidence.overview.controls import OverviewControls, OverviewTable
from dgdesk.ui.evidence.quota_bar import quota_of, quota_words
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout, LaterFill
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

SIZE = (1180, 640)
"""Initial size in pixels."""


class OverviewWindow(FittedDialog):
    """The overview window; neither modal nor a child, so that the main window can come in front of it.

    ``wanted`` and ``attach_wanted`` carry an address and an evidence slot.
    """

    wanted = Signal(str, str)
    attach_wanted = Signal(str, str)

    def __init__(
        self, bridge: Bridge, services: Services, index: Callable[[], SearchIndex], size: tuple[int, int] = SIZE
    ) -> None:
        """``index`` returns the search index, when a search begins; ``size`` is in pixels."""
        super().__init__(None)
        self._bridge, self._services, self._texts, self._index = bridge, services, services.texts, index
        self._finder: PlaceFinder | None = None
        self._rows: tuple[OverviewRow, ...] = ()
        self._counted = self._used = ""
        say = self._texts.say
        self.setWindowFlags(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(say("ui.overview.of", name=bridge.draft.respondent_name or bridge.draft.path.name))
        self.setStyleSheet(sheet())
        self.resize(*size)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE // 2, SPACE, 3 * SPACE // 2, SPACE)
        layout.setSpacing(SPACE)
        self.counts = WrapLabel(self._texts, "", "text", self)
        head = QHBoxLayout()
        head.addWidget(self.counts, 1)
        head.addWidget(what_this_is(self, self._texts, "ui.what.overview"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        self.controls = OverviewControls(bridge.form, self._texts, self)
        self.table = OverviewTable(services, self)
        self.table.setAccessibleName(say("ui.overview.table"))
        self.table.setAccessibleDescription(say("ui.overview.about"))
        self.said = WrapLabel(self._texts, "", "hint", self)
        layout.addWidget(self.controls)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.said)
        layout.addWidget(self._buttons())
        self.controls.changed.connect(self._list)
        self.controls.search.left_down.connect(self._enter_table)
        self.table.taken.connect(self.go)
        self.table.moved.connect(self._follow_choice)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow_choice())
        self.table.sort_wanted.connect(self.controls.sort_by)
        for keys, back in (("F7", False), ("Shift+F7", True)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda back=back: self.go_to_missing(back=back))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.controls.search.setFocus)
        self.later = LaterFill(self.fill, self)
        bridge.changed.connect(self._follow)
        bridge.damage_changed.connect(self.later.want)
        self.fill()
        if self.table.listed.rows:
            self.table.setCurrentIndex(self.table.listed.index(0, 0))
        self.table.setFocus()

    @property
    def row(self) -> OverviewRow | None:
        """The selected row."""
        return self.table.current

    @property
    def rows(self) -> tuple[OverviewRow, ...]:
        """The listed rows, in their order."""
        return self.table.listed.rows

    def fill(self) -> None:
        """Read all slots again."""
        bridge, say = self._bridge, self._texts.say
        self._rows = with_points(bridge.rules, bridge.state, bridge.place_rows)
        counts = count_states(self._rows)
        self._counted = say(
            "ui.overview.counts",
            asked=len(self._rows) - counts["not_asked"],
            complete=counts["complete"] + counts["by_url"],
            unmarked=counts["unmarked"],
            missing=counts["missing"],
            damaged=counts["damaged"],
        )
        self._used = quota_words(quota_of(bridge), self._texts)
        self._list()

    def go(self) -> None:
        """Go to the selected slot on the form."""
        if (row := self.row) is not None:
            self.wanted.emit(row.address, row.slot)

    def go_to_missing(self, *, back: bool = False) -> None:
        """Select the next row that is not complete; if the filter lists none, remove the filter."""
        if not any(row.state in LEFT for row in self.rows):
            self.controls.show_left()
        rows = self.rows[::-1] if back else self.rows
        at = self.table.currentIndex().row()
        found = next_in_list(rows, len(rows) - 1 - at if back and at >= 0 else at)
        if found is None:
            tell(self._texts, self._texts.say("ui.overview.none_missing"), self)
        else:
            self.table.go_to_row(len(rows) - 1 - found if back else found)
            self.table.setFocus()

    def open_file(self) -> None:
        """Show the file of the selected row; if there are several, the user chooses one."""
        row = self.row
        if row is None or not row.files:
            return
        if len(row.files) == 1:
            self._show_file(row.slot, row.files[0].sha256)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in row.files:
            name = one.name.replace("&", "&&")
            menu.addAction(name, partial(self._show_file, row.slot, one.sha256))
        menu.popup(self.look.mapToGlobal(QPoint(0, 0)))

    def print(self) -> None:
        """Print the listed rows through the system's dialog."""
        from dgdesk.ui.evidence.overview.printing import print_overview

        self._on_paper(lambda: print_overview(self, *self._paper()))

    def save_pdf(self) -> None:
        """Save the listed rows as a PDF."""
        from dgdesk.ui.evidence.overview.printing import save_overview

        self._on_paper(lambda: save_overview(self, *self._paper()))

    def _paper(self) -> tuple[Services, tuple[OverviewRow, ...], str, str]:
        return self._services, self.rows, self._named(), self._counted

    def _named(self) -> str:
        """Who answers, as one speaks of it; empty before it is said."""
        draft = self._bridge.draft
        return named(draft.session.form.respondent, draft.respondent_name, self._services.texts.say)

    def _on_paper(self, work: Callable[[], str]) -> None:
        try:
            said = work()
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        if said:
            self._tell(said)

    def _tell(self, words: str) -> None:
        self.said.set_text(words)
        self.said.setVisible(bool(words))

    def _show_file(self, slot: str, sha256: str) -> None:
        from dgdesk.ui.evidence.viewers import open_viewer

        try:
            open_viewer(self._bridge, self._services, slot, sha256, self)
        except DgdeskError as error:  # removed meanwhile
            tell(self._texts, self._texts.error(error), self, "warning")

    def _follow(self, changes: Changes) -> None:
        if changes:
            self.later.want()

    def _list(self) -> None:
        """List the rows that match the filters; the selected row stays selected."""
        controls = self.controls
        if controls.query.strip() and self._finder is None:
            self._finder = PlaceFinder(self._index())
        found = (
            self._finder.find(self._rows, self._bridge.state.facts.answers, controls.query)
            if self._finder is not None
            else None
        )
        rows = chosen_rows(self._rows, controls.wanted, controls.section, found)
        self.table.show_rows(rows, controls.sorted_by)
        say = self._texts.say
        shown = say("ui.overview.shown", shown=len(rows), count=len(self._rows))
        self.counts.set_text(" · ".join((self._counted, shown, self._used)))
        self._tell("" if rows else say("ui.overview.nothing"))
        self._follow_choice()

    def _enter_table(self) -> None:
        self._list()
        self.table.setFocus()

    def _follow_choice(self) -> None:
        row = self.row
        self.go_button.setEnabled(row is not None)
        self.look.setEnabled(row is not None and bool(row.files))
        can = row is not None and row.is_open and not self._bridge.read_only
        self.attach.setEnabled(can)
        self.whole.setEnabled(bool(self._unmarked()) and not self._bridge.read_only)

    def say_whole(self) -> None:
        """Say of every file in the selected rows that is not marked yet that the whole file is the key passage."""
        unmarked = self._unmarked()
        if unmarked and self._bridge.mark_whole(unmarked):
            count = sum(map(len, unmarked.values()))
            self.later.now()
            self.table.setFocus()  # the pressed button has nothing left to do
            self._tell(self._texts.say("ui.passage.all_whole_done", count=count))

    def _unmarked(self) -> dict[str, tuple[str, ...]]:
        """Return the files without a marked key passage in the selected rows: their SHA-256 by slot."""
        files = {row.slot: row.unmarked for row in self.table.chosen}
        return {slot: unmarked for slot, unmarked in files.items() if unmarked}

    def _attach(self) -> None:
        if (row := self.row) is not None:
            self.attach_wanted.emit(row.address, row.slot)

    def _buttons(self) -> QWidget:
        say = self._texts.say
        holder = QWidget(self)
        flow = FlowLayout(holder, SPACE)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)

        def button(code: str, work: Callable[[], object]) -> QPushButton:
            made = QPushButton(say(code), holder)
            made.setAutoDefault(False)
            made.clicked.connect(lambda: work())
            flow.addWidget(made)
            return made

        self.next_button = button("ui.overview.next_missing", self.go_to_missing)
        self.go_button = button("ui.overview.go", self.go)
        self.look = button("ui.overview.open_file", self.open_file)
        self.attach = button("ui.overview.attach", self._attach)
        self.whole = button("ui.passage.whole", self.say_whole)
        self.whole.setAccessibleDescription(say("ui.overview.whole_about"))
        self.print_button = button("ui.overview.print", self.print)
        self.pdf_button = button("ui.overview.save_pdf", self.save_pdf)
        self.close_button = button("ui.close", self.close)
        give_keys(
            (self.next_button, "N"),
            (self.go_button, "G"),
            (self.look, "L"),
            (self.attach, "A"),
            (self.whole, "W"),
            (self.print_button, "P"),
            (self.pdf_button, "S"),
            (self.close_button, "C"),
        )
        return holder
