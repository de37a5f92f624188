"""How much of the window the form gets: beside the open panel, beside its rail, and in a small window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import FILE, SettingsFile
from dgdesk.ui.form.field_view import FieldView
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.context_menu import MoreButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.placing import ScreenBox
from dgdesk.ui.widgets.services import Services
from ui.hands import settle
from ui.shell.test_remembered import restarted


def sizes(desk: MainController) -> tuple[int, int, int]:
    """Return the widths of window, form and rail."""
    workspace = desk.workspace
    assert workspace is not None
    settle(QApplication.instance())
    rail = workspace.rail.width() if workspace.rail.isVisible() else 0
    return desk.window.width(), workspace.page_view.width(), rail


def test_at_1366_pixels_the_form_has_two_thirds_and_beside_the_rail_more(
    desk: MainController, workspace: Workspace
) -> None:
    desk.window.resize(1366, 768)
    window, form, rail = sizes(desk)
    assert workspace.side.isVisible() and rail == 0
    assert form >= 0.66 * window
    assert workspace.splitter.sizes()[0] <= 220 and workspace.side.width() <= 245
    workspace.show_side(False)
    window, form, rail = sizes(desk)
    assert rail and form >= 0.78 * window


def test_at_1024_pixels_the_panel_is_folded_by_itself(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1024, 700)
    _, form, rail = sizes(desk)
    assert workspace.side.isHidden() and rail and form >= 640


@pytest.mark.parametrize("old", [(250, 826, 280), (256, 820, 290), (900, 400, 300)])
def test_widths_of_an_earlier_version_give_way_to_the_new_ones_once(
    desk: MainController, workspace: Workspace, services: Services, path: Path, old: tuple[int, int, int]
) -> None:
    desk.window.close()
    settings = SettingsFile(services.profile.root / FILE)
    settings.change(replace(settings.now, window=(1366, 740), corner=(0, 0), side=True, splitters={"main": old}))
    screen = ScreenBox(0, 0, 1400, 900)
    chosen: list[list[int]] = []

    def look(again: MainController) -> None:
        window, form, _ = sizes(again)
        assert form >= 0.66 * window
        assert again.workspace is not None
        whole = sum(again.workspace.splitter.sizes())
        again.workspace.splitter.setSizes([300, whole - 300 - 320, 320])  # what the person chooses now is kept
        chosen.append(again.workspace.splitter.sizes())

    def look_again(again: MainController) -> None:
        sizes(again)
        assert again.workspace is not None and again.workspace.splitter.sizes() == chosen[0]

    restarted(services, path, screen, look)
    assert "main" not in SettingsFile(services.profile.root / FILE).now.splitters
    restarted(services, path, screen, look_again)


def test_titles_have_the_width_of_their_card(desk: MainController, workspace: Workspace) -> None:
    desk.window.resize(1024, 700)
    for page in list(workspace.bridge.form.pages)[:8]:
        workspace.open_page(page)
        settle(QApplication.instance())
        for card in workspace.page_view.findChildren(FieldView, "card"):
            title = next((one for one in card.findChildren(WrapLabel, "question") if one.parent() is card), None)
            more = next((one for one in card.findChildren(MoreButton) if one.parent() is card), None)
            if title is None or more is None or not card.isVisible():
                continue
            assert more.x() - title.geometry().right() <= 12, card.node.address
            assert card.width() - more.geometry().right() <= 20
            codes = title.x() - card.contentsRect().x()
            assert title.width() >= card.width() - codes - more.width() - 60
