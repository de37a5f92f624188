"""Panels and window stand after a restart as they were left, on the same screen and on a smaller one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import FILE, SettingsFile
from dgdesk.ui.shell.app import furnish
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.placing import TITLE_BAR, ScreenBox
from dgdesk.ui.widgets.services import Services
from ui.hands import settle

OFFICE, LAPTOP = ScreenBox(0, 0, 1920, 1040), ScreenBox(0, 0, 1366, 728)
_FRAME = 4
"""Pixels that Qt's offscreen window system moves a window by, for a frame it does not draw."""


def restarted(services: Services, path: Path, screen: ScreenBox, look: Callable[[MainController], None]) -> None:
    """Start again with the settings that were written, open the draft, look, and end."""
    settings = SettingsFile(services.profile.root / FILE)
    window = MainWindow(settings.now, [screen])
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    desk = furnish(app, window, services, settings)
    window.show()
    desk.open(path)
    settle(app)
    look(desk)
    window.close()
    desk.let_go()
    window.deleteLater()
    settle(app)


def test_panels_and_window_stand_as_they_were_left(
    desk: MainController, workspace: Workspace, services: Services, path: Path
) -> None:
    desk.window.setGeometry(120, 60, 1500, 900)
    workspace.show_side(True)
    settle(QApplication.instance())
    whole = sum(workspace.splitter.sizes())
    workspace.splitter.setSizes([280, whole - 280 - 300, 300])
    sizes, place = workspace.splitter.sizes(), desk.window.geometry()
    desk.window.close()

    def look(again: MainController) -> None:
        assert again.window.geometry() == place
        assert again.workspace is not None and again.workspace.side.isVisible()
        assert again.workspace.splitter.sizes() == sizes

    restarted(services, path, OFFICE, look)


def test_a_side_panel_put_away_stays_away_and_comes_back_as_wide_as_it_was(
    desk: MainController, workspace: Workspace, services: Services, path: Path
) -> None:
    workspace.show_side(True)
    settle(QApplication.instance())
    whole = sum(workspace.splitter.sizes())
    workspace.splitter.setSizes([260, whole - 260 - 310, 310])
    outline, _, side = workspace.splitter.sizes()
    desk.close_draft()
    desk.open(path)
    settle(QApplication.instance())
    assert desk.workspace is not None
    desk.workspace.show_side(False)
    desk.window.close()

    def look(again: MainController) -> None:
        assert again.workspace is not None and again.workspace.side.isHidden()
        assert again.workspace.splitter.sizes()[0] == outline
        again.workspace.show_side(True)
        settle(QApplication.instance())
        assert again.workspace.splitter.sizes()[2] == side

    restarted(services, path, OFFICE, look)


def test_a_window_left_on_a_larger_screen_opens_whole_on_this_one(
    desk: MainController, workspace: Workspace, services: Services, path: Path
) -> None:
    desk.window.close()
    settings = SettingsFile(services.profile.root / FILE)
    sizes = {"panels": (900, 2000, 900)}
    settings.change(replace(settings.now, window=(3800, 2000), corner=(2500, -300), splitters=sizes))

    def look(again: MainController) -> None:
        place = again.window.geometry()
        assert 0 <= place.x() <= _FRAME and place.y() <= TITLE_BAR + _FRAME
        assert (place.width(), place.height()) == (LAPTOP.width, LAPTOP.height - TITLE_BAR)
        assert again.workspace is not None
        assert sum(again.workspace.splitter.sizes()) <= LAPTOP.width
        assert not again.workspace.page_view.horizontalScrollBar().maximum()

    restarted(services, path, LAPTOP, look)


def test_another_look_keeps_panels_and_tab(desk: MainController, workspace: Workspace) -> None:
    workspace.show_side(True)
    workspace.side.setCurrentIndex(2)
    settle(QApplication.instance())
    desk.apply(replace(desk.settings.now, theme="dark"))
    settle(QApplication.instance())
    assert desk.workspace is not None
    assert desk.workspace.side.isVisible() and desk.workspace.side.currentIndex() == 2
