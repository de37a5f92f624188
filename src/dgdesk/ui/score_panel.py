"""Window, score panel: the estimate, where it comes from, what would add most. Never without saying "estimate"."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dgdesk.changes import Changes
from dgdesk.rules.figures import figures_of
from dgdesk.rules.gains import Gain, gains
from dgdesk.rules.report import nearest_code
from dgdesk.rules.score import Points, rounded
from dgdesk.ui import colours
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.parts import column
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel

_PAUSE = 350
_MOST_GAINS = 8


class PointsBar(QWidget):
    """A bar of earned, waiting and open points; hatched and plain, so that it reads without colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._points = Points()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(14)

    def sizeHint(self) -> QSize:
        """Take the width there is."""
        return QSize(120, 14)

    def show_points(self, points: Points) -> None:
        """Show other points."""
        self._points = points
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint earned solid, waiting hatched, the rest empty."""
        painter = QPainter(self)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        weight = float(self._points.weight) or 1.0
        earned = whole.width() * float(self._points.earned) / weight
        waiting = whole.width() * max(float(self._points.waiting), 0.0) / weight
        open_ = whole.width() * float(self._points.open + self._points.external) / weight
        painter.fillRect(whole, QColor("#ffffff"))
        painter.fillRect(QRectF(whole.x(), whole.y(), earned, whole.height()), QColor(colours.PROGRESS))
        hatched = QRectF(whole.x() + earned, whole.y(), waiting, whole.height())
        painter.fillRect(hatched, QColor("#f4d9a8"))
        painter.setPen(QPen(QColor(colours.WARNING), 1))
        painter.setClipRect(hatched)
        at = hatched.left() - hatched.height()
        while at < hatched.right():
            painter.drawLine(int(at), int(hatched.bottom()), int(at + hatched.height()), int(hatched.top()))
            at += 5
        painter.setClipping(False)
        painter.fillRect(
            QRectF(hatched.right(), whole.y(), min(open_, whole.right() - hatched.right()), whole.height()),
            QColor("#dfe5ec"),
        )
        painter.setPen(QPen(QColor(colours.SKIPPED), 1))
        painter.drawRect(whole)


class ScorePanel(QScrollArea):
    """The score. ``wanted`` carries an address and a place for evidence (or an empty string)."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("score")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._bridge, self._texts = bridge, services.texts
        content = QWidget()
        content.setObjectName("sidecontent")
        content.setBackgroundRole(QPalette.ColorRole.Base)
        content.setAutoFillBackground(True)
        layout = column(content, 8)
        layout.setContentsMargins(10, 10, 10, 10)
        self._total = self._line(layout, "scoretotal", content)
        self._line(layout, "estimate", content).set_text(self._texts.say("ui.score.estimate"))
        self._more = self._line(layout, "text", content)
        self._pillars: dict[str, tuple[WrapLabel, PointsBar]] = {}
        titles = {pillar.id: pillar.title for pillar in bridge.form.definition.indicators.pillars}
        for pillar in bridge.state.score.pillars:
            label = self._line(layout, "pillar", content)
            bar = PointsBar(content)
            layout.addWidget(bar)
            self._pillars[pillar] = (label, bar)
        self._titles = titles
        self._line(layout, "sidehead", content).set_text(self._texts.say("ui.score.gains"))
        self._gains = QVBoxLayout()
        self._gains.setSpacing(4)
        layout.addLayout(self._gains)
        self._no_gains = self._line(layout, "hint", content)
        layout.addStretch(1)
        self.setWidget(content)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.fill_gains)
        self.buttons: list[QPushButton] = []
        bridge.changed.connect(self.follow)
        self.fill()
        self._timer.start()

    def follow(self, changes: Changes) -> None:
        """Show the score anew when it has changed; what would add most a moment later."""
        if changes.score:
            self.fill()
        if changes.score or changes.evidence or changes.shown:
            self._timer.start()

    def fill(self) -> None:
        """Show the figures."""
        score = self._bridge.state.score
        sheet = figures_of(self._bridge.rules.rubric, score)
        total = sheet.total
        say = self._texts.say
        self._total.set_text(say("ui.score.total", low=total.earned, high=total.high))
        self._more.set_text(
            say("ui.score.claimed", claimed=total.claimed)
            + "\n"
            + say("ui.score.cautious", earned=rounded(score.cautious.earned), claimed=rounded(score.cautious.claimed))
        )
        for pillar in sheet.pillars:
            label, bar = self._pillars[pillar.node.id]
            figures = pillar.figures
            name = self._titles.get(pillar.node.id, pillar.node.id)
            weight = rounded(pillar.node.points.weight, 0)
            words = say("ui.score.pillar", name=name, earned=figures.earned, weight=weight)
            if label.plain_text() != words:
                label.set_text(words)
            bar.show_points(pillar.node.points)
            bar.setAccessibleName(words)
            bar.setToolTip(say("ui.score.bar", earned=figures.earned, waiting=figures.waiting, open=figures.open))

    def fill_gains(self) -> None:
        """Show what would add most."""
        while (item := self._gains.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        found = gains(self._bridge.rules, self._bridge.state)[:_MOST_GAINS]
        self.buttons = [self._button(gain) for gain in found]
        for button in self.buttons:
            self._gains.addWidget(button)
        self._no_gains.set_text("" if found else self._texts.say("ui.score.no_gains"))
        self._no_gains.setVisible(not found)

    def sizeHint(self) -> QSize:
        """Prefer a readable width."""
        return QSize(280, 400)

    def _button(self, gain: Gain) -> QPushButton:
        code = nearest_code(self._bridge.form, gain.address) or gain.address
        words = self._texts.say(f"ui.gain.{gain.kind}", code=code, points=rounded(gain.points))
        button = QPushButton(words, self.widget())
        button.setObjectName("gain")
        button.clicked.connect(lambda: self.wanted.emit(gain.address, gain.slot or ""))
        return button

    def _line(self, layout: QVBoxLayout, role: str, owner: QWidget) -> WrapLabel:
        label = WrapLabel(self._texts, "", role, owner)
        layout.addWidget(label)
        return label
