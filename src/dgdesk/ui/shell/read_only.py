"""The strip over a draft that is open read-only: why, and how to come to edit it; a try to type makes it flash."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dgdesk.errors import FileError
from dgdesk.text.dates import iso_time_text
from dgdesk.ui.support.notice import mark_label
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.choice import ReadOnlyChoices
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE

_FLASH = 140
_FLASHES = 6
_INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, ReadOnlyChoices)


@dataclass(frozen=True, slots=True)
class WhyReadOnly:
    """Why a draft cannot be edited. ``holder``: the process of the window that edits it, 0 unless it is on this PC."""

    code: str = "ui.read_only.as_asked"
    user: str = ""
    host: str = ""
    since: str = ""
    holder: int = 0

    def words(self, texts: Texts) -> str:
        """Return the sentence of the strip."""
        when = iso_time_text(self.since, texts.catalogue.language)
        return texts.say(self.code, user=self.user, host=self.host, since=when)


def why_read_only(error: FileError | None, here: str | None = None) -> WhyReadOnly:
    """Return why a draft is opened read-only, from the error of opening it to edit; None: the user asked for it."""
    if error is None:
        return WhyReadOnly()
    if error.code != "package.held":
        return WhyReadOnly("ui.read_only.place")
    values = {name: str(error.values.get(name, "?")) for name in ("user", "host", "since")}
    on_this_pc = values["host"] == (platform.node() if here is None else here)
    pid = error.values.get("pid")
    code = "ui.read_only.other_window" if on_this_pc else "ui.read_only.other_pc"
    return WhyReadOnly(code, **values, holder=pid if on_this_pc and isinstance(pid, int) else 0)


class ReadOnlyStrip(QWidget):
    """The strip. ``again`` asks to try to edit, ``other`` for the window that edits the draft."""

    again = Signal()
    other = Signal()

    def __init__(self, services: Services, why: WhyReadOnly, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = services.texts
        self.setStyleSheet(sheet())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE, SPACE, SPACE, 0)
        self._ground = Panel("readonly", self)
        outer.addWidget(self._ground)
        row = QHBoxLayout(self._ground)
        row.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE)
        row.addWidget(mark_label(services, "warning", self._ground))
        self.label = WrapLabel(services.texts, "", "question", self._ground)
        row.addWidget(self.label, 1)
        self.again_button = QPushButton(services.texts.say("ui.read_only.again"), self._ground)
        self.other_button = QPushButton(services.texts.say("ui.read_only.go"), self._ground)
        give_keys((self.again_button, "Y"), (self.other_button, "Z"))
        self.again_button.clicked.connect(self.again)
        self.other_button.clicked.connect(self.other)
        row.addWidget(self.other_button)
        row.addWidget(self.again_button)
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_FLASH)
        self._timer.timeout.connect(self._flash)
        self.say_why(why)

    @property
    def flashing(self) -> bool:
        """Whether the strip flashes, because somebody tried to change something."""
        return self._timer.isActive()

    def say_why(self, why: WhyReadOnly, *, still: bool = False) -> None:
        """Show why; ``still``: after a try to edit that failed."""
        words = why.words(self._texts)
        self.label.set_text(self._texts.say("ui.read_only.still", why=words) if still else words)
        self.other_button.setVisible(why.holder > 0)

    def pulse(self) -> None:
        """Flash, and be read out."""
        self._left = _FLASHES
        self._timer.start()
        self._flash()

    def _flash(self) -> None:
        self._left -= 1
        self._ground.setObjectName("readonly" if self._left % 2 == 0 else "readonlyflash")
        self._ground.update()
        if self._left <= 0:
            self._timer.stop()


class TriesToChange(QObject):
    """Calls ``tried`` when somebody clicks on an input inside ``area``, or types into one."""

    def __init__(self, area: QWidget, tried: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._area, self._tried = area, tried
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if (
            kind in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress)
            and isinstance(watched, QWidget)
            and self._area.isAncestorOf(watched)
            and _input_of(watched)
            and (kind == QEvent.Type.MouseButtonPress or (isinstance(event, QKeyEvent) and _types(event)))
        ):
            self._tried()
        return False


def show_read_only(area: QWidget) -> None:
    """Give the inputs inside ``area`` the ground of what cannot be changed."""
    palette = QPalette(area.palette())
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(role, QColor(colours.in_use().disabled))
    area.setPalette(palette)


def _input_of(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return isinstance(widget, _INPUTS) or (parent is not None and isinstance(parent, _INPUTS))


def _types(event: QKeyEvent) -> bool:
    return bool(event.text()) and event.text().isprintable()
