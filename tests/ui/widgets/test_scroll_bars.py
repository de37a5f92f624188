"""Scroll bars are thin, have no arrows, can be grabbed, and can be seen."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollBar, QStyle, QStyleOptionSlider

from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets import colours
from ui.hands import settle

_PARTS = QStyle.SubControl


def part(bar: QScrollBar, control: QStyle.SubControl) -> tuple[int, int]:
    option = QStyleOptionSlider()
    bar.initStyleOption(option)
    rect = bar.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, control, bar)
    return rect.width(), rect.height()


def test_every_bar_of_the_window_is_thin_and_can_be_grabbed(desk: MainController, workspace: Workspace) -> None:
    workspace.show_side(True)
    wide = []
    for number in range(workspace.side.count()):
        workspace.side.setCurrentIndex(number)
        settle(QApplication.instance())
        for area in desk.window.findChildren(QAbstractScrollArea):
            bar = area.verticalScrollBar()
            if bar.isVisible() and (bar.width() > 14 or part(bar, _PARTS.SC_ScrollBarAddLine)[1] > 0):
                wide.append(area.objectName() or type(area).__name__)
    assert wide == []
    bar = workspace.page_view.verticalScrollBar()
    assert bar.isVisible() and part(bar, _PARTS.SC_ScrollBarSlider)[0] >= 12


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_handle_stands_out_from_every_ground(qapp: QApplication, theme: str) -> None:
    colours.use(qapp, theme)
    table = colours.in_use()
    for ground in (table.base, table.window):
        assert contrast(table.frame, ground) >= 3, ground
    colours.use(qapp, "light")


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
