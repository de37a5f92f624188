"""The agency's window: respondents and files of a ledger side by side with the report on what is selected."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from dgdesk.agency.overview import FileLine
from dgdesk.ui.agency.actions import AgencyActions
from dgdesk.ui.agency.buttons import AgencyButtons
from dgdesk.ui.agency.columns import RECEIVED, RESPONDENTS
from dgdesk.ui.agency.line_report import line_lines, line_technical, state_words
from dgdesk.ui.agency.line_rows import RespondentLine
from dgdesk.ui.agency.lists import ListPage
from dgdesk.ui.agency.outputs import Outputs, Selected
from dgdesk.ui.agency.pane import PaneText, ReportPane
from dgdesk.ui.agency.reception import Reception, own_reception
from dgdesk.ui.agency.report import file_lines, file_technical, verdict_words
from dgdesk.ui.agency.statuses import is_listed
from dgdesk.ui.agency.trust import trust_words
from dgdesk.ui.evidence.attach_dialog import offered
from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.fitting import ScrollingDialog
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.plain import set_what
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet

SIZE = (1240, 690)
"""Pixels; limited by the screen."""
_LEAST_LINES = 6
_BESIDE = 1000
"""Pixels at the normal text size; a wider window shows table and report side by side."""


class AgencyWindow(ScrollingDialog):
    """The inbox. On a low screen everything above the last row of buttons scrolls."""

    def __init__(self, services: Services, parent: QWidget | None, reception: Reception | None = None) -> None:
        """``reception``: one from before, to continue with."""
        super().__init__(parent)
        self._services, self._texts = services, services.texts
        self.reception = reception or own_reception(services.profile, services.texts.catalogue, services.clock)
        say = self._texts.say
        self.setWindowTitle(say("ui.receiving.title"))
        self.setStyleSheet(sheet())
        self.setAcceptDrops(True)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(*SIZE)
        self.commands = AgencyActions(self, self.reception, self.show_view, self.tell, services)
        self.outputs = Outputs(self, self.reception, self.commands, self._selected, self.tell, services)
        self.ledger_said = WrapLabel(self._texts, "", "hint", self)
        self.trust_said = WrapLabel(self._texts, "", "text", self)
        self.said = WrapLabel(self._texts, "", "hint", self)
        self.lines: ListPage[RespondentLine] = ListPage(
            services, RESPONDENTS, say("ui.receiving.lines"), say("ui.receiving.about_lines"), self
        )
        self.received: ListPage[FileLine] = ListPage(
            services, RECEIVED, say("ui.receiving.table"), say("ui.receiving.about_table"), self
        )
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("side")
        self.tabs.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes none; its bar alone is a Tab stop
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.addTab(self.lines, self.lines.name)
        self.tabs.addTab(self.received, self.received.name)
        self.pane = ReportPane(self._texts, self)
        self.halves = QSplitter(self)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.tabs)
        self.halves.addWidget(self.pane)
        for half in (self.lines.table, self.received.table, self.pane):
            half.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        self.buttons = AgencyButtons(self, self._services, self.commands, self.outputs, self._remove)
        set_what(self.pane, self._texts, say("ui.receiving.details"))
        self._dropped: tuple[Path, ...] = ()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._begin)
        for page in (self.lines, self.received):
            page.table.taken.connect(self.pane.setFocus)
            page.chosen.connect(self._follow_choice)
            page.changed.connect(self._follow_choice)
        self.tabs.currentChanged.connect(lambda _: self._follow_choice())
        self.buttons.attention.clicked.connect(self.show_attention)
        self.pane.choice_wanted.connect(self._choose)
        self.show_view()
        self.buttons.add_files.setFocus()

    @property
    def page(self) -> ListPage[RespondentLine] | ListPage[FileLine]:
        """The table that is shown."""
        return self.lines if self.tabs.currentIndex() == 0 else self.received

    def show_view(self) -> None:
        """Show what was read of the ledger last; selections stay."""
        reception, view, say = self.reception, self.reception.view, self._texts.say
        self.lines.show_rows(view.lines, view.line_samples, view.line_counts, is_listed)
        self.received.show_rows(view.files, view.file_samples, view.file_counts, is_listed)
        counts = (view.line_counts["all"], view.file_counts["all"])
        names = (self.lines.name, self.received.name)
        for at, (name, count) in enumerate(zip(names, counts, strict=True)):
            self.tabs.setTabText(at, say("ui.receiving.tab", name=name, count=count))
        self.ledger_said.set_text(say("ui.receiving.ledger_said", name=reception.shown))
        self.ledger_said.setVisible(not reception.is_own)
        words = trust_words(self._texts, reception.trust)
        if reception.trusts_others:
            words += " · " + say("ui.receiving.trusts_others")
        self.trust_said.set_role("text" if reception.trust.bound and not reception.trusts_others else "warning")
        self.trust_said.set_text(words)
        self.tell(self._counts())
        self.buttons.show_attention(view.file_counts)
        self._follow_choice()

    def show_attention(self) -> None:
        """Show the files that need a person."""
        self.tabs.setCurrentWidget(self.received)
        self.received.controls.show_only("attention")
        self.received.table.setFocus()

    def tell(self, words: str) -> None:
        """Show a short result below the tables."""
        self.said.set_text(words)
        self.said.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        found = offered(event.mimeData())
        self._dropped = (*found.files, *found.folders)
        event.acceptProposedAction()
        self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.reception.was_read:
            self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= _BESIDE * self.font().pointSizeF() / POINTS
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.halves.orientation() != orientation or event.oldSize().width() < 0:
            self.halves.setOrientation(orientation)
            whole = event.size().width() if wide else event.size().height()
            self.halves.setSizes([whole * 2 // 3, whole // 3] if wide else [whole // 2, whole // 2])

    def _begin(self) -> None:
        if not self.reception.was_read:
            self.commands.read()
        places, self._dropped = self._dropped, ()
        self.commands.add(places)

    def _counts(self) -> str:
        say, view = self._texts.say, self.reception.view
        if not view.file_counts["all"]:
            return ""
        words = say("ui.receiving.counts", **{str(one): count for one, count in view.file_counts.items()})
        if view.overview.litter:
            words += " " + say("ui.receiving.litter", count=view.overview.litter)
        return words

    def _selected(self) -> Selected:
        if self.tabs.currentIndex() == 0:
            return Selected(lines=self.lines.table.chosen)
        return Selected(self.received.table.chosen)

    def _remove(self) -> None:
        self.commands.remove(self._selected().all_files)

    def _choose(self) -> None:
        chosen = self._selected().lines
        if len(chosen) == 1:
            self.commands.choose_between(chosen[0])

    def _follow_choice(self) -> None:
        chosen, view = self._selected(), self.reception.view
        self.pane.show_text(self._pane_text(chosen))
        self.buttons.follow(chosen, view)

    def _pane_text(self, chosen: Selected) -> PaneText:
        say, overview = self._texts.say, self.reception.view.overview
        count = len(chosen.files) + len(chosen.lines)
        if not count:
            if not self.reception.view.files:
                return PaneText(say("ui.receiving.empty"))
            if not overview.lines and self.tabs.currentWidget() is not self.received:  # nothing was filtered away
                return PaneText(say("ui.receiving.none_known"))
            listed = self.page.table.listed.rows
            return PaneText(say("ui.receiving.none_chosen" if listed else "ui.receiving.nothing"))
        if count > 1:
            return PaneText(say("ui.receiving.many_chosen", count=count))
        if chosen.files:
            one = chosen.files[0]
            role, verdict = verdict_words(self._texts, one)
            lines, technical = file_lines(one, overview, self._texts), file_technical(one, self._texts)
            return PaneText(verdict, role, one.name, "\n".join(lines), "\n".join(technical))
        line = chosen.lines[0]
        role, state = state_words(line, self._texts)
        heads = line.line.chain.heads if line.line.chain is not None else ()
        words = "\n".join(line_lines(line, overview, self._texts))
        technical = line_technical(line, overview, self._texts)
        return PaneText(state, role, line.line.name, words, "\n".join(technical), len(heads) > 1)
