"""Window, app: starts it. Nothing but Qt's own modules is imported before the frame is on the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from dgdesk.ui.fonts import app_font
from dgdesk.ui.looks import palette
from dgdesk.ui.main_window import MainWindow

if TYPE_CHECKING:
    from dgdesk.profile import Profile
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
    app = make_app()
    window = MainWindow()
    window.show()
    desks: list[Desk] = []

    def load() -> None:
        services = make_services(clock, who, profile)
        desks.append(furnish(app, window, services))
        if arguments:
            desks[0].open(Path(arguments[0]))

    QTimer.singleShot(0, window, load)
    code = app.exec()
    if desks:
        desks[0].let_go()
    return code


def make_app() -> QApplication:
    """Make the application: one look on every system, the bundled font."""
    app = QApplication(["dgdesk"])
    app.setApplicationName("dgdesk")
    dress(app)
    return app


def dress(app: QApplication) -> None:
    """Give the application its look."""
    app.setStyle("Fusion")
    app.styleHints().setColorScheme(Qt.ColorScheme.Light)
    app.setPalette(palette())
    app.setFont(app_font())


def make_services(
    clock: Callable[[], datetime] | None = None, who: str | None = None, profile: Profile | None = None
) -> Services:
    """Load what every part of the window is handed."""
    import getpass
    import os

    from dgdesk.messages import load_catalogue
    from dgdesk.profile import find_profile
    from dgdesk.thai.breaks import thai_breaker
    from dgdesk.ui.services import Services
    from dgdesk.ui.text import Texts

    if who is None:
        try:
            who = getpass.getuser()
        except (OSError, KeyError):  # a PC that knows no name for the user
            who = "?"
    return Services(
        Texts(load_catalogue("th"), thai_breaker()),
        clock or (lambda: datetime.now().astimezone()),
        who,
        profile or find_profile(os.environ, Path.home(), sys.platform),
    )


def furnish(app: QApplication, window: MainWindow, services: Services) -> Desk:
    """Put the content into the frame: style, Qt's words in Thai, the start page."""
    from dgdesk.ui import excepthook
    from dgdesk.ui.desk import Desk
    from dgdesk.ui.dialogs import tell
    from dgdesk.ui.qt_words import QT_WORDS
    from dgdesk.ui.translator import Translator

    words = {english: services.texts.say(code) for english, code in QT_WORDS.items()}
    app.installTranslator(Translator(words, app))
    excepthook.install(
        lambda kind: tell(services.texts, services.texts.say("ui.unexpected", kind=kind), window, "error")
    )
    return Desk(window, services)
