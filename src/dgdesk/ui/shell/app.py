"""Starts the window. Only Qt and the person's settings are loaded before the first paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from dgdesk.system.private import tighten
from dgdesk.system.profile import Profile, own_profile
from dgdesk.system.settings import FILE, Settings, SettingsFile
from dgdesk.ui.shell.main_window import MainWindow, prepare_system
from dgdesk.ui.widgets.theme import apply_first_theme, apply_theme

if TYPE_CHECKING:
    from dgdesk.ui.shell.controller import MainController
    from dgdesk.ui.support.run_monitor import RunMonitor
    from dgdesk.ui.widgets.services import Services

CANNOT_BEGIN = 3
"""What `run` returns when the window could not be furnished."""


def run(
    arguments: Sequence[str] = (),
    options: Sequence[str] = (),
    *,
    clock: Callable[[], datetime] | None = None,
    who: str | None = None,
    profile: Profile | None = None,
) -> int:
    """Open the window, with the draft named by the first argument if there is one; return the exit code.

    ``options`` are Qt's own; ``clock`` gives aware times; ``who`` is the person at work, for the journal.
    """
    profile = profile or own_profile()
    tighten(profile.root)
    tighten(profile.root / FILE)
    settings = SettingsFile(profile.root / FILE)
    keepers: list[RunMonitor] = []
    desks: list[MainController] = []

    def furnish_window(app: QApplication, window: MainWindow) -> None:
        from dgdesk.ui.support.run_monitor import RunMonitor

        keepers.append(RunMonitor(profile, clock or now_here))
        keepers[0].begin()
        apply_theme(app, settings.now)
        services = make_services(clock, who, profile, settings.now)
        desks.append(furnish(app, window, services, settings))
        keepers[0].serve(desks[0], desks[0].office)
        desks[0].backups.keep_copies()

    def give_up(error: Exception) -> None:
        from dgdesk.ui.support.failures import say_cannot_start

        for keeper in keepers:
            keeper.failed(error)
        say_cannot_start(error, settings.now.language)

    def load(app: QApplication, window: MainWindow) -> None:
        try:
            furnish_window(app, window)
        except Exception as error:  # a part of the program is missing: there is no window to say it in
            window.hide()
            give_up(error)
            app.exit(CANNOT_BEGIN)
            return
        if arguments:
            desks[0].open(Path(arguments[0]))
            desks[0].dialogs.ask_name_beside()

    code = CANNOT_BEGIN
    try:
        app = make_app(settings.now, options)
        window = MainWindow(settings.now)
        window.show()
        QTimer.singleShot(0, window, lambda: load(app, window))
        code = app.exec()
        if desks:
            desks[0].let_go()
    except Exception as error:
        give_up(error)
    finally:
        for keeper in keepers:
            keeper.end(code)
    return code


def now_here() -> datetime:
    """Return the time of now, in Thailand's time zone."""
    from dgdesk.text.dates import THAILAND  # imports decimal, which the window does not need before it is shown

    return datetime.now(THAILAND)


def make_app(settings: Settings | None = None, options: Sequence[str] = ()) -> QApplication:
    """Make the application: one look on every system, the bundled font; ``options`` are Qt's own (-platform …)."""
    prepare_system()
    app = QApplication(["dgdesk", *options])
    app.setApplicationName("dgdesk")
    apply_first_theme(app, settings or Settings())
    return app


def make_services(
    clock: Callable[[], datetime] | None = None,
    who: str | None = None,
    profile: Profile | None = None,
    settings: Settings | None = None,
) -> Services:
    """Load what every part of the window is handed. Without ``who``, the settings' name, which may be empty."""
    from dgdesk.text.breaks import thai_breaker
    from dgdesk.text.messages import load_catalogue
    from dgdesk.ui.widgets.label import Texts
    from dgdesk.ui.widgets.services import Services

    wanted = settings or Settings()
    return Services(
        Texts(load_catalogue(wanted.language), thai_breaker()),
        clock or now_here,
        wanted.who if who is None else who,
        profile or own_profile(),
    )


def furnish(
    app: QApplication, window: MainWindow, services: Services, settings: SettingsFile | None = None
) -> MainController:
    """Put the content into the frame: style, Qt's words in Thai, the start page."""
    from dgdesk.ui.shell.controller import MainController
    from dgdesk.ui.widgets import collector

    collector.install(app)
    app.setWindowIcon(services.icons.program())
    return MainController(window, services, settings or SettingsFile(services.profile.root / FILE))
