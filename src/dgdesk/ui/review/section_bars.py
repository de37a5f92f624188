"""The progress of each section in one row: its short name, a thin bar, how much is done; a click opens it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.rules.pages import Completeness
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.buttons import paint_ring
from dgdesk.ui.widgets.icons import draw_status, icon_size
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE

_BAR = SPACE // 2


class SectionBar(QAbstractButton):
    """One section: status icon, short name, figure, and a thin bar below them."""

    def __init__(self, name: str, whole: str, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._texts, self._icons = name, services.texts, services.icons
        self._progress = Completeness(shown=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        set_tip(self, whole)

    def show_progress(self, progress: Completeness) -> None:
        """Show how much of the section is done."""
        self._progress = progress
        say = self._texts.say
        self.setAccessibleName(f"{self._name} · {say('ui.status.' + progress.status)} {self._figure()}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + _BAR + 2 * SPACE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        table, half = colours.in_use(), SPACE // 2
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(table.hover))
        skipped = self._progress.status == "skipped"
        line = QRectF(half, half, self.width() - SPACE, self.fontMetrics().height())
        draw_status(painter, self._icons, self._progress.status, line.topLeft() + _middle(line))
        figure = self._figure()
        wide = self.fontMetrics().horizontalAdvance(figure)
        name = line.adjusted(icon_size() + half, 0, -wide - half, 0)
        painter.setPen(QColor(table.skipped if skipped else table.text))
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, int(name.width()))
        painter.drawText(name, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setPen(QColor(table.hint))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), figure)
        bar = QRectF(name.left(), line.bottom() + half, line.right() - name.left(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(table.open))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        if not skipped and self._progress.percent:
            painter.setBrush(QColor(table.done if self._progress.status == "complete" else table.progress))
            painter.drawRoundedRect(
                QRectF(bar.topLeft(), bar.size()).adjusted(0, 0, -bar.width() * (1 - self._progress.percent / 100), 0),
                _BAR / 2,
                _BAR / 2,
            )
        painter.end()
        paint_ring(self)

    def _figure(self) -> str:
        one = self._progress
        if not one.shown:
            return ""
        done, asked = one.answers_done + one.evidence_done, one.answers_asked + one.evidence_asked
        return self._texts.say("ui.review.done_of", done=done, asked=asked)


def _middle(line: QRectF) -> QPointF:
    return QPointF(0, line.height() / 2)


class SectionBars(QWidget):
    """The progress of all sections. ``page_wanted`` carries the id of a section's first page."""

    page_wanted = Signal(str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        layout = column(self, 0)
        self.bars: dict[str, SectionBar] = {}
        for section in bridge.form.definition.sections:
            bar = SectionBar(section.short or section.title, section.title, services, self)
            first = section.pages[0].id
            bar.clicked.connect(lambda _=False, page=first: self.page_wanted.emit(page))
            layout.addWidget(bar)
            self.bars[section.id] = bar
        self.fill()

    def follow(self, changes: Changes) -> None:
        """Follow a change."""
        if changes.pages:
            self.fill()

    def fill(self) -> None:
        """Show the present progress of every section."""
        for name, bar in self.bars.items():
            bar.show_progress(self._bridge.state.sections[name])
