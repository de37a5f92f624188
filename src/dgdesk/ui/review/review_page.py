"""The last page of the journey: progress by section, everything that is left to do, the score, and the export."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.submission.journey import Act, Checklist
from dgdesk.survey.rules.figures import figures_of
from dgdesk.survey.rules.review import by_kind
from dgdesk.text.score_words import figures_line
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.review.checklist_panel import ChecklistPanel
from dgdesk.ui.review.problem_list import ProblemList
from dgdesk.ui.review.section_bars import SectionBars
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import LaterFill, column
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import sheet, thin_bars
from dgdesk.ui.widgets.theme_file import SPACE

_SUMMARY, _LIST_WIDE, _LIST_HIGH = 320, 340, 420
"""Pixels at the usual text size: the least width of the summary and of the list at its side; a good height of the list.

With larger text both need more: the summary as much as its buttons, the list as many letters. In a narrower window the
list is below.
"""
_LIST_LETTERS = 34
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own bound of a width, which the Python binding does not name."""


class ReviewPage(QWidget):
    """The review page. ``wanted`` carries an address and an evidence slot (or ""), ``page_wanted`` a page's id.

    ``act_wanted`` is emitted by the primary button, ``draft_wanted`` by the button for an export as a draft,
    ``changes_wanted`` by the one that shows what was changed since an earlier export or print.
    """

    wanted = Signal(str, str)
    page_wanted = Signal(str)
    act_wanted = Signal()
    draft_wanted = Signal()
    changes_wanted = Signal()

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reviewpage")
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAutoFillBackground(True)
        self._bridge, self._texts = bridge, services.texts
        self.setAccessibleName(self._texts.say("ui.review_page"))
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, SPACE)
        self._layout.setSpacing(2 * SPACE)
        self._layout.addWidget(self._summary(services))
        self.list = ProblemList(bridge, services, self, unfolded=True)
        self._layout.addWidget(self.list, 1)
        self.list.wanted.connect(self.wanted)
        self._later = LaterFill(self.fill, self)
        bridge.changed.connect(self._follow)
        self.fill()

    def fill(self) -> None:
        """Show the present state."""
        state, say = self._bridge.state, self._texts.say
        kinds = by_kind(state.problems)
        blocking = sum(len(group) for kind, group in kinds.items() if kind != "check")
        checks = len(kinds.get("check", ()))
        self.verdict.set_role("status" if state.ready else "question")
        if blocking:
            self.verdict.set_text(say("ui.review_page.left", count=blocking))
        else:
            self.verdict.set_text(say("ui.review_page.checks", count=checks) if checks else say("ui.review_page.ready"))
        lines = [f"{say('ui.next_kind.' + kind)} {len(group)}" for kind, group in kinds.items()]
        flags = len(state.facts.flags)
        if flags:
            lines.append(f"{say('ui.review.kind.flagged')} {flags}")
        self.kinds.set_text("\n".join(lines))
        self.kinds.setVisible(bool(lines))
        self.bars.fill()
        total = figures_of(self._bridge.rules.rubric, state.score).total
        self.score.set_text(figures_line(say, total.earned, total.claimed, total.high))
        self.draft.setVisible(not state.ready)
        listed = bool(state.problems or flags)
        if self.list.isVisibleTo(self) != listed:
            self.list.setVisible(listed)
            self._place()

    def show_act(self, act: Act, words: str) -> None:
        """Show what the primary button does."""
        self.primary.setText(words)
        self.primary.setAccessibleName(words)
        self.primary.setVisible(act != "done")
        self._place()

    def show_checklist(self, found: Checklist | None, *, changed: bool) -> None:
        """Show what follows the last export."""
        self.checklist.show_list(found, changed=changed, read_only=self._bridge.read_only)
        self._place()

    def enter(self) -> None:
        """Bring everything up to date and take the focus."""
        self.fill()
        self.list.fill()
        target = self.list.tree if self.list.isVisibleTo(self) else self.primary
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Put summary, progress and list beside each other, as far as the width allows."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        listed = self.list.isVisibleTo(self)
        summary, bare = self._summary_width(), self.width() - 2 * SPACE
        beside = max(_LIST_WIDE, _LIST_LETTERS * self.fontMetrics().averageCharWidth())
        wide = bare >= summary + (beside if listed else summary)
        self._layout.setDirection(across if wide else down)
        self._blocks.setDirection(across if wide and not listed else down)
        self.area.setMinimumWidth(summary if wide else _SUMMARY)
        self.area.setMaximumWidth(max(summary, self.width() * 2 // 5) if wide and listed else QWIDGETSIZE_MAX)
        self.list.setMinimumHeight(0 if wide else max(0, min(_LIST_HIGH, self.height() // 2 - 4 * SPACE)))

    def _summary_width(self) -> int:
        """The least width of the summary: as much as its widest button needs, and the bar on its right."""
        needed = max(one.minimumSizeHint().width() for one in self._parts)
        return max(_SUMMARY, needed + SPACE + self.area.verticalScrollBar().sizeHint().width())

    def _summary(self, services: Services) -> QScrollArea:
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setMinimumWidth(_SUMMARY)
        thin_bars(self.area)
        owner = QWidget()
        owner.setBackgroundRole(QPalette.ColorRole.Window)
        owner.setAutoFillBackground(True)
        self._blocks = QBoxLayout(QBoxLayout.Direction.TopToBottom, owner)
        self._blocks.setContentsMargins(0, 0, SPACE, 0)
        self._blocks.setSpacing(3 * SPACE)
        self._parts = (QWidget(owner), QWidget(owner))
        for block, fill in zip(self._parts, (self._next_block, self._progress_block), strict=True):
            fill(services, block, column(block, SPACE))
            self._blocks.addWidget(block, 1, Qt.AlignmentFlag.AlignTop)
        self.area.setWidget(owner)
        return self.area

    def _next_block(self, services: Services, owner: QWidget, inner: QVBoxLayout) -> None:
        """Add what is to be done: verdict, counts, buttons, checklist."""
        texts = services.texts
        self.verdict = WrapLabel(texts, "", "question", owner)
        self.kinds = WrapLabel(texts, "", "text", owner)
        self.primary = QPushButton("", owner)
        self.primary.setObjectName("primary")
        self.primary.setStyleSheet(sheet())
        self.primary.clicked.connect(self.act_wanted)
        self.draft = QPushButton(texts.say("ui.review_page.as_draft"), owner)
        self.draft.setStyleSheet(sheet())
        self.draft.clicked.connect(self.draft_wanted)
        self.changes = QPushButton(texts.say("ui.changes.entry"), owner)
        self.changes.setStyleSheet(sheet())
        self.changes.clicked.connect(self.changes_wanted)
        self.checklist = ChecklistPanel(services, owner)
        title = WrapLabel(texts, texts.say("ui.review_page"), "sectiontitle", owner)
        for part in (title, self.verdict, self.kinds, self.primary, self.draft, self.changes, self.checklist):
            inner.addWidget(part)

    def _progress_block(self, services: Services, owner: QWidget, inner: QVBoxLayout) -> None:
        """Add how far each section is, and the score."""
        texts = services.texts
        self.bars = SectionBars(self._bridge, services, owner)
        self.bars.page_wanted.connect(self.page_wanted)
        self.score = WrapLabel(texts, "", "hint", owner)
        inner.addWidget(WrapLabel(texts, texts.say("ui.review_page.sections"), "sidehead", owner))
        inner.addWidget(self.bars)
        inner.addWidget(WrapLabel(texts, texts.say("ui.score"), "sidehead", owner))
        inner.addWidget(self.score)

    def _follow(self, changes: Changes) -> None:
        if changes.problems or changes.pages or changes.score or changes.flags:
            self._later.want()
