"""Themes and text sizes: contrast by computation, whole texts by the walk of the widgets."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

import dgdesk.ui
from dgdesk.resources import resource
from dgdesk.system.settings import Settings
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.app_theme import apply_theme, palette
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.choice import CheckRow, RadioRow
from dgdesk.ui.widgets.colours import THEMES, Colours, contrast
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import TEXT_STYLES, sheet, text_style
from ui.hands import settle
from ui.whole import broken_texts

TEXTS = ("text", "hint", "code", "link", "error", "warning", "done", "progress", "skipped")
GROUNDS = (
    *("base", "window", "button", "card", "item", "notes", "evidence", "file", "tablehead", "rowband"),
    *("hover", "chosen", "result"),
)
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS] + [
    *(("primary_text", "primary"), ("primary_text", "primary_hover"), ("code", "badge"), ("skipped", "disabled")),
    *(("on_mark", "error"), ("on_mark", "warning"), ("on_mark", "done")),
]
EDGES = [(edge, ground) for edge in ("focus", "frame") for ground in ("base", "window", "card", "item", "evidence")]


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1.0


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_readable_on_every_ground(theme: str) -> None:
    table = THEMES[theme]
    least = 7.0 if theme == "contrast" else 4.5
    found = {pair: contrast(getattr(table, pair[0]), getattr(table, pair[1])) for pair in PAIRS}
    assert {pair: round(value, 2) for pair, value in found.items() if value < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_frames_and_focus_are_seen(theme: str) -> None:
    table = THEMES[theme]
    found = {pair: contrast(getattr(table, pair[0]), getattr(table, pair[1])) for pair in EDGES}
    assert {pair: round(value, 2) for pair, value in found.items() if value < 3} == {}


def test_every_colour_that_is_named_is_in_the_table() -> None:
    known = {field.name for field in fields(Colours)}
    sources = [path.read_text(encoding="utf-8") for path in Path(dgdesk.ui.__file__).parent.rglob("*.py")]
    named = {name for source in sources for name in re.findall(r"\bcolours\.in_use\(\)\.([a-z_]+)\b", source)}
    in_sheet = set(re.findall(r"@([a-z_]+)", resource("ui/app.qss").read_text(encoding="utf-8")))
    in_looks = {style.colour for style in TEXT_STYLES.values() if style.colour}
    assert (named - {"name"}) | in_sheet | in_looks <= known
    assert len(named) > 10 and len(in_sheet) > 10


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_shows_at_once_and_the_page_stays(desk: MainController, workspace: Workspace, theme: str) -> None:
    workspace.open_page("g.page2")
    desk.apply(replace(desk.settings.now, theme=theme))
    assert desk.workspace is not None and desk.workspace.page == "g.page2"
    table = THEMES[theme]
    assert colours.in_use() is table
    assert palette().color(QPalette.ColorRole.Base).name() == table.base
    assert table.text in sheet() and "@" not in sheet()
    assert table.error == text_style("error").colour and table.error in text_style("error").css
    settle(QApplication.instance())
    grabbed = desk.window.grab().toImage()
    middle = desk.workspace.page_view.widget().mapTo(desk.window, desk.workspace.page_view.widget().rect().topLeft())
    assert grabbed.pixelColor(middle.x() + 3, middle.y() + 3).name() in (table.window, table.base)


@pytest.mark.parametrize(("theme", "percent"), [("dark", 100), ("light", 150), ("contrast", 150)])
def test_no_text_is_clipped_in_dark_and_in_large_text(
    desk: MainController, workspace: Workspace, theme: str, percent: int
) -> None:
    desk.apply(replace(desk.settings.now, theme=theme, text_percent=percent))
    assert desk.workspace is not None
    found = {}
    for page in ("general.page1", "g.page1", "p1.page1", "p1.page2", "p4.page1"):
        assert desk.workspace.open_page(page)
        settle(QApplication.instance())
        found[page] = sorted(set(broken_texts(desk.window)))
    desk.close_draft()
    settle(QApplication.instance())
    found["start"] = sorted(set(broken_texts(desk.window)))
    assert {page: texts for page, texts in found.items() if texts} == {}


def test_keys_make_the_text_larger_and_ordinary_again(desk: MainController, workspace: Workspace) -> None:
    keys = [key.toString() for key in desk.actions["larger"].shortcuts()]
    assert "Ctrl++" in keys and desk.actions["smaller"].shortcut().toString() == "Ctrl+-"
    desk.actions["larger"].trigger()
    desk.actions["larger"].trigger()
    assert desk.settings.now.text_percent == 125 and QApplication.font().pointSizeF() == pytest.approx(13.75)
    desk.actions["smaller"].trigger()
    assert desk.settings.now.text_percent == 110
    desk.actions["normal"].trigger()
    assert desk.settings.now.text_percent == 100 and QApplication.font().pointSizeF() == pytest.approx(11)


def test_the_start_page_fits_a_small_window_in_the_largest_text(desk: MainController, workspace: Workspace) -> None:
    desk.close_draft()
    desk.window.resize(1024, 700)
    desk.apply(replace(desk.settings.now, text_percent=200))
    settle(QApplication.instance())
    assert not list(broken_texts(desk.window))


MARKS = [
    (mark, ground)
    for mark in ("error", "warning", "done", "progress", "skipped", "primary")
    for ground in ("base", "window", "card", "chosen", "hover")
]


@pytest.mark.parametrize("theme", THEMES)
def test_status_marks_and_what_stands_in_them_are_seen(theme: str) -> None:
    table = THEMES[theme]
    pairs = [*MARKS, *(("on_mark", mark) for mark in ("error", "warning", "done", "progress")), ("text", "waiting")]
    found = {pair: contrast(getattr(table, pair[0]), getattr(table, pair[1])) for pair in pairs}
    assert {pair: round(value, 2) for pair, value in found.items() if value < 3} == {}


def test_icons_have_no_colour_but_the_themes() -> None:
    drawings = sorted(resource("ui/icons").glob("*.svg"))
    assert len(drawings) > 10
    known = {"currentColor", "white", "none"}
    used = {
        drawing.name: set(re.findall(r'(?:fill|stroke)="([^"]*)"', drawing.read_text(encoding="utf-8"))) - known
        for drawing in drawings
        if drawing.name != "program.svg"  # the program's own sign, the same everywhere
    }
    assert {name: colours_of for name, colours_of in used.items() if colours_of} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_outlines_that_are_painted_are_seen(qapp: QApplication, loaded: Services, theme: str) -> None:
    apply_theme(qapp, Settings(theme=theme))
    runs = (Run("ก"),)
    holder = QWidget()
    ground = holder.palette()
    ground.setColor(QPalette.ColorRole.Window, QColor(colours.in_use().card))
    holder.setPalette(ground)
    box = CalmCombo(holder)
    parts = (
        *(RadioRow(loaded.texts, runs, holder), CheckRow(loaded.texts, runs, holder)),
        *(LineInput(holder), box, PageButton("", holder)),
    )
    found = {}
    for part in parts:
        part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        part.setGeometry(8, 8, 160, 34)
        for other in parts:
            other.setVisible(other is part)
        image = holder.grab().toImage()
        edge = [image.pixelColor(x, 25).name() for x in range(6, 36)]
        found[type(part).__name__] = max(contrast(colour, colours.in_use().card) for colour in edge)
    apply_theme(qapp)
    holder.deleteLater()
    assert {name: round(value, 2) for name, value in found.items() if value < 3} == {}
