"""Themes and text sizes: contrast by computation, whole texts by the walk of the widgets."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

import dgdesk.ui
from dgdesk.resources import resource
from dgdesk.ui import colours
from dgdesk.ui.colours import THEMES, Colours, contrast
from dgdesk.ui.desk import Desk
from dgdesk.ui.looks import TEXT_LOOKS, palette, sheet, text_look
from dgdesk.ui.workspace import Workspace
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
    named = {name.lower() for source in sources for name in re.findall(r"\bcolours\.([A-Z][A-Z_]*)\b", source)}
    in_sheet = set(re.findall(r"@([a-z_]+)", resource("ui/app.qss").read_text(encoding="utf-8")))
    in_looks = {name for css in TEXT_LOOKS.values() for name in re.findall(r"@([a-z_]+)", css)}
    assert (named - {"name"}) | in_sheet | in_looks <= known
    assert len(named) > 10 and len(in_sheet) > 10


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_shows_at_once_and_the_page_stays(desk: Desk, workspace: Workspace, theme: str) -> None:
    workspace.open_page("g.page2")
    desk.apply(replace(desk.settings.now, theme=theme))
    assert desk.workspace is not None and desk.workspace.page == "g.page2"
    table = THEMES[theme]
    assert colours.in_use() is table
    assert palette().color(QPalette.ColorRole.Base).name() == table.base
    assert table.text in sheet() and "@" not in sheet()
    assert table.error in text_look("error")
    settle(QApplication.instance())
    grabbed = desk.window.grab().toImage()
    middle = desk.workspace.page_view.widget().mapTo(desk.window, desk.workspace.page_view.widget().rect().topLeft())
    assert grabbed.pixelColor(middle.x() + 3, middle.y() + 3).name() in (table.window, table.base)


@pytest.mark.parametrize(("theme", "percent"), [("dark", 100), ("light", 150), ("contrast", 150)])
def test_no_text_is_clipped_in_dark_and_in_large_text(
    desk: Desk, workspace: Workspace, theme: str, percent: int
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


def test_keys_make_the_text_larger_and_ordinary_again(desk: Desk, workspace: Workspace) -> None:
    keys = [key.toString() for key in desk.actions["larger"].shortcuts()]
    assert "Ctrl++" in keys and desk.actions["smaller"].shortcut().toString() == "Ctrl+-"
    desk.actions["larger"].trigger()
    desk.actions["larger"].trigger()
    assert desk.settings.now.text_percent == 125 and QApplication.font().pointSizeF() == pytest.approx(13.75)
    desk.actions["smaller"].trigger()
    assert desk.settings.now.text_percent == 110
    desk.actions["normal"].trigger()
    assert desk.settings.now.text_percent == 100 and QApplication.font().pointSizeF() == pytest.approx(11)


def test_the_start_page_fits_a_small_window_in_the_largest_text(desk: Desk, workspace: Workspace) -> None:
    desk.close_draft()
    desk.window.resize(1024, 700)
    desk.apply(replace(desk.settings.now, text_percent=200))
    settle(QApplication.instance())
    assert not list(broken_texts(desk.window))
