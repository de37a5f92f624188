"""A bar that shows how much evidence there is, out of what the edition allows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dgdesk.evidence.limits import Quota, in_units, quota, used_bytes
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme_file import SPACE

_HIGH, _ROUND = 10, 4
_ROLES = {"unlimited": "hint", "room": "hint", "near": "warning", "full": "error"}


def quota_of(bridge: Bridge) -> Quota:
    """Return the present quota, including what is not saved yet."""
    return quota(used_bytes(bridge.state.facts.evidence), bridge.form.definition.evidence_limits)


def quota_words(now: Quota, texts: Texts) -> str:
    """Return the quota in words: used, limit, free; with a warning if little is free."""
    if now.limit is None:
        return texts.say("ui.gauge.unlimited", used=in_units(now.used))
    values = {
        "used": in_units(now.used),
        "limit": in_units(now.limit),
        "free": in_units(max(0, now.limit - now.used)),
    }
    return texts.say(f"ui.gauge.{now.state}", **values)


class GaugeBar(QWidget):
    """The quota in words and as a bar; follows the changes of the draft."""

    def __init__(self, bridge: Bridge, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        self.words = WrapLabel(texts, "", "hint", self)
        self.bar = _Bar(self)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        bridge.changed.connect(self._follow)
        self.show_now()

    def show_now(self) -> None:
        """Show the present quota."""
        now = quota_of(self._bridge)
        words = quota_words(now, self._texts)
        self.words.set_role(_ROLES[now.state])
        self.words.set_text(words)
        self.bar.show_quota(now)
        self.bar.setVisible(now.limit is not None)
        self.setAccessibleName(words)

    def _follow(self, changes: object) -> None:
        if getattr(changes, "evidence", None):
            self.show_now()


class _Bar(QWidget):
    """The bar; screen readers get the words above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._part, self._state = 0.0, "room"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_quota(self, now: Quota) -> None:
        """Show a quota."""
        self._part = min(1.0, now.used / now.limit) if now.limit else 0.0
        self._state = now.state
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        filled = {"near": colours.in_use().warning, "full": colours.in_use().error}.get(
            self._state, colours.in_use().primary
        )
        painter.setPen(QColor(colours.in_use().frame))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(inside, _ROUND, _ROUND)
        if self._part:
            painter.setBrush(QColor(filled))
            width = max(inside.width() * self._part, 2 * _ROUND)
            painter.drawRoundedRect(QRectF(inside.x(), inside.y(), width, inside.height()), _ROUND, _ROUND)
