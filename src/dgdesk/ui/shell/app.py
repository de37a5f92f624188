"""Starts the program's window. Only Qt and the settings are loaded before the first paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from dgdesk.system.ending import end_now
from dgdesk.system.private import tighten
from dgdesk.system.profile import Profile, own_profile
from dgdesk.system.settings import FILE, Settings, SettingsFile
from dgdesk.ui.shell.main_window import MainWindow, prepare_system
from dgdesk.ui.widgets.app_theme import apply_first_theme, apply_theme

if TYPE_CHECKING:
    from dgdesk.ui.shell.controller import MainController
    from dgdesk.ui.support.run_monitor import RunMonitor
    from dgdesk.ui.widgets.services import Services

CANNOT_BEGIN = 3
"""Exit code of `run` when the window could not be built."""


def run(
    arguments: Sequence[str] = (),
    options: Sequence[str] = (),
    *,
    clock: Callable[[], datetime] | None = None,
    who: str | None = None,
    profile: Profile | None = None,
) -> int:
    """Open the window and what the arguments name, files with absolute paths; return the exit code.

    ``options`` are Qt's own; ``clock`` returns aware times; ``who`` is the user's name for the journal.
    """
    profile = profile or own_profile()
    tighten(profile.root)
    tighten(profile.root / FILE)
    settings = SettingsFile(profile.root / FILE)
    monitors: list[RunMonitor] = []
    controllers: list[MainController] = []

    def build_window(app: QApplication, window: MainWindow) -> None:
        from dgdesk.text.editions import use_editions
        from dgdesk.ui.support.run_monitor import RunMonitor

        use_editions(profile.editions)
        monitors.append(RunMonitor(profile, clock or now_here))
        monitors[0].begin()
        apply_theme(app, settings.now)
        services = make_services(clock, who, profile, settings.now)
        controllers.append(furnish(app, window, services, settings))
        monitors[0].serve(controllers[0], controllers[0].office)
        controllers[0].backups.keep_copies()

    def give_up(error: Exception) -> None:
        from dgdesk.ui.support.failures import say_cannot_start

        for monitor in monitors:
            monitor.failed(error)
        say_cannot_start(error, settings.now.language)

    def load(app: QApplication, window: MainWindow) -> None:
        try:
            build_window(app, window)
        except Exception as error:  # a part of the program is missing: there is no window to show it in
            window.hide()
            give_up(error)
            app.exit(CANNOT_BEGIN)
            return
        if arguments:
            controllers[0].open_files([Path(one) for one in arguments])

    code = CANNOT_BEGIN
    try:
        app = make_app(settings.now, options)
        window = MainWindow(settings.now)
        window.show()
        QTimer.singleShot(0, window, lambda: load(app, window))
        code = app.exec()
        if controllers:
            controllers[0].let_go()
    except Exception as error:
        give_up(error)
    finally:
        for monitor in monitors:
            monitor.end(code)
    leave_if_held(code)
    return code


def leave_if_held(code: int) -> None:
    """End the process at once if a thread does not end, for example one that hangs on a dead network drive.

    Everything is saved by then. In Python's own end such a thread may crash, or hold a lock for ever.
    """
    from dgdesk.ui.widgets.latest import end_all

    if not end_all():
        end_now(code)


def now_here() -> datetime:
    """Return the current time in Thailand's time zone."""
    from dgdesk.text.dates import THAILAND  # imports decimal, which the window does not need before it is shown

    return datetime.now(THAILAND)


def make_app(settings: Settings | None = None, options: Sequence[str] = ()) -> QApplication:
    """Create the application with the bundled style and font; ``options`` are Qt's own (-platform …)."""
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
    """Create the shared services. Without ``who`` the name is that of the settings, which may be empty."""
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
    """Fill the main window: create the main controller, which shows the start page."""
    from dgdesk.ui.shell.controller import MainController
    from dgdesk.ui.widgets import collector
    from dgdesk.ui.widgets.enter_key import EnterPresses
    from dgdesk.ui.widgets.letters import LetterPlates

    collector.install(app)
    if app.findChild(LetterPlates) is None:
        LetterPlates(app)
        EnterPresses(app)
    app.setWindowIcon(services.icons.program())
    return MainController(window, services, settings or SettingsFile(services.profile.root / FILE))
