"""The icons of ``resources/ui/icons`` in the theme's colours, and the icons of statuses.

In a file, ``currentColor`` stands for the colour asked for, and ``white`` for the colour on a filled icon. QtSvg is
imported with the first icon, so that the first window opens sooner.

Each status also has a shape of its own: ring, half, exclamation mark, triangle, tick, dash, flag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton

from dgdesk.resources import resource
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.app_theme import POINTS

if TYPE_CHECKING:
    from dgdesk.survey.rules.evidence_overview import (
        PlaceState,  # for mypy only: the window starts before the rules are loaded
    )

SIZE = 16
"""Size of an icon next to text of normal size, in logical pixels."""
_GAP = 4
_NORMAL, _DISABLED, _ACTIVE = QIcon.Mode.Normal, QIcon.Mode.Disabled, QIcon.Mode.Active
"""A menu draws its chosen entry as active, but a button draws itself so when it has the focus."""

ACTIONS = {
    "start": "new",
    "open": "open",
    "export": "export",
    "check": "check",
    "editions": "list",
    "receive": "inbox",
    "print": "print",
    "close": "close",
    "undo": "undo",
    "redo": "redo",
    "find": "find",
    "review": "list",
    "clear_answer": "clear",
    "flag": "status-flag",
    "history": "history",
    "language": "language",
    "settings": "settings",
    "help": "help",
    "shortcuts": "keys",
}
"""The icon of each action, for its menu entry and button."""


class Icons:
    """Draws each icon once per colour, size and screen scaling, and caches it.

    ``ratios`` returns the device pixel ratios of the present screens.
    """

    def __init__(self, ratios: Callable[[], Iterable[float]] | None = None) -> None:
        self._ratios = ratios or _screen_ratios
        self._drawings: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, float, str, str], QPixmap] = {}
        self._icons: dict[tuple[object, ...], QIcon] = {}

    def pixmap(self, name: str, size: int, ratio: float, colour: str) -> QPixmap:
        """Return an icon of ``size`` logical pixels for a screen of ``ratio`` device pixels per logical pixel.

        Raises:
            FileNotFoundError: there is no icon of that name.
        """
        key = (name, size, ratio, colour, colours.in_use().on_mark)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._drawn(*key)
        return self._pixmaps[key]

    def icon(self, name: str, *, chief: bool = False) -> QIcon:
        """Return an icon for buttons, sized like the program's text; ``chief``: for the main button."""
        table = colours.in_use()
        return self._made(name, {_NORMAL: table.primary_text if chief else table.text, _DISABLED: table.skipped})

    def menu_icon(self, name: str) -> QIcon:
        """Return an icon for an entry of a menu: on the chosen row it has the colour of the words there."""
        table = colours.in_use()
        return self._made(name, {_NORMAL: table.text, _DISABLED: table.skipped, _ACTIVE: table.primary_text})

    def _made(self, name: str, modes: Mapping[QIcon.Mode, str]) -> QIcon:
        size, ratios = icon_size(), tuple(sorted(set(self._ratios())))
        key = (name, size, tuple(modes.items()), ratios)
        if key not in self._icons:
            icon = QIcon()
            for ratio in ratios:
                for mode, colour in modes.items():
                    icon.addPixmap(self.pixmap(name, size, ratio, colour), mode)
            self._icons[key] = icon
        return self._icons[key]

    def program(self) -> QIcon:
        """Return the program icon."""
        icon = QIcon()
        for size in (16, 24, 32, 48, 64, 128):
            icon.addPixmap(self.pixmap("program", size, 1.0, colours.in_use().text))
        return icon

    def _drawn(self, name: str, size: int, ratio: float, colour: str, on: str) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        if name not in self._drawings:
            self._drawings[name] = resource(f"ui/icons/{name}.svg").read_text(encoding="utf-8")
        drawing = self._drawings[name].replace("currentColor", colour).replace('"white"', f'"{on}"')
        pixels = round(size * ratio)
        made = QPixmap(pixels, pixels)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        QSvgRenderer(drawing.encode()).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        made.setDevicePixelRatio(ratio)
        return made


def _screen_ratios() -> Iterable[float]:
    return (screen.devicePixelRatio() for screen in QGuiApplication.screens())


def icon_size() -> int:
    """Return the size of icons next to the program's text, in logical pixels."""
    return round(SIZE * QGuiApplication.font().pointSizeF() / POINTS)


def put_icon(button: QAbstractButton, icons: Icons, name: str, *, chief: bool = False) -> None:
    """Put an icon before the text of a button; ``chief``: it is the main button of its window."""
    button.setIcon(icons.icon(name, chief=chief))
    button.setIconSize(QSize(icon_size() + _GAP, icon_size()))


def dress_actions(actions: Mapping[str, QAction], icons: Icons) -> None:
    """Set the icons of the menu actions, in the current theme."""
    for name, drawing in ACTIONS.items():
        if (action := actions.get(name)) is not None:
            action.setIcon(icons.menu_icon(drawing))


_COLOURS: Final[Mapping[str, str]] = {
    "not_begun": "skipped",
    "in_progress": "skipped",
    "evidence": "warning",
    "problems": "error",
    "warning": "hint",
    "complete": "done",
    "skipped": "skipped",
    "flag": "code",
}
OF_SEVERITY: Final[Mapping[str, str]] = {
    "error": "problems",
    "warning": "warning",
    "note": "not_begun",
    "notice": "skipped",
}
"""The status of each severity."""
OF_PLACE: Final[Mapping[PlaceState, str]] = {
    "missing": "evidence",
    "damaged": "problems",
    "unmarked": "evidence",
    "complete": "complete",
    "by_url": "complete",
    "optional": "not_begun",
    "not_asked": "skipped",
}
"""The status of each state of an evidence slot."""


def status_pixmap(icons: Icons, status: str, ratio: float) -> QPixmap:
    """Return the icon of a status, sized like text, for a screen of ``ratio`` device pixels per logical pixel.

    Raises:
        KeyError: there is no such status.
    """
    return icons.pixmap(f"status-{status}", icon_size(), ratio, colours.named(_COLOURS[status]))


def draw_status(painter: QPainter, icons: Icons, status: str, left_middle: QPointF) -> None:
    """Paint the icon of a status; ``left_middle`` is the middle of its left edge."""
    ratio = painter.device().devicePixelRatio()
    # at whole device pixels, so that it stays sharp
    left, top = left_middle.x(), left_middle.y() - icon_size() / 2
    at = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
    painter.drawPixmap(at, status_pixmap(icons, status, ratio))
