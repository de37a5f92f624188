"""Frames: what `.ui` files may hold, and that a dialog built from one has words, roles and a "?"."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QWhatsThis, QWidget

from dgdesk.resources import resource
from dgdesk.system.settings import Settings
from dgdesk.text.breaks import plain
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.export.choices import Remembered
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.review.history_dialog import HistoryDialog
from dgdesk.ui.shell.bundle_dialog import CheckDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.help_window import HelpWindow, ShortcutsDialog
from dgdesk.ui.shell.indicator_table import IndicatorDialog
from dgdesk.ui.shell.settings_dialog import NameDialog, SettingsDialog
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.buttons import WhatButton
from dgdesk.ui.widgets.frames import load_frame
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from ui.hands import click, settle
from ui.whole import broken_texts

FRAMES = sorted(resource("ui").glob("*.ui"))
OPEN: dict[str, Callable[[MainController, Workspace], QDialog]] = {
    "settings": lambda desk, _: SettingsDialog(Settings(), desk.texts, desk.window),
    "name": lambda desk, _: NameDialog(desk.texts, desk.window),
    "check": lambda desk, _: CheckDialog(desk.texts, desk.window),
    "guide": lambda desk, _: HelpWindow(desk.texts, desk.window),
    "shortcuts": lambda desk, _: ShortcutsDialog(list(desk.actions.values()), desk.texts, desk.window),
    "history": lambda desk, work: HistoryDialog(work.bridge, desk.services, None, desk.window),
    "export": lambda desk, work: ExportWizard(work.bridge, desk.services, Remembered(), desk.window),
    "indicators": lambda desk, work: IndicatorDialog(work.bridge.form.definition.indicators, desk.texts, desk.window),
}


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_a_frame_holds_codes_of_the_catalogue_and_no_words(path) -> None:
    catalogue = load_catalogue()
    root = ElementTree.parse(path).getroot()
    names = [one.get("name") for one in root.iter() if one.tag in ("widget", "layout", "spacer")]
    assert len(names) == len(set(names)), "each name once"
    for one in root.iter("property"):
        words = one.find("string")
        assert one.get("name") not in ("text", "title", "windowTitle", "toolTip", "accessibleName", "styleSheet")
        if one.get("name") in ("say", "what"):
            assert words is not None and words.text in catalogue


@pytest.mark.parametrize("name", OPEN)
def test_a_dialog_says_what_it_is_when_its_button_is_pressed(
    desk: MainController, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda at, text, widget=None: said.append(plain(text)))
    dialog = OPEN[name](desk, workspace)
    dialog.show()
    settle(QApplication.instance())
    assert not list(broken_texts(dialog))
    assert dialog.windowTitle()
    (button,) = dialog.findChildren(WhatButton)
    assert dialog.windowTitle().rstrip("…") in button.accessibleName()
    assert not button.hasFocus(), "a dialog begins with what it is for"
    click(button)
    button.setFocus()
    QTest.keyClick(button, " ")
    assert len(said) == 2 and said[0] == said[1] == plain(dialog.whatsThis()) and len(said[0]) > 30
    dialog.close()
    dialog.deleteLater()


def test_what_a_frame_does_not_have_is_said_at_once(desk: MainController) -> None:
    dialog = QDialog()
    frame = load_frame("name", dialog, desk.texts)
    assert frame.get(LineInput, "box").accessibleName() == desk.texts.say("ui.start.who")
    assert frame.get(QPushButton, "ok").objectName() == "primary"
    assert frame.get(WrapLabel, "why").objectName() == "text", "what the class itself is called, unless the file says"
    with pytest.raises(TypeError):
        frame.get(LineInput, "ok")
    with pytest.raises(TypeError):
        frame.get(QWidget, "nothing")
    with pytest.raises(FileNotFoundError):
        load_frame("nothing", QDialog(), desk.texts)
    assert QCoreApplication.libraryPaths(), "what Qt needs its plugins for is not touched"
    dialog.deleteLater()


def test_one_button_explains_every_panel(
    desk: MainController, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda at, text, widget=None: said.append(plain(text)))
    (button,) = (one for one in desk.window.findChildren(WhatButton) if one.isVisible())
    workspace.show_side(True)

    def choose(number: int) -> str:
        click(button)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.actions()[number].trigger()
        menu.close()
        return said[-1]

    assert len({choose(number) for number in range(5)}) == 5
    told = ((workspace.score, "คะแนน"), (workspace.next, "รายการที่ต้องดำเนินการ"), (workspace.evidence, "หลักฐาน"))
    for tab, word in told:
        workspace.side.setCurrentWidget(tab)
        assert word in choose(3) and said[-1] == plain(tab.whatsThis())
    desk.close_draft()
    settle(QApplication.instance())
    cards = [one for one in desk.window.findChildren(WhatButton) if one.isVisible()]
    assert len(cards) == 3, "new survey, drafts, other tools"
