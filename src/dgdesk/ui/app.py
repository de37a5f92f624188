"""Window, app: starts it. Only Qt and the person's settings are loaded before the frame is on the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from dgdesk.profile import Profile, find_profile
from dgdesk.settings import FILE, Settings, SettingsFile
from dgdesk.ui import colours
from dgdesk.ui.fonts import app_font
from dgdesk.ui.looks import palette
from dgdesk.ui.main_window import MainWindow

if TYPE_CHECKING:
    from dgdesk.ui.desk import Desk
    from dgdesk.ui.services import Services


def run(
    arguments: Sequence[str] = (),
    *,
    clock: Callable[[], datetime] | None = None,
    who: str | None = None,
    profile: Profile | None = None,
) -> int:
    """Open the window, with the draft named by the first argument if there is one; return the exit code.

    ``clock`` gives aware times; ``who`` is the person at work, for the journal.
    """
    profile = profile or find_profile(os.environ, Path.home(), sys.platform)
    settings = SettingsFile(profile.root / FILE)
    app = make_app(settings.now)
    window = MainWindow(settings.now)
    window.show()
    desks: list[Desk] = []

    def load() -> None:
        dress(app, settings.now)
        services = make_services(clock, who, profile, settings.now)
        desks.append(furnish(app, window, services, settings))
        if arguments:
            desks[0].open(Path(arguments[0]))
            desks[0].dialogs.ask_name_beside()

    QTimer.singleShot(0, window, load)
    code = app.exec()
    if desks:
        desks[0].let_go()
    return code


def make_app(settings: Settings | None = None) -> QApplication:
    """Make the application: one look on every system, the bundled font."""
    app = QApplication(["dgdesk"])
    app.setApplicationName("dgdesk")
    _dress_first(app, settings or Settings())
    return app


def dress(app: QApplication, settings: Settings | None = None) -> None:
    """Give the application the look that the settings ask for."""
    from PySide6.QtCore import Qt

    wanted = settings or Settings()
    colours.use(app, wanted.theme)
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if colours.in_use().dark else Qt.ColorScheme.Light)
    _dress_first(app, wanted)


def _dress_first(app: QApplication, wanted: Settings) -> None:
    """Give the application as much of its look as shows in an empty window.

    Reading `Qt`, with its hundred enumerations, takes 20 ms; what needs it (the colour of the title bar) waits.
    """
    colours.use(app, wanted.theme)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(app_font(wanted.text_percent))


def make_services(
    clock: Callable[[], datetime] | None = None,
    who: str | None = None,
    profile: Profile | None = None,
    settings: Settings | None = None,
) -> Services:
    """Load what every part of the window is handed. Without ``who``, the settings' name, which may be empty."""
    from dgdesk.messages import load_catalogue
    from dgdesk.thai.breaks import thai_breaker
    from dgdesk.ui.services import Services
    from dgdesk.ui.text import Texts

    wanted = settings or Settings()
    return Services(
        Texts(load_catalogue(wanted.language), thai_breaker()),
        clock or (lambda: datetime.now().astimezone()),
        wanted.who if who is None else who,
        profile or find_profile(os.environ, Path.home(), sys.platform),
    )


def furnish(app: QApplication, window: MainWindow, services: Services, settings: SettingsFile | None = None) -> Desk:
    """Put the content into the frame: style, Qt's words in Thai, the start page."""
    from dgdesk.ui import collector, excepthook
    from dgdesk.ui.desk import Desk
    from dgdesk.ui.dialogs import tell

    collector.install(app)
    app.setWindowIcon(services.icons.program())
    desk = Desk(window, services, settings or SettingsFile(services.profile.root / FILE))
    excepthook.install(lambda kind: tell(desk.texts, desk.texts.say("ui.unexpected", kind=kind), window, "error"))
    return desk
