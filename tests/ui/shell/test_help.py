"""Help: the guide, the list of keys, and "what is this" on every panel."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication, QWhatsThis

from dgdesk.resources import resource
from dgdesk.text.breaks import plain
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.help_window import Guide, HelpWindow, ShortcutsDialog
from dgdesk.ui.shell.workspace import Workspace
from ui.hands import settle
from ui.whole import broken_texts

GUIDE = resource("help/th.html").read_text(encoding="utf-8")


def test_the_guide_shows_its_words_and_pictures(desk: MainController) -> None:
    desk.actions["help"].trigger()
    settle(QApplication.instance())
    windows = desk.window.findChildren(HelpWindow)
    assert len(windows) == 1 and windows[0].isVisible()
    text = plain(windows[0].guide.toPlainText())
    for heading in re.findall(r"</a>([^<]+)</h3>", GUIDE):
        assert heading in text
    assert "\u200b" in windows[0].guide.toPlainText()
    windows[0].guide.selectAll()
    assert "\u200b" not in windows[0].guide.createMimeDataFromSelection().text()
    windows[0].close()
    settle(QApplication.instance())


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_link_and_picture_of_the_guide_is_there(language: str) -> None:
    guide = resource(f"help/{language}.html").read_text(encoding="utf-8")
    targets = re.findall(r'<a name="([a-z]+)"', guide)
    assert re.findall(r'href="#([a-z]+)"', guide) == targets and len(targets) > 8
    assert targets == re.findall(r'<a name="([a-z]+)"', GUIDE), "the same content in both languages"
    pictures = re.findall(r'src="([a-z_]+\.png)"', guide)
    assert pictures == re.findall(r'src="([a-z_]+\.png)"', GUIDE) and len(pictures) >= 6
    sizes = [resource(f"help/{name}").stat().st_size for name in pictures]
    assert sum(sizes) < 300_000


def test_keys_that_the_guide_names_are_those_of_the_menus(desk: MainController) -> None:
    known = {key.toString() for action in desk.actions.values() for key in action.shortcuts()}
    for language in ("th", "en"):
        guide = resource(f"help/{language}.html").read_text(encoding="utf-8")
        table = re.findall(r"<tr><td><b>(.*?)</b>", guide)
        named = {key.replace("PgDn", "PgDown") for row in table for key in row.split(" / ")}
        assert len(named) > 15
        own = {"Tab", "Shift+Tab", "Space", "← ↑ → ↓", "1…9", "Backspace"}
        assert named - own <= known, named - own - known


def test_the_guide_speaks_the_language_of_the_window(desk: MainController) -> None:
    desk.actions["language"].trigger()
    desk.actions["help"].trigger()
    settle(QApplication.instance())
    (window,) = desk.window.findChildren(HelpWindow)
    assert "A short guide" in window.guide.toPlainText()
    window.close()
    settle(QApplication.instance())


def test_pictures_of_the_guide_fit_its_window(desk: MainController) -> None:
    guide = Guide(desk.texts, desk.window)
    guide.show()
    for width in (900, 420, 700):
        guide.resize(width, 500)
        settle(QApplication.instance())
        assert guide.document().size().width() <= guide.viewport().width()
    guide.deleteLater()


def test_the_guide_loads_nothing_from_elsewhere(desk: MainController) -> None:
    guide = Guide(desk.texts, desk.window)
    for name in ("../ui/app.qss", "file:///etc/passwd", "http://example.org/a.png", "/a.png"):
        assert guide.loadResource(2, name) is None
    guide.deleteLater()


def test_the_list_of_keys_has_every_key_of_the_menus(desk: MainController) -> None:
    dialog = ShortcutsDialog(list(desk.actions.values()), desk.texts, desk.window)
    dialog.show()
    settle(QApplication.instance())
    shown = " ".join(keys for keys, _ in dialog.rows)
    for action in desk.actions.values():
        for key in action.shortcuts():
            assert key.toString(key.SequenceFormat.NativeText) in shown
    assert "Tab" in shown and not list(broken_texts(dialog))
    dialog.deleteLater()


def test_no_key_has_two_meanings(desk: MainController) -> None:
    keys = [key.toString() for action in desk.actions.values() for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_every_panel_says_what_it_is(
    desk: MainController, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda at, text, widget=None: said.append(plain(text)))
    side = (workspace.score, workspace.next, workspace.evidence, workspace.problems)
    for panel in (workspace.outline, workspace.page_view, workspace.side, workspace.bar, *side):
        assert panel.whatsThis()
    workspace.outline.setFocus()
    desk.actions["what"].trigger()
    assert "สารบัญ" in said[-1]
    workspace.bar.next_button.setFocus()
    desk.actions["what"].trigger()
    assert "แถบด้านล่าง" in said[-1]
    desk.close_draft()
    desk.window.centralWidget().new_button.setFocus()
    desk.actions["what"].trigger()
    assert "เริ่มแบบสำรวจใหม่" in said[-1]
